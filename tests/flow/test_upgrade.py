"""A newer program over an older journal: parts that are new, or ask more than they did, keep no room shut."""

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

from livecue.errors import BadInput, Defect, LiveCueError, StoreFailed
from livecue.events import CommentPosted, Event, LikeGiven
from livecue.flow import Bus, Makers, Pump, RoomInfo, Unit
from livecue.flow.pump import RoomBroken, rooms
from livecue.flow.room import Room
from livecue.store import LateFailure, SqliteReader, SqliteWriter, Writer, migrate
from tests.flow.toy import Nudge, Tally


class Curious:
    """A decider that asks the database at every comment, and announces nothing."""

    name: ClassVar[str] = "curious"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset({CommentPosted})

    def open(self, room: RoomInfo, blob: bytes | None) -> list[int]:
        return msgspec.msgpack.decode(blob) if blob else []

    def decide(self, state: list[int], events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit) -> list[int]:
        return [*state, *(int(unit.ask("SELECT COUNT(*) FROM settings")[0][0]) for _ in events)]

    def picture(self, state: list[int], now: int) -> dict[str, int]:
        return {"asked": len(state)}

    def dump(self, state: list[int]) -> bytes:
        return msgspec.msgpack.encode(state)


def program(path: Path, *deciders: Any) -> Pump:
    """LiveCue of a version: with these deciders."""

    def rooms(writer: Writer, room: str) -> tuple[RoomInfo, Makers]:
        return RoomInfo(room=room, org="o", brand="b", nature="simulated"), ([Tally], list(deciders))

    pump = Pump(SqliteWriter(path), rooms, Bus())
    pump.start()
    return pump


def say(pump: Pump, *keys: str) -> None:
    for key in keys:
        pump.post("r", [CommentPosted(key=key, text=key)], source="s", arrived=1).result(10)


def picture(pump: Pump) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(pump.screen("r").result(10))
    return found


class Other(Curious):
    """The same part in a later version: it asks something else, before what it asked."""

    fails: ClassVar[Exception | None] = None

    def decide(self, state: list[int], events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit) -> list[int]:
        if Other.fails is not None:
            raise Other.fails
        for name, value in unit.ask("SELECT name, value FROM settings WHERE name = 'nothing'"):
            raise AssertionError((name, value))
        return super().decide(state, events, pictures, unit)


def test_a_part_that_asks_otherwise_is_not_given_the_answer_to_another_question(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    migrate(path)
    old = program(path, Curious())
    say(old, "1", "2")
    before = picture(old)
    SqliteWriter(path).write("DELETE FROM snapshots")
    new = program(path, Other())
    try:
        assert picture(new)["curious"] == before["curious"]
        assert new.differing() == {}
    finally:
        new.stop()
        old.stop()


@pytest.mark.parametrize(
    "error", [KeyError("of another time"), BadInput("of another time"), Defect("of another time")], ids=repr
)
def test_a_room_that_cannot_be_opened_keeps_no_other_from_going_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    path = tmp_path / "a.db"
    migrate(path)
    old = program(path, Curious())
    say(old, "1", "2")
    old.stop()
    SqliteWriter(path).write("DELETE FROM snapshots")
    monkeypatch.setattr(Other, "fails", error)
    new = program(path, Other())
    try:
        with pytest.raises(RoomBroken, match=f"cannot be opened: {type(error).__name__}"):
            new.post("r", [CommentPosted(key="3", text="x")], source="s").result(10)
        new.tick(["r", "other"], 1_000)
        assert new.post("other", [LikeGiven(key="l")], source="s").result(10).accepted == 1
        reader = SqliteReader(path)
        assert reader.rows("SELECT room, part FROM stopped") == [("r", "opening")]
        monkeypatch.setattr(Other, "fails", None)
        new.resume("r").result(10)
        assert reader.rows("SELECT room FROM stopped") == []
        say(new, "3")
        assert picture(new)["curious"]["asked"] == 3
        reader.close()
    finally:
        new.stop()


@pytest.mark.parametrize("error", [StoreFailed("the disk is full"), LateFailure("of what waited")], ids=repr)
def test_a_store_that_fails_while_a_room_is_opened_shuts_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    path = tmp_path / "a.db"
    migrate(path)
    fails = [error]

    def opened(*args: Any) -> Room:
        if fails:
            raise fails.pop()
        return Room(*args)

    monkeypatch.setattr(rooms, "Room", opened)
    pump = program(path, Nudge())
    try:
        with contextlib.suppress(LiveCueError):
            say(pump, "1")
        say(pump, "2")
        assert picture(pump)["tally"]["comments"] >= 1
        assert pump.run(lambda writer: writer.rows("SELECT room FROM stopped")).result(10) == []
    finally:
        pump.stop()


def test_a_decider_that_is_new_opens_over_a_journal_that_knows_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    migrate(path)
    old = program(path, Nudge())
    say(old, "1", "2", "3")
    old.stop()
    new = program(path, Nudge(), Curious())
    try:
        shown = picture(new)
        assert (shown["tally"]["comments"], shown["curious"]["asked"]) == (3, 3)
        assert new.differing() == {}, "an upgrade is no defect"
        say(new, "4")
        assert picture(new)["curious"]["asked"] == 4
    finally:
        new.stop()
    # From now on its answers are on record as well.
    again = program(path, Nudge(), Curious())
    try:
        assert picture(again)["curious"]["asked"] == 4
        assert again.differing() == {}
    finally:
        again.stop()
