"""Who writes what rooms or programs share takes the turn first: the next one waits until this one has committed.

One statement on every database. A transaction that only reads before it writes would pass another that does the same.
"""

from collections.abc import Mapping, Sequence

from livecue.store.protocols import Writer

TAKE_TURN = (
    "INSERT INTO turns (org, brand, kind, name, taken) VALUES ('*', '*', ?, ?, 1)"
    " ON CONFLICT (kind, name) DO UPDATE SET taken = 1"
)
"""(kind, name); put it right before the read that must not be passed."""
_LAST = (
    "SELECT t.name, COALESCE((SELECT MAX(j.number) FROM journal j WHERE j.room = t.name), 0),"
    # What has left the journal was folded: numbers go on behind it.
    " COALESCE((SELECT c.number FROM cursors c WHERE c.room = t.name), 0) FROM turns t"
    " WHERE t.kind = 'journal' AND t.name IN ({places})"
)


def take_numbers(writer: Writer, rooms: Sequence[str]) -> Mapping[str, int]:
    """The newest number of each room's journal, which nobody else raises before this transaction has ended.

    Rooms are locked in sorted order: two that append to the same ones never wait for each other crosswise.
    """
    names = sorted(set(rooms))
    writer.write_many(TAKE_TURN, [("journal", name) for name in names])
    rows = writer.rows(_LAST.format(places=",".join("?" * len(names))), names)
    return {str(name): max(int(newest), int(folded)) for name, newest, folded in rows}
