"""Replays a recording into a room of its own, and writes one out of a show."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from livecue.app.driving import Driver, Steps
from livecue.app.house import App
from livecue.errors import BadInput, NotFound
from livecue.events import ClockTicked, Event, RoomSaved
from livecue.flow import TICK_MS
from livecue.integrations.recording import ENTERED, Header, Recording, open_recording, write_recording
from livecue.kit import stable_id
from livecue.shows import find_room, find_show
from livecue.store import Reader, read_batches, read_cursor

_AFTER_MS = 15_000
"""Room time after the last step: windows close, judgements and the debrief are written."""
_JUMP_MS = 6 * 3600 * 1000
"""A pause longer than this in a recording is passed over instead of ticked through."""


_TOLD_S = 0.5
"""How often it is said how far a replay is."""
_BEFORE_MS = 10 * 60 * 1000


class Totals(msgspec.Struct, frozen=True):
    """What a replayed room holds: journalled events by kind, and what the file could not give."""

    room: str
    events: int
    kinds: dict[str, int]
    bad_lines: int


class Replay:
    """One recording in a room called after its content: replaying it twice, or after a kill, changes nothing."""

    def __init__(self, app: App, path: Path) -> None:
        self._app = app
        self.recording: Recording = open_recording(path)
        self.room = "replay-" + stable_id(path.name, _digest(path))[:10]
        header = self.recording.header
        if self.room not in app.rooms():
            settings = app.settings
            app.tell_house(
                RoomSaved(
                    room=self.room,
                    org=settings.org,
                    brand=settings.brand,
                    name=f"{header.name or path.stem}（回放）",
                    platform=header.platform,
                    nature="replayed",
                    currency=header.currency,
                    time_zone=header.time_zone,
                    language=header.language,
                    category=header.category,
                )
            )
        app.driven.add(self.room)
        since = app.pump.room_now(self.room).result(60)
        self._line = 0
        self._steps = Steps(self._after(since))
        first = self._steps.next_at
        start = since or ((first or header.started_at) // TICK_MS * TICK_MS - TICK_MS)
        self.driver = Driver(
            app, self.room, self._steps, start, name=f"replay:{self.recording.header.source or 'file'}"
        )

    def run(self, rate: float | None, progress: Callable[[float], None] | None = None) -> Totals:
        """Replay to the end: at ``rate`` times the real pace, or as fast as it goes when None.

        ``progress`` hears the share of the file's lines that is done.
        """
        driver, steps = self.driver, self._steps
        lines = self.recording.count_lines() if progress is not None else 0

        def told(_now: int = 0) -> None:
            if progress is not None:
                progress(self._line / max(1, lines))

        if rate is not None:
            driver.set_rate(rate)
            driver.start()
            while not driver.wait(_TOLD_S):
                told()
            told()
            if driver.error is not None:
                # What is missing is not counted as if it had come: replayed again, it goes on from here.
                raise driver.error
            driver.catch_up(driver.now + _AFTER_MS)
            return self.totals()
        while (due := steps.next_at) is not None:
            if due - driver.now > _JUMP_MS:
                driver.now = due // TICK_MS * TICK_MS - TICK_MS
            driver.catch_up(due // TICK_MS * TICK_MS + TICK_MS)
            told()
        driver.catch_up(driver.now + _AFTER_MS)
        return self.totals()

    def _after(self, since: int) -> Iterator[tuple[int, list[Event]]]:
        for step in self.recording.steps():
            self._line = step.line
            # A post holds the events before its tick: all before room time is in the journal already.
            if step.t >= since:
                yield step.t, step.events

    def totals(self) -> Totals:
        """Counted anew from the journal."""
        kinds: Counter[str] = Counter()
        for batch in read_batches(self._app.reader, self.room, 0):
            kinds.update(type(event).__name__ for event in batch.events if type(event) is not ClockTicked)
        return Totals(self.room, sum(kinds.values()), dict(sorted(kinds.items())), len(self.recording.errors))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


def export_show(reader: Reader, show: str, path: Path, progress: Callable[[float], None] | None = None) -> int:
    """Write what entered the room during ``show`` as a recording; returns the number of events.

    ``progress`` hears the share of the room's journal that was looked through.

    Raises ``NotFound`` and, when the show has not begun, ``BadInput``.
    """
    found = find_show(reader, show)
    if found is None:
        raise NotFound(f"there is no show {show!r}; the office lists them")
    if not found.started_at:
        raise BadInput("this show has not begun: there is nothing to export")
    room = find_room(reader, found.room)
    if room is None:
        raise NotFound(f"the room of this show was removed: {found.room}")
    header = Header(
        room=room.room,
        name=found.title,
        platform=room.platform,
        currency=room.currency,
        time_zone=room.time_zone,
        language=room.language,
        category=room.category,
        started_at=found.started_at,
        source="export",
    )
    counted = 0

    def steps() -> Iterator[tuple[int, str, list[Event]]]:
        nonlocal counted
        for step in _entered(reader, found.room, found.started_at, found.ended_at or 1 << 62, progress):
            counted += len(step[2])
            yield step

    write_recording(path, header, steps())
    return counted


def _entered(
    reader: Reader, room: str, start: int, end: int, progress: Callable[[float], None] | None
) -> Iterator[tuple[int, str, list[Event]]]:
    now = 0
    newest = read_cursor(reader, room)
    for batch in read_batches(reader, room, 0):
        if progress is not None:
            progress(batch.number / max(1, newest))
        waiting: list[Event] = []
        for event in batch.events:
            if isinstance(event, ClockTicked):
                if waiting:
                    yield max(now, event.now - 1), batch.source, waiting
                    waiting = []
                now = max(now, event.now)
                if now > end:
                    return
            # The plan and the duties come before the start and belong to the show all the same.
            elif type(event) in ENTERED and (now >= start - _BEFORE_MS):
                waiting.append(event)
        if waiting:
            yield now, batch.source, waiting
