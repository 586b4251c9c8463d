"""How long customers may wait, and what the desk may answer by itself: dated presets, read from the data files."""

import tomllib
from functools import lru_cache
from importlib.resources import files

import msgspec


class TeamClock(msgspec.Struct, frozen=True):
    """The team's own clock (R056, R057; domain 10.4). ``steps_ms`` are when it goes up the ladder."""

    since: str
    mark: str
    source: str
    comment_ms: int
    message_ms: int
    steps_ms: tuple[int, ...]
    roles: tuple[str, ...]
    idle_ms: int
    comment_idle_ms: int


class PlatformClock(msgspec.Struct, frozen=True, rename={"opens": "from"}):
    """How a platform counts (M78). ``unit`` person_day: one late turn fails the customer's day; turn: each counts."""

    platform: str
    name: dict[str, str]
    since: str
    mark: str
    source: str
    within_ms: int
    opens: str
    until: str
    robot_counts: bool
    unit: str
    aim: float
    """The share that the platform wants, 0 to 1."""
    unverified: bool = False


class Auto(msgspec.Struct, frozen=True):
    """What may be answered without a person, and how sure it must be."""

    since: str
    mark: str
    source: str
    topics: tuple[str, ...]
    never: tuple[str, ...]
    never_labels: tuple[str, ...]
    never_words: tuple[str, ...]
    human_words: tuple[str, ...]
    suggest_from: float
    send_from: float
    send_margin: float
    label: dict[str, str]
    most: int


class _Clocks(msgspec.Struct, frozen=True):
    team: TeamClock
    platform: tuple[PlatformClock, ...]


@lru_cache(maxsize=1)
def _clocks() -> _Clocks:
    raw = tomllib.loads((files("livecue.desk.service") / "data" / "clocks.toml").read_text(encoding="utf-8"))
    return msgspec.convert(raw, _Clocks)


def team_clock() -> TeamClock:
    """The team's own clock."""
    return _clocks().team


def platform_clock(platform: str) -> PlatformClock:
    """The rule by which ``platform`` counts; the team's own where we know none."""
    found = {clock.platform: clock for clock in _clocks().platform}
    return found.get(platform, found[""])


@lru_cache(maxsize=1)
def auto() -> Auto:
    """What the desk may answer by itself."""
    raw = tomllib.loads((files("livecue.desk.service") / "data" / "auto.toml").read_text(encoding="utf-8"))
    return msgspec.convert(raw, Auto)
