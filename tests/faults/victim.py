"""The real program in a forked child, told over a socket what to take; its platform is outside, so it outlives it.

Lines in: ``post``, ``tick``, ``clock``, ``drain``, ``answer`` (of the platform), ``stop``. Lines out: ``ready``,
``ack``, ``refused``, ``call`` and ``happened`` (to the platform), ``drained``, ``differing``.
"""

import os
import queue
import socket
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import msgspec

from livecue.app import App
from livecue.config import load_settings
from livecue.errors import LiveCueError, Unavailable
from livecue.events import Action, ClockTicked, Performed, decode_events
from livecue.flow import Receipt, list_actions
from livecue.flow import room as flow_room
from livecue.kit import ManualClock, arm
from tests.faults.show import CONFIRMED, REPEATABLE, ROOM, START

SNAPSHOT_BATCHES = 12


class Far:
    """The door to the platform on the other end of the socket."""

    real = False

    def __init__(self, say: Any) -> None:
        self._say = say
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()

    def heard(self, line: dict[str, Any]) -> None:
        """The platform answers."""
        self._answers.put(line)

    def idempotent(self, action: Action) -> bool:
        """As a platform documents it."""
        return type(action).__name__ in REPEATABLE

    def perform(self, action_id: str, action: Action) -> Performed:
        """Ask the platform to do it."""
        self._say({"say": "call", "id": action_id, "kind": type(action).__name__})
        answer = self._answers.get()
        if answer["outcome"] == "away":
            raise Unavailable("the platform is away", 0.01)
        return Performed(outcome=answer["outcome"], why="as the platform says", wait_s=0.01)

    def confirm(self, action_id: str, action: Action) -> bool | None:
        """Whether it happened, where the platform can be asked."""
        if type(action).__name__ not in CONFIRMED:
            return None
        self._say({"say": "happened", "id": action_id})
        return bool(self._answers.get()["happened"])


def live(end: socket.socket, folder: Path, dsn: str, where: str) -> None:
    """Run until told to stop, or killed at ``where``."""
    flow_room.SNAPSHOT_BATCHES = SNAPSHOT_BATCHES
    lock = threading.Lock()

    def say(line: dict[str, Any]) -> None:
        with lock:
            end.sendall(msgspec.json.encode(line) + b"\n")

    if where:
        arm(where)
    clock = ManualClock(START)
    app = App(load_settings(data=folder, store_dsn=dsn), clock=clock)
    app.pump.start()
    far = Far(say)
    app.driven.add(ROOM)
    app.doors[ROOM] = far
    app.capable[ROOM] = [*REPEATABLE, *CONFIRMED, "ChangePrice"]
    lines: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=(end, far, lines), daemon=True).start()
    app.runner.start()
    say({"say": "ready", "now": app.pump.room_now(ROOM).result()})
    while True:
        line = lines.get()
        told = line["tell"]
        if told == "post":
            number = line["number"]
            events = decode_events(bytes.fromhex(line["events"]))
            try:
                future = app.pump.post(ROOM, events, source=line["source"], arrived=clock.now_ms())
            except LiveCueError as error:
                say({"say": "refused", "number": number, "why": error.code})
                continue
            future.add_done_callback(lambda done, n=number: _acknowledge(say, n, done))  # type: ignore[misc]
        elif told == "tick":
            clock.set(max(clock.now_ms(), line["now"]))
            app.pump.post(ROOM, [ClockTicked(now=line["now"])], source="livecue", arrived=line["now"])
        elif told == "clock":
            clock.set(clock.now_ms() + line["by"])
        elif told == "drain":
            clock.set(clock.now_ms() + 60_000)
            app.runner.wake()
            try:
                left = len(list_actions(app.reader, ["pending", "sending"], list(app.rooms())))
            except LiveCueError:
                # The database is away: nobody knows, so it is asked again.
                left = 1
            say({"say": "drained", "left": left, "waiting": app.pump.waiting_events + app.pump.backlog()})
        elif told == "stop":
            say({"say": "differing", "found": app.pump.differing(), "error": app.pump.last_error})
            app.runner.stop()
            app.pump.stop()
            app.reader.close()
            os._exit(0)


def _listen(end: socket.socket, far: Far, lines: "queue.Queue[dict[str, Any]]") -> None:
    with end.makefile("rb") as incoming:
        for raw in incoming:
            line = msgspec.json.decode(raw)
            if line["tell"] == "answer":
                far.heard(line)
            else:
                lines.put(line)
    # The other side is gone: nobody would hear what happens here.
    os._exit(4)


def _acknowledge(say: Any, number: int, done: "Future[Receipt]") -> None:
    error = done.exception()
    if error is not None:
        say({"say": "refused", "number": number, "why": type(error).__name__})
    else:
        receipt = done.result()
        say({"say": "ack", "number": number, "accepted": receipt.accepted, "duplicates": receipt.duplicates})
