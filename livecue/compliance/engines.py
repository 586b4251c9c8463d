"""Which engine judges: by packs, platform, own words and the day. Engines are immutable and shared."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from threading import Lock
from zoneinfo import ZoneInfo

from livecue.compliance.characters import characters
from livecue.compliance.engine import Engine
from livecue.compliance.packs import OwnWord, change_days, load_packs, version_of
from livecue.flow import RoomInfo

_MOST = 12
"""Engines kept; one takes some 30 MB. Past days are asked for by hand and give way first."""
_QUARTER_MS = 900_000
Words = tuple[OwnWord, ...]
_Key = tuple[tuple[str, ...], str, str, Words]

_engines: dict[_Key, Engine] = {}
_making = Lock()


def engine_of(room: RoomInfo, at: int = 0, words: Words = ()) -> Engine:
    """The engine of a room's packs (all shipped ones when it names none) with ``words``, as in force at ``at`` (ms).

    0 is the newest. Raises ``BadInput`` when the room names a pack nobody ships.
    """
    return engine_for(room.packs, room.platform, force_day(room.time_zone, at), words)


def engine_for(packs: Iterable[str] = (), platform: str = "", day: str = "", words: Words = ()) -> Engine:
    """The engine of some packs for a platform on a day of ``force_day``; "" is the newest day."""
    key = (tuple(packs), platform, day or newest_day(), words)
    engine = _engines.get(key)
    if engine is None:
        with _making:
            engine = _engines.get(key)
            if engine is None:
                engine = _engines[key] = Engine(load_packs(key[0], key[2], platform), words)
                if len(_engines) > _MOST:
                    past = (known for known in _engines if known[2] != newest_day() and known != key)
                    del _engines[next(past, next(iter(_engines)))]
    return engine


@lru_cache(maxsize=64)
def shipped_version(packs: tuple[str, ...], platform: str) -> str:
    """A hash of everything shipped that can change a verdict on any day; own words are events and not in it."""
    return version_of(load_packs(packs, None, platform), (), characters().digest_of)


def newest_day() -> str:
    """The last day on which a shipped rule changes."""
    days = change_days()
    return days[-1] if days else ""


def force_day(zone: str, at: int) -> str:
    """The last change of the rules up to ``at`` (ms) by the calendar of ``zone``; the newest for 0."""
    return _force_day(zone, at // _QUARTER_MS) if at > 0 else newest_day()


def today(zone: str, at: int) -> str:
    """The day (YYYY-MM-DD) at ``at`` (ms) by the calendar of ``zone``."""
    return datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).date().isoformat()


@lru_cache(maxsize=64)
def _force_day(zone: str, quarter: int) -> str:
    return day_in_force(today(zone, quarter * _QUARTER_MS))


def day_in_force(day: str) -> str:
    """The last day up to ``day`` (YYYY-MM-DD) on which a shipped rule changed.

    A day before the first rule is no day of a calendar but a clock that was never set: then it is the newest.
    """
    days = change_days()
    place = bisect_right(days, day)
    return days[place - 1] if days and place else newest_day()
