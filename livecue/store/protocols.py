"""What every driver offers: read committed rows, write inside one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

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


class Reader(Protocol):
    """Reads committed rows."""

    past: Past | None
    """The history that belongs to these rows; None when nobody named it."""

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
