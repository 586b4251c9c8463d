"""A real room whose word pack and model have changed is rebuilt as it was: what was found then stays found."""

import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import pytest

from livecue.app import makers
from livecue.compliance import Compliance, Engine
from livecue.desk import Desk
from livecue.events import ClockTicked, CommentPosted, Event, SpeechHeard
from livecue.flow import Bus, Makers, Pump, RoomInfo
from livecue.store import SqliteWriter, Writer, migrate

ROOM = RoomInfo(room="r", org="o", brand="repacked", nature="simulated", packs=("absolute", "comments"))
SAID: list[list[Event]] = [
    [ClockTicked(now=1_000), SpeechHeard(key="s1", text="这是全网最低价，最好的一款")],
    [CommentPosted(key=f"c{n}", text=text, user=f"u{n}") for n, text in enumerate(("黑色还有吗", "多少钱", "骗子店"))],
    [SpeechHeard(key="s2", text="隔壁直播间没有这个"), ClockTicked(now=2_000)],
]


def rooms(writer: Writer, room: str) -> tuple[RoomInfo, Makers]:
    return ROOM, makers()


def seen(path: Path) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The room's whole picture after it was opened, and what the rebuild calls different."""
    pump = Pump(SqliteWriter(path), rooms, Bus())
    pump.start()
    picture: dict[str, Any] = msgspec.json.decode(pump.screen("r").result(30))
    differing = pump.differing()
    pump.stop()
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM snapshots")
    connection.commit()
    connection.close()
    return picture, differing


def test_new_words_and_a_new_model_change_nothing_that_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.db"
    migrate(path)
    pump = Pump(SqliteWriter(path), rooms, Bus())
    pump.start()
    for events in SAID:
        pump.post("r", events, source="s", arrived=1).result(30)
    live = msgspec.json.decode(pump.screen("r").result(30))
    pump.stop()
    assert [flag["subject"] for flag in live["compliance"]["flags"]].count("s1") >= 1
    assert live["desk"]["waiting"] >= 1
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM snapshots")
    connection.commit()
    connection.close()
    again, differing = seen(path)
    assert (again["compliance"], again["desk"], differing) == (live["compliance"], live["desk"], {})
    monkeypatch.setattr(Desk, "rules", lambda self, room: "another model")
    monkeypatch.setattr(Compliance, "rules", lambda self, room: "other packs")
    monkeypatch.setattr(Engine, "check", lambda self, texts, *_, **__: [[] for _ in texts])
    monkeypatch.setattr(
        "livecue.desk.turn.said.judge", lambda *_: pytest.fail("what another model judged is judged again")
    )
    again, differing = seen(path)
    assert differing == {}
    assert again["compliance"]["flags"] == live["compliance"]["flags"]
    assert again["desk"] == live["desk"]
