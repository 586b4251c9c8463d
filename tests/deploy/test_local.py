"""``deploy/local/up.py`` as a newcomer runs it: comes up, shows a room, loses a pump and a broker, goes down."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.nats import server_program
from tests.postgres import server_folder
from tests.programs import free_port, until

# It takes more than a minute.
pytestmark = pytest.mark.faults

UP = Path(__file__).parents[2] / "deploy" / "local" / "up.py"
ROOM = "town"


class Up:
    """The script as a process, and what it says."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, str(UP), "--folder", str(folder), "--port", str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("LIVECUE_")},
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())

    def opened(self) -> None:
        """Wait until it says that it runs."""

        def runs() -> bool:
            assert self.process.poll() is None, "\n".join(self.said)
            return "Ctrl+C stops everything" in self.said

        until(runs, 240, every=0.2)

    def link(self) -> str:
        """The one-time link it printed."""
        found = re.search(r"http://\S+/signin\?token=\S+", "\n".join(self.said))
        assert found is not None, self.said
        return found.group()

    def children(self) -> dict[int, str]:
        """Every process that works in its folder, whoever started it: id to command."""
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == self.process.pid:
                continue
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if f"{self.folder}/" in command:
                found[int(entry.name)] = command
        return found

    def kill(self, part: str) -> None:
        """Kill the one child whose command has ``part`` in it, as a machine that dies does."""
        found = [pid for pid, command in self.children().items() if part in command]
        assert len(found) == 1, (part, self.children())
        os.kill(found[0], signal.SIGKILL)

    def stop(self) -> int:
        """Ctrl+C, as a person does; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(90)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Callable[[], Up]]:
    lacking = [
        name
        for name, there in (
            ("PostgreSQL (install postgresql)", server_folder() is not None),
            ("NATS (install nats-server)", server_program() is not None),
            ("nginx (install nginx-light)", shutil.which("nginx") or Path("/usr/sbin/nginx").is_file()),
        )
        if not there
    ]
    if lacking:
        pytest.skip(f"not run: {', '.join(lacking)}")
    # Servers run as other users, who must be able to get there.
    folder = tmp_path / "town"
    for parent in (tmp_path, *tmp_path.parents):
        if parent.stat().st_uid == os.geteuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
    made: list[Up] = []

    def start() -> Up:
        made.append(Up(folder))
        made[-1].opened()
        return made[-1]

    yield start
    for one in made:
        one.stop()


class Newcomer:
    """Somebody at the proxy's door, and a sender with a token."""

    def __init__(self, up: Up) -> None:
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{up.port}", timeout=30)
        assert self.http.get(up.link()).status_code == 303
        self.sent = 0
        self.token = ""

    def opens_a_room(self) -> None:
        room = {"room": ROOM, "name": "小城", "brand": "main", "platform": "douyin", "nature": "rehearsed"}
        assert self.http.post("/api/rooms", json=room).status_code < 300
        begun = {"kind": "ShowStarted", "show": "s1", "title": "第一场", "command": "c1", "seen": 0}
        assert until(lambda: self.tried(f"/api/rooms/{ROOM}/commands", begun), 60)
        made = self.http.post(f"/api/rooms/{ROOM}/tokens", json={"name": "phone", "scope": "write"})
        self.token = str(made.json()["token"])

    def tried(self, path: str, body: dict[str, Any]) -> bool:
        return self.http.post(path, json=body).status_code == 200

    def sends(self, count: int) -> None:
        """Likes, each until it is acknowledged; the same key again where an answer was lost."""
        for _ in range(count):
            self.sent += 1
            line = f'{{"kind": "LikeGiven", "key": "l{self.sent}", "user": "u{self.sent % 9}", "count": 1}}'
            until(lambda line=line: self.taken(line), 90)

    def taken(self, line: str) -> bool:
        try:
            answered = self.http.post(
                f"/bridge/v1/rooms/{ROOM}/events", content=line.encode(),
                headers={"Authorization": f"Bearer {self.token}"},
            )  # fmt: skip
        except httpx.TransportError:
            return False
        return answered.status_code == 200

    def likes(self) -> float | None:
        """What the console would show."""
        try:
            said = self.http.get(f"/api/rooms/{ROOM}/snapshot")
        except httpx.TransportError:
            return None
        if said.status_code != 200:
            return None
        tiles = said.json()["metrics"]["tiles"]
        shown = (tile["value"] for tile in tiles if (tile["metric"], tile["window"]) == ("M25.likes", "show"))
        return next(shown, None)

    def sees_all(self) -> None:
        until(lambda: self.likes() == self.sent, 90, every=0.2)


def test_a_newcomer_s_town_comes_up_survives_and_goes_down(up: Callable[[], Up]) -> None:
    town = up()
    newcomer = Newcomer(town)
    newcomer.opens_a_room()
    newcomer.sends(40)
    newcomer.sees_all()
    # The owner of the room may be either: both are lost in turn, and started anew by the script.
    for pump in ("pump1", "pump2"):
        town.kill(f"--data {town.folder}/{pump} ")
        newcomer.sends(40)
        newcomer.sees_all()
        until(lambda pump=pump: any(f"/{pump} " in command for command in town.children().values()), 60)
    town.kill(f"{town.folder}/nats1.conf")
    newcomer.sends(40)
    newcomer.sees_all()
    assert any(line.startswith("pump1 ended") for line in town.said)
    began = time.monotonic()
    assert town.stop() == 0
    assert time.monotonic() - began < 60
    until(lambda: not town.children(), 20)
    # Started again over the same folder it goes on where it was.
    again = up()
    newcomer.http.base_url = httpx.URL(f"http://127.0.0.1:{again.port}")
    newcomer.sees_all()
    newcomer.sends(10)
    newcomer.sees_all()
    assert again.stop() == 0
