"""Ingest over HTTP: durable, de-duplicated, counted, ruled, through the shipped ``livecue serve``.

The server runs as its own process with default settings; a generator process posts NDJSON from the simulator's load
mix over keep-alive connections. Printed: acknowledged and processed events/s, the backlog over time, CPU of both.
"""

import asyncio
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Any

from bench.counted import differences, everything_on, sustained, totals
from livecue.app import App
from livecue.config import load_settings
from livecue.events import DutyTaken, RoomSaved, ShowStarted
from livecue.integrations.simulator import LoadBlock, load_lines, load_opening, plain_show
from livecue.team import new_token

DAY_MS = 24 * 3600 * 1000
CONNECTIONS = 4
LINES = 2000


def prepare(folder: Path, rooms: int) -> list[str]:
    """A data folder with rooms on air and a token for each."""
    app = App(load_settings(data=folder))
    app.pump.start()
    app.first_owner()
    now = app.clock.now_ms()
    tokens = []
    for number in range(rooms):
        room = f"bench{number}"
        app.tell_house(RoomSaved(room=room, org="main", brand="main", name=room, platform="bench", nature="rehearsed"))
        plan = plain_show(number, now, room=room).plan()
        start = ShowStarted(key="start", command="start", show=plan.show)
        duty = [
            DutyTaken(key=f"d{role}", command=f"d{role}", person=f"p{role}", role=role, name=role)
            for role in ("host", "floor", "ops", "cs", "console", "director", "selector", "analyst")
        ]
        app.pump.post(room, [plan, start, *duty], source="livecue").result(60)
        tokens.append(
            app.pump.run(lambda w, r=room: new_token(w, "main", "main", r, "bench", "both", now, DAY_MS)).result(60)  # type: ignore[misc]
        )
    app.pump.stop()
    app.reader.close()
    app.release()
    return tokens


class Server:
    """``livecue serve`` (or another ``verb`` that serves) as a process."""

    def __init__(self, folder: Path, verb: str = "serve") -> None:
        self.port = _free_port()
        self.log = open(folder / "serve.log", "wb")  # noqa: SIM115
        # Shipped settings only, but for the place: LIVECUE_STORE_DSN and LIVECUE_STORE_NATS measure others.
        environment = {
            name: value
            for name, value in os.environ.items()
            if name.startswith("LIVECUE_STORE_") or not name.startswith("LIVECUE_")
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "livecue", verb, "--data", str(folder), "--port", str(self.port)],
            stdout=self.log,
            stderr=self.log,
            env=environment,
        )
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10)
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"livecue {verb} did not come up: {(folder / 'serve.log').read_text()[-2000:]}")

    def cpu_s(self) -> float:
        """CPU seconds the server has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Resident memory."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self) -> None:
        """Stop and wait; one that does not hear in 30 s is killed, lest it eat the machine of the next measurement."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Generator:
    """Posts blocks as fast as they are answered (or at a rate), over a few connections."""

    def __init__(
        self,
        port: int,
        tokens: list[str],
        seconds: float,
        rate: float | None,
        lines: int,
        connections: int,
        events: int | None,
    ) -> None:
        self.port, self.tokens, self.seconds, self.rate = port, tokens, seconds, rate
        self.lines, self.connections, self.events = lines, connections, events
        self.sent = self.accepted = self.duplicates = self.waits = self.rejected = 0
        self.unknown = 0
        self.repeats = self.likes = self.gmv = 0
        self.kinds: Counter[str] = Counter()
        self.began = 0.0
        self.latencies: list[float] = []

    async def run(self) -> None:
        now = int(time.time() * 1000)
        mine = [
            self.tokens[number :: self.connections] or [self.tokens[number % len(self.tokens)]]
            for number in range(self.connections)
        ]
        # Making the lines of hundreds of rooms takes a while: not in the time that is measured.
        sources = [
            {
                token: load_lines(number * 1000 + place, 100_000, start_ms=now, lines=self.lines)
                for place, token in enumerate(tokens)
            }
            for number, tokens in enumerate(mine)
        ]
        first = [{token: next(blocks) for token, blocks in own.items()} for own in sources]
        self.began = time.monotonic()
        end = self.began + self.seconds
        await asyncio.gather(*(self._connection(mine[n], sources[n], first[n], end) for n in range(self.connections)))

    async def _connection(
        self, mine: list[str], sources: dict[str, Iterator[LoadBlock]], first: dict[str, LoadBlock], end: float
    ) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        rooms = {token: place for place, token in enumerate(self.tokens)}
        count = 0
        pace = self.rate / self.connections if self.rate else None
        while time.monotonic() < end and (self.events is None or self.sent < self.events):
            token = mine[count % len(mine)]
            block = first.pop(token, None) or next(sources[token])
            head = (
                f"POST /bridge/v1/rooms/bench{rooms[token]}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                f"Authorization: Bearer {token}\r\nContent-Length: {len(block.body)}\r\n\r\n"
            ).encode()
            started = time.monotonic()
            writer.write(head + block.body)
            await writer.drain()
            status, said = await _answer(reader)
            self.latencies.append(time.monotonic() - started)
            if status == 429:
                self.waits += 1
                await asyncio.sleep(0.2)
                continue
            if status != 200:
                raise SystemExit(f"the server said {status}: {said!r}")
            count += 1
            self.sent += block.lines
            self.repeats += block.lines - block.unique
            self.likes += block.likes
            self.gmv += block.gmv
            self.kinds.update(block.kinds)
            self.accepted += said["accepted"]
            self.rejected += said["rejected_count"]
            if said["duplicates"] is None:
                self.unknown += 1
            else:
                self.duplicates += said["duplicates"]
            if pace:
                ahead = self.began + count * self.lines / pace - time.monotonic()
                if ahead > 0:
                    await asyncio.sleep(ahead)
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, Any]]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return status, json.loads(await reader.readexactly(length)) if length else {}


