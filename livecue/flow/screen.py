"""What a room's screens are sent: the whole picture once, then only what changed.

A picture is cut into sections by part and field ("metrics.tiles", "cues.cues"); a section whose bytes are as before
is not sent again. A picture that computes for deciders on demand offers ``screen()`` with what the screens need.
"""

from typing import Any

import msgspec

from livecue.flow.bus import Frame
from livecue.flow.room import Room

_encode = msgspec.json.Encoder().encode


def _pictures(room: Room) -> dict[str, Any]:
    parts = room.parts
    found: dict[str, Any] = {"room": room.info, "owed": sorted(parts.owed), "stopped": room.stopped}
    for ledger in parts.ledgers:
        seen = parts.pictures.get(ledger.name)
        if seen is None:
            seen = ledger.picture(parts.now)
        found[ledger.name] = seen.screen() if hasattr(seen, "screen") else seen
    for name, decider in parts.deciders.items():
        found[name] = decider.picture(parts.states[name], parts.now)
    return found


def encode_whole(room: Room, rate: float) -> bytes:
    """JSON: ``number``, ``now`` (room ms), ``rate`` of the room's clock, and a picture per part under its name."""
    return _encode({"number": room.folded, "now": room.parts.now, "rate": rate, **_pictures(room)})


def frame_of(room: Room, rate: float) -> Frame:
    """The room's sections as they are now."""
    sections: dict[str, bytes] = {}
    for name, picture in _pictures(room).items():
        if isinstance(picture, msgspec.Struct):
            for field in picture.__struct_fields__:
                sections[f"{name}.{field}"] = _encode(getattr(picture, field))
        else:
            sections[name] = _encode(picture)
    return Frame(room.folded, room.parts.now, rate, sections)
