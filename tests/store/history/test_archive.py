"""Closed shows move into Parquet: whole, once, and never without a way back."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import msgspec
import pytest

from livecue.errors import BadInput, StoreFailed
from livecue.kit import ManualClock
from livecue.store import (
    Archived,
    Batch,
    History,
    SharedReader,
    Store,
    append_batches,
    every_history_file,
    history_files,
    history_place,
    last_number,
    read_batches,
    read_committed,
    save_cursor,
    store_at,
    transaction,
)
from livecue.store.history import archive
from livecue.store.history.files import rows_of
from tests.store.history.made import (
    DAY,
    ROOM,
    SHOWS,
    archiver,
    batches,
    everything,
    files,
    fill,
    step,
)

NOW = SHOWS[-1][1] + 2 * 3_600_000


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(history_place("", tmp_path), tmp_path / "work")


@pytest.fixture
def past_reader(store: Store, history: History, reader: SharedReader) -> SharedReader:
    reader.past = history
    return reader


def count(reader: SharedReader, table: str) -> int:
    return int(reader.rows(f"SELECT COUNT(*) FROM {table} WHERE room = ?", (ROOM,))[0][0])


def test_what_was_dropped_reads_as_before(store: Store, history: History, past_reader: SharedReader) -> None:
    made = fill(store)
    before = everything(past_reader)
    assert [batch for batch, _ in made] == before[0]
    committed = list(read_committed(past_reader, ROOM, 0))
    clock = ManualClock(NOW)
    work = archiver(store, past_reader, history, clock)
    told: list[tuple[float, str]] = []
    assert work.step(lambda share, what: told.append((share, what))) == Archived(1, 60 * 6 - 5 * 6)
    assert [what.partition(" ")[0] for _, what in told] == [ROOM] and all(0 <= share < 1 for share, _ in told)
    assert count(past_reader, "journal") == 60
    assert work.step() == Archived()
    clock.set(NOW + 6 * DAY)
    assert work.step().dropped == 0
    clock.set(NOW + 7 * DAY)
    assert work.step().dropped == 60
    assert count(past_reader, "journal") == count(past_reader, "records") == 0
    assert everything(past_reader)[0] == before[0]
    assert {n: r.answers for n, r in everything(past_reader)[1].items()} == {n: r.answers for n, r in before[1].items()}
    assert list(read_committed(past_reader, ROOM, 0)) == committed
    assert last_number(past_reader, ROOM) == 60
    assert [b.number for b in read_batches(past_reader, ROOM, 10, 20)] == list(range(11, 21))
    past_reader.past = None
    with pytest.raises(BadInput, match="history_place"):
        list(read_batches(past_reader, ROOM, 0))
    assert list(read_batches(past_reader, ROOM, 60)) == []


def test_anybody_can_read_the_files(store: Store, history: History, past_reader: SharedReader, tmp_path: Path) -> None:
    fill(store)
    archiver(store, past_reader, history, ManualClock(NOW)).step()
    rows = (
        duckdb.connect()
        .execute(
            "SELECT show_id, COUNT(*) FILTER (kind = 'OrderPaid' AND NOT duplicate),"
            " SUM((body->>'amount')::BIGINT) FILTER (NOT duplicate), MIN(arrived_at)::VARCHAR"
            f" FROM read_parquet('{tmp_path}/history/journal/*/*/*.parquet') WHERE place >= 0"
            " GROUP BY show_id ORDER BY show_id"
        )
        .fetchall()
    )
    assert [row[0] for row in rows] == ["", "s0", "s1"]
    assert all(row[1] > 0 and row[2] == row[1] * 9900 for row in rows)
    assert [row[3][:10] for row in rows] == ["2026-09-21"] * 3


def test_a_show_on_air_stays_and_so_does_a_day_without_one(
    store: Store, history: History, past_reader: SharedReader
) -> None:
    made = fill(store, keep_on_air=True)
    archiver(store, past_reader, history, ManualClock(NOW)).step()
    (file,) = history_files(past_reader, ROOM)
    assert file.last == max(batch.number for batch, _ in made if batch.arrived < SHOWS[-1][0])
    writer = store.writer()
    with transaction(writer):
        writer.put("UPDATE shows SET status = 'ended', ended_at = ? WHERE status = 'on_air'", (SHOWS[-1][1],))
    archiver(store, past_reader, history, ManualClock(NOW)).step()
    assert [(f.first, f.last) for f in history_files(past_reader, ROOM)] == [(1, file.last), (file.last + 1, 60)]
    # Nothing but ticks afterwards: it waits for its day to be over.
    with transaction(writer):
        append_batches(writer, "o", "b", _later(61, NOW + 3_600_000))
        save_cursor(writer, "o", "b", ROOM, 61)
    assert archiver(store, past_reader, history, ManualClock(NOW + 7_200_000)).step().written == 0
    with transaction(writer):
        append_batches(writer, "o", "b", _later(62, NOW + DAY))
        save_cursor(writer, "o", "b", ROOM, 62)
    assert archiver(store, past_reader, history, ManualClock(NOW + DAY + 1)).step().written == 1
    writer.close()


def _later(number: int, at: int) -> list[Batch]:
    ((batch, _),) = batches(1)
    return [msgspec.structs.replace(batch, number=number, arrived=at)]


def test_small_files_of_a_day_become_one(store: Store, history: History, past_reader: SharedReader) -> None:
    fill(store, keep_on_air=True)
    before = everything(past_reader)
    archiver(store, past_reader, history, ManualClock(NOW)).step()
    writer = store.writer()
    with transaction(writer):
        writer.put("UPDATE shows SET status = 'ended', ended_at = ? WHERE status = 'on_air'", (SHOWS[-1][1],))
    writer.close()
    archiver(store, past_reader, history, ManualClock(NOW)).step()
    two = history_files(past_reader, ROOM)
    assert len(two) == 2
    assert archiver(store, past_reader, history, ManualClock(NOW + DAY)).step().merged == 2
    (one,) = history_files(past_reader, ROOM)
    assert (one.first, one.last, one.row_count) == (1, 60, sum(file.row_count for file in two))
    assert history.place.names() == [one.name]
    archiver(store, past_reader, history, ManualClock(NOW + 9 * DAY)).step()
    assert count(past_reader, "journal") == 0
    assert everything(past_reader) == before or everything(past_reader)[0] == before[0]


@pytest.mark.parametrize("harm", ["lacking", "damaged"])
def test_nothing_leaves_the_journal_behind_a_file_that_is_not_whole(
    store: Store, history: History, past_reader: SharedReader, harm: str, tmp_path: Path
) -> None:
    fill(store)
    archiver(store, past_reader, history, ManualClock(NOW)).step()
    (file,) = history_files(past_reader, ROOM)
    path = tmp_path / "history" / file.name
    if harm == "lacking":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(StoreFailed, match="journal still holds"):
        archiver(store, past_reader, history, ManualClock(NOW + 8 * DAY)).step()
    assert count(past_reader, "journal") == 60
    assert archiver(store, past_reader, history, ManualClock(NOW)).mend(file)
    assert archiver(store, past_reader, history, ManualClock(NOW + 8 * DAY)).step().dropped == 60
    assert len(everything(past_reader)[0]) == 60


def test_a_file_that_does_not_say_the_same_does_not_count(
    store: Store, history: History, past_reader: SharedReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    monkeypatch.setattr(archive, "rows_of", lambda made, *rest: list(rows_of(made, *rest))[:-1])
    with pytest.raises(StoreFailed, match="journal keeps"):
        archiver(store, past_reader, history, ManualClock(NOW)).step()
    assert history_files(past_reader, ROOM) == []
    monkeypatch.undo()
    archiver(store, past_reader, history, ManualClock(NOW)).step()
    assert history.place.names() == [file.name for file in every_history_file(past_reader)]


def test_snapshots_and_deciders_that_owe_hold_the_journal(
    store: Store, history: History, past_reader: SharedReader
) -> None:
    fill(store)
    writer = store.writer()
    with transaction(writer):
        writer.put(
            "INSERT INTO owed (org, brand, room, decider, since, attempts, next_at, error, state)"
            " VALUES ('o','b',?,'cues',59,0,0,'e',?)",
            (ROOM, b""),
        )
    archiver(store, past_reader, history, ManualClock(NOW)).step()
    assert archiver(store, past_reader, history, ManualClock(NOW + 8 * DAY)).step().dropped == 0
    with transaction(writer):
        writer.put("DELETE FROM owed", ())
        writer.put("DELETE FROM snapshots", ())
    assert archiver(store, past_reader, history, ManualClock(NOW + 8 * DAY)).step().dropped == 0
    writer.close()


EVERY = (
    "history_written:1", "history_coming:1", "history_put:1", "history_checked:1", "history_noted:1",
    "history_written:2", "history_coming:2", "history_put:2", "history_checked:2", "history_noted:2",
    "history_removed:1", "history_removed:2", "history_dropped:1", "history_dropped:2",
)  # fmt: skip
"""Writing the second file, merging both, dropping their batches."""
SOME = ("history_put:1", "history_noted:1", "history_checked:2", "history_removed:1", "history_dropped:1")


@pytest.mark.parametrize("points", [SOME, pytest.param(EVERY, marks=pytest.mark.faults)], ids=["some", "every"])
def test_killed_anywhere_nothing_is_lost_and_nothing_doubled(tmp_path: Path, points: tuple[str, ...]) -> None:
    template = tmp_path / "template"
    template.mkdir()
    store = store_at(template / "livecue.db")
    store.migrate()
    fill(store, count=510, keep_on_air=True)
    step(store, template, NOW)
    writer = store.writer()
    with transaction(writer):
        writer.put("UPDATE shows SET status = 'ended', ended_at = ? WHERE status = 'on_air'", (SHOWS[-1][1],))
    writer.close()
    reader = store.reader()
    wanted = everything(reader)
    reader.close()
    told = subprocess.run(
        [sys.executable, "-m", "tests.store.history.made", str(tmp_path)],
        input="\n".join(points) + "\n", capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    answers = [json.loads(line) for line in told.stdout.splitlines()]
    assert [answer["point"] for answer in answers] == list(points)
    for answer in answers:
        folder = tmp_path / answer["point"].replace(":", "-")
        assert answer["finished"], (answer, told.stderr)
        killed = store_at(folder / "livecue.db")
        reader = killed.reader()
        reader.past = History(history_place("", folder), folder / "work")
        assert everything(reader)[0] == wanted[0], answer
        assert reader.rows("SELECT COUNT(*) FROM journal") == [(0,)], answer
        reader.close()
        there, noted = files(folder, killed)
        assert there == noted, answer
        (events,) = (
            duckdb.connect()
            .execute(f"SELECT COUNT(*) FROM read_parquet('{folder}/history/journal/*/*/*.parquet') WHERE place >= 0")
            .fetchall()
        )
        assert events[0] == sum(len(batch.events) for batch in wanted[0]), answer
    assert all(answer["killed"] for answer in answers), answers
