"""One connection: frames in; events and the answer to send out."""

from livecue.events import Event
from livecue.integrations.checked import unknown
from livecue.integrations.combos import Combos
from livecue.integrations.pushframe import Frame, Response, frame_bytes, read_frame, read_response
from livecue.integrations.seen import Seen
from livecue.integrations.tiktok.translate import translate
from livecue.kit import stable_id

_SILENT = frozenset({"hb", "im_enter_room_resp"})
"""Answers of the server that say nothing about the room."""


def acknowledgement(frame: Frame, response: Response) -> bytes | None:
    """The answer to ``frame``; None when the sender wants none. An empty ``internal_ext`` is answered with "-"."""
    if not response.need_ack:
        return None
    return frame_bytes("ack", response.internal_ext.encode() or b"-", log_id=frame.log_id, payload_encoding="pb")


class Session:
    """Remembers message ids and gift streaks; history that the server repeats at the start is passed over."""

    def __init__(self, connection: str = "") -> None:
        self.history = 0
        """Messages passed over because they were told before this connection began."""
        self._connection = connection
        self._frames = 0
        self._seen = Seen()
        self._combos = Combos()

    def receive(self, data: bytes) -> tuple[list[Event], bytes | None]:
        """Events of one binary WebSocket message, and the bytes to send back; raises ``BadPayload``."""
        frame = read_frame(data)
        response = read_response(frame.payload) if frame.payload_type == "msg" else None
        self._frames += 1
        if response is not None:
            return self._events(response), acknowledgement(frame, response)
        if frame.payload_type in _SILENT:
            return [], None
        return [unknown(f"frame/{frame.payload_type}", frame.payload, self._key("frame"))], None

    def _events(self, response: Response) -> list[Event]:
        events: list[Event] = []
        for ordinal, message in enumerate(response.messages):
            if message.flagged:
                self.history += 1
                continue
            key = message.msg_id or self._key(message.method, ordinal, message.payload.hex())
            if self._seen.first(key):
                events += translate(message, self._combos, key)
        for ordinal, raw in enumerate(response.unreadable):
            events.append(unknown("message/unreadable", raw, self._key("unreadable", ordinal)))
        return events

    def _key(self, *parts: object) -> str:
        return stable_id(self._connection, self._frames, *parts)
