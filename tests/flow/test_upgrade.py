"""A newer program over an older journal: parts that are new, or ask more than they did, keep no room shut."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from livecue.events import CommentPosted, Event
from livecue.flow import Bus, Makers, Pump, RoomInfo, Unit
from livecue.store import SqliteWriter, Writer, migrate
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
