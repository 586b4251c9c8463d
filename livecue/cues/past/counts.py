"""Counts in the background, politely, and remembers: a show and a set of values are counted once."""

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from livecue.cues.past.often import NOT_KEPT, Asked, Fired, Tally
from livecue.cues.past.scenes import Moment, past_scenes, rows_of
from livecue.errors import LiveCueError
from livecue.flow import RoomInfo
from livecue.shows import list_shows
from livecue.store import Reader

MOST_SHOWS = 30
_MOST_KEPT = 20_000
_STALE_MS = 60_000
"""What was counted of the running show holds for this much of room time."""
_WORK_S, _REST_S = 0.010, 0.020
_log = logging.getLogger("livecue.cues")


class PastShow(msgspec.Struct, frozen=True):
    """A show that is counted; ``last`` is the room time (ms) of its newest kept scene, 0 when it has none."""

    show: str
    title: str
    started_at: int
    on_air: bool
    last: int


class Counted(msgspec.Struct, frozen=True):
    """What is known by now, oldest show first; of ``of`` shows ``done`` are counted for everything asked."""

    shows: list[PastShow]
    fired: dict[str, list[Fired]]
    """By ``Asked.key``; a show still being counted is not in the list."""
    done: int
    of: int
    failed: str = ""


class _Job(msgspec.Struct, frozen=True):
    room: RoomInfo
    show: PastShow
    asked: tuple[Asked, ...]


class PastCounts:
    """How often thresholds would have fired over a room's last 30 shows.

    ``ask`` answers at once with what is known. The rest is counted by one thread that works a third of the time, so
    that the live show never waits for it; nothing is counted while nobody asks.
    """

    def __init__(self, reader: Reader, rest_s: float = _REST_S) -> None:
        self._reader = reader
        self._rest_s = rest_s
        self._guard = threading.Lock()
        self._known: OrderedDict[tuple[str, str, str], tuple[int, Fired]] = OrderedDict()
        self._jobs: deque[_Job] = deque()
        self._wanted: set[tuple[str, str, str]] = set()
        self._failed: dict[tuple[str, str], str] = {}
        self._thread: threading.Thread | None = None
        self._closed = False

    def ask(self, room: RoomInfo, asked: Sequence[Asked]) -> Counted:
        """What is known; what is missing is counted from now on. Call again until ``done`` is ``of``."""
        shows = self._shows(room)
        fired: dict[str, list[Fired]] = {item.key: [] for item in asked}
        by_key = {item.key: item for item in asked}
        done, failed = 0, ""
        with self._guard:
            for show in shows:
                missing = []
                for key, item in by_key.items():
                    found = self._of(room, show, key)
                    if found is None:
                        missing.append(item)
                    else:
                        fired[key].append(found)
                trouble = self._failed.pop((room.room, show.show), "")
                failed = failed or trouble
                if missing and not trouble:
                    self._want(_Job(room, show, tuple(missing)))
                else:
                    done += 1
        return Counted(shows, fired, done, len(shows), failed)

    def close(self) -> None:
        """Count no more."""
        self._closed = True
        thread = self._thread
        if thread is not None:
            thread.join(5)

    def _shows(self, room: RoomInfo) -> list[PastShow]:
        newest = {
            str(show): int(last)
            for show, last in self._reader.rows(
                "SELECT show, MAX(at) FROM past_scenes WHERE org = ? AND brand = ? AND room = ? GROUP BY show",
                (room.org, room.brand, room.room),
            )
        }
        ran = [row for row in list_shows(self._reader, room.room, 100) if row.started_at]
        ran.sort(key=lambda row: row.started_at)
        return [
            PastShow(row.show, row.title, row.started_at, row.status == "on_air", newest.get(row.show, 0))
            for row in ran[-MOST_SHOWS:]
        ]

    def _of(self, room: RoomInfo, show: PastShow, key: str) -> Fired | None:
        if not show.last:
            return Fired(show.show, None, NOT_KEPT, told=0.0)
        place = (room.room, show.show, key)
        known = self._known.get(place)
        if known is None or known[0] < show.last - (_STALE_MS if show.on_air else 0):
            return None
        self._known.move_to_end(place)
        return known[1]

    def _want(self, job: _Job) -> None:
        places = {(job.room.room, job.show.show, item.key) for item in job.asked}
        if places <= self._wanted:
            return
        self._wanted |= places
        self._jobs.append(job)
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._work, name="past", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            with self._guard:
                if not self._jobs or self._closed:
                    self._thread = None
                    return
                job = self._jobs.popleft()
            found, failure = self._count(job)
            with self._guard:
                for item in job.asked:
                    self._wanted.discard((job.room.room, job.show.show, item.key))
                for key, fired in found.items():
                    self._known[job.room.room, job.show.show, key] = (job.show.last, fired)
                while len(self._known) > _MOST_KEPT:
                    self._known.popitem(last=False)
                if failure:
                    self._failed[job.room.room, job.show.show] = failure

    def _count(self, job: _Job) -> tuple[dict[str, Fired], str]:
        tallies = {item.key: Tally(item) for item in job.asked}
        room = job.room
        rows = rows_of(self._reader, room.org, room.brand, room.room, job.show.show)
        try:
            for moment in self._resting(past_scenes(rows)):
                if self._closed:
                    return {}, ""
                for tally in tallies.values():
                    tally.look(moment)
        except LiveCueError as error:
            _log.warning("cannot count the past of %s/%s: %s", room.room, job.show.show, error)
            return {}, str(error)
        except Exception as error:
            # Whatever it is: the asker hears of it, and the next question tries again.
            _log.exception("cannot count the past of %s/%s", room.room, job.show.show)
            return {}, f"{type(error).__name__}: {error}"
        return {key: tally.fired(job.show.show) for key, tally in tallies.items()}, ""

    def _resting(self, moments: Iterable[Moment]) -> Iterator[Moment]:
        began = time.perf_counter()
        for moment in moments:
            yield moment
            if time.perf_counter() - began > _WORK_S:
                time.sleep(self._rest_s)
                began = time.perf_counter()
