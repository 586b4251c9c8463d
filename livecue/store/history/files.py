"""A piece of a room's journal as one Parquet file: a row for every event, readable by anyone.

The columns say the same as the journal and the record beside it, so that both can be put together again. What came
from outside has ``place`` (its place in the batch); what was announced has ``part``, ``run``, ``round`` and ``item``;
an answer a part got from rows that rooms share is a row of the kind ``answer`` whose ``body`` is base64.
"""

import base64
import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from livecue.errors import BadInput, StoreFailed
from livecue.events import decode_event, decode_events, encode_event, encode_events
from livecue.store.journal import Batch, Record

if TYPE_CHECKING:
    import duckdb

ANSWER = "answer"
"""Kind of a row that holds what a part was answered."""
NOTHING = ""
"""Kind of a row that only says that there was a batch, or an announcement, without events."""

COLUMNS = {
    "org": "VARCHAR", "brand": "VARCHAR", "room": "VARCHAR", "show_id": "VARCHAR",
    "batch": "BIGINT", "position": "INTEGER", "arrived": "BIGINT", "source": "VARCHAR",
    "connection": "VARCHAR", "sequence": "BIGINT", "place": "INTEGER", "item": "INTEGER", "run": "INTEGER",
    "round": "INTEGER", "part": "VARCHAR", "kind": "VARCHAR", "at": "BIGINT", "key": "VARCHAR",
    "duplicate": "BOOLEAN", "body": "VARCHAR",
}  # fmt: skip
_JOURNAL = ", ".join(f'"{name}"' for name in COLUMNS)
_line = msgspec.json.Encoder().encode


class _Row(msgspec.Struct, kw_only=True):
    org: str
    brand: str
    room: str
    show_id: str
    batch: int
    position: int
    arrived: int
    source: str
    connection: str
    sequence: int
    place: int = -1
    item: int = -1
    run: int = -1
    round: int = -1
    part: str = ""
    kind: str = NOTHING
    at: int = 0
    key: str = ""
    duplicate: bool = False
    body: str = ""


