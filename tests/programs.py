"""Several real ``livecue serve`` processes over one PostgreSQL, for the tests: started, talked to, killed, stopped."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from random import SystemRandom
from typing import Any

import httpx

from livecue.app import App
from livecue.config import load_settings
from livecue.events import DutyTaken, RoomSaved, ShowPlanned, ShowStarted
from livecue.kit import new_id
from livecue.store import Broker, store_at, transaction, unread
from livecue.team import new_link, new_token

INSTALLATION = "tests"
DAY_MS = 24 * 3600 * 1000
PORTS = (20_000, 32_000)
"""Below what Linux (32768) and others give to outgoing connections."""
_BY_CHANCE = SystemRandom()
"""Not of the seed that every worker has alike."""


def free_port() -> int:
    """A port that nobody uses and that nobody gets without asking for it.

    One that the system chooses (port 0) is of the range that it gives to outgoing connections: while a server starts,
    the browser of another worker may get it.
    """
    while True:
        port = _BY_CHANCE.randrange(*PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def until(what: Any, seconds: float, every: float = 0.05) -> Any:
    """Wait until ``what()`` is true and give it; fails after ``seconds``."""
    end = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(every)


class Forge:
    """Starts processes that have read the program in already."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forge"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._ready = False

    def start(self, arguments: list[str], environment: dict[str, str], log: Path, island: str = "") -> int:
        """A new process, in the network namespace ``island`` if one is named; its id."""
        assert self._process.stdin is not None and self._process.stdout is not None
        if not self._ready:
            assert self._process.stdout.readline() == "ready\n"
            self._ready = True
        wanted = {"arguments": arguments, "environment": environment, "log": str(log), "island": island}
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """No more of them; those that run go on."""
        self._process.kill()
        self._process.wait()


class Program:
    """One process."""

    def __init__(
        self, forge: Forge, folder: Path, store: dict[str, str], roles: str, name: str, island: str = ""
    ) -> None:
        self.name = name
        self.port = free_port()
        data = folder / name
        data.mkdir(parents=True)
        self.log = data / "log"
        environment = {
            **{f"LIVECUE_{name.upper()}": value for name, value in store.items()},
            "LIVECUE_METRICS_TOKEN": "t",
        }
        arguments = ["serve", "--data", str(data), "--port", str(self.port), "--roles", roles]
        self.pid = forge.start(arguments, environment, self.log, island)
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)

    def runs(self) -> bool:
        """Whether the process is there."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def up(self) -> Program:
        """Wait until it answers."""

        def answers() -> bool:
            assert self.runs(), self.log.read_text("utf-8")[-3000:]
            try:
                return self.http.get("/healthz").status_code == 200
            except httpx.TransportError:
                return False

        until(answers, 60)
        return self

    def health(self) -> dict[str, Any]:
        """What /healthz says."""
        said: dict[str, Any] = json.loads(self.http.get("/healthz").content)
        return said

    def sign(self, how: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, how)

    def end(self) -> None:
        """Stop it in order."""
        if self.runs():
            self.sign(signal.SIGTERM)
        until(lambda: not self.runs(), 30)
        self.http.close()

    def kill(self) -> None:
        """Away with it, whatever it does."""
        if self.runs():
            self.sign(signal.SIGKILL)
        until(lambda: not self.runs(), 30)
        self.http.close()


class Town:
    """Programs over one database."""

    def __init__(self, folder: Path, dsn: str, broker: Broker | None = None) -> None:
        self.folder = folder
        self.settings: dict[str, Any] = {"store_dsn": dsn, "store_installation": INSTALLATION}
        if broker is not None:
            self.settings |= {
                "store_nats": broker.url,
                "store_nats_prefix": broker.prefix,
                "store_nats_replicas": str(broker.replicas),
            }
        self._forge = Forge()
        self.programs: list[Program] = []
        self.tokens: dict[str, str] = {}
        self.store = store_at(folder, dsn, broker)
        self.reader = self.store.reader()

    def prepare(self, rooms: list[str]) -> None:
        """Rooms on air, and a token of the bridge for each."""
        app = App(load_settings(data=self.folder / "prepare", **self.settings))
        app.pump.start()
        app.first_owner()
        now = app.clock.now_ms()
        for room in rooms:
            app.tell_house(RoomSaved(room=room, org="main", brand="main", name=room, platform="p", nature="rehearsed"))
            app.pump.post(
                room,
                [
                    ShowPlanned(key="plan", command="plan", show=f"show-{room}", title=room, starts_at=now),
                    ShowStarted(key="start", command="start", show=f"show-{room}"),
                    DutyTaken(key="duty", command="duty", person="somebody", role="console", name="console"),
                ],
                source="livecue",
            ).result(60)
            self.tokens[room] = app.pump.run(
                lambda w, r=room: new_token(w, "main", "main", r, "t", "both", now, DAY_MS)  # type: ignore[misc]
            ).result(60)
        app.stop()

    def start(self, roles: str, name: str = "", island: str = "") -> Program:
        """One more program; ``up`` waits for it, but not on an island: nobody hears its door from here."""
        made = Program(self._forge, self.folder, self.settings, roles, name or f"p{len(self.programs)}", island)
        self.programs.append(made)
        return made

    def sign_in(self, program: Program) -> None:
        """Its client is the owner from now on."""
        writer = self.store.writer()
        person = str(self.reader.rows("SELECT person FROM grants WHERE role = 'owner'")[0][0])
        with transaction(writer):
            token = new_link(writer, "main", person, int(time.time() * 1000))
        writer.close()
        assert program.http.get("/signin", params={"token": token}).status_code == 303

    def owners(self) -> dict[str, str]:
        """Rooms to the process ids of their owners."""
        rows = self.reader.rows("SELECT room, owner FROM leases")
        return {str(room): str(owner).split("/")[1] if owner else "" for room, owner in rows}

    def rooms_of(self, program: Program) -> list[str]:
        """The rooms that a program owns."""
        return [room for room, pid in self.owners().items() if pid == str(program.pid)]

    def post(self, program: Program, room: str, events: list[dict[str, Any]]) -> dict[str, Any]:
        """Send events by the bridge; the answer, which must be good."""
        body = b"\n".join(json.dumps(event).encode() for event in events)
        said = program.http.post(
            f"/bridge/v1/rooms/{room}/events", content=body, headers={"Authorization": f"Bearer {self.tokens[room]}"}
        )
        assert said.status_code == 200, said.text
        answer: dict[str, Any] = said.json()
        return answer

    def folded(self, room: str) -> bool:
        """Whether everything in the room's journal is folded."""
        return not unread(self.reader, [room])

    def close(self) -> None:
        """Everything away."""
        for program in self.programs:
            program.kill()
        self._forge.close()
        self.reader.close()


def key() -> str:
    """A key that nothing else has."""
    return new_id()
