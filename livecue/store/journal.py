"""The journal: one row per batch of a room, numbered without gaps; and the record of what was announced."""

from collections.abc import Iterator, Sequence

import msgspec
import zstandard

from livecue.errors import BadInput
from livecue.events import Event, compress, decode_events, encode_events
from livecue.store.protocols import Past, Reader, Writer

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
    ``answers``: (part, rows) of every ``Unit.ask``, in order.
    """

    dropped: list[int] = []
    rounds: list[tuple[int, int, str, bytes]] = []
    answers: list[tuple[str, bytes]] = []


_pack_record = msgspec.msgpack.Encoder().encode
_unpack_record = msgspec.msgpack.Decoder(Record).decode


def append_batches(writer: Writer, org: str, brand: str, batches: Sequence[Batch]) -> None:
    """Append; the commit makes it so."""
    writer.write_many(
        "INSERT INTO journal (org, brand, room, number, arrived, source, connection, sequence, count, blob)"
        " VALUES (?,?,?,?,?,?,?,?,?,?)",
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
    return max(int(newest), read_cursor(reader, room))


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
        if len(rows) < page:
            return
        after = rows[-1][0]


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
