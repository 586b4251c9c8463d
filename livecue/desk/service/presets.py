"""How long customers may wait, and what the desk may answer by itself: dated presets, read from the data files."""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from livecue.events import Hours


class TeamClock(msgspec.Struct, frozen=True):
    """The team's own clock (R056, R057; domain 10.4). ``steps_ms`` are when it goes up the ladder."""

    since: str
    mark: str
    source: str
    comment_ms: int
    message_ms: int
    case_ms: int
    """How long an after-sale case may wait for somebody to act, unless the platform's deadline is earlier."""
    case_acts: tuple[str, ...]
    """States of a case in which the next move is ours."""
    steps_ms: tuple[int, ...]
    roles: tuple[str, ...]
    idle_ms: int
    comment_idle_ms: int
    comments_each: int
    """Comments of the room that one agent is given at a time, beside their conversations."""


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
    currencies: tuple[str, ...] = ()
    """Where the platform counts otherwise than elsewhere: in rooms of these currencies."""


class Report(msgspec.Struct, frozen=True):
    """The weekly report of what customers ask (R080)."""

    since: str
    mark: str
    source: str
    demonstrate_from: float
    """A topic with this share of all questions is worth a demonstration (R062)."""
    line_from: int
    """So many questions about one topic of one product in the span are worth a line in the talk."""
    again_days: int
    """A line that was refused is proposed again after so many days."""


class Auto(msgspec.Struct, frozen=True):
    """What may be answered without a person, and how sure it must be."""

    since: str
    mark: str
    source: str
    topics: tuple[str, ...]
    never: tuple[str, ...]
    own: tuple[str, ...]
    """Kinds of messages that nobody asked for (R059, R130): they have a level like a topic."""
    never_labels: tuple[str, ...]
    never_words: tuple[str, ...]
    human_words: tuple[str, ...]
    suggest_from: float
    send_from: float
    send_margin: float
    label: dict[str, str]
    most: int
    model_label: dict[str, str]
    """Before an answer that a language model worded and no person read (标识办法, compliance 1.6)."""
    model_most: int
    """Longest answer of a model, characters."""
    model_facts: int
    """Facts it is given."""
    model_covered: float
    """How much of its answer must stand in the facts word for word, to be shown to a person; 0 to 1."""
    model_covered_alone: float
    """The same to go out by itself; then no character may be new either."""
    courtesies: tuple[str, ...]
    """What an answer may say besides facts."""
    negations: tuple[str, ...]


class OutreachWords(msgspec.Struct, frozen=True):
    """What is written of our own accord (R059, R130), by language, and the words by which a customer refuses it."""

    since: str
    mark: str
    source: str
    refuse_words: tuple[str, ...]
    hours: tuple[Hours, ...]
    """When one may be written to by the desk itself, where it has no hours of its own."""
    remind: dict[str, str]
    remind_held: dict[str, str]
    """The same while the order still holds its pieces."""
    feedback: dict[str, str]


Row = TypeVar("Row", PlatformClock, Report)


class _Clocks(msgspec.Struct, frozen=True):
    team: TeamClock
    platform: tuple[PlatformClock, ...]
    report: tuple[Report, ...]


@lru_cache(maxsize=1)
def _clocks() -> _Clocks:
    raw = tomllib.loads((files("livecue.desk.service") / "data" / "clocks.toml").read_text(encoding="utf-8"))
    return msgspec.convert(raw, _Clocks)


def team_clock() -> TeamClock:
    """The team's own clock."""
    return _clocks().team


def platform_clock(platform: str, at: int, currency: str = "") -> PlatformClock:
    """The rule by which ``platform`` counts at a moment (ms UTC) where one pays in ``currency``; the team's own where
    we know none. Before the first date the first rule holds."""
    rows = [clock for clock in _clocks().platform if clock.platform == platform and currency in clock.currencies]
    rows = rows or [clock for clock in _clocks().platform if clock.platform == platform and not clock.currencies]
    return _in_force(rows, at) if rows else platform_clock("", at)


def report_preset(at: int) -> Report:
    """What the weekly report goes by at a moment (ms UTC)."""
    return _in_force(_clocks().report, at)


def _in_force(rows: Sequence[Row], at: int) -> Row:
    day = datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
    ordered = sorted(rows, key=lambda row: row.since)
    return next((row for row in reversed(ordered) if row.since <= day), ordered[0])


@lru_cache(maxsize=1)
def auto() -> Auto:
    """What the desk may answer by itself."""
    raw = tomllib.loads((files("livecue.desk.service") / "data" / "auto.toml").read_text(encoding="utf-8"))
    return msgspec.convert(raw, Auto)


@lru_cache(maxsize=1)
def outreach() -> OutreachWords:
    """What is written to buyers of our own accord."""
    raw = tomllib.loads((files("livecue.desk.service") / "data" / "outreach.toml").read_text(encoding="utf-8"))
    return msgspec.convert(raw, OutreachWords)
