"""One connection: packets in, events out; unknown commands kept raw and counted."""

from collections import Counter

from livecue.errors import BadPayload
from livecue.events import Event, UnknownSeen
from livecue.integrations.bilibili.packets import AUTH_REPLY, MESSAGE, split
from livecue.integrations.bilibili.translate import message_id, translate
from livecue.integrations.checked import unknown
from livecue.integrations.seen import Seen
from livecue.integrations.untrusted import dict_of, json_of, text_of
from livecue.kit import stable_id


class Session:
    """Remembers message ids; ``connection`` tells apart messages without an id in two connections."""

    def __init__(self, connection: str = "") -> None:
        self.unknown_seen: Counter[str] = Counter()
        """Commands without a translation, by name."""
        self.signed_in: bool | None = None
        """What the server answered to the first packet; None before it did."""
        self._connection = connection
        self._commands = 0
        self._seen = Seen()

    def receive(self, data: bytes) -> tuple[list[Event], bytes | None]:
        """Events of one WebSocket message; nothing is sent back. Raises ``BadPayload`` when its packets are damaged."""
        events: list[Event] = []
        for packet in split(data):
            if packet.operation == MESSAGE:
                events += self.command(packet.body)
            elif packet.operation == AUTH_REPLY:
                self.signed_in = b'"code":0' in packet.body.replace(b" ", b"")
        return events, None

    def command(self, body: bytes) -> list[Event]:
        """Events of one command in JSON: also the line of a recorded stream. Never raises."""
        self._commands += 1
        try:
            raw = dict_of(json_of(body))
        except BadPayload:
            return self._counted([unknown("unreadable", body, self._key(body))])
        name = text_of(raw.get("cmd")).split(":")[0]
        given = message_id(raw)
        key = f"{name}-{given}" if given else self._key(body)
        if not self._seen.first(key):
            return []
        return self._counted(translate(name, raw, key, body))

    def _counted(self, events: list[Event]) -> list[Event]:
        self.unknown_seen.update(event.name for event in events if isinstance(event, UnknownSeen))
        return events

    def _key(self, body: bytes) -> str:
        return stable_id(self._connection, self._commands, body.hex())
