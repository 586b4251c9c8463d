"""What a room's screens are sent: the whole picture once, then only what changed.

A picture is cut into sections by part and field ("metrics.tiles", "cues.cues"); a section whose bytes are as before
is not sent again. A picture that computes for deciders on demand offers ``screen()`` with what the screens need.
"""

import time
from operator import is_
from typing import Any

import msgspec

from livecue.flow.bus import Frame
from livecue.flow.ledger import Decider
from livecue.flow.room import Room

SAMPLED_S = 2.0
"""While the pump is behind, mass figures (likes, entries and what is reckoned of them) are sent this seldom."""
_encode = msgspec.json.Encoder().encode


def _of_ledgers(room: Room, without: str = "") -> dict[str, Any]:
    parts = room.parts
    found: dict[str, Any] = {"room": room.info, "owed": sorted(parts.owed), "stopped": room.stopped}
    for ledger in parts.ledgers:
        if ledger.name == without:
            continue
        seen = parts.pictures.get(ledger.name)
        if not hasattr(seen, "screen"):
            # Cheap ones are of this moment: words appear between two ticks.
            seen = ledger.picture(parts.now)
        found[ledger.name] = _screen_of(seen)
    return found


def _pictures(room: Room) -> dict[str, Any]:
    parts = room.parts
    decided = {name: decider.picture(parts.states[name], parts.now) for name, decider in parts.deciders.items()}
    return _of_ledgers(room) | decided


def encode_whole(room: Room, rate: float, busy_s: int = 0) -> bytes:
    """JSON: ``number``, ``now`` (room ms), ``rate`` of the room's clock, and a picture per part under its name.

    ``busy`` is how many seconds the room is behind, 0 while it is not worth a word.
    """
    return _encode({"number": room.folded, "now": room.parts.now, "rate": rate, "busy": busy_s, **_pictures(room)})


def whole_of(frame: Frame) -> bytes:
    """The same out of a frame: for who does not hold the room itself."""
    raw = msgspec.Raw
    found: dict[str, Any] = {"number": frame.number, "now": frame.now, "rate": frame.rate}
    for section, body in frame.sections.items():
        name, _, field = section.partition(".")
        if field:
            found.setdefault(name, {})[field] = raw(body)
        else:
            found[name] = raw(body)
    return _encode(found)


def _screen_of(picture: Any) -> Any:
    return picture.screen() if hasattr(picture, "screen") else picture


class Painter:
    """Makes the frames of one room; what is computed for deciders on the tick is encoded once a tick."""

    def __init__(self) -> None:
        self._made: tuple[tuple[object, ...], Frame] | None = None
        """The newest frame, and what it is of: who comes with hundreds of others gets the one that the first got."""
        self._decided: dict[str, tuple[object, int, dict[str, bytes]]] = {}
        """Of each decider the state and the room time that its sections are of."""
        self._of: object = None
        self._name = ""
        self._kept: dict[str, bytes] = {}
        self._sampled_at = 0.0

    def frame_of(self, room: Room, rate: float, busy_s: int = 0) -> Frame:
        """The room's sections as they are now. While it is ``busy_s`` behind, mass figures are sampled; comments,
        orders and cues are left as they are."""
        parts = room.parts
        of = (parts, room.folded, parts.now, rate, busy_s, room.stopped, frozenset(parts.owed), *parts.states.values())
        if self._made is not None and _same(self._made[0], of):
            return self._made[1]
        name, picture = next(((n, p) for n, p in parts.pictures.items() if hasattr(p, "screen")), ("", None))
        wall = time.monotonic()
        if picture is not self._of and (not busy_s or wall - self._sampled_at >= SAMPLED_S):
            self._sampled_at = wall
            self._of, self._name = picture, name
            self._kept = _sections(name, _screen_of(picture)) if picture is not None else {}
        sections = {**self._kept, "busy": b"%d" % busy_s}
        for other, seen in _of_ledgers(room, name).items():
            sections.update(_sections(other, seen))
        for other, decider in parts.deciders.items():
            sections.update(self._sections_of(other, decider, parts.states[other], parts.now))
        self._made = of, Frame(room.folded, parts.now, rate, sections)
        return self._made[1]

    def _sections_of(self, name: str, decider: Decider, state: object, now: int) -> dict[str, bytes]:
        """A decider's state is a value that is swapped when something changes: the same state has the same picture."""
        known = self._decided.get(name)
        if known is not None and known[0] is state and known[1] == now:
            return known[2]
        made = _sections(name, decider.picture(state, now))
        self._decided[name] = state, now, made
        return made


def _same(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    """Whether nothing was folded and no state was swapped since."""
    # States are held against each other as the things they are: comparing what is in them would cost more than a frame.
    return (
        len(before) == len(now)
        and all(map(is_, before[7:], now[7:]))
        and before[0] is now[0]
        and before[1:7] == now[1:7]
    )


def _sections(name: str, picture: Any) -> dict[str, bytes]:
    if isinstance(picture, msgspec.Struct):
        return {f"{name}.{field}": _encode(getattr(picture, field)) for field in picture.__struct_fields__}
    return {name: _encode(picture)}
