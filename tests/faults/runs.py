"""One seeded run: a show is sent while its program is killed and stopped; then everything is counted.

As a program, ``python -m tests.faults.runs FOLDER [DSN]`` makes one run for each seed on standard input and writes a
JSON line for each. It is a fork server: the program is imported and its word engine made once.
"""

import json
import os
import random
import shutil
import signal
import socket
import sys
import time
from collections import Counter, deque
from pathlib import Path
from typing import Any

import msgspec

from livecue.app import App
from livecue.compliance import engine_of
from livecue.config import load_settings
from livecue.events import Event, ShowEnded, encode_events
from livecue.flow import RoomInfo
from livecue.kit import ManualClock
from tests.faults import checker, victim
from tests.faults.show import HOUSE, OPENING, ROOM, SHOW, START, batches_of, keys_of
from tests.postgres import new_database

KILLS = 5
"""In one run: each is a kill point of its own."""
BATCHES = 36
PATIENCE_S = 120.0
FAILPOINTS = (
    "before_append", "after_append", "before_fold", "after_fold", "before_commit", "after_commit", "before_answer",
    "after_answer", "sending", "after_vendor", "before_done", "after_done", "before_snapshot", "after_snapshot",
    "refold",
)  # fmt: skip
HOUR_MS = 3_600_000


class Stuck(Exception):
    """The program did not answer within ``PATIENCE_S``."""


