"""A full disk, a locked database, a damaged one: said clearly, nothing lost, the loop alive."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from livecue.config import load_settings
from livecue.errors import BadInput, Conflict, StoreFailed, StoreLocked
from livecue.events import CommentPosted, LikeGiven
from livecue.kit import ManualClock
from livecue.store import SqliteReader, SqliteWriter, append_audit, backup, broken_link, migrate, restore, transaction
from tests.flow.toy import all_rows, toy_pump


def test_a_full_disk_is_said_and_survived(tmp_path: Path) -> None:
    class Small(SqliteWriter):
        pages: int = 0

        def begin(self) -> None:
            if Small.pages:
                self._connection.execute(f"PRAGMA max_page_count={Small.pages}")
            super().begin()

    path = tmp_path / "a.db"
    pump = toy_pump(path, writer=Small)
    pump.post("r", [CommentPosted(key="1", text="before")], source="s").result(10)
    Small.pages = int(sqlite3.connect(path).execute("PRAGMA page_count").fetchone()[0]) + 2
    noise = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(3000))
    with pytest.raises(StoreFailed, match="full"):
        pump.post("r", [CommentPosted(key=f"big{n}", text=noise[n:]) for n in range(200)], source="s").result(30)
    Small.pages = 1 << 30
    after = pump.post("r", [CommentPosted(key="2", text="after")], source="s").result(10)
    again = pump.post("r", [CommentPosted(key="1", text="before")], source="s").result(10)
    pump.stop()
    assert (after.accepted, again.duplicates) == (1, 1)
    assert len(all_rows(path)["settings"]) == 2


def test_a_locked_database_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    pump = toy_pump(path)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, lambda: other.execute("COMMIT")).start()
    assert pump.post("r", [LikeGiven(key="1")], source="s").result(20).accepted == 1
    pump.stop()


def test_a_database_locked_for_longer_than_we_wait_loses_nothing(tmp_path: Path) -> None:
    class Impatient(SqliteWriter):
        busy_ms = 20

    def told(writer: type[SqliteWriter], path: Path, locked: bool) -> dict[str, list[tuple[object, ...]]]:
        pump = toy_pump(path, writer=writer, clock=ManualClock(1_790_000_000_000))
        assert pump.post("r", [CommentPosted(key="1", text="before")], source="s").result(10).accepted == 1
        if locked:
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreLocked, match="close that program"):
                pump.post("r", [CommentPosted(key="2", text="after")], source="s").result(30)
            with pytest.raises(StoreLocked):
                pump.run(lambda writer: writer.rows("SELECT 1")).result(30)
            assert pump.alive and pump.failing[0] == "store_locked" and pump.pulse.failed_cycles == 8
            other.execute("ROLLBACK")
        # Whoever was refused sends again; who was answered may do so too.
        assert pump.post("r", [CommentPosted(key="2", text="after")], source="s").result(10).accepted == 1
        assert pump.post("r", [CommentPosted(key="1", text="before")], source="s").result(10).duplicates == 1
        assert pump.failing == ("", 0)
        pump.stop()
        return all_rows(path)

    assert told(Impatient, tmp_path / "a.db", True) == told(SqliteWriter, tmp_path / "b.db", False)


def test_a_reader_of_a_locked_database_says_so(tmp_path: Path) -> None:
    class Impatient(SqliteReader):
        busy_ms = 20

    path = tmp_path / "a.db"
    migrate(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreLocked, match="another program holds"):
        Impatient(path).rows("SELECT 1 FROM journal")
    other.close()
    assert SqliteReader(path).rows("SELECT 1 FROM journal") == []


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(BadInput, match=r"a\.db is not a LiveCue database"):
        migrate(path)


def test_a_backup_of_a_running_house_restores_with_actions_held(tmp_path: Path) -> None:
    path, copy, fresh = tmp_path / "a.db", tmp_path / "copy.db", tmp_path / "b.db"
    pump = toy_pump(path)
    pump.post("r", [LikeGiven(key=str(n)) for n in range(30)], source="s").result(10)
    with transaction(SqliteWriter(path)) as writer:
        writer.write(
            "INSERT INTO outbox (org, brand, room, id, number, position, kind, asked_by, blob, state, made_at)"
            " VALUES ('o','b','r','a1',1,0,'PinProduct','',x'80','pending',1)"
        )
    heard: list[int] = []
    backup(path, copy, lambda done, total: heard.append(total - done))
    pump.stop()
    with pytest.raises(BadInput, match="exists already"):
        backup(path, copy)
    assert heard[-1] == 0
    assert restore(copy, fresh) == 1
    assert all_rows(fresh)["outbox"][0][9] == "held"
    assert all_rows(fresh)["journal"] == all_rows(path)["journal"]
    assert restore(copy, fresh) == 1
    assert (tmp_path / "b.db.before-restore").exists()
    (tmp_path / "bad.db").write_bytes(copy.read_bytes()[:5000])
    with pytest.raises(BadInput, match="bad"):
        restore(tmp_path / "bad.db", fresh)
    assert all_rows(fresh)["outbox"][0][9] == "held"


def test_a_restore_keeps_what_was_there_to_the_last_commit(tmp_path: Path) -> None:
    """Also what only the log held when the program was killed; and a second restore keeps the first one's."""
    path, copy = tmp_path / "a.db", tmp_path / "copy.db"
    pump = toy_pump(path)
    pump.post("r", [LikeGiven(key="first")], source="s").result(10)
    backup(path, copy)
    pump.stop()
    script = (
        "import os, sqlite3, sys\n"
        "db = sqlite3.connect(sys.argv[1])\n"
        "db.execute('PRAGMA wal_autocheckpoint = 0')\n"
        "db.execute(\"INSERT INTO settings (org, brand, name, value) VALUES ('', '', 'late', 'kept')\")\n"
        "db.commit()\n"
        "os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode == 9
    assert (tmp_path / "a.db-wal").stat().st_size > 0
    restore(copy, path)
    kept = sqlite3.connect(tmp_path / "a.db.before-restore")
    assert kept.execute("SELECT value FROM settings WHERE name = 'late'").fetchall() == [("kept",)]
    kept.close()
    restore(copy, path)
    assert (tmp_path / "a.db.before-restore-2").exists()


def test_the_audit_chain_shows_where_it_was_broken(tmp_path: Path) -> None:
    migrate(tmp_path / "a.db")
    writer = SqliteWriter(tmp_path / "a.db")
    with transaction(writer):
        for number in range(5):
            append_audit(writer, at=number, org="o", brand="b", room="r", who="p", what="Did", subject=str(number))
    reader = SqliteReader(tmp_path / "a.db")
    assert broken_link(reader) is None
    with transaction(writer):
        writer.write("UPDATE audit SET who = 'somebody else' WHERE number = 3")
    assert broken_link(reader) == 3
    with transaction(writer):
        writer.write("UPDATE audit SET who = 'p' WHERE number = 3")
        writer.write("DELETE FROM audit WHERE number = 2")
    assert broken_link(reader) == 3
    reader.close()


def test_two_programs_do_not_share_a_data_folder(tmp_path: Path) -> None:
    from livecue.app import App

    first = App(load_settings(data=tmp_path))
    with pytest.raises(Conflict, match="runs already"):
        App(load_settings(data=tmp_path))
    first.reader.close()
    first.release()


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    from livecue.app import make_folder

    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreFailed, match="--data"):
        make_folder(tmp_path / "file" / "below")
