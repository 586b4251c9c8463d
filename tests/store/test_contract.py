"""What every driver promises, on every database."""

import contextlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from livecue.errors import BadInput, StoreFailed
from livecue.events import CommentPosted, Event, LikeGiven
from livecue.store import (
    Batch,
    LateFailure,
    Record,
    SharedReader,
    Snapshot,
    Store,
    TransactionWriter,
    append_audit,
    append_batches,
    broken_link,
    last_number,
    list_audit,
    read_batches,
    read_committed,
    read_cursor,
    read_records,
    read_snapshots,
    save_cursor,
    save_record,
    save_snapshot,
    store_at,
    transaction,
)

SETTING = "INSERT INTO settings (org, brand, name, value) VALUES (?,?,?,?)"
STOCK = (
    "INSERT INTO stock (org, brand, warehouse, sku, product, on_hand, reserved) VALUES (?,?,?,?,?,?,0)"
    " ON CONFLICT (org, brand, sku, warehouse) DO UPDATE SET on_hand = excluded.on_hand"
)
ODD = ["", "黑色还有吗？😀", 'it\'s "odd", {really}', "back\\slash", "tab\tline\nend", "100%", "\x1f", "NULL", "?"]


def batches(count: int, first: int = 1) -> list[Batch]:
    events: list[Event] = [LikeGiven(key="k", count=3), CommentPosted(key="c", text="黑色还有吗")]
    return [Batch(room="r", number=first + n, arrived=n, source="s", events=events, sequence=n) for n in range(count)]


def test_batches_come_back_as_they_went_in(writer: TransactionWriter, reader: SharedReader) -> None:
    with transaction(writer):
        append_batches(writer, "o", "b", batches(7))
        assert last_number(writer, "r") == 7
        assert last_number(reader, "r") == 0
    assert list(read_batches(reader, "r", 0)) == batches(7)
    assert list(read_batches(reader, "r", 2, 5, page=2)) == batches(7)[2:5]
    assert list(read_batches(reader, "other", 0)) == []


def test_a_number_is_given_once(writer: TransactionWriter, reader: SharedReader) -> None:
    with transaction(writer):
        append_batches(writer, "o", "b", batches(2))
    with pytest.raises(Exception, match=r"(?i)unique"), transaction(writer):
        append_batches(writer, "o", "b", batches(2, 2))
    assert last_number(reader, "r") == 2


def test_records_and_cursors_move_together(writer: TransactionWriter, reader: SharedReader) -> None:
    with transaction(writer):
        append_batches(writer, "o", "b", batches(3))
        save_record(writer, "o", "b", "r", 2, Record(dropped=[0], answers=[("tally", b"\x00\xff")]))
        for number in (1, 2, 3):
            save_cursor(writer, "o", "b", "r", number)
    assert read_cursor(reader, "r") == 3
    assert read_records(reader, "r", 0, 3) == {2: Record(dropped=[0], answers=[("tally", b"\x00\xff")])}
    assert [len(events) for _, events in read_committed(reader, "r", 0)] == [2, 1, 2]


def test_two_snapshots_are_kept_and_a_damaged_one_is_passed_over(
    writer: TransactionWriter, reader: SharedReader
) -> None:
    with transaction(writer):
        for number in (5, 9, 14):
            save_snapshot(writer, "o", "b", "r", 1, Snapshot(number, number * 10, {"part": bytes([number])}))
    assert [s.number for s in read_snapshots(reader, "r", 99)] == [14, 9]
    assert read_snapshots(reader, "r", 13)[0].parts == {"part": b"\x09"}
    with transaction(writer):
        writer.put("UPDATE snapshots SET blob = ? WHERE number = 14", (b"rubbish",))
    assert [s.number for s in read_snapshots(reader, "r", 99)] == [9]