class Platform:
    """What the program's actions reach: it remembers what it did, whatever becomes of the program."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.effects: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()

    def heard(self, line: dict[str, Any]) -> dict[str, Any]:
        """Do or refuse what is asked; the answer."""
        if line["say"] == "happened":
            return {"tell": "answer", "happened": self.effects[line["id"]] > 0}
        if self.effects[line["id"]] and line["kind"] in victim.REPEATABLE:
            # Asked for once more what it has done: it says so again, as "idempotent" means.
            self.effects[line["id"]] += 1
            return {"tell": "answer", "outcome": "done"}
        chance = self._rng.random()
        if chance < 0.08:
            self.refusals[line["id"]] += 1
            return {"tell": "answer", "outcome": "refused"}
        if chance < 0.16 and line["kind"] in victim.REPEATABLE:
            return {"tell": "answer", "outcome": "away"}
        self.effects[line["id"]] += 1
        return {"tell": "answer", "outcome": "done"}


class Child:
    """The program in a process of its own."""

    def __init__(self, folder: Path, dsn: str, where: str, platform: Platform) -> None:
        mine, theirs = socket.socketpair()
        self._platform = platform
        self.acks: dict[int, dict[str, Any]] = {}
        self.told: deque[dict[str, Any]] = deque()
        self.pid = os.fork()
        if self.pid == 0:
            mine.close()
            _live(theirs, folder, dsn, where)
        theirs.close()
        self._end = mine
        self._end.settimeout(PATIENCE_S)
        self._rest = b""
        self.gone = False

    def tell(self, line: dict[str, Any]) -> None:
        """Say something, if it still hears."""
        try:
            self._end.sendall(msgspec.json.encode(line) + b"\n")
        except (BrokenPipeError, ConnectionResetError):
            self.gone = True

    def hear(self) -> bool:
        """Take in what it says next; False when it is gone and all was heard."""
        while b"\n" not in self._rest:
            try:
                more = self._end.recv(1 << 16)
            except ConnectionResetError:
                more = b""
            except TimeoutError:
                raise Stuck(f"no word for {PATIENCE_S:.0f} s") from None
            if not more:
                self.gone = True
                return False
            self._rest += more
        raw, _, self._rest = self._rest.partition(b"\n")
        line = msgspec.json.decode(raw)
        said = line["say"]
        if said in ("call", "happened"):
            self.tell(self._platform.heard(line))
        elif said in ("ack", "refused"):
            self.acks[line["number"]] = line
        else:
            self.told.append(line)
        return True

    def until(self, said: str) -> dict[str, Any] | None:
        """Hear until it says so; None when it died before."""
        while True:
            for line in list(self.told):
                self.told.remove(line)
                if line["say"] == said:
                    return line
            if not self.hear():
                return None

    def signal(self, what: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, what)

    def end(self) -> int:
        """Hear it out and wait for its end: how it ended (negative is the signal)."""
        while self.hear():
            pass
        self._end.close()
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)


def _live(end: socket.socket, folder: Path, dsn: str, where: str) -> None:
    try:
        victim.live(end, folder, dsn, where)
    except BaseException as error:
        print(f"child: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        import traceback

        traceback.print_exc()
    os._exit(3)


class Run:
    """One show under faults."""

    def __init__(self, seed: int, folder: Path, dsn: str) -> None:
        self._rng = random.Random(seed)
        self._folder, self._dsn = folder, dsn
        self._batches, self._expected = batches_of(seed, BATCHES)
        self._platform = Platform(self._rng)
        self._acked: set[int] = set()
        self._sent: set[int] = set()
        self._now = START
        self.kills: list[str] = []
        self.again = 0
        """Batches that were delivered once more though they were acknowledged."""
        self.refused = 0
        self.jumps = 0

    def go(self) -> dict[str, Any]:
        """Run to the end; what was wrong."""
        order = self._reordered()
        share = len(order) // (KILLS + 1)
        wrong: list[str] = []
        for kill in range(KILLS):
            wrong += self._broken(order[kill * share : (kill + 1) * share])
        wrong += self._whole(order[KILLS * share :])
        wrong += checker.wrong(self._folder, self._dsn, self._expected, self._platform.effects, self._platform.refusals)
        return {"kills": self.kills, "wrong": wrong, "again": self.again, "jumps": self.jumps, "refused": self.refused}

    def _reordered(self) -> list[int]:
        """Batches as several senders bring them: near each other they change places."""
        order = list(range(len(self._batches)))
        for place in range(len(order) - 1):
            other = min(len(order) - 1, place + self._rng.randrange(4))
            order[place], order[other] = order[other], order[place]
        return order

    def _to_send(self, fresh: list[int]) -> list[int]:
        """What has no answer yet is sent again, and some of what has one as well: a sender that never heard it."""
        known = sorted(self._acked)
        twice = self._rng.sample(known, min(len(known), self._rng.randrange(4)))
        self.again += len(twice)
        numbers = [*sorted(self._sent - self._acked), *twice, *fresh]
        self._rng.shuffle(numbers)
        return numbers

    def _start(self, where: str) -> Child | None:
        child = Child(self._folder, self._dsn, where, self._platform)
        if child.until("ready") is None:
            child.end()
            return None
        return child

    def _broken(self, fresh: list[int]) -> list[str]:
        rng = self._rng
        way = rng.choice(("named", "named", "acks", "acks", "moment", "stopped"))
        where = f"{rng.choice(FAILPOINTS)}:{rng.randint(1, 6)}" if way == "named" else ""
        child = self._start(where)
        numbers = self._to_send(fresh)
        # What this child will not have been told is due to the next one.
        self._sent.update(fresh)
        if child is None:
            # It died while it came back: a kill point as good as any.
            self.kills.append(where)
            return self._missing()
        after = rng.randint(0, len(numbers)) if way in ("acks", "stopped") else len(numbers) + 1
        for place, number in enumerate(numbers):
            if rng.random() < 0.15:
                self._jump(child)
            self._send(child, number)
            if way == "stopped" and place == after // 2:
                child.signal(signal.SIGSTOP)
                time.sleep(rng.random() * 0.02)
                child.signal(signal.SIGCONT)
            while len(self._sent_here(child, numbers[: place + 1])) > 3 and child.hear():
                pass
            if len(child.acks) >= after:
                break
        if way == "moment":
            time.sleep(rng.random() * 0.03)
        elif way == "named":
            while self._sent_here(child, numbers) and child.hear():
                pass
        if not child.gone:
            child.signal(signal.SIGKILL)
        self._take(child)
        code = child.end()
        self._take(child)
        if code != -signal.SIGKILL:
            return [f"the program ended by itself with {code}"]
        self.kills.append(where if where and child.gone else way)
        return self._missing()

    def _sent_here(self, child: Child, numbers: list[int]) -> list[int]:
        return [number for number in numbers if number not in child.acks]

    def _take(self, child: Child) -> None:
        for number, line in child.acks.items():
            if line["say"] == "ack":
                self._acked.add(number)
            else:
                self.refused += 1

    def _missing(self) -> list[str]:
        keys = {key for number in self._acked for key in keys_of(self._batches[number])}
        gone = checker.lost(self._folder, self._dsn, keys)
        return [f"acknowledged and lost after {self.kills[-1]}: {gone[:5]}"] if gone else []

    def _send(self, child: Child, number: int) -> None:
        self._sent.add(number)
        events = encode_events(self._batches[number]).hex()
        child.tell({"tell": "post", "number": number, "events": events, "source": f"sender{number % 3}"})
        if self._rng.random() < 0.5:
            self._now += 250
            child.tell({"tell": "tick", "now": self._now})

    def _jump(self, child: Child) -> None:
        """The clock of the machine is set."""
        self.jumps += 1
        child.tell({"tell": "clock", "by": self._rng.choice((-6, -1, 1, 6)) * HOUR_MS})

    def _whole(self, fresh: list[int]) -> list[str]:
        child = self._start("")
        if child is None:
            return ["the program does not start after the last kill"]
        numbers = self._to_send(fresh)
        for number in numbers:
            self._send(child, number)
        for number in [n for n in self._sent - self._acked if n not in numbers]:
            self._send(child, number)
        while self._sent_here(child, sorted(self._sent - self._acked)) and child.hear():
            pass
        left: dict[str, Any] | None = {"left": 1, "waiting": 1}
        tries = 0
        while left is not None and (left["left"] or left["waiting"]):
            tries += 1
            if tries > 4000:
                return [f"actions never end: {left}"]
            child.tell({"tell": "drain"})
            left = child.until("drained")
            time.sleep(0.005)
        self._now += 1_000
        ended: list[Event] = [ShowEnded(key="ended", command="ended", show=SHOW)]
        child.tell({"tell": "post", "number": -1, "events": encode_events(ended).hex(), "source": "floor"})
        child.tell({"tell": "tick", "now": self._now})
        while -1 not in child.acks and child.hear():
            pass
        child.tell({"tell": "stop"})
        last = child.until("differing")
        self._take(child)
        code = child.end()
        wrong = []
        if last is None or code != 0:
            wrong.append(f"the program ended with {code}")
        elif last["found"]:
            wrong.append(f"a rebuild differs from the record: {last['found']}")
        if self._acked - {-1} != set(range(len(self._batches))):
            wrong.append(f"{len(self._batches) - len(self._acked - {-1})} batches were never acknowledged")
        return wrong


def one(seed: int, root: Path, server: str) -> dict[str, Any]:
    """The run of a seed in a folder of its own."""
    folder = root / f"run{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = time.monotonic()
    dsn = ""
    if server:
        dsn = new_database(server, f"faults{seed}_{os.getpid()}")
        furnish(folder, dsn)
    else:
        for file in (root / "template").iterdir():
            if file.is_file():
                shutil.copy(file, folder)
    try:
        found = Run(seed, folder, dsn).go()
    except Stuck as error:
        found = {"kills": [], "wrong": [str(error)]}
    if not found["wrong"]:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(root / f"run{seed}-seen", ignore_errors=True)
    return {"seed": seed, **found, "s": round(time.monotonic() - began, 2)}


def furnish(folder: Path, dsn: str) -> None:
    """A data folder with the room, the show on air and the stock: what every run begins with."""
    child = os.fork()
    if child == 0:
        app = App(load_settings(data=folder, store_dsn=dsn), clock=ManualClock(START))
        app.pump.start()
        app.tell_house(*HOUSE)
        app.pump.post(ROOM, list(OPENING), source="floor", arrived=START).result()
        app.pump.stop()
        app.reader.close()
        app.release()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, "the template could not be made"


def main() -> None:
    """See the module."""
    root, server = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    root.mkdir(parents=True, exist_ok=True)
    engine_of(RoomInfo(room=ROOM, org="main", brand="main", platform="simulator", nature="simulated")).warm()
    if not server:
        furnish(root / "template", "")
    for line in sys.stdin:
        print(json.dumps(one(int(line), root, server)), flush=True)


if __name__ == "__main__":
    main()
