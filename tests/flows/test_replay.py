"""A recording replays to the same totals: as fast as it goes, at its own pace, and after a kill."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from livecue.app import App, Replay, export_show
from livecue.config import load_settings
from livecue.errors import StoreFailed
from livecue.events import ClockTicked
from livecue.integrations.recording import open_recording
from livecue.integrations.simulator import plain_show, recording_lines
from livecue.metrics import figures_question
from livecue.store import SqliteReader, read_batches


def room_log(path: Path, lines: int = 400) -> dict[str, int]:
    """A room log as the platform's own recorder writes it, made here; returns events by kind."""
    kinds = {"ViewerEntered": 0, "CommentPosted": 0, "LikeGiven": 0, "OnlineCounted": 0}
    with gzip.open(path, "wt", encoding="utf-8") as out:
        for number in range(lines):
            user = {"user_id": 111111, "user_id_str": "111111", "nickname": "某***"}
            kind, payload = [
                ("member", {**user, "action": "enter"}),
                ("chat", {**user, "content": f"还有货吗{number}"}),
                ("like", {**user, "count": 2, "total": 100 - number}),
                ("room_user_stats", {"current": 20, "total": "6.8万", "display_short": None, "display_long": None}),
            ][number % 4]
            kinds[list(kinds)[number % 4]] += 1
            out.write(json.dumps({"type": kind, "payload": payload, "timestamp": 1761623569.5 + number / 8}) + "\n")
    return kinds


def replay(data: Path, file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "livecue", "replay", str(file), "--data", str(data), *options],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def totals(said: str) -> dict[str, int]:
    rows = [line.split() for line in said.splitlines() if line.startswith("  ")]
    return {row[0]: int(row[1]) for row in rows}


def test_the_totals_are_the_files(tmp_path: Path) -> None:
    wanted = room_log(tmp_path / "log.jsonl.gz")
    done = replay(tmp_path / "data", tmp_path / "log.jsonl.gz")
    assert done.returncode == 0, done.stderr
    assert totals(done.stdout) == wanted
    again = replay(tmp_path / "data", tmp_path / "log.jsonl.gz")
    assert totals(again.stdout) == wanted, "replaying twice adds nothing"


