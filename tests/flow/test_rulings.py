"""A rebuild knows that the rules have changed: the record is the truth, and only a true difference is called one."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import msgspec
import pytest

from livecue.events import CommentPosted, Event, TextFlagged
from livecue.flow import Bus, Makers, Pump, RoomInfo, Unit
from livecue.store import SqliteWriter, Writer, migrate


class CensorPicture(msgspec.Struct, frozen=True):
    flagged: list[str]


class Censor:
    """Flags every comment that holds a word of its pack, and remembers whom it flagged."""

    name: ClassVar[str] = "censor"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset({CommentPosted})
    pack: ClassVar[str] = "v1"
    words: ClassVar[tuple[str, ...]] = ("最",)

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        self.flagged: list[str] = msgspec.msgpack.decode(blob) if blob else []

    def rules(self, room: RoomInfo) -> str:
        return self.pack

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        found = [
            TextFlagged(
                where="comment", subject=e.key, word=word, severity="warn", entry="A1", basis="", version=self.pack
            )
            for e in events
            if isinstance(e, CommentPosted)
            for word in self.words
            if word in e.text
        ]
        if unit.recorded is not None:
            found = [e for e in unit.recorded if isinstance(e, TextFlagged)]
        self.flagged += [e.subject for e in found]
        unit.announce(*found)

    def picture(self, now: int) -> CensorPicture:
        return CensorPicture(list(self.flagged))

    def dump(self) -> bytes:
        return msgspec.msgpack.encode(self.flagged)


def rooms(writer: Writer, room: str) -> tuple[RoomInfo, Makers]:
    return RoomInfo(room=room, org="o", brand="b", nature="simulated"), ([Censor], [])


@pytest.fixture(autouse=True)
def first_pack() -> Iterator[None]:
    Censor.pack, Censor.words = "v1", ("最",)
    yield
    Censor.pack, Censor.words = "v1", ("最",)


def forget_snapshots(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM snapshots")
    connection.commit()
    connection.close()


def say(path: Path, *texts: str) -> None:
    """A run of the program that ends without a snapshot, as a killed one does."""
    migrate(path)
    pump = Pump(SqliteWriter(path), rooms, Bus())
    pump.start()
    for text in texts:
        pump.post("r", [CommentPosted(key=text, text=text)], source="s", arrived=1).result(10)
    pump.stop()
    forget_snapshots(path)


def rebuilt(path: Path) -> tuple[str, list[str]]:
    """Whom the rebuilt room holds flagged, and what the rebuild calls different."""
    pump = Pump(SqliteWriter(path), rooms, Bus())
    pump.start()
    seen = msgspec.json.decode(pump.screen("r").result(10))
    differing = pump.differing().get("r", [])
    pump.stop()
    forget_snapshots(path)
    return ",".join(seen["censor"]["flagged"]), differing


def test_another_pack_cries_no_wolf(tmp_path: Path) -> None:
    say(tmp_path / "a.db", "最好", "便宜", "第一")
    Censor.pack, Censor.words = "v2", ("第一", "便宜")
    assert rebuilt(tmp_path / "a.db") == ("最好", [])


def test_the_same_pack_that_says_otherwise_is_reported(tmp_path: Path) -> None:
    say(tmp_path / "a.db", "最好", "便宜")
    Censor.words = ("便宜",)
    _, differing = rebuilt(tmp_path / "a.db")
    assert differing == ["censor in r/1", "censor in r/2"]


def test_a_true_difference_is_seen_beside_a_changed_pack(tmp_path: Path) -> None:
    """Batches 1 and 2 under v1, 3 and 4 under v2; the program that rebuilds has v2 and a defect."""
    say(tmp_path / "a.db", "最好", "便宜")
    Censor.pack, Censor.words = "v2", ("第一",)
    say(tmp_path / "a.db", "第一", "最早")
    assert rebuilt(tmp_path / "a.db") == ("最好,第一", [])
    Censor.words = ("最",)
    _, differing = rebuilt(tmp_path / "a.db")
    assert differing == ["censor in r/3", "censor in r/4"]


def test_back_to_an_older_pack(tmp_path: Path) -> None:
    say(tmp_path / "a.db", "最好")
    Censor.pack, Censor.words = "v2", ("第一",)
    say(tmp_path / "a.db", "第一")
    Censor.pack, Censor.words = "v1", ("最",)
    say(tmp_path / "a.db", "最早")
    assert rebuilt(tmp_path / "a.db") == ("最好,第一,最早", [])
    connection = sqlite3.connect(tmp_path / "a.db")
    rows = connection.execute("SELECT since, rules FROM rules_in_force ORDER BY since").fetchall()
    connection.close()
    assert rows == [(1, "v1"), (2, "v2"), (3, "v1")]


def test_a_room_from_before_versions_were_noted_is_believed(tmp_path: Path) -> None:
    """Nobody knows by which pack it was judged: unknown is not wrong."""
    say(tmp_path / "a.db", "最好", "便宜")
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("DELETE FROM rules_in_force")
    connection.commit()
    connection.close()
    Censor.words = ("便宜",)
    assert rebuilt(tmp_path / "a.db") == ("最好", [])
