"""A real LiveCue process for the browser: started, stopped and killed as a person would."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests.programs import free_port

OPENS_S = 300.0
"""How long a start may take on a machine that is busy with other tests."""
PAUSED = 0.001
"""A rate at which nothing happens while a test looks."""
SLOW = 0.25
"""A rate at which cues wait for a test; screens still change, as they do with the ticks of the room's clock."""
_LINK = re.compile(r"http://\S+/signin\?token=\S+")


class LiveServer:
    """``livecue demo`` (or another ``verb`` that serves) over one data folder and one port."""

    def __init__(self, data: Path, *options: str, verb: str = "demo") -> None:
        self.data = data
        self.verb = verb
        self.port = free_port()
        self.options = options
        self.said: list[str] = []
        self.link = ""
        """The one-time sign-in link that the last start printed."""
        self._process: subprocess.Popen[str] | None = None
        self._opened = threading.Event()

    @property
    def base(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """Its database."""
        return self.data / "livecue.db"

    def start(self, patience_s: float = OPENS_S) -> None:
        """Start and wait for the sign-in link: then the door is open."""
        self._opened.clear()
        command = [sys.executable, "-m", "livecue", self.verb, "--data", str(self.data), "--port", str(self.port)]
        self._process = subprocess.Popen(
            [*command, *self.options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # Wide enough that the link stands on one line.
            env={**os.environ, "COLUMNS": "200", "PYTHONUNBUFFERED": "1"},
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        if not self._opened.wait(patience_s) or not self.link:
            self.stop()
            raise RuntimeError(f"livecue {self.verb} did not open:\n{self.log()}")

    def stop(self) -> None:
        """Ctrl+C, as a person stops it."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """``kill -9``: nothing is said, nothing is written down."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)

    def log(self) -> str:
        """What the process said, over all its starts."""
        return "\n".join(self.said)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.said.append(line.rstrip())
            found = _LINK.search(line)
            if found:
                self.link = found.group()
                self._opened.set()
        self._opened.set()


class Desk:
    """The owner at the server's HTTP door, for what a test needs beside the screens."""

    def __init__(self, server: LiveServer, link: str) -> None:
        self.server = server
        self._patience = threading.Event()
        self.http = httpx.Client(base_url=server.base, timeout=30)
        answer = self.http.get(link)
        assert answer.status_code == 303, answer.text
        self.owner = str(self.get("/api/session")["person"])

    def get(self, path: str) -> Any:
        """The JSON of an address."""
        answer = self.http.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def post(self, path: str, body: Any = None) -> Any:
        """Post JSON; the JSON of the answer, None without one."""
        answer = self.http.post(path, json={} if body is None else body)
        assert answer.status_code < 300, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def wait_for(self, ask: Callable[[], Any], patience_s: float = 60.0) -> Any:
        """Ask until the answer is something; raises ``TimeoutError``."""
        until = time.monotonic() + patience_s
        while not (answer := ask()):
            if time.monotonic() > until:
                raise TimeoutError(f"still {answer!r} after {patience_s:.0f} s")
            self._patience.wait(0.05)
        return answer

    def link_for(self, person: str = "") -> str:
        """A fresh one-time sign-in link, for the owner when nobody is named."""
        return str(self.post(f"/api/team/people/{person or self.owner}/link")["url"])

    def command(self, room: str, command: dict[str, Any]) -> Any:
        """One command on a room; the answer, which must not be a refusal."""
        answer = self.post(f"/api/rooms/{room}/commands", {"command": uuid.uuid4().hex, "seen": 0, **command})
        assert answer["refused"] is None, answer
        return answer

    def rate(self, rate: float, room: str = "demo") -> None:
        """How many times faster than real the demo runs."""
        self.post(f"/api/demo/{room}/rate", {"rate": rate})


def copy_of(opened: Path, target: Path) -> Path:
    """A data folder of one's own out of the one that stands at the demo's opening."""
    shutil.copytree(opened, target)
    return target
