"""How programs wake each other over NATS, and the newest frames of watched rooms.

Plain messages, kept nowhere: each may be lost, and whoever waits for one looks by himself now and then.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from livecue.errors import LiveCueError
from livecue.store.jetstream.link import Link
from livecue.store.programs import Program
from livecue.store.signals import POLL_S, payloads

if TYPE_CHECKING:
    from nats.aio.msg import Msg

_log = logging.getLogger("livecue.store")


class _Shown(msgspec.Struct, frozen=True, array_like=True):
    """A frame on its way."""

    sender: str
    room: str
    epoch: int
    number: int
    blob: bytes


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(_Shown).decode


class NatsSignals:
    """Two threads: one tells, one listens (``Signaller``)."""

    def __init__(self, link: Link, program: Program) -> None:
        self._link = link
        self._lines_of = f"{link.broker.prefix}.signals"
        self._frames_of = f"{link.broker.prefix}.frames"
        self._sender = program.session.rpartition("/")[2]
        self.on_signals: Callable[[Sequence[str]], None] = lambda lines: None
        self.on_poll: Callable[[], None] = lambda: None
        self._wake = threading.Condition()
        self._lines: dict[str, str] = {}
        self._frames: dict[str, bytes] = {}
        self._heard: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
        self._shown: dict[str, tuple[_Shown, float]] = {}
        """The newest frame of each room that others showed, and when it came."""
        self._stopping = False
        self._holds = True
        link.hold()
        self._threads = [
            threading.Thread(target=self._tell, name="signals-out", daemon=True),
            threading.Thread(target=self._listen, name="signals-in", daemon=True),
        ]

    def start(self) -> None:
        """Begin to tell and to listen."""
        self._link.ask(self._subscribe())
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Tell what waits, then end, and leave the server."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(5)
        if self._holds:
            self._holds = False
            self._link.let_go()

    def tell(self, line: str, about: str = "") -> None:
        """Tell every other program; of lines ``about`` the same that wait only the newest is told. Never waits."""
        with self._wake:
            self._lines[about or line] = line
            self._wake.notify()

    def show(self, room: str, epoch: int, number: int, frame: bytes) -> None:
        """Bring others a room's newest frame. Never waits."""
        packed = _pack(_Shown(self._sender, room, epoch, number, frame))
        with self._wake:
            self._frames[room] = packed
            self._wake.notify()

    def frame(self, room: str) -> tuple[int, bytes, int] | None:
        """The newest frame of a room: number, frame, age in ms; None when none came lately."""
        found = self._shown.get(room)
        if found is None:
            return None
        shown, came = found
        return shown.number, shown.blob, int((time.monotonic() - came) * 1000)

    def _tell(self) -> None:
        while True:
            with self._wake:
                while not (self._lines or self._frames or self._stopping):
                    self._wake.wait()
                if self._stopping and not (self._lines or self._frames):
                    return
                lines, frames = list(self._lines.values()), list(self._frames.values())
                self._lines.clear()
                self._frames.clear()
            try:
                self._link.ask(self._send(lines, frames))
            except LiveCueError as error:
                if self._stopping:
                    return
                _log.warning("%s signals and %s frames are lost: %s", len(lines), len(frames), error)

    async def _send(self, lines: list[str], frames: list[bytes]) -> None:
        client = self._link.client
        for packed in frames:
            if len(packed) > self._link.payload:
                _log.warning("a frame of %s bytes is too large for this server: raise max_payload", len(packed))
            else:
                await client.publish(self._frames_of, packed)
        for payload in payloads(self._sender, lines) if lines else ():
            await client.publish(self._lines_of, payload.encode())

    async def _subscribe(self) -> None:
        await self._link.client.subscribe(self._lines_of, cb=self._told)
        await self._link.client.subscribe(self._frames_of, cb=self._painted)

    async def _told(self, message: Msg) -> None:
        sender, *lines = message.data.decode().split("\n")
        if sender != self._sender:
            self._heard.put(lines)

    async def _painted(self, message: Msg) -> None:
        shown = _unpack(message.data)
        known = self._shown.get(shown.room)
        # A frame of an owner that was replaced is nobody's any more.
        if shown.sender != self._sender and (known is None or known[0].epoch <= shown.epoch):
            self._shown[shown.room] = (shown, time.monotonic())
            self._heard.put([f"f {shown.room}"])

    def _listen(self) -> None:
        polled = 0.0
        while not self._stopping:
            try:
                if time.monotonic() - polled >= POLL_S:
                    polled = time.monotonic()
                    self.on_poll()
                lines = self._heard.get(timeout=POLL_S)
                # All that has come meanwhile at once: a look takes its time, and what waits must not grow.
                while not self._heard.empty():
                    lines = lines + self._heard.get_nowait()
                lines = list(dict.fromkeys(lines))
            except queue.Empty:
                continue
            except LiveCueError as error:
                if not self._stopping:
                    _log.warning("it cannot be looked what no signal told: %s", error)
                continue
            except Exception:
                _log.exception("it could not be looked what no signal told")
                continue
            try:
                self.on_signals(lines)
            except Exception:
                _log.exception("a signal could not be dealt with")
