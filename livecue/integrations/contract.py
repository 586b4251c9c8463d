"""The shapes that integrations share, so that ``app`` can use any of them by its manifest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from livecue.events import Event


class Decoder(Protocol):
    """Verb ``decode``: one connection of a wire feed. Built with the connection's name, which tells apart
    messages without an id; a replay of the same frames under the same name gives the same keys."""

    def __init__(self, connection: str = "") -> None: ...

    def receive(self, data: bytes) -> tuple[list[Event], bytes | None]:
        """Events of one message of the wire, and what to send back; raises ``BadPayload`` and is then as before."""
        ...


@dataclass(frozen=True)
class Received:
    """A verified push of a vendor. The caller remembers ``nonce`` for ``nonce_ms`` and refuses it a second time.

    ``status`` and ``reply`` are the HTTP answer that the vendor wants, within ``within_ms``.
    """

    room: str
    events: list[Event]
    nonce: str = ""
    nonce_ms: int = 0
    status: int = 200
    reply: bytes = b"{}"
    within_ms: int = 2_000


class Receive(Protocol):
    """Verb ``receive``: pure. Raises ``AuthFailed`` (answer 401) and ``BadPayload`` (answer 400)."""

    def __call__(
        self, headers: Mapping[str, str], body: bytes, *, settings: Mapping[str, str], now_ms: int
    ) -> Received:
        """``settings`` are the manifest's, by name; ``now_ms`` is the wall clock, ms UTC."""
        ...
