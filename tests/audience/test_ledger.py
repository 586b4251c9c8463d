"""The audience of a room: who is masked, what nobody could translate, and the newest words."""

from pathlib import Path

import pytest

from livecue.audience import Audience
from livecue.errors import BadInput
from livecue.events import CommentPosted, Event, UnknownSeen, ViewerEntered
from tests.folding import ROOM, TestUnit


def folded(tmp_path: Path, *events: Event) -> Audience:
    ledger = Audience(ROOM, None)
    ledger.fold(events, TestUnit(tmp_path / "a.db"))
    return ledger


def entries(masked: int, named: int) -> list[Event]:
    nobody = [ViewerEntered(key=f"m{n}", user="") for n in range(masked)]
    return [*nobody, *(ViewerEntered(key=f"n{n}", user=f"u{n}") for n in range(named))]


@pytest.mark.parametrize(
    ("masked", "named", "said"), [(4, 0, False), (5, 0, True), (5, 4, True), (5, 5, False), (9, 200, False)]
)
def test_most_entries_without_a_person_mean_masked(tmp_path: Path, masked: int, named: int, said: bool) -> None:
    assert folded(tmp_path, *entries(masked, named)).picture(0).masked is said


def test_it_is_the_same_after_a_snapshot(tmp_path: Path) -> None:
    ledger = folded(tmp_path, *entries(5, 4), UnknownSeen(key="x", name="WebcastNew", raw="{}"))
    again = Audience(ROOM, ledger.dump())
    assert again.picture(0) == ledger.picture(0)
    assert again.picture(0).masked and again.picture(0).unknown_seen == {"WebcastNew": 1}
    with pytest.raises(BadInput, match="audience"):
        Audience(ROOM, b"rubbish")


def test_the_newest_sixty_words_are_shown_and_all_are_rows(tmp_path: Path) -> None:
    ledger = Audience(ROOM, None)
    unit = TestUnit(tmp_path / "a.db")
    ledger.fold([CommentPosted(key=f"c{n}", text=f"{n}", user="u") for n in range(70)], unit)
    assert [item.text for item in ledger.picture(0).comments] == [str(n) for n in range(10, 70)]
    assert unit.ask("SELECT COUNT(*) FROM comments") == [(70,)]
