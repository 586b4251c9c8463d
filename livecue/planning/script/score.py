"""What a rehearsal came to: timing against plan, cues answered, replies in time, banned words; and the gate R075."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from livecue.planning.script import tables
from livecue.store import Reader

HOUR_MS = 3_600_000


class Rehearsed(msgspec.Struct, frozen=True):
    """A rehearsal of a show: which show of which room, of which text, asked by whom and when (ms)."""

    rehearsal: str
    room: str
    digest: str
    version: int
    by: str
    at: int


class Mark(msgspec.Struct, frozen=True):
    """One part of the score: ``value`` 0 to 1, None when it was not measured; ``of`` what it was counted on."""

    part: str
    weight: int
    value: float | None
    hits: int
    of: int


class Score(msgspec.Struct, frozen=True):
    """``points`` 0 to 100 over what was measured; None when nothing was."""

    points: int | None
    marks: list[Mark]


class Timed(msgspec.Struct, frozen=True):
    """A segment's planned and real times, ms; ``started_at`` 0 did not run, ``ended_at`` 0 did not end."""

    planned_start: int
    planned_end: int
    started_at: int
    ended_at: int


class Gate(msgspec.Struct, frozen=True):
    """R075: ``state`` done, late (rehearsed, but too near to the show), due (there is time) or missing (too late).

    ``deadline`` ms UTC."""

    state: str
    deadline: int


@cache
def _presets() -> dict[str, Any]:
    return tomllib.loads(files("livecue.planning.script").joinpath("score.toml").read_text(encoding="utf-8"))


def score_of(
    segments: Sequence[Timed], cues: int, answered: int, replies: tuple[float, int] | None, words: int | None
) -> Score:
    """The score. ``replies``: share of questions answered in time and how many there were; ``words``: banned words
    that were said. None is not measured."""
    presets = _presets()
    limit = int(presets["timing"]["seconds"]) * 1000
    punctual = sum(_on_time(item, limit) for item in segments)
    share, asked = replies or (None, 0)
    clean = None if words is None else max(0.0, 1 - words * presets["words"]["each"])
    marks = [
        _mark("timing", punctual / len(segments) if segments else None, punctual, len(segments)),
        _mark("cues", answered / cues if cues else None, answered, cues),
        _mark("replies", share, round((share or 0.0) * asked), asked),
        _mark("words", clean, words or 0, words or 0),
    ]
    known = [mark for mark in marks if mark.value is not None]
    total = sum(mark.weight for mark in known)
    points = round(100 * sum(mark.weight * (mark.value or 0.0) for mark in known) / total) if total else None
    return Score(points, marks)


def _mark(part: str, value: float | None, hits: int, of: int) -> Mark:
    return Mark(part, int(_presets()[part]["weight"]), value, hits, of)


def _on_time(item: Timed, limit: int) -> bool:
    if not item.started_at or not item.ended_at:
        return False
    longer = (item.ended_at - item.started_at) - (item.planned_end - item.planned_start)
    return abs(item.started_at - item.planned_start) <= limit and abs(longer) <= limit


def gate_of(starts_at: int, done_at: Sequence[int], now: int) -> Gate:
    """Where R075 stands. ``done_at``: when whole rehearsals of the text as it stands ended, ms."""
    deadline = starts_at - int(_presets()["gate"]["hours"]) * HOUR_MS
    if any(at <= deadline for at in done_at):
        return Gate("done", deadline)
    if done_at:
        return Gate("late", deadline)
    return Gate("due" if now <= deadline else "missing", deadline)


def rehearsals_of(db: Reader, org: str, brand: str, show: str) -> list[Rehearsed]:
    """Every rehearsal of the show, newest first."""
    rows = db.rows(tables.LIST_REHEARSALS, (org, brand, show))
    return [Rehearsed(r[0], r[1], r[2], r[3], r[4], r[5]) for r in rows]


def count_rehearsals(db: Reader, org: str, brand: str) -> int:
    """How many rehearsals of a brand's shows were begun."""
    return int(db.rows(tables.COUNT_REHEARSALS, (org, brand))[0][0])


def rehearsal_rooms(db: Reader, org: str, brand: str) -> set[str]:
    """The rooms in which a brand's shows were rehearsed: what is sold there is invented."""
    return {row[0] for row in db.rows(tables.REHEARSAL_ROOMS, (org, brand))}