def open_engine(folder: Path) -> "duckdb.DuckDBPyConnection":
    """DuckDB in memory with bounds: it works beside a live show. What it cannot hold it writes into ``folder``."""
    # Imported here: who never archives and never opens a board need not load it.
    import duckdb

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return duckdb.connect(
        config={
            "threads": 1,
            "memory_limit": "512MB",
            "temp_directory": str(folder),
            # What it lacks it may not fetch from the network.
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )


@contextlib.contextmanager
def history_engine(folder: Path) -> "Iterator[duckdb.DuckDBPyConnection]":
    """An engine for one piece of work; its failures are ``StoreFailed``."""
    import duckdb

    connection = open_engine(folder)
    try:
        yield connection
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise StoreFailed(f"the history cannot be read or written: {error}; check free space in {folder}") from error
    except duckdb.Error as error:
        raise BadInput(f"a file of the history is damaged or of another kind: {error}") from error
    finally:
        connection.close()


def rows_of(
    batches: Iterable[tuple[Batch, Record]], org: str, brand: str, show_at: Callable[[int], str]
) -> Iterator[bytes]:
    """Lines of JSON, one a row of the file, in order."""
    for batch, record in batches:
        dropped = frozenset(record.dropped)
        base: dict[str, Any] = {
            "org": org, "brand": brand, "room": batch.room, "show_id": show_at(batch.arrived), "batch": batch.number,
            "arrived": batch.arrived, "source": batch.source, "connection": batch.connection,
            "sequence": batch.sequence,
        }  # fmt: skip
        rows: list[_Row] = []
        for place, event in enumerate(batch.events):
            rows.append(_row(base, len(rows), event, place=place, duplicate=place in dropped))
        for item, (run, step, part, blob) in enumerate(record.rounds):
            where: dict[str, Any] = {"item": item, "run": run, "round": step, "part": part}
            said = decode_events(blob)
            for event in said:
                rows.append(_row(base, len(rows), event, **where))
            if not said:
                rows.append(_Row(**base, position=len(rows), **where))
        for item, (part, blob) in enumerate(record.answers):
            body = base64.b64encode(blob).decode()
            rows.append(_Row(**base, position=len(rows), item=item, part=part, kind=ANSWER, body=body))
        if not rows:
            rows.append(_Row(**base, position=0))
        for row in rows:
            yield _line(row)


def _row(base: dict[str, Any], position: int, event: Any, **where: Any) -> _Row:
    return _Row(
        **base,
        **where,
        position=position,
        kind=type(event).__name__,
        at=event.at,
        # For readers; the event itself is whole in ``body``.
        key=event.key.replace("\x00", "␀"),
        body=encode_event(event).decode(),
    )


def write_file(lines: Iterable[bytes], target: Path, scratch: Path, columns: dict[str, str] = COLUMNS) -> int:
    """Write lines of JSON as Parquet (zstd) in their order; rows written. ``arrived_at`` is added as a time."""
    text = target.with_suffix(".jsonl")
    count = 0
    try:
        with text.open("wb") as file:
            for line in lines:
                file.write(line + b"\n")
                count += 1
        shape = ", ".join(f"{_text(name)}: '{kind}'" for name, kind in columns.items())
        told = ", ".join(f'"{name}"' for name in columns)
        if "arrived" in columns:
            told += ", make_timestamp(arrived * 1000) AS arrived_at"
        with history_engine(scratch) as duck:
            duck.execute(
                f"COPY (SELECT {told} FROM read_json({_text(text)}, columns = {{{shape}}},"
                " format = 'newline_delimited', maximum_object_size = 134217728))"
                f" TO {_text(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)"
            )
    except OSError as error:
        raise StoreFailed(
            f"{target.parent} cannot hold a file of the history: {error.strerror}; free space. The journal is kept"
        ) from error
    finally:
        text.unlink(missing_ok=True)
    return count


def merge_files(sources: Sequence[Path], target: Path, scratch: Path) -> None:
    """One file out of several, in the order of batches."""
    with history_engine(scratch) as duck:
        duck.execute(
            f"COPY (SELECT * FROM read_parquet([{', '.join(map(_text, sources))}]) ORDER BY batch, position)"
            f" TO {_text(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)"
        )


def count_rows(path: Path, scratch: Path) -> int:
    """How many rows a file has."""
    with history_engine(scratch) as duck:
        found = duck.execute(f"SELECT COUNT(*) FROM read_parquet({_text(path)})").fetchone()
    assert found is not None
    return int(found[0])


def read_file(
    path: Path, scratch: Path, after: int = 0, upto: int = 1 << 62, page: int = 5_000
) -> Iterator[tuple[Batch, Record]]:
    """Batches with ``after < number <= upto`` and their records, as they stood in the journal."""
    with history_engine(scratch) as duck:
        cursor = duck.execute(
            f"SELECT {_JOURNAL} FROM read_parquet({_text(path)}) WHERE batch > ? AND batch <= ?"
            " ORDER BY batch, position",
            (after, upto),
        )
        waiting: list[_Row] = []
        while rows := cursor.fetchmany(page):
            for values in rows:
                row = _Row(**dict(zip(COLUMNS, values, strict=True)))
                if waiting and waiting[0].batch != row.batch:
                    yield _batch_of(waiting)
                    waiting = []
                waiting.append(row)
        if waiting:
            yield _batch_of(waiting)


def _batch_of(rows: list[_Row]) -> tuple[Batch, Record]:
    head = rows[0]
    events, dropped = [], []
    rounds: list[tuple[tuple[int, int, str], list[Any]]] = []
    answers: list[tuple[str, bytes]] = []
    item = -1
    for row in rows:
        if row.kind == ANSWER:
            answers.append((row.part, base64.b64decode(row.body)))
        elif row.place >= 0:
            if row.duplicate:
                dropped.append(row.place)
            events.append(decode_event(row.body))
        elif row.item >= 0:
            if row.item != item:
                item = row.item
                rounds.append(((row.run, row.round, row.part), []))
            if row.kind != NOTHING:
                rounds[-1][1].append(decode_event(row.body))
    batch = Batch(
        room=head.room,
        number=head.batch,
        arrived=head.arrived,
        source=head.source,
        connection=head.connection,
        sequence=head.sequence,
        events=events,
    )
    return batch, Record(dropped, [(*where, encode_events(said)) for where, said in rounds], answers)


def same(one: tuple[Batch, Record], other: tuple[Batch, Record]) -> bool:
    """Whether two batches and their records say the same, whichever way they are packed."""
    if msgspec.structs.replace(one[0], blob=b"") != msgspec.structs.replace(other[0], blob=b""):
        return False
    (a, b) = (one[1], other[1])
    return (
        sorted(a.dropped) == sorted(b.dropped)
        and a.answers == b.answers
        and [(*r[:3], decode_events(r[3])) for r in a.rounds] == [(*r[:3], decode_events(r[3])) for r in b.rounds]
    )


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
