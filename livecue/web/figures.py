"""Every live metric of a room over one window of one scope: what the live push holds a choice of."""

import asyncio
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from livecue.errors import BadInput
from livecue.metrics import NOT_LIVE, WINDOWS, figures_question
from livecue.web.auth import Caller, Guard, room_of, services
from livecue.web.json import answer
from livecue.web.money import PERMISSION, without_money

router = APIRouter()
_MINUTES = {"1": "1m", "5": "5m", "15": "15m"}
_SCOPES = ("segment", "product", "source")
_LONGEST = 200


@router.get("/api/rooms/{room}/figures")
async def figures(
    request: Request, room: str, window: str = "5", scope: str = "room", caller: Caller = Depends(Guard("watch"))
) -> Response:
    """Every live metric over `window` (1, 5 or 15 minutes, `segment` that runs, `show`) of `scope`.

    `scope` is `room`, `segment:ID`, `product:ID` or `source:VIA`; which there are is in `segments`, `products` and
    `sources`. A figure whose `value` is null is unknown, `why` says why; `age_ms` is how long ago its newest input
    came, null when none did. `not_live` are the metrics that no show tells while it runs, with the reason. What each
    metric means and its unit in words is under `/api/reference`.
    """
    door, info = services(request), room_of(request, room)
    asked = _MINUTES.get(window, window)
    if asked not in WINDOWS:
        raise BadInput(f"`window` is one of 1, 5, 15 (minutes), segment, show; not {window[:40]!r}")
    kind, _, name = scope.partition(":")
    if scope != "room" and (kind not in _SCOPES or not name or len(scope) > _LONGEST):
        raise BadInput(f"`scope` is room, segment:ID, product:ID or source:VIA; not {scope[:40]!r}")
    said = await asyncio.wrap_future(door.pump.asked(info.room, figures_question(asked, scope)))
    found: dict[str, Any] = msgspec.json.decode(said)
    for row in found["figures"]:
        row["age_ms"] = max(0, found["now"] - row["at"]) if row["at"] else None
    if not caller.may(PERMISSION, info.org, info.brand, info.room):
        found = without_money(found)
    return answer(
        {
            **found,
            "room": info.room,
            "currency": info.currency,
            "not_live": [{"metric": name, "why": why} for name, why in NOT_LIVE.items()],
        }
    )
