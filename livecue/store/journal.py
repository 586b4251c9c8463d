"""The journal: one row per batch of a room, numbered without gaps; and the record of what was announced."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import msgspec
import zstandard

from livecue.errors import BadInput
from livecue.events import Event, compress, decode_events, encode_events
from livecue.store.protocols import Past, Reader, Writer

_APPEND = (
    "INSERT INTO journal (org, brand, room, number, arrived, source, connection, sequence, count, blob)"
    " VALUES (?,?,?,?,?,?,?,?,?,?)"
)
RELAY_S = 30.0
"""How long a publication of the relay may take."""
_RELAYED = "DELETE FROM relay WHERE room = ? AND cursor = ? AND place = ?"
_UNREAD = (
    "SELECT COALESCE(SUM(count), 0) FROM journal WHERE room = ?"
    " AND number > COALESCE((SELECT number FROM cursors WHERE room = ?), 0)"
)

HOUSE = "house"
"""The stream of the office's edits."""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one sender brought at one moment, in order. ``connection`` and ``sequence`` are the sender's own
    numbering of mass events (sequence of the first line, -1 when it gives none)."""

    room: str
    number: int
    arrived: int
    source: str
    events: list[Event]
    connection: str = ""
    sequence: int = -1
    blob: bytes = b""
    """The events as the journal keeps them, where somebody has encoded them already."""


class Record(msgspec.Struct, frozen=True, array_like=True):
    """What folding one batch decided, so that a rebuild decides the same.

    ``dropped``: places of duplicates. ``rounds``: (run, round, part, events) of every announcement.
    ``answers``: (part#digest of the question, rows) of every ``Unit.ask``, in order; older ones name the part only.
    """

    dropped: list[int] = []
    rounds: list[tuple[int, int, str, bytes]] = []
    answers: list[tuple[str, bytes]] = []


_pack_record = msgspec.msgpack.Encoder().encode
_unpack_record = msgspec.msgpack.Decoder(Record).decode


def append_batches(writer: Writer, org: str, brand: str, batches: Sequence[Batch]) -> None:
    """Put them into the table; the commit makes it so."""
    _insert(writer, org, brand, batches, _APPEND)


def _insert(writer: Writer, org: str, brand: str, batches: Sequence[Batch], statement: str) -> None:
    writer.write_many(
        statement,
        [
            (
                org,
                brand,
                b.room,
                b.number,
                b.arrived,
                b.source,
                b.connection,
                b.sequence,
                len(b.events),
                b.blob or encode_events(b.events),
            )
            for b in batches
        ],
    )


def last_number(reader: Reader, room: str) -> int:
    """The newest batch of the room, 0 when there is none. It stays where it is when rows move into the history."""
    newest = reader.rows("SELECT COALESCE(MAX(number), 0) FROM journal WHERE room = ?", (room,))[0][0]
    outside = reader.log.newest([room]).get(room, 0) if reader.log is not None else 0
    return max(int(newest), read_cursor(reader, room), outside)


def read_batches(reader: Reader, room: str, after: int, upto: int | None = None, page: int = 500) -> Iterator[Batch]:
    """Batches with ``after < number <= upto``, in order, those that have left the journal too.

    Raises ``BadInput`` naming a damaged one.
    """
    limit = upto if upto is not None else 1 << 62
    moved = min(_moved(reader, room), limit)
    if after < moved:
        for batch, _ in _past(reader, room).batches(reader, room, after, moved):
            yield batch
        after = moved
    while True:
        rows = reader.rows(
            "SELECT number, arrived, source, connection, sequence, blob FROM journal"
            " WHERE room = ? AND number > ? AND number <= ? ORDER BY number LIMIT ?",
            (room, after, limit, page),
        )
        for number, arrived, source, connection, sequence, blob in rows:
            try:
                events = decode_events(blob)
            except BadInput as error:
                raise BadInput(f"journal of room {room}, batch {number}: {error}") from error
            yield Batch(
                room=room,
                number=number,
                arrived=arrived,
                source=source,
                connection=connection,
                sequence=sequence,
                events=events,
            )
        after = rows[-1][0] if rows else after
        if len(rows) < page:
            break
    if reader.log is not None and after < limit:
        # Behind the rows just read, not behind the cursor: it may have moved meanwhile.
        yield from reader.log.read(room, after, limit)


def keep_folded(writer: Writer, org: str, brand: str, batches: Sequence[Batch]) -> None:
    """What a transaction folds stands in the table from then on, where it has come from outside of it."""
    if writer.log is not None and batches:
        # What was appended before the journal moved out stands there already.
        _insert(writer, org, brand, batches, _APPEND + " ON CONFLICT (room, number) DO NOTHING")


def append_later(writer: Writer, org: str, brand: str, batch: Batch, cursor: int) -> bool:
    """Where the journal stands outside of the database: the owner's own batch is a row of this transaction, and is
    published once that stands (``relay``). False where it is appended inside the transaction like any other."""
    if writer.log is None:
        return False
    place = int(writer.rows("SELECT COUNT(*) FROM relay WHERE room = ? AND cursor = ?", (batch.room, cursor))[0][0])
    writer.put(
        "INSERT INTO relay (org, brand, room, cursor, place, arrived, source, blob) VALUES (?,?,?,?,?,?,?,?)",
        (org, brand, batch.room, cursor, place, batch.arrived, batch.source, encode_events(batch.events)),
    )
    return True


def relay(reader: Reader, rooms: Collection[str], run: Callable[[Callable[[Writer], object]], object]) -> int:
    """Publish what ``append_later`` left for these rooms, each once, under the name room/cursor/place; how many.

    ``run`` runs work in a transaction of the owner. What broke off behind the publication is found in the journal by
    its name, however long ago it was.
    """
    if reader.log is None:
        return 0
    done = 0
    for room, cursor, place, arrived, source, blob in reader.rows(
        "SELECT room, cursor, place, arrived, source, blob FROM relay ORDER BY room, cursor, place"
    ):
        if room not in rooms:
            continue
        name = f"{room}/{cursor}/{place}"
        if not any(batch.connection == name for batch in read_batches(reader, room, cursor)):
            batch = Batch(
                room=room, number=0, arrived=arrived, source=source, events=[], connection=name, blob=bytes(blob)
            )
            reader.log.append(batch, name).result(RELAY_S)
        run(lambda writer, key=(room, cursor, place): writer.write(_RELAYED, key))  # type: ignore[misc]
        done += 1
    return done


def forget_folded(reader: Reader, rooms: Collection[str], before: Mapping[str, int] | None = None) -> dict[str, int]:
    """Drop from a journal outside of the database what the table holds: up to the cursor, or, of rooms in ``before``,
    up to that number, and nothing of rooms that are not in it. Returns the cursors."""
    if reader.log is None:
        return {}
    cursors = {room: read_cursor(reader, room) for room in rooms}
    for room, cursor in cursors.items():
        upto = cursor if before is None else min(cursor, before.get(room, 0))
        if upto:
            reader.log.forget(room, upto)
    return cursors


def unread(reader: Reader, rooms: Collection[str]) -> dict[str, int]:
    """Batches that wait to be folded, of those of ``rooms`` that have any."""
    names = sorted(rooms)
    if not names:
        return {}
    places = ",".join("?" * len(names))
    found = {
        str(room): (int(newest), int(cursor))
        for room, newest, cursor in reader.rows(
            "SELECT l.room, COALESCE((SELECT MAX(j.number) FROM journal j WHERE j.room = l.room), 0),"
            " COALESCE((SELECT c.number FROM cursors c WHERE c.room = l.room), 0)"
            f" FROM leases l WHERE l.room IN ({places})",
            names,
        )
    }
    outside = reader.log.newest(names) if reader.log is not None else {}
    waiting = {room: max(newest, outside.get(room, 0)) - cursor for room, (newest, cursor) in found.items()}
    return {room: count for room, count in waiting.items() if count > 0}


def unread_events(reader: Reader, room: str) -> int:
    """Events of the room that wait to be folded; where the journal stands outside of the database reckoned from its
    batches and the size of the last folded ones."""
    if reader.log is None:
        return int(reader.rows(_UNREAD, (room, room))[0][0])
    batches = unread(reader, [room]).get(room, 0)
    if not batches:
        return 0
    rows = reader.rows("SELECT count FROM journal WHERE room = ? ORDER BY number DESC LIMIT 200", (room,))
    return batches * max(1, sum(int(count) for (count,) in rows) // max(1, len(rows)))


def _moved(reader: Reader, room: str) -> int:
    """The newest batch of the room that has left the journal."""
    rows = reader.rows("SELECT COALESCE(MAX(dropped_upto), 0) FROM history_files WHERE room = ?", (room,))
    return int(rows[0][0])


def _past(reader: Reader, room: str) -> Past:
    if reader.past is None:
        raise BadInput(
            f"old batches of room {room} have left the journal for the history, and nobody said where that is: set"
            " history_place as the running program has it"
        )
    return reader.past


def save_record(writer: Writer, org: str, brand: str, room: str, number: int, record: Record) -> None:
    """Keep what folding the batch decided; an empty record needs no row."""
    if record.dropped or record.rounds or record.answers:
        blob = compress(_pack_record(record))
        writer.put(
            "INSERT INTO records (org, brand, room, number, blob) VALUES (?,?,?,?,?)", (org, brand, room, number, blob)
        )


def read_records(reader: Reader, room: str, after: int, upto: int) -> dict[int, Record]:
    """The records of ``after < number <= upto`` by number."""
    found: dict[int, Record] = {}
    moved = min(_moved(reader, room), upto)
    if after < moved:
        for batch, record in _past(reader, room).batches(reader, room, after, moved):
            if record != Record():
                found[batch.number] = record
        after = moved
    rows = reader.rows(
        "SELECT number, blob FROM records WHERE room = ? AND number > ? AND number <= ?", (room, after, upto)
    )
    for number, blob in rows:
        try:
            found[int(number)] = _unpack_record(zstandard.ZstdDecompressor().decompress(blob, max_output_size=1 << 30))
        except (zstandard.ZstdError, msgspec.DecodeError) as error:
            raise BadInput(f"record of room {room}, batch {number} is damaged: {error}") from error
    return found


def read_committed(reader: Reader, room: str, after: int, upto: int | None = None) -> Iterator[tuple[int, list[Event]]]:
    """(number, new outside events and announcements) of the folded batches ``after < number <= upto``, in order."""
    last = min(upto, read_cursor(reader, room)) if upto is not None else read_cursor(reader, room)
    for start in range(after, last, 500):
        end = min(start + 500, last)
        records = read_records(reader, room, start, end)
        for batch in read_batches(reader, room, start, end):
            record = records.get(batch.number, Record())
            dropped = frozenset(record.dropped)
            events = [event for place, event in enumerate(batch.events) if place not in dropped]
            for _, _, _, blob in record.rounds:
                events += decode_events(blob)
            yield batch.number, events


def read_cursor(reader: Reader, room: str) -> int:
    """The newest folded batch of the room."""
    rows = reader.rows("SELECT number FROM cursors WHERE room = ?", (room,))
    return int(rows[0][0]) if rows else 0


def save_cursor(writer: Writer, org: str, brand: str, room: str, number: int) -> None:
    """Everything up to ``number`` is folded."""
    writer.put(
        "INSERT INTO cursors (org, brand, room, number) VALUES (?,?,?,?)"
        " ON CONFLICT (room) DO UPDATE SET number = excluded.number",
        (org, brand, room, number),
    )
