"""What the door needs of integrations; ``app`` brings it, so that no platform is known here."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from livecue.events import Event


class PushSetting(msgspec.Struct, frozen=True):
    """A value that a person gives; a ``secret`` one is written and never read back."""

    name: str
    zh: str
    en: str
    secret: bool


class PushKind(msgspec.Struct, frozen=True):
    """An integration that takes pushes."""

    id: str
    platform: str
    zh: str
    en: str
    official: bool
    settings: tuple[PushSetting, ...]


class Verified(Protocol):
    """A push that its translator found genuine; ``status`` and ``reply`` are what the vendor wants to hear."""

    @property
    def room(self) -> str:
        """The vendor's own id of the live room, "" when it names none."""
        ...

    @property
    def events(self) -> Sequence[Event]: ...

    @property
    def nonce(self) -> str:
        """To be refused a second time for ``nonce_ms``; "" when the vendor gives none."""
        ...

    @property
    def nonce_ms(self) -> int: ...

    @property
    def status(self) -> int: ...

    @property
    def reply(self) -> bytes: ...

    @property
    def within_ms(self) -> int:
        """The vendor takes a later answer for none."""
        ...


class Pushers(Protocol):
    """The integrations that take pushes."""

    def kinds(self) -> list[PushKind]:
        """Every one, with the settings it needs."""
        ...

    def receive(
        self, integration: str, headers: Mapping[str, str], body: bytes, settings: Mapping[str, str], now_ms: int
    ) -> Verified:
        """Verify and translate; pure. Raises ``AuthFailed`` and ``BadPayload``."""
        ...
