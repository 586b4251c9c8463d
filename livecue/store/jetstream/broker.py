"""Where the streams are: what the settings say, before anybody connects."""

import re
from dataclasses import dataclass

from livecue.errors import BadInput

_PREFIX = re.compile(r"[A-Za-z0-9-]{1,32}")
_PLAIN = re.compile(r"[^A-Za-z0-9-]")
_LONGEST = 100


@dataclass(frozen=True)
class Broker:
    """A NATS cluster and our place on it."""

    url: str
    """``nats://user:password@host:4222``, several with commas between; ``tls://`` for an encrypted one."""
    prefix: str = "livecue"
    """Begins the name of every stream and subject of this installation."""
    replicas: int = 1
    creds: str = ""
    """File of credentials (JWT and seed)."""
    max_mb: int = 0
    """Bound of one room's stream, MB; 0 is none."""

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix):
            raise BadInput(f"store_nats_prefix {self.prefix!r}: 1 to 32 letters, digits or hyphens")
        if self.replicas not in (1, 3, 5):
            raise BadInput(f"store_nats_replicas {self.replicas}: 1, 3 or 5")

    @property
    def servers(self) -> list[str]:
        """Each server by itself."""
        return [one.strip() for one in self.url.split(",") if one.strip()]

    @property
    def name(self) -> str:
        """For people: hosts and prefix, never a password."""
        hosts = ", ".join(one.rpartition("@")[2].rpartition("/")[2] for one in self.servers)
        return f"NATS {hosts} ({self.prefix})"

    def token(self, room: str) -> str:
        """The room as a part of names: letters, digits, hyphens; the rest is written out."""
        plain = _PLAIN.sub(lambda found: f"_{ord(found[0]):x}_", room)
        if len(plain) > _LONGEST:
            from livecue.kit import stable_id

            return f"{plain[:40]}_{stable_id('stream', room)}"
        return plain

    def stream(self, room: str) -> str:
        """Name of the room's stream."""
        return f"{self.prefix}_room_{self.token(room)}"

    def subject(self, room: str) -> str:
        """Subject of the room's batches."""
        return f"{self.prefix}.room.{self.token(room)}"

    @property
    def sign(self) -> str:
        """Name of the stream that says whose prefix this is."""
        return f"{self.prefix}_installation"