def test_what_is_rolled_back_was_never_there(writer: TransactionWriter, reader: SharedReader) -> None:
    with contextlib.suppress(KeyError), transaction(writer):
        writer.put(SETTING, ("o", "b", "n", "v"))
        raise KeyError
    assert reader.rows("SELECT * FROM settings") == []


def test_a_savepoint_undoes_its_own_and_nothing_else(writer: TransactionWriter, reader: SharedReader) -> None:
    with transaction(writer):
        writer.put(SETTING, ("o", "b", "1", "kept"))
        writer.savepoint("room")
        writer.put(SETTING, ("o", "b", "2", "undone"))
        writer.back_to("room")
        writer.savepoint("room")
        writer.put(SETTING, ("o", "b", "3", "undone"))
        assert len(writer.rows("SELECT * FROM settings")) == 2
        writer.back_to("room")
        writer.savepoint("room")
        writer.put(SETTING, ("o", "b", "4", "kept"))
        writer.release("room")
    assert [row[0] for row in reader.rows("SELECT name FROM settings ORDER BY name")] == ["1", "4"]


def test_a_statement_that_fails_is_told_before_the_savepoint_is_released(writer: TransactionWriter) -> None:
    with transaction(writer):
        writer.savepoint("room")
        with pytest.raises((LateFailure, Exception), match=r"(?i)unique"):
            writer.put(SETTING, ("o", "b", "1", "v"))
            writer.put(SETTING, ("o", "b", "1", "v"))
            writer.release("room")
        writer.back_to("room")
        writer.one_by_one = True
        writer.savepoint("room")
        writer.put(SETTING, ("o", "b", "1", "v"))
        with pytest.raises(Exception, match=r"(?i)unique") as told:
            writer.put(SETTING, ("o", "b", "1", "v"))
        assert not isinstance(told.value, LateFailure | StoreFailed)
        writer.back_to("room")
    assert writer.rows("SELECT COUNT(*) FROM settings") == [(0,)]


def test_counts_and_returned_rows(writer: TransactionWriter) -> None:
    with transaction(writer):
        writer.write_many(SETTING, [("o", "b", str(n), "v") for n in range(5)])
        assert writer.write("UPDATE settings SET value = 'w' WHERE name < ?", ("3",)) == 3
        assert writer.rows("DELETE FROM settings WHERE name = ? RETURNING value", ("1",)) == [("w",)]
        assert writer.write("DELETE FROM settings WHERE name = ?", ("1",)) == 0


@pytest.mark.parametrize("count", [1, 3, 40])
def test_odd_words_stay_as_they_are(writer: TransactionWriter, reader: SharedReader, count: int) -> None:
    words = [f"{ODD[n % len(ODD)]}{n}" for n in range(count)]
    with transaction(writer):
        writer.write_many(SETTING, [("o", "b", word, word[::-1]) for word in words])
    assert sorted(reader.rows("SELECT name, value FROM settings")) == sorted((w, w[::-1]) for w in words)
    # By code points on every server: capitals before small letters, both before what is not Latin.
    assert [row[0] for row in reader.rows("SELECT name FROM settings ORDER BY name")] == sorted(words)


@pytest.mark.parametrize("count", [2, 20])
def test_a_row_may_come_twice_in_one_statement(writer: TransactionWriter, reader: SharedReader, count: int) -> None:
    rows = [("o", "b", "w", f"s{n % 2}", "p", n) for n in range(count)]
    with transaction(writer):
        writer.write_many(STOCK, rows)
    assert reader.rows("SELECT sku, on_hand, reserved FROM stock ORDER BY sku") == [
        ("s0", count - 2, 0),
        ("s1", count - 1, 0),
    ]


