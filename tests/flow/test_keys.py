"""Keys of rows are known as long as they should be, in whatever form they are held."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livecue.flow import keys as keys_module
from livecue.flow.keys import RowKeys
from livecue.store import SqliteWriter, migrate

Batches = list[list[tuple[str, str]]]


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> SqliteWriter:
    path = tmp_path_factory.mktemp("k") / "a.db"
    migrate(path)
    return SqliteWriter(path)


def play(writer: SqliteWriter, batches: Batches, newest: int, reopen_every: int) -> None:
    """Sift the batches, holding few as texts, opened anew now and then; compare with a plain set."""
    writer.begin()
    seen: set[tuple[str, str]] = set()
    keys = RowKeys(writer, "r", 0, newest)
    for number, rows in enumerate(batches, 1):
        if number % reopen_every == 0:
            keys = RowKeys(writer, "r", 0, newest)
        known, fresh = keys.sift(number, [(place, kind, key) for place, (kind, key) in enumerate(rows)])
        wanted = []
        for place, row in enumerate(rows):
            if row in seen:
                wanted.append(place)
            seen.add(row)
        assert sorted(known) == wanted
        assert sorted((kind, key) for kind, some in fresh.items() for key in some) == sorted(
            row for place, row in enumerate(rows) if place not in wanted
        )
        if fresh:
            writer.write("INSERT INTO seen_keys VALUES ('o', 'b', 'r', ?, 5, ?)", (number, json.dumps(fresh)))
        keys.settle()
    writer.rollback()


row = st.tuples(st.sampled_from(["CommentPosted", "OrderPaid"]), st.text(min_size=1, max_size=3))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    batches=st.lists(st.lists(row, max_size=12), max_size=25),
    newest=st.integers(1, 12),
    reopen_every=st.integers(2, 30),
)
def test_each_row_counts_once(writer: SqliteWriter, batches: Batches, newest: int, reopen_every: int) -> None:
    play(writer, batches, newest, reopen_every)


def test_equal_hashes_are_told_apart(writer: SqliteWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys_module, "hash", lambda pair: len(pair[1]) % 2, raising=False)
    batches = [[("CommentPosted", f"{n}{'x' * (n % 3)}")] for n in range(60)]
    play(writer, batches + batches[::-1], newest=2, reopen_every=17)


def test_a_restart_knows_what_was_kept(tmp_path: Path) -> None:
    migrate(tmp_path / "a.db")
    writer = SqliteWriter(tmp_path / "a.db")
    writer.begin()
    for number, at in ((1, 10), (2, 20)):
        writer.write(
            "INSERT INTO seen_keys VALUES ('o', 'b', 'r', ?, ?, ?)", (number, at, json.dumps({"G": [str(at)]}))
        )
    # A control character as the older form of the table may hold it.
    writer.write("INSERT INTO seen_keys VALUES ('o', 'b', 'r', -1, 20, ?)", ('{"G":["a\tb"]}',))
    writer.commit()
    keys = RowKeys(writer, "r", since=15)
    assert keys.sift(3, [(0, "G", "10"), (1, "G", "20"), (2, "H", "20"), (3, "G", "a\tb")])[0] == [1, 3]
    writer.close()
