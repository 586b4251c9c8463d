"""The unit of work: one micro-batch of one room inside one transaction."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from livecue.events import Action, Event

Row = tuple[Any, ...]


class Unit(Protocol):
    """What a ledger or decider may do while it folds.

    Everything done through it commits together with the cursor, or not at all. During a
    rebuild nothing is written or announced anew, and ``ask`` gives the recorded answers.
    """

    room: str
    number: int
    """Journal number of the batch being folded."""
    now: int
    """Room time, ms UTC: the newest ``ClockTicked`` (design: one clock). 0 before the first tick."""
    source: str
    """Who told the outside events of this batch: "simulator", "bridge:<token>", "<platform>/webcast", "livecue" ..."""
    rebuilding: bool
    recorded: Sequence[Event] | None
    """In a rebuild of what was judged under other rules: what this part announced then. It is the truth; else None."""

    def write(self, statement: str, values: Sequence[Any] = ()) -> None:
        """One SQL statement with ``?`` places; skipped in a rebuild."""
        ...

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """One SQL statement for many rows; skipped in a rebuild."""
        ...

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """Rows of a query, or of a conditional statement with RETURNING.

        The answer is recorded, so that a rebuild sees the same one and changes nothing. Use it for
        whatever lives in rows shared by rooms (stock); never for what the room remembers itself.
        """
        ...

    def announce(self, *events: Event) -> None:
        """Tell the other ledgers and deciders in the next round of this transaction; journalled."""
        ...

    def act(self, *actions: Action) -> None:
        """Put actions into the outbox (deciders only)."""
        ...
