"""The smallest honest ledger and decider, to test how things move without any word of the trade."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from livecue.events import (
    ClockTicked,
    CommentJudged,
    CommentPosted,
    Event,
    LikeGiven,
    PinProduct,
    SignalNoticed,
)
from livecue.flow import Bus, Makers, Pump, RoomInfo, Unit
from livecue.store import SqliteWriter, Writer, migrate


class TallyPicture(msgspec.Struct, frozen=True):
    likes: int
    comments: int


class Tally:
    """Counts likes, keeps comments as rows, asks the database a question."""

    name: ClassVar[str] = "tally"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset({LikeGiven, CommentPosted, SignalNoticed, ClockTicked})
    fail_on: ClassVar[str] = ""

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        self.room = room
        self.state: dict[str, int] = (
            msgspec.msgpack.decode(blob) if blob else {"likes": 0, "comments": 0, "rows": 0, "told": 0}
        )

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        for event in events:
            if isinstance(event, LikeGiven):
                self.state["likes"] += event.count
            elif isinstance(event, CommentPosted):
                if self.fail_on and event.text == self.fail_on:
                    raise RuntimeError("this comment breaks the ledger")
                self.state["comments"] += 1
                unit.write(
                    "INSERT INTO settings (org, brand, name, value) VALUES (?,?,?,?)",
                    ("o", "b", f"{self.room.room}/{event.key}", event.text),
                )
                self.state["rows"] = unit.ask("SELECT COUNT(*) FROM settings")[0][0]
                unit.announce(CommentJudged(comment=event.key, label="chat", text=event.text, when=unit.now))
            elif isinstance(event, SignalNoticed):
                self.state["told"] += 1

    def picture(self, now: int) -> TallyPicture:
        return TallyPicture(self.state["likes"], self.state["comments"])

    def dump(self) -> bytes:
        return msgspec.msgpack.encode(self.state)


class Nudge:
    """Each 10 likes more at a tick is a signal and an action."""

    name: ClassVar[str] = "nudge"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset({ClockTicked, CommentJudged})

    def open(self, room: RoomInfo, blob: bytes | None) -> tuple[int, int]:
        return tuple(msgspec.msgpack.decode(blob)) if blob else (0, 0)

    def decide(self, state: Any, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit) -> Any:
        told, judged = state
        for event in events:
            if isinstance(event, CommentJudged):
                judged += 1
            elif isinstance(event, ClockTicked):
                likes = pictures["tally"].likes
                if likes >= told + 10:
                    told = likes
                    unit.announce(SignalNoticed(rule="toy", facts={"likes": likes, "judged": judged}, when=unit.now))
                    unit.act(PinProduct(product=f"p{likes}"))
        return told, judged

    def picture(self, state: Any, now: int) -> Any:
        return state

    def dump(self, state: Any) -> bytes:
        return msgspec.msgpack.encode(state)


class Queue:
    """Keeps what is said as rows of its own, and asks at every tick how many stand there."""

    name: ClassVar[str] = "queue"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset({ClockTicked, CommentJudged})

    def open(self, room: RoomInfo, blob: bytes | None) -> int:
        return int(msgspec.msgpack.decode(blob)) if blob else 0

    def decide(self, state: Any, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit) -> Any:
        for event in events:
            if isinstance(event, CommentJudged):
                state += 1
                row = ("o", "b", f"queue/{event.comment}", "")
                unit.write("INSERT INTO settings (org, brand, name, value) VALUES (?,?,?,?)", row)
            elif isinstance(event, ClockTicked) and state:
                found = unit.ask("SELECT COUNT(*) FROM settings WHERE name LIKE 'queue/%'")[0][0]
                unit.announce(SignalNoticed(rule="toy", facts={"line": found}, when=unit.now))
        return state

    def picture(self, state: Any, now: int) -> Any:
        return state

    def dump(self, state: Any) -> bytes:
        return msgspec.msgpack.encode(state)


def queue_pump(path: Path, queue: Queue, **options: Any) -> Pump:
    """A pump whose only decider is a queue."""
    migrate(path)
    info = RoomInfo(room="r", org="o", brand="b", nature="simulated")
    pump = Pump(SqliteWriter(path), lambda writer, room: (info, ([Tally], [queue])), Bus(), **options)
    pump.start()
    return pump


def toy_rooms(writer: Writer, room: str) -> tuple[RoomInfo, Makers] | None:
    if room == "missing":
        return None
    return RoomInfo(room=room, org="o", brand="b", nature="simulated"), ([Tally], [Nudge()])


def toy_pump(path: Path, writer: type[SqliteWriter] = SqliteWriter, **options: Any) -> Pump:
    migrate(path)
    pump = Pump(writer(path), toy_rooms, Bus(), **options)
    pump.start()
    return pump


TABLES = ("journal", "records", "cursors", "seen_keys", "outbox", "settings", "owed", "stopped")


def all_rows(path: Path, tables: Sequence[str] = TABLES) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in a stable order."""
    import sqlite3

    connection = sqlite3.connect(path)
    try:
        return {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in tables}
    finally:
        connection.close()
