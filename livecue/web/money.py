"""What the permission ``money`` guards: what a show costs the company and what it keeps (decision 0015).

Takings (GMV, GPM, UV value) steer the show and are seen by whoever may watch. Supply prices, commission, and ad spend
with what is reckoned from it are hidden from others: the value is null and the reason says so, never 0.
"""

from collections import deque
from typing import Any

import msgspec

from livecue.debrief import DebriefBody
from livecue.events import ProductSaved

PERMISSION = "money"
HIDDEN = "no_permission"
"""``why`` of a figure that the reader may not see."""
METRICS = frozenset({"M51", "M52", "M53", "M54", "M55", "M56", "M57", "M58", "M95"})
"""Ad cost, the ROIs, gross profit and break-even, commission, cost of a new buyer, cost of a show."""
FIELDS = ("cost", "commission_bp")
"""Of a product in the catalogue."""
_KEPT = 16


def without_money(value: Any) -> Any:
    """``value`` (lists and dicts) with every guarded reading hidden."""
    if isinstance(value, list):
        return [without_money(item) for item in value]
    if not isinstance(value, dict):
        return value
    if str(value.get("metric", "")).partition(".")[0] in METRICS and "window" in value:
        gone = {name: None for name in ("value", "num", "den")}
        return {**value, **gone, **({"sample": 0} if "sample" in value else {}), "why": HIDDEN}
    return {name: without_money(item) for name, item in value.items()}


def body_without_money(body: DebriefBody) -> DebriefBody:
    """A debrief as it may be read without the permission."""
    return msgspec.convert(without_money(msgspec.to_builtins(body)), DebriefBody)


def product_without_money(product: ProductSaved) -> dict[str, Any]:
    """A product of the catalogue with its guarded fields null, named under ``hidden``."""
    raw: dict[str, Any] = msgspec.structs.asdict(product)
    return {**raw, **dict.fromkeys(FIELDS), "hidden": list(FIELDS)}


class Cutter:
    """Hides in the frames of the live push. Most watchers get the same bytes: what was done once is remembered."""

    def __init__(self) -> None:
        self._done: deque[tuple[bytes, bytes]] = deque(maxlen=_KEPT)

    def cut(self, frame: bytes) -> bytes:
        """The frame without guarded figures."""
        for given, made in self._done:
            if given is frame:
                return made
        made = msgspec.json.encode(without_money(msgspec.json.decode(frame)))
        self._done.append((frame, made))
        return made