def killed_and_resumed(data: Path, file: Path, at: int, pace: tuple[str, str], rest: tuple[str, str]) -> dict[str, int]:
    """What a replay counts that was killed when ``at`` events were durable, and gone on with."""
    command = [sys.executable, "-m", "livecue", "replay", str(file), "--data", str(data)]
    killed = subprocess.Popen([*command, *pace], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    database = data / "livecue.db"
    deadline = time.monotonic() + 900
    while time.monotonic() < deadline and _journalled(database) < at:
        time.sleep(0.05)
    assert killed.poll() is None, "still at it when it is killed"
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    kept = _journalled(database)
    done = subprocess.run([*command, *rest], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    found = totals(done.stdout)
    assert at <= kept < sum(found.values()), "killed in the middle"
    return found


def test_a_paced_replay_killed_in_the_middle_goes_on(tmp_path: Path) -> None:
    wanted = room_log(tmp_path / "log.jsonl.gz")
    found = killed_and_resumed(tmp_path / "data", tmp_path / "log.jsonl.gz", 100, ("--rate", "5"), ("--rate", "100"))
    assert found == wanted


def _journalled(database: Path) -> int:
    """Events of the replayed room that are durable so far."""
    if not database.exists():
        return 0
    reader = SqliteReader(database)
    try:
        rooms = reader.rows("SELECT room FROM rooms WHERE room LIKE 'replay-%'")
        return sum(
            type(event) is not ClockTicked
            for (room,) in rooms
            for batch in read_batches(reader, room, 0)
            for event in batch.events
        )
    except StoreFailed:
        # The tables are just being made.
        return 0
    finally:
        reader.close()


REAL_LOG = {
    "events": 467,
    "ViewerEntered": 285,
    "CommentPosted": 6,
    "UserFollowed": 4,
    "GiftSent": 2,
}
"""What the real room log of seven minutes holds, as its description says."""


def as_described(found: dict[str, int]) -> bool:
    return {
        "events": sum(found.values()),
        **{kind: found.get(kind, 0) for kind in REAL_LOG if kind != "events"},
    } == REAL_LOG


@pytest.mark.parametrize(
    "rate", ["", "60", pytest.param("1", marks=pytest.mark.faults)], ids=["full-speed", "paced", "as-it-happened"]
)
def test_the_real_room_log_gives_467_events(real_data: Path, tmp_path: Path, rate: str) -> None:
    file = real_data / "live" / "douyin_room_log" / "room_7min.jsonl.gz"
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "livecue", "replay", str(file), "--data", str(tmp_path / "data")]
        + (["--rate", rate] if rate else []),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert as_described(totals(done.stdout)), done.stdout
    if rate == "1":
        assert time.monotonic() - began > 360, "seven minutes take seven minutes"


def masked_figures(data: Path, file: Path) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Figures of the whole replay by metric, and what the console's picture says of the audience."""
    app = App(load_settings(data=data))
    app.pump.start()
    app.first_owner()
    replayed = Replay(app, file)
    replayed.run(None)
    said = json.loads(app.pump.asked(replayed.room, figures_question("15m", "room")).result(60))
    picture = json.loads(app.pump.screen(replayed.room).result(60))
    app.stop()
    return {row["metric"]: row for row in said["figures"]}, picture["audience"]


PEOPLE = ("M02", "M04", "M19", "M20")
"""Figures that count people, or divide by them."""


@pytest.mark.parametrize("whose", ["ours", "real"])
def test_people_that_the_platform_masked_make_figures_unverified_and_never_one_person(
    request: pytest.FixtureRequest, tmp_path: Path, whose: str
) -> None:
    if whose == "real":
        file = request.getfixturevalue("real_data") / "live" / "douyin_room_log" / "room_7min.jsonl.gz"
    else:
        file = tmp_path / "log.jsonl.gz"
        room_log(file)
    figures, audience = masked_figures(tmp_path / "data", file)
    assert {metric: (figures[metric]["value"], figures[metric]["why"]) for metric in PEOPLE} == dict.fromkeys(
        PEOPLE, (None, "masked_users")
    )
    assert figures["M25.comments"]["value"] > 1, "what counts no people is known"
    assert audience["masked"] is True


@pytest.mark.parametrize(
    ("at", "pace", "rest"),
    [(200, "30", "100"), pytest.param(230, "1", "1", marks=pytest.mark.faults)],
    ids=["paced", "as-it-happened"],
)
def test_the_real_room_log_killed_half_way_gives_467_events(
    real_data: Path, tmp_path: Path, at: int, pace: str, rest: str
) -> None:
    file = real_data / "live" / "douyin_room_log" / "room_7min.jsonl.gz"
    found = killed_and_resumed(tmp_path / "data", file, at, ("--rate", pace), ("--rate", rest))
    assert as_described(found), found


def test_a_show_exported_and_replayed_is_the_same_show(tmp_path: Path) -> None:
    scenario = plain_show(5, 1_790_000_000_000, 120, room="x")
    (tmp_path / "show.jsonl").write_bytes(b"".join(recording_lines(scenario)))
    app = App(load_settings(data=tmp_path / "one"))
    app.pump.start()
    app.first_owner()
    first = Replay(app, tmp_path / "show.jsonl").run(None)
    count = export_show(app.reader, scenario.show, tmp_path / "out.jsonl.gz")
    app.pump.stop()
    app.reader.close()
    app.release()
    assert 0 < count <= first.events
    steps = list(open_recording(tmp_path / "out.jsonl.gz").steps())
    assert sum(len(step.events) for step in steps) == count
    assert steps[0].t >= scenario.starts_at - 600_000


def test_a_corrupt_recording_says_what_is_wrong(tmp_path: Path) -> None:
    room_log(tmp_path / "log.jsonl.gz", 40)
    raw = gzip.decompress((tmp_path / "log.jsonl.gz").read_bytes()).splitlines()
    raw[7] = b'{"type":"chat","payload":{"content'
    raw[9] = b"\x00\xff rubbish"
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(raw))
    done = replay(tmp_path / "data", tmp_path / "log.jsonl")
    assert done.returncode == 0, done.stderr
    assert "2 lines could not be read" in done.stdout
    assert "line 8" in done.stdout
    (tmp_path / "noise.bin").write_bytes(os.urandom(500))
    refused = replay(tmp_path / "data", tmp_path / "noise.bin")
    assert refused.returncode == 2
    assert "livecue:" in refused.stderr
    assert "Traceback" not in refused.stderr
    missing = replay(tmp_path / "data", tmp_path / "nowhere")
    assert missing.returncode == 2
    assert "Traceback" not in missing.stderr
