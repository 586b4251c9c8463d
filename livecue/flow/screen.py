"""The snapshot of a room for its screens: every part's picture under its name, as JSON."""

from typing import Any

import msgspec

from livecue.flow.room import Room

_encode = msgspec.json.Encoder().encode


def encode_screen(room: Room, rate: float) -> bytes:
    """JSON: ``number``, ``now`` (room ms), ``rate`` of the room's clock, ``room``, and a picture per part.

    A picture that computes for deciders on demand offers ``screen()`` with what the screens need.
    """
    parts = room.parts
    picture: dict[str, Any] = {
        "number": room.folded,
        "now": parts.now,
        "rate": rate,
        "room": room.info,
        "owed": sorted(parts.owed),
        "stopped": room.stopped,
    }
    for ledger in parts.ledgers:
        seen = parts.pictures.get(ledger.name)
        if seen is None:
            seen = ledger.picture(parts.now)
        picture[ledger.name] = seen.screen() if hasattr(seen, "screen") else seen
    for name, decider in parts.deciders.items():
        picture[name] = decider.picture(parts.states[name], parts.now)
    return _encode(picture)
