"""A commit whose answer is lost in a crash of the server: what became of it is known, never guessed."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from livecue.errors import StoreFailed
from livecue.store import store_at, transaction
from tests.postgres import Cluster, server_folder

SETTING = "INSERT INTO settings (org, brand, name, value) VALUES ('o','b',?,'v')"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """One that flushes, and may be crashed."""
    if server_folder() is None:
        pytest.skip("not run: PostgreSQL (install postgresql)")
    made = Cluster(durable=True)
    made.start()
    yield made
    made.remove()


class Cut:
    """A connection that loses the server at its COMMIT: before it is sent, or behind it, before the answer."""

    def __init__(self, real: Any, cut: Any, sent: bool) -> None:
        self._real, self._cut, self._sent = real, cut, sent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def execute(self, statement: Any, *rest: Any, **more: Any) -> Any:
        if statement != "COMMIT":
            return self._real.execute(statement, *rest, **more)
        if self._sent:
            self._real.execute(statement)
        self._cut()
        raise psycopg.OperationalError("server closed the connection unexpectedly")


@pytest.mark.parametrize("sent", [False, True], ids=["lost", "kept"])
def test_a_crash_between_a_commit_and_its_answer(cluster: Cluster, tmp_path: Path, sent: bool) -> None:
    dsn = cluster.database()
    writer: Any = store_at(tmp_path, dsn).writer()
    with transaction(writer):
        writer.put(SETTING, ("before",))

    def crash() -> None:
        cluster.stop("immediate")
        with contextlib.suppress(psycopg.Error):
            real.close()
        cluster.start()
        # Others write first: what the crash forgot of the numbers of transactions is given out again.
        with psycopg.connect(dsn, autocommit=True) as other:
            for number in range(5):
                other.execute("INSERT INTO settings (org, brand, name, value) VALUES ('x','x',%s,'')", (str(number),))

    writer.begin()
    writer.write(SETTING, ("in question",))
    real = writer._connection
    writer._connection = Cut(real, crash, sent)
    if sent:
        writer.commit()
    else:
        with pytest.raises(StoreFailed):
            writer.commit()
    with transaction(writer):
        writer.put(SETTING, ("after",))
    kept = {row[0] for row in writer.rows("SELECT name FROM settings WHERE org = 'o'")}
    assert kept == {"before", "after"} | ({"in question"} if sent else set())
    writer.close()
