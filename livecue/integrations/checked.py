"""The last look before an event leaves an integration: what does not fit the vocabulary stays as it came."""

from livecue.errors import BadInput
from livecue.events import Event, UnknownSeen, decode_event, encode_event

MOST_NAME = 120


def checked(event: Event, name: str, raw: bytes) -> Event:
    """``event`` when the journal could read it back, else ``UnknownSeen`` with the vendor's ``raw`` bytes.

    A negative count, an id of a thousand characters or a moment in the year 30000 is the vendor's word:
    it is kept and counted, never repaired and never dropped.
    """
    try:
        decode_event(encode_event(event))
    except (BadInput, ValueError, OverflowError):
        return unknown(f"{name}/out of range", raw, key=event.key)
    return event


def unknown(name: str, raw: bytes, key: str = "", at: int = 0) -> UnknownSeen:
    """An ``UnknownSeen`` that is always within the bounds of the vocabulary."""
    return UnknownSeen(name=name[:MOST_NAME], raw=raw, key=key if len(key) <= 200 else "", at=at if at >= 0 else 0)
