"""Moves closed shows into the history while rooms go on."""

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

import msgspec

from livecue.config import Settings
from livecue.errors import LiveCueError
from livecue.flow import Inbox
from livecue.kit import Clock, SystemClock
from livecue.store import (
    JOURNAL,
    Archived,
    Archiver,
    History,
    Reader,
    SharedReader,
    Store,
    Writer,
    every_history_file,
    history_place,
    history_preset,
    patient,
    transaction,
)

_log = logging.getLogger("livecue.app")
T = TypeVar("T")
_ANSWER_S = 120.0


_NOTE = (
    "INSERT INTO settings (org, brand, name, value) VALUES ('', '', 'history_state', ?)"
    " ON CONFLICT (org, brand, name) DO UPDATE SET value = excluded.value"
)


class HistoryState(msgspec.Struct):
    """How the newest run went, for the health page: "" is well."""

    ran_at: int = 0
    error: str = ""


def history_of(settings: Settings) -> History:
    """The history that the settings name. Raises ``BadInput`` when they cannot be used."""
    place = history_place(
        settings.history_place,
        settings.data,
        endpoint=settings.history_endpoint,
        region=settings.history_region,
        key=settings.history_key.get_secret_value(),
        secret=settings.history_secret.get_secret_value(),
    )
    return History(place, settings.data / "history-work")


class Archiving:
    """A thread that does what is due, every so many minutes and when asked; what fails is tried again next time."""

    def __init__(
        self,
        pump: Inbox,
        reader: Reader,
        history: History,
        clock: Clock,
        keep_days: int | None,
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        """``leads`` says whether this program moves what is due: of several only one does."""
        self._leads = leads

        def run(work: Callable[[Writer], T]) -> T:
            return pump.run(work).result(_ANSWER_S)

        self.run = run
        self.archiver = Archiver(reader, run, history, clock, keep_days=keep_days, rest=patient())
        self.also: list[Callable[[], object]] = []
        """What else is due whenever closed shows are looked for."""
        self.state = HistoryState()
        self._clock = clock
        self.guard = threading.Lock()
        """Held while files are written: one at a time."""
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._loop, name="history", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Do what is due soon, not only when its time has come."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the file that is being written, and end."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def now(self) -> Archived:
        """Do what is due, in the caller's thread. Raises what keeps it from going on."""
        with self.guard:
            done = self.archiver.step()
            failed: LiveCueError | None = None
            for work in self.also:
                # What one of them cannot do now keeps no other from its work.
                try:
                    work()
                except LiveCueError as error:
                    failed = failed or error
            if failed is not None:
                raise failed
            return done

    def _note(self) -> None:
        """Where the health page of any program finds how the last run went."""
        said = msgspec.json.encode(self.state).decode()
        try:
            self.run(lambda writer: writer.write(_NOTE, (said,)))
        except (LiveCueError, TimeoutError) as error:
            _log.warning("how the history is doing was not noted: %s", error)

    def _loop(self) -> None:
        while True:
            self._wake.wait(history_preset(self._clock.now_ms()).every_minutes * 60)
            self._wake.clear()
            if self._stopping:
                return
            if not self._leads():
                continue
            try:
                done = self.now()
                self.state = HistoryState(self._clock.now_ms())
                if done != Archived():
                    _log.info(
                        "history: %s files, %s events written, %s files merged, %s batches dropped",
                        done.written, done.events, done.merged, done.dropped,
                    )  # fmt: skip
            except LiveCueError as error:
                self.state = HistoryState(self._clock.now_ms(), str(error))
                _log.error("history: %s", error)
            except Exception as error:
                self.state = HistoryState(self._clock.now_ms(), f"{type(error).__name__}: {error}")
                _log.exception("history: a run failed")
            self._note()


class FileState(msgspec.Struct, frozen=True):
    """One file of the history as it was found. ``verdict``: whole, lacking, damaged, mended or left_over."""

    name: str
    verdict: str
    room: str = ""
    kind: str = ""
    day: str = ""
    rows: int = 0
    bytes: int = 0
    in_journal: bool = False
    """Whether the journal still holds all that the file holds."""


def verify_history(
    reader: Reader, history: History, archiver: Archiver | None, told: Callable[[float], None] = lambda _: None
) -> list[FileState]:
    """Compare every file with its digest; with an ``archiver``, write anew what the journal still holds.

    Files that nobody noted are named too (left_over): they come from an interrupted run, or from a time after the
    backup that this database was restored from, and are never removed by themselves.
    """
    history.place.check()
    noted = [file for file in every_history_file(reader) if ":" not in file.kind]
    there = set(history.place.names())
    found = []
    for place, file in enumerate(noted):
        verdict = "lacking" if file.name not in there else "whole" if history.whole(file) else "damaged"
        if verdict != "whole" and archiver is not None and archiver.mend(file):
            verdict = "mended"
        found.append(
            FileState(
                file.name, verdict, file.room, file.kind, file.day, file.row_count, file.bytes,
                file.kind == JOURNAL and not file.dropped_upto,
            )
        )  # fmt: skip
        told((place + 1) / len(noted))
    known = {file.name for file in every_history_file(reader)}
    if archiver is None:
        found += [FileState(name, "left_over") for name in sorted(there - known)]
    return found


def offline(store: Store, settings: Settings) -> tuple[SharedReader, Archiver, History]:
    """What the commands of the history work with; LiveCue may run at the same time. Close the reader."""
    history = history_of(settings)
    reader = store.reader()
    reader.past = history

    def run(work: Callable[[Writer], T]) -> T:
        writer = store.writer()
        try:
            with transaction(writer):
                return work(writer)
        finally:
            writer.close()

    return reader, Archiver(reader, run, history, SystemClock(), keep_days=settings.history_keep_days), history
