"""One connection of the web feed: frames in; events and the answer to send out."""

from livecue.events import Event, SourceGone
from livecue.integrations.checked import unknown
from livecue.integrations.combos import Combos
from livecue.integrations.douyin.webcast.frames import acknowledgement, resume_point
from livecue.integrations.douyin.webcast.translate import translate
from livecue.integrations.pushframe import Frame, Response, read_frame, read_response
from livecue.integrations.seen import Seen
from livecue.kit import stable_id

FEED = "webcast"


class Session:
    """Remembers what one connection needs: message ids (duplicates after a resume are normal), combos, where to resume.

    ``connection`` goes into the keys of messages that bear no id, so that equal content in two connections stays two
    events; a replay of the same frames with the same ``connection`` gives the same keys.
    """

    def __init__(self, connection: str = "") -> None:
        self.cursor = ""
        self.internal_ext = ""
        self.heartbeat_ms = 0
        self._connection = connection
        self._frames = 0
        self._seen = Seen()
        self._combos = Combos()
        self._closed = False

    @property
    def open_combos(self) -> dict[str, int]:
        """Gift combos that go on, with what they have reached: not told yet, and never told if they never end."""
        return self._combos.open

    def receive(self, data: bytes) -> tuple[list[Event], bytes | None]:
        """Events of one binary WebSocket message, and the bytes to send back.

        Raises ``BadPayload`` when the frame itself cannot be read; the session is then as it was before.
        """
        frame = read_frame(data)
        response = read_response(frame.payload) if frame.payload_type == "msg" else None
        self._frames += 1
        if response is not None:
            return self._events(response), self._answer(frame, response)
        if frame.payload_type == "hb":
            return [], None
        if frame.payload_type == "close":
            gone = (
                [] if self._closed else [SourceGone(key=self._key("close"), feed=FEED, reason="closed by the sender")]
            )
            self._closed = True
            return [*gone], None
        return [unknown(f"frame/{frame.payload_type}", frame.payload, self._key("frame"))], None

    def response(self, data: bytes) -> list[Event]:
        """Events of a captured ``Response`` without its frame; raises ``BadPayload``."""
        response = read_response(data)
        self._frames += 1
        return self._events(response)

    def _answer(self, frame: Frame, response: Response) -> bytes | None:
        self.cursor, self.internal_ext = resume_point(frame, response)
        self.heartbeat_ms = response.heartbeat_ms or self.heartbeat_ms
        return acknowledgement(frame, response)

    def _events(self, response: Response) -> list[Event]:
        events: list[Event] = []
        for ordinal, message in enumerate(response.messages):
            key = message.msg_id or self._key(message.method, ordinal, message.payload.hex())
            if self._seen.first(key):
                events += translate(message, self._combos, key)
        for ordinal, raw in enumerate(response.unreadable):
            events.append(unknown("message/unreadable", raw, self._key("unreadable", ordinal)))
        return events

    def _key(self, *parts: object) -> str:
        return stable_id(self._connection, self._frames, *parts)
