"""A recording replays to the same totals: as fast as it goes, at its own pace, and after a kill."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from livecue.app import App, Replay, export_show
from livecue.config import load_settings
from livecue.errors import StoreFailed
from livecue.events import ClockTicked
from livecue.integrations.recording import open_recording
from livecue.integrations.simulator import plain_show, recording_lines
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


def test_a_paced_replay_killed_in_the_middle_goes_on(tmp_path: Path) -> None:
    wanted = room_log(tmp_path / "log.jsonl.gz")
    command = [
        sys.executable,
        "-m",
        "livecue",
        "replay",
        str(tmp_path / "log.jsonl.gz"),
        "--data",
        str(tmp_path / "data"),
    ]
    killed = subprocess.Popen([*command, "--rate", "5"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    database = tmp_path / "data" / "livecue.db"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and _journalled(database) < 100:
        time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    kept = _journalled(database)
    assert 100 <= kept < 400, "killed in the middle"
    done = subprocess.run([*command, "--rate", "100"], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert totals(done.stdout) == wanted


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


@pytest.mark.parametrize("options", [[], ["--rate", "60"]], ids=["full-speed", "paced"])
def test_the_real_room_log_gives_467_events(real_data: Path, tmp_path: Path, options: list[str]) -> None:
    file = real_data / "live" / "douyin_room_log" / "room_7min.jsonl.gz"
    done = replay(tmp_path / "data", file, *options)
    assert done.returncode == 0, done.stderr
    found = totals(done.stdout)
    assert sum(found.values()) == 467
    assert (found["ViewerEntered"], found["CommentPosted"], found["UserFollowed"], found["GiftSent"]) == (285, 6, 4, 2)


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
