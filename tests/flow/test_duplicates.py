"""What came before is dropped, by kind and key or by number; the bulk way says what the plain way says."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livecue.events import ClockTicked, CommentPosted, Event, LikeGiven, ViewerEntered
from livecue.flow import RoomInfo
from livecue.flow.duplicates import Duplicates
from livecue.store import Batch, SqliteReader, migrate

INFO = RoomInfo(room="r", org="o", brand="b")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SqliteReader:
    path = tmp_path_factory.mktemp("d") / "a.db"
    migrate(path)
    return SqliteReader(path)


def batch(events: list[Event], connection: str = "", sequence: int = -1) -> Batch:
    return Batch(room="r", number=1, arrived=0, source="s", events=events, connection=connection, sequence=sequence)


event = st.builds(
    lambda kind, key: kind(key=key) if kind is not CommentPosted else CommentPosted(key=key or "none", text="x"),
    st.sampled_from([LikeGiven, ViewerEntered, CommentPosted]),
    st.sampled_from(["", "a", "b", "c", "d", "e"]),
)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(batches=st.lists(st.lists(event, max_size=12), max_size=6))
def test_each_kind_and_key_counts_once(reader: SqliteReader, batches: list[list[Event]]) -> None:
    duplicates = Duplicates(INFO, reader, 0)
    seen: set[tuple[type, str]] = set()
    for events in batches:
        wanted = []
        for place, item in enumerate(events):
            if item.key and (type(item), item.key) in seen:
                wanted.append(place)
            seen.add((type(item), item.key))
        kept, dropped = duplicates.sift(batch(events), None)
        assert dropped == wanted
        assert list(kept) == [item for place, item in enumerate(events) if place not in wanted]


def test_numbered_lines_need_no_keys(reader: SqliteReader) -> None:
    duplicates = Duplicates(INFO, reader, 0)
    likes: list[Event] = [LikeGiven(count=n) for n in range(5)]
    assert duplicates.sift(batch(likes, "phone", 0), None)[1] == []
    assert duplicates.sift(batch(likes, "phone", 3), None)[1] == [0, 1]
    assert duplicates.sift(batch(likes, "tablet", 0), None)[1] == []


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(sent=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8)), max_size=20))
def test_numbered_lines_count_once_in_whatever_order_they_come(
    reader: SqliteReader, sent: list[tuple[int, int]]
) -> None:
    """A batch that was asked to come again later comes behind the next one."""
    duplicates = Duplicates(INFO, reader, 0)
    came: set[int] = set()
    for first, count in sent:
        likes: list[Event] = [LikeGiven() for _ in range(count)]
        dropped = duplicates.sift(batch(likes, "phone", first), None)[1]
        assert dropped == [place for place in range(count) if first + place in came]
        came.update(range(first, first + count))


def test_many_gaps_are_closed_from_the_oldest(reader: SqliteReader) -> None:
    duplicates = Duplicates(INFO, reader, 0)
    for number in range(0, 1_000, 2):
        assert duplicates.sift(batch([LikeGiven()], "phone", number), None)[1] == []
    assert duplicates.sift(batch([LikeGiven()], "phone", 1), None)[1] == [0], "too old to be known"
    assert duplicates.sift(batch([LikeGiven()], "phone", 997), None)[1] == []


def test_numbers_below_what_is_recalled_came(reader: SqliteReader) -> None:
    duplicates = Duplicates(INFO, reader, 0)
    duplicates.recall(batch([LikeGiven()], "phone", 10))
    assert duplicates.sift(batch([LikeGiven()], "phone", 4), None)[1] == [0]
    assert duplicates.sift(batch([LikeGiven()], "phone", 12), None)[1] == []
    assert duplicates.sift(batch([LikeGiven()], "phone", 11), None)[1] == []


def test_time_does_not_run_back(reader: SqliteReader) -> None:
    duplicates = Duplicates(INFO, reader, 0)
    ticks: list[Event] = [ClockTicked(now=250), ClockTicked(now=250), ClockTicked(now=500), ClockTicked(now=100)]
    assert duplicates.sift(batch(ticks), None)[1] == [1, 3]
