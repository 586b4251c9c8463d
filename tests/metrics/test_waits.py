"""How long questions wait, by the bound that held on the day they were asked (M79)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import msgspec
import pytest

from livecue.metrics.waits import Waits
from livecue.reference import answering
from livecue.reference import answers as kept

CHANGE = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def slower(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From 2027 on twenty seconds are fast."""
    rows = kept._presets()
    more = (*rows, msgspec.structs.replace(rows[-1], since=date(2027, 1, 1), fast_ms=20_000))
    monkeypatch.setattr(kept, "_presets", lambda: more)
    kept._of_day.cache_clear()
    yield
    kept._of_day.cache_clear()


def test_the_bound_of_a_day(slower: None) -> None:
    assert [answering(at).fast_ms for at in (0, CHANGE - 1, CHANGE, CHANGE + 10**9)] == [15_000, 15_000, 20_000, 20_000]


@pytest.mark.parametrize(
    ("asked", "took", "fast"), [(-60_000, 15_000, 1), (-60_000, 15_001, 0), (0, 20_000, 1), (0, 20_001, 0)]
)
def test_a_question_is_held_to_the_bound_of_its_day(slower: None, asked: int, took: int, fast: int) -> None:
    waits = Waits()
    waits.asked("c1", CHANGE + asked)
    assert waits.answered("c1", CHANGE + asked + took) == took
    assert waits.ripe(CHANGE + asked + (15_000 if asked < 0 else 20_000)) == (0, 0), "its time is not over"
    assert waits.ripe(CHANGE + asked + 30_000) == (1, fast)
