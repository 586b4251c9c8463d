"""One connection: frames in, events out."""

from livecue.events import Event
from livecue.integrations.checked import unknown
from livecue.integrations.combos import Combos
from livecue.integrations.kuaishou.frames import FEED, FEED_PUSH, FRAME, GZIP, PLAIN
from livecue.integrations.kuaishou.translate import translate
from livecue.integrations.protowire import read_record
from livecue.integrations.pushframe import gunzip
from livecue.integrations.seen import Seen
from livecue.kit import stable_id


class Session:
    """Remembers combos and frames; the platform gives comments no id, so a frame seen twice is known by its bytes."""

    def __init__(self, connection: str = "") -> None:
        # The bytes of a frame, its time of sending among them, make the keys: the connection adds nothing.
        self._seen = Seen()
        self._combos = Combos()

    def receive(self, data: bytes) -> tuple[list[Event], bytes | None]:
        """Events of one WebSocket message; nothing is sent back. Raises ``BadPayload`` when it cannot be read."""
        frame = read_record(FRAME, data)
        kind, packing, at = frame.number("payload_type"), frame.number("compression"), frame.number("timestamp")
        payload, key = frame.raw("payload"), stable_id(data.hex())
        if kind != FEED_PUSH or packing not in (0, PLAIN, GZIP):
            return [unknown(f"frame/{kind}/{packing}", payload, key)] if self._seen.first(key) else [], None
        feed = read_record(FEED, gunzip(payload) if packing == GZIP else payload)
        return translate(feed, self._combos, key, at, payload) if self._seen.first(key) else [], None
