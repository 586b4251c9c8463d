"""The doors of a program among others: whatever happens to a room meanwhile, a sender hears once."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from livecue.events import LikeGiven
from livecue.flow import Bus, Exchange, Post, Pump, RoomInfo
from livecue.kit import ManualClock
from livecue.store import Sharer, Signaller, SqliteReader, SqliteWriter, migrate

INFO = RoomInfo(room="r", org="o", brand="b", nature="simulated")


class Changing(dict[str, int]):
    """What a program owns, while the room changes hands at every look."""

    def __init__(self, first: bool) -> None:
        super().__init__()
        self.now = first

    def __contains__(self, room: object) -> bool:
        self.now = not self.now
        return not self.now


class Owner:
    """The part that folds, which only keeps what it is given."""

    def __init__(self) -> None:
        self.given: list[Post] = []
        self.rates: dict[str, float] = {}

    def arrived(self, posts: Sequence[Post]) -> None:
        self.given += posts

    def start(self) -> None:
        """It has no thread."""

    stop = start


class Quiet:
    """Programs and signals that tell nothing."""

    name = "me"

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    migrate(tmp_path / "a.db")
    yield tmp_path / "a.db"


@pytest.mark.parametrize("first", [True, False])
def test_a_post_is_answered_by_one_though_its_room_changes_hands_meanwhile(path: Path, first: bool) -> None:
    program = Quiet()
    program.owned = Changing(first)  # type: ignore[attr-defined]
    owner = Owner()
    reader = SqliteReader(path)
    exchange = Exchange(
        SqliteWriter(path),
        reader,
        Bus(),
        cast(Sharer, program),
        cast(Signaller, SimpleNamespace(start=lambda: None, stop=lambda: None, tell=lambda *_: None)),
        lambda *_: INFO,
        ManualClock(1),
        on_actions=lambda: None,
        on_house=lambda: None,
    )
    exchange.own(cast(Pump, owner))
    exchange.start()
    done: Future[Any] = exchange.post("r", [LikeGiven(key="1")], source="s")
    exchange.stop()
    # Either the owner has it, and answers, or it is answered here.
    assert len(owner.given) + done.done() == 1
    assert bool(owner.given) is first
    reader.close()
