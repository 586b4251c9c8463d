"""What the routes are given: the doors into the house, wired by ``app``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from livecue.cues import PastCounts
from livecue.flow import Bus, Inbox, RoomInfo, Runner
from livecue.insight import Boards
from livecue.kit import Clock
from livecue.shows import ShowRow
from livecue.store import Eraser, Reader, Retention
from livecue.team import RateLimit
from livecue.web.pushers import Pushers


class DemoControls(Protocol):
    """The demo's buttons."""

    rooms: frozenset[str]

    def set_rate(self, room: str, rate: float) -> None:
        """How many times faster than real the show runs."""
        ...

    def take_over(self, role: str) -> None:
        """A real person plays ``role``: the scripted crew leaves its cues to them; "" gives every role back."""
        ...

    def end(self, room: str) -> None:
        """End the show now."""
        ...

    def remove(self) -> None:
        """Take the demo away with its rooms."""
        ...


class RehearsalControls(Protocol):
    """Rehearsals of planned shows, one a room at a time."""

    def start(self, show: ShowRow, room: RoomInfo, by: str, roles: Sequence[str], rate: float) -> tuple[str, str]:
        """Begin; gives (room, show) of the rehearsal. Raises ``BadInput``."""
        ...

    def running(self, room: str) -> str:
        """The rehearsal on air for ``room``, "" when none is."""
        ...

    def set_rate(self, room: str, rate: float) -> None:
        """How many times faster than real."""
        ...

    def end(self, room: str) -> None:
        """End it now."""
        ...


class PracticeControls(Protocol):
    """Shows of practice rooms before a simulated audience."""

    def possible(self, room: RoomInfo) -> bool:
        """Whether the room is for practice."""
        ...

    def start(self, show: ShowRow, room: RoomInfo, roles: Sequence[str], rate: float) -> None:
        """Begin the show itself. Raises ``BadInput``."""
        ...

    def rate(self, room: str) -> float:
        """How many times faster than real the room's show runs so; 0 when none does."""
        ...

    def set_rate(self, room: str, rate: float) -> None:
        """How many times faster than real."""
        ...


class Shared(NamedTuple):
    """A program that shares the rooms with others."""

    program: str
    """Machine and process."""
    roles: list[str]
    owned: dict[str, int]
    """Its rooms, each with the epoch of its lease."""
    others: list[tuple[str, list[str]]]
    """The other programs that live, with their roles."""


@dataclass
class Services:
    """Everything a route may use. ``capabilities`` says which action kinds a room's door performs."""

    reader: Reader
    pump: Inbox
    bus: Bus
    runner: Runner
    clock: Clock
    rooms: Callable[[], dict[str, RoomInfo]]
    capabilities: Callable[[RoomInfo], list[str]]
    org: str
    version: str
    demo: DemoControls | None = None
    rehearsals: RehearsalControls | None = None
    practice: PracticeControls | None = None
    lan_address: str = ""
    """http address other devices reach, "" when only this machine does."""
    body_bytes: int = 32 << 20
    body_timeout_s: float = 20.0
    sizes: Callable[[], dict[str, int]] = dict
    """Bytes of ``disk_free`` and ``database``, ms of ``backup_at``; what is not known is not named."""
    boards: Boards | None = None
    """Questions to the history of closed shows."""
    retention: Retention | None = None
    eraser: Eraser | None = None
    begin_erasing: Callable[[], None] | None = None
    """Wakes whoever carries erasures out."""
    metrics_token: str = ""
    """Opens /metrics; "" keeps it shut."""
    transcribe: Callable[[bytes, str, str], str] | None = None
    """(audio, media type, language) to text; None when no transcription address is set."""
    pushers: Pushers | None = None
    """The integrations that take a platform's pushes; None when there are none."""
    shared: Callable[[], Shared | None] = lambda: None
    """This program among others; None when it is alone."""
    past: PastCounts = field(init=False)
    """How often thresholds would have fired over past shows."""
    tries_by_name: RateLimit = field(default_factory=lambda: RateLimit(8, 5 * 60 * 1000))
    tries_by_address: RateLimit = field(default_factory=lambda: RateLimit(30, 5 * 60 * 1000))
    tries_to_pair: RateLimit = field(default_factory=lambda: RateLimit(10, 10 * 60 * 1000))

    def __post_init__(self) -> None:
        self.past = PastCounts(self.reader)