def _generate(
    port: int,
    tokens: list[str],
    seconds: float,
    rate: float | None,
    lines: int,
    connections: int,
    out: Any,
    events: int | None = None,
) -> None:
    generator = _Generator(port, tokens, seconds, rate, lines, connections, events)
    asyncio.run(generator.run())
    used = resource.getrusage(resource.RUSAGE_SELF)
    latencies = sorted(generator.latencies)
    out.put(
        {
            "seconds": time.monotonic() - generator.began,
            "sent": generator.sent,
            "accepted": generator.accepted,
            "duplicates": generator.duplicates,
            "rejected": generator.rejected,
            "made": {
                "events": generator.sent,
                "repeats": generator.repeats,
                "likes": generator.likes,
                "gmv": generator.gmv,
                "kinds": dict(generator.kinds),
            },
            "unfolded_answers": generator.unknown,
            "waits": generator.waits,
            "generator_cpu_s": used.ru_utime + used.ru_stime,
            "p50_ms": 1000 * latencies[len(latencies) // 2],
            "p99_ms": 1000 * latencies[int(len(latencies) * 0.99)],
        }
    )


def health(server: Server) -> dict[str, Any]:
    """What the server says of its backlog, read by a signed-in owner."""
    return asked(server, "/api/health")


def asked(server: Server, path: str) -> dict[str, Any]:
    """What the server answers a signed-in owner."""
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", headers={"Cookie": server_cookie(server)})
    return dict(json.loads(urllib.request.urlopen(request, timeout=30).read()))


_cookies: dict[int, str] = {}


def server_cookie(server: Server) -> str:
    """Sign in once by the link that the server printed."""
    if server.port not in _cookies:
        text = Path(server.log.name).read_text().replace("\n", "")
        path = "/signin?token=" + text.split("/signin?token=")[1][:32]
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            opener.open(f"http://127.0.0.1:{server.port}{path}", timeout=10)
        except urllib.error.HTTPError as error:
            _cookies[server.port] = error.headers["Set-Cookie"].split(";")[0]
    return _cookies[server.port]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Course:
    """What an event costs as they become many: CPU of the server between two marks, and its memory at each."""

    MARKS = (
        100_000,
        300_000,
        1_000_000,
        2_000_000,
        3_000_000,
        5_000_000,
        7_000_000,
        10_000_000,
        15_000_000,
        20_000_000,
    )

    def __init__(self, server: Server, folded: int) -> None:
        self._server, self._first = server, folded
        self._at, self._cpu = 0, server.cpu_s()
        self.marks: list[dict[str, float]] = []

    def look(self, folded: int) -> None:
        """Note a mark that was passed since the last look."""
        done = folded - self._first
        if any(self._at < mark <= done for mark in self.MARKS):
            cpu = self._server.cpu_s()
            self.marks.append(
                {
                    "events": done,
                    "cpu_us_per_event": round(1e6 * (cpu - self._cpu) / (done - self._at), 2),
                    "memory_mb": round(self._server.memory_mb()),
                }
            )
            self._at, self._cpu = done, cpu


def _kept_bytes(folder: Path) -> int:
    """Size of the file; 0 where everything lies in the PostgreSQL that LIVECUE_STORE_DSN names (one run a database)."""
    path = folder / "livecue.db"
    return path.stat().st_size if path.is_file() else 0


def _counted(server: Server, rooms: list[str], start: dict[str, Any]) -> dict[str, float]:
    duplicates = health(server)["duplicate_events"] - start["duplicate_events"]
    return totals([asked(server, f"/api/rooms/{room}/snapshot") for room in rooms]) | {"duplicates": duplicates}


def ingest(
    rooms: int,
    seconds: float,
    rate: float | None = None,
    lines: int = LINES,
    connections: int = CONNECTIONS,
    events: int | None = None,
) -> dict[str, Any]:
    """One run, until ``seconds`` are over or ``events`` are sent; returns what was measured."""
    folder = Path(tempfile.mkdtemp(prefix="livecue-bench-"))
    with ExitStack() as after:
        after.callback(shutil.rmtree, folder, ignore_errors=True)
        tokens = prepare(folder, rooms)
        server = Server(folder)
        after.callback(server.stop)
        now = int(time.time() * 1000)
        for number, token in enumerate(tokens):
            urllib.request.urlopen(
                urllib.request.Request(
                    f"http://127.0.0.1:{server.port}/bridge/v1/rooms/bench{number}/events",
                    data=load_opening(now),
                    headers={"Authorization": f"Bearer {token}"},
                ),
                timeout=60,
            ).read()
        names = [f"bench{number}" for number in range(rooms)]
        shown = everything_on({name: asked(server, f"/api/rooms/{name}/running") for name in names})
        print(json.dumps({"running": shown}, ensure_ascii=False), flush=True)
        queue: Queue[dict[str, Any]] = Queue()
        cpu = server.cpu_s()
        start = health(server)
        before = start["folded_events"]
        begin = time.monotonic()
        process = Process(
            target=_generate, args=(server.port, tokens, seconds, rate, lines, connections, queue, events)
        )
        process.start()
        backlog = []
        course = Course(server, before)
        while process.is_alive():
            time.sleep(min(2.0, seconds / 5))
            said = health(server)
            backlog.append((round(time.monotonic() - begin, 1), said["waiting_events"], said["backlog"]))
            course.look(said["folded_events"])
        found = queue.get(timeout=30)
        ended = time.monotonic()
        process.join()
        while True:
            said = health(server)
            if not said["waiting_events"] and not said["backlog"]:
                break
            time.sleep(0.05)
        drained = found["seconds"] + time.monotonic() - ended
        folded = said["folded_events"] - before
        found |= {
            "rooms": rooms,
            "acknowledged_per_s": round(found["sent"] / found["seconds"]),
            "processed_per_s": round(folded / drained),
            "server_cpu_us_per_event": round(1e6 * (server.cpu_s() - cpu) / max(1, found["sent"]), 2),
            "generator_cpu_us_per_event": round(1e6 * found["generator_cpu_s"] / max(1, found["sent"]), 2),
            "sustained": sustained(backlog, found["seconds"], lines * connections),
            "backlog": backlog[-8:],
            "course": course.marks,
            "memory_mb": round(server.memory_mb()),
            "database_mb_per_million": round(_kept_bytes(folder) / 1e6 / max(1e-9, found["sent"] / 1e6), 1),
            "stopped": said["stopped"],
            "owed": said["owed"],
        }
        found["counted"] = _counted(server, names, start)
        # The screens show what stood at the last tick: the newest events may wait for the next one.
        deadline = time.monotonic() + 20
        while (wrong := differences(found)) and time.monotonic() < deadline:
            time.sleep(0.5)
            found["counted"] = _counted(server, names, start)
        if wrong:
            print(json.dumps(found, indent=1, ensure_ascii=False))
            raise SystemExit("the server counted otherwise than was sent:\n" + "\n".join(wrong))
        return found


if __name__ == "__main__":
    given = dict(pair.split("=") for pair in sys.argv[1:])
    result = ingest(
        int(given.get("rooms", 1)),
        float(given.get("seconds", 10)),
        float(given["rate"]) if "rate" in given else None,
        int(given.get("lines", LINES)),
        int(given.get("connections", CONNECTIONS)),
        int(given["events"]) if "events" in given else None,
    )
    print(json.dumps(result, indent=1, ensure_ascii=False))
