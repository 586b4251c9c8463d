"""One owner: who was replaced writes nothing, and who dies or is stopped is replaced in time."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psycopg
import pytest

from livecue.errors import Conflict, NotOwner, StoreFailed
from livecue.store import Store, programs, read_batches, store_at, transaction
from tests.flows.owning import ROOM
from tests.postgres import Cluster

SETTING = "INSERT INTO settings (org, brand, name, value) VALUES (?,?,?,?)"


@pytest.fixture
def two(postgres: Cluster, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Two programs on one database."""
    dsn = postgres.database()
    stores = store_at(tmp_path, dsn), store_at(tmp_path, dsn)
    yield stores
    for store in stores:
        store.release()


def take_over(first: Store, second: Store, installation: str) -> None:
    """``second`` becomes the owner, as if ``first`` had been silent although it renews its row."""
    writer = first.writer()
    ((owner,),) = writer.rows("SELECT program FROM programs")
    done = threading.Event()

    def silence() -> None:
        while not done.wait(0.02):
            with transaction(writer):
                writer.put("UPDATE programs SET until = 0 WHERE program = ?", (owner,))

    thread = threading.Thread(target=silence)
    thread.start()
    second.claim(installation, True)
    done.set()
    thread.join()
    writer.close()


def names(store: Store) -> list[str]:
    reader = store.reader()
    found = [str(row[0]) for row in reader.rows("SELECT name FROM settings WHERE org = 'o' ORDER BY name")]
    reader.close()
    return found


def test_a_second_program_is_refused_or_stands_by(two: tuple[Store, Store]) -> None:
    first, second = two
    own = first.claim("")
    with pytest.raises(Conflict, match="another LiveCue runs"):
        second.claim(own)
    waiting = threading.Thread(target=second.claim, args=(own, True))
    waiting.start()
    first.release()
    waiting.join(10)
    assert not waiting.is_alive()
    with transaction(second.own_writer()) as writer:
        writer.put(SETTING, ("o", "b", "second", ""))
    assert names(second) == ["second"]


def test_who_was_replaced_writes_nothing(two: tuple[Store, Store]) -> None:
    first, second = two
    own = first.claim("")
    stale = first.own_writer()
    with transaction(stale):
        stale.put(SETTING, ("o", "b", "1", ""))
    take_over(first, second, own)
    with pytest.raises(NotOwner), transaction(stale):
        stale.put(SETTING, ("o", "b", "2", ""))
    with transaction(second.own_writer()) as writer:
        writer.put(SETTING, ("o", "b", "3", ""))
    with pytest.raises(NotOwner), transaction(stale):
        # Its number was given by the new owner meanwhile: still a lost lease, and no defect.
        stale.put(SETTING, ("o", "b", "3", ""))
    assert names(second) == ["1", "3"]


def test_nobody_takes_over_inside_a_transaction(two: tuple[Store, Store]) -> None:
    first, second = two
    own = first.claim("")
    writer = first.own_writer()
    writer.begin()
    writer.write(SETTING, ("o", "b", "1", ""))
    with psycopg.connect(second.dsn, autocommit=True) as connection:  # type: ignore[attr-defined]
        connection.execute("SET lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            connection.execute("SELECT 1 FROM programs FOR UPDATE")
        # Its own renewal passes.
        connection.execute("UPDATE programs SET until = until + 1")
    writer.put(SETTING, ("o", "b", "2", ""))
    writer.commit()
    assert names(first) == ["1", "2"]
    take_over(first, second, own)
    with pytest.raises(NotOwner), transaction(writer):
        writer.put(SETTING, ("o", "b", "3", ""))
    assert names(second) == ["1", "2"]


def test_a_transaction_that_falls_silent_is_ended(two: tuple[Store, Store]) -> None:
    first, second = two
    own = first.claim("")
    silent = first.own_writer()
    silent.begin()
    silent.write(SETTING, ("o", "b", "1", ""))
    take_over(first, second, own)
    silent.put(SETTING, ("o", "b", "2", ""))
    with pytest.raises(StoreFailed):
        silent.commit()
    assert names(second) == []


class Program:
    """A process of ``tests.flows.owning``."""

    def __init__(self, dsn: str, name: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.flows.owning", dsn, name],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.name = name
        self.owner_at = 0.0
        self.lost = threading.Event()
        self.acknowledged: list[int] = []
        self._owns = threading.Event()
        assert self.process.stdout is not None
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()

    def _read(self, lines: IO[str]) -> None:
        for line in lines:
            if line.strip() == "owner":
                self.owner_at = time.monotonic()
                self._owns.set()
            elif line.strip() == "lost":
                self.lost.set()
            else:
                self.acknowledged.append(int(line))

    def owns(self, timeout: float) -> bool:
        return self._owns.wait(timeout)

    def counted(self, wanted: int) -> None:
        until = time.monotonic() + 60
        while len(self.acknowledged) < wanted and time.monotonic() < until:
            time.sleep(0.01)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.mark.parametrize(
    "how",
    [pytest.param(signal.SIGKILL, id="killed", marks=pytest.mark.faults), pytest.param(signal.SIGSTOP, id="stopped")],
)
def test_an_owner_that_is_gone_is_replaced_in_five_seconds(
    postgres: Cluster, tmp_path: Path, how: signal.Signals
) -> None:
    dsn = postgres.database()
    first = Program(dsn, "a")
    assert first.owns(60)
    second = Program(dsn, "b")
    try:
        first.counted(50)
        with psycopg.connect(dsn, autocommit=True) as connection:
            until = time.monotonic() + 60
            while (
                time.monotonic() < until
                and not connection.execute(
                    "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT program, roles%'"
                ).fetchall()
            ):
                time.sleep(0.05)
        os.kill(first.process.pid, how)
        began = time.monotonic()
        assert second.owns(30)
        taken = second.owner_at - began
        second.counted(50)
        if how is signal.SIGSTOP:
            os.kill(first.process.pid, signal.SIGCONT)
            assert first.lost.wait(30)
        assert taken < 5.0, f"{taken:.2f} s"
    finally:
        first.kill()
        second.kill()
    reader = store_at(tmp_path, dsn).reader()
    kept = [event.key for batch in read_batches(reader, ROOM, 0) for event in batch.events]
    reader.close()
    assert len(kept) == len(set(kept))
    wanted = {f"{one.name}{number}" for one in (first, second) for number in one.acknowledged}
    # What is kept beyond it was under way when its sender died.
    assert wanted <= set(kept) and len(set(kept) - wanted) <= 2


def test_what_is_being_written_is_outlasted_and_what_begins_later_is_not(postgres: Cluster) -> None:
    dsn = postgres.database()
    program = programs.Program(dsn)
    with (
        psycopg.connect(dsn, application_name="livecue/other") as under_way,
        psycopg.connect(dsn, application_name="livecue/third") as later,
    ):
        under_way.execute("SELECT 1")
        with pytest.raises(Conflict, match="writing for too long"):
            program.outlast(0.2)
        waiting = threading.Thread(target=program.outlast)
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        later.execute("SELECT 1")
        under_way.commit()
        waiting.join(10)
        assert not waiting.is_alive(), "the other has begun since"
