"""What the rest of the program may ask of the loop, whether it pumps itself or shares the rooms with others."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Protocol, TypeVar

from livecue.events import Event
from livecue.flow.bus import Frame
from livecue.flow.post import Receipt
from livecue.flow.pressure import Pressure
from livecue.flow.pulse import Pulse
from livecue.store import Writer

T = TypeVar("T")


class Inbox(Protocol):
    """A ``Pump`` or an ``Exchange``. Every method may be called from any thread."""

    rates: dict[str, float]
    """Room to the rate of its clock: 1 for real rooms, set by whoever drives a simulation."""

    on_post: Callable[[str], None]
    """Hears of a room before something is told to it: whoever tells rooms the time lets it know the time first."""

    @property
    def pressure(self) -> Pressure:
        """How far this program is behind, and when senders are asked to come later."""
        ...

    def post(
        self,
        room: str,
        events: list[Event],
        *,
        source: str,
        connection: str = "",
        sequence: int = -1,
        arrived: int | None = None,
        wants: bool = False,
    ) -> Future[Receipt]:
        """Append ``events`` to the room's journal; ``wants`` asks what became of a command."""
        ...

    def tick(self, rooms: Sequence[str], now: int) -> None:
        """Tell all of these rooms the time, together: one transaction serves them."""
        ...

    def run(self, work: Callable[[Writer], T]) -> Future[T]:
        """Run ``work`` inside the next transaction."""
        ...

    def frame(self, name: str) -> Future[Frame]:
        """The room's sections as they are now."""
        ...

    def asked(self, name: str, question: str) -> Future[bytes]:
        """What a part of the room says to ``PART/WORDS``, as JSON: what is too much to be sent to every screen.

        ``BadInput`` where no part answers; ``question`` has no blanks.
        """
        ...

    def screen(self, name: str) -> Future[bytes]:
        """The room's whole picture as JSON."""
        ...

    def room_now(self, name: str) -> Future[int]:
        """Room time of the newest tick, 0 before the first."""
        ...

    def resume(self, name: str) -> Future[None]:
        """Try a stopped room again."""
        ...

    def drop(self, name: str) -> Future[None]:
        """Forget a room's memory, where it is ours."""
        ...

    def reopen(self, name: str) -> Future[None]:
        """Whoever owns the room writes nothing more of what it remembers now: its rows were changed by others."""
        ...

    def start(self) -> None:
        """Start moving."""
        ...

    def stop(self) -> None:
        """Finish what waits; every room has a snapshot."""
        ...

    def backlog(self) -> int:
        """Batches that are in the journal and not yet folded."""
        ...

    def lags(self) -> dict[str, tuple[int, int]]:
        """Per open room: batches that wait to be folded, and its room time."""
        ...

    def feeds(self) -> dict[str, dict[str, int]]:
        """Per room that is open here: its feeds, and when each told something last (ms)."""
        ...

    def parts(self) -> dict[str, dict[str, str]]:
        """Per room that is open here: every part that runs in it, with the version of its rules; "" has none."""
        ...

    def differing(self) -> dict[str, list[str]]:
        """What rebuilds here said otherwise than the record, by room."""
        ...

    @property
    def tick_s(self) -> float:
        """What it costs to tell a room the time, lately (s); 0 where no rooms are owned."""
        ...

    @property
    def alive(self) -> bool:
        """Whether every thread runs that should."""
        ...

    @property
    def waiting_events(self) -> int:
        """Events not yet appended."""
        ...

    @property
    def folded_events(self) -> int:
        """Events folded since the start."""
        ...

    @property
    def duplicate_events(self) -> int:
        """Events folded since the start that were there already: they changed nothing."""
        ...

    @property
    def committed_at(self) -> int:
        """When it last committed (ms); 0 before."""
        ...

    @property
    def last_error(self) -> str:
        """What went wrong last."""
        ...

    @property
    def failing(self) -> tuple[str, int]:
        """Code of what the newest transaction failed of, and when (ms); "" once one went through."""
        ...

    @property
    def pulse(self) -> Pulse:
        """How long its steps take."""
        ...