@pytest.mark.parametrize("count", [1, 10])
def test_numbers_keep_their_kind(writer: TransactionWriter, reader: SharedReader, count: int) -> None:
    big = 1 << 60
    rows = [
        ("o", "b", "r", "s", n, "m", "", value, True)
        for n, value in zip(range(count), [1, 0.5, None] * 9, strict=False)
    ]
    with transaction(writer):
        writer.write_many(
            "INSERT INTO minute_readings (org, brand, room, show, minute, metric, scope, value, sample)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            rows,
        )
        writer.put("UPDATE minute_readings SET sample = ? WHERE minute = 0", (big,))
    found = reader.rows("SELECT value, sample FROM minute_readings ORDER BY minute")
    assert found[0] == (1.0, big) and isinstance(found[0][0], float)
    ((total, count_of),) = reader.rows("SELECT SUM(sample), COUNT(*) FROM minute_readings")
    assert (total, count_of) == (big + count - 1, count) and type(total) is int
    assert reader.rows("SELECT COALESCE(SUM(sample), 0) FROM minute_readings WHERE minute > ?", (99,)) == [(0,)]


def test_nul_does_not_stop_a_room(writer: TransactionWriter, reader: SharedReader) -> None:
    with transaction(writer):
        writer.put(SETTING, ("o", "b", "one", "a\x00b"))
        writer.write_many(SETTING, [("o", "b", str(n), "a\x00b") for n in range(9)])
    assert {row[0] for row in reader.rows("SELECT value FROM settings")} <= {"a\x00b", "a␀b"}


def test_the_audit_chain_shows_where_it_was_broken(writer: TransactionWriter, reader: SharedReader) -> None:
    with transaction(writer):
        for number in range(5):
            append_audit(writer, at=number, org="o", brand="b", room="r", who="p", what="Did", subject=str(number))
    assert broken_link(reader) is None
    assert [row.number for row in list_audit(reader, "o", ["b"])] == [5, 4, 3, 2, 1]
    with transaction(writer):
        writer.put("UPDATE audit SET who = 'somebody else' WHERE number = 3")
    assert broken_link(reader) == 3


def test_many_threads_read_at_once(writer: TransactionWriter, reader: SharedReader) -> None:
    with transaction(writer):
        writer.put(SETTING, ("o", "b", "n", "v"))
    found: list[object] = []

    def read() -> None:
        for _ in range(20):
            found.extend(reader.rows("SELECT value FROM settings WHERE name = ?", ("n",)))

    threads = [threading.Thread(target=read) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [("v",)] * 240


def test_a_wrong_question_is_an_error_and_harms_nothing(writer: TransactionWriter, reader: SharedReader) -> None:
    with pytest.raises(Exception, match="nothing_there"):
        reader.rows("SELECT * FROM nothing_there")
    assert reader.rows("SELECT COUNT(*) FROM settings") == [(0,)]


def test_a_layout_is_every_table_with_its_columns(store: Store) -> None:
    layout = store.layout()
    assert sorted(layout) == sorted(store.tables())
    for table in ("journal", "orders", "settings"):
        assert layout[table] == store.columns(table)
        assert len(layout[table]) > 3


def test_a_program_flushes_what_it_answered(tmp_path: Path) -> None:
    """This process does not (tests/conftest.py)."""
    ask = "import sys, pathlib; from livecue.store import SqliteWriter as W\n"
    ask += "print(W(pathlib.Path(sys.argv[1])).rows('PRAGMA synchronous'))"
    done = subprocess.run(
        [sys.executable, "-c", ask, str(tmp_path / "a.db")], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[(2,)]", "FULL"


def test_it_says_how_large_it_is(store: Store, tmp_path: Path) -> None:
    assert store.size() > 10_000
    assert store_at(tmp_path / "nothing.db").size() == 0


def test_migrating_again_changes_nothing(store: Store) -> None:
    before = sorted(store.tables())
    store.migrate()
    assert sorted(store.tables()) == before
    assert store.exists()


def test_a_newer_schema_is_refused(store: Store, writer: TransactionWriter) -> None:
    with transaction(writer):
        writer.put("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BadInput, match="newer LiveCue"):
        store.migrate()
