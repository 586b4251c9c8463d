"""What every driver offers: read committed rows, write inside one transaction."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from livecue.store.journal import Batch, Record

Row = tuple[Any, ...]


class LateFailure(Exception):
    """A statement failed that was put earlier: which of those that waited is not known.

    Not a ``StoreFailed``: the same statements would fail again. Go back to the savepoint, and put them one by one.
    """


class Past(Protocol):
    """Where batches are found that have left the journal."""

    def batches(self, reader: "Reader", room: str, after: int, upto: int) -> "Iterator[tuple[Batch, Record]]":
        """Those with ``after < number <= upto``, with their records, in order."""
        ...


class Log(Protocol):
    """A journal outside the database: what is not folded yet stands there. Where there is one, the table ``journal``
    holds what is folded, put there by the transaction that moves the cursor."""

    def append(self, batch: "Batch", name: str = "") -> "Future[int]":
        """Append behind what waits for the room; the future gives the number once it is kept.

        What has the same ``name`` is kept once. The future raises ``StoreFailed`` when nobody knows whether it was
        kept, ``Overloaded`` when there is no room for it, ``BadInput`` when it is too large.
        """
        ...

    def newest(self, rooms: Sequence[str]) -> Mapping[str, int]:
        """The newest number of each room; a room that has nothing there is left out."""
        ...

    def read(self, room: str, after: int, upto: int) -> "Iterator[Batch]":
        """Those with ``after < number <= upto``, in order."""
        ...

    def forget(self, room: str, upto: int) -> None:
        """Drop what is folded, up to a number."""
        ...


class Reader(Protocol):
    """Reads committed rows."""

    past: Past | None
    """The history that belongs to these rows; None when nobody named it."""
    log: Log | None
    """The journal that stands outside of these rows; None where the table is all of it."""

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query with ``?`` places."""
        ...


class Writer(Reader, Protocol):
    """Writes inside the open transaction."""

    def write(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run one statement, return the number of rows it changed."""
        ...

    def put(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run one statement whose count nobody needs: it may travel with the next ones."""
        ...

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for every row."""
        ...


class SharedReader(Reader, Protocol):
    """Reads for many threads at once."""

    def close(self) -> None:
        """Give every connection back."""
        ...


class TransactionWriter(Writer, Protocol):
    """The one connection that writes. Used by one thread only."""

    one_by_one: bool
    """Send every statement at once, so that a failure names its part; set after a ``LateFailure``."""
    holding: Mapping[str, int]
    """Rooms that the next transaction writes as their owner, with their epochs: ``begin`` checks them where rooms are
    shared by programs."""

    def begin(self) -> None:
        """Open a transaction; raises ``StoreFailed`` when it cannot."""
        ...

    def commit(self) -> None:
        """Make the transaction durable; raises ``StoreFailed``, then nothing of it was kept."""
        ...

    def rollback(self) -> None:
        """Give the transaction up, if one is open."""
        ...

    def savepoint(self, name: str) -> None:
        """Mark a place to go back to."""
        ...

    def release(self, name: str) -> None:
        """Keep what came since the savepoint; a statement of it that failed is told now at the latest."""
        ...

    def back_to(self, name: str) -> None:
        """Undo what came since the savepoint, and remove it."""
        ...

    def close(self) -> None:
        """Close; an open transaction is lost."""
        ...


class Listed(NamedTuple):
    """A program as others see it."""

    program: str
    roles: frozenset[str]


class Sharer(Protocol):
    """This program among others that share the rooms."""

    name: str
    roles: frozenset[str]
    owned: dict[str, int]
    """What is ours, with the epochs, as of the last look."""
    others: tuple[Listed, ...]
    """The other programs that live, as of the last look."""
    rooms: Callable[[], Collection[str]]
    """Every room that needs an owner."""
    on_taken: Callable[[Mapping[str, int]], None]
    """Rooms that are ours from now on, with their epochs, and no others."""
    on_asked: Callable[[Sequence[str]], "Future[None]"]
    """Rooms that others should have: to be given away (``give``); nothing else is asked until that is done."""
    on_freed: Callable[[], None]
    """Rooms have become free that others may take."""

    def start(self) -> None:
        """Begin to share."""
        ...

    def look(self) -> None:
        """Something may have changed: look now rather than soon."""
        ...

    def give(self, writer: Writer, rooms: Sequence[str]) -> None:
        """Give rooms away, inside a transaction of ours."""
        ...

    def outlast(self) -> None:
        """Return when every transaction has ended that any program had begun before. Raises ``Conflict``."""
        ...

    def leads(self, role: str) -> bool:
        """Whether this program is the one that does what only one of a role should do."""
        ...


class Signaller(Protocol):
    """How programs wake each other. A signal may be lost: who waits for one looks by himself now and then."""

    on_signals: Callable[[Sequence[str]], None]
    """Gets the lines that others told, in order."""
    on_poll: Callable[[], None]
    """Called every half second: look for what no signal told."""

    def start(self) -> None:
        """Begin to tell and to listen."""
        ...

    def stop(self) -> None:
        """Tell what waits, then end."""
        ...

    def tell(self, line: str, about: str = "") -> None:
        """Tell every other program; of lines ``about`` the same that wait only the newest is told. Never waits."""
        ...

    def show(self, room: str, epoch: int, number: int, frame: bytes) -> None:
        """Put a room's newest frame where others find it, and tell them (``f ROOM``). Never waits."""
        ...

    def frame(self, room: str) -> tuple[int, bytes, int] | None:
        """The newest frame of a room's present owner: number, frame, age in ms. For ``on_signals`` and ``on_poll``."""
        ...


W = TypeVar("W", bound=TransactionWriter)


@contextmanager
def transaction(writer: W) -> Iterator[W]:
    """A transaction that commits at the end and rolls back on any error."""
    writer.begin()
    try:
        yield writer
    except BaseException:
        writer.rollback()
        raise
    writer.commit()
