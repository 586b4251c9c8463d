"""The facts of closed shows as the history keeps them beside the journal: four sets, without any person in them.

They are copied out of the rows that the ledgers and deciders keep, a room and month a file, and copied anew whenever
those changed: refunds keep arriving after a show.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from livecue.insight import tables
from livecue.store import Archiver, Reader

TYPES = {"VARCHAR": "string", "BIGINT": "int64", "DOUBLE": "float64"}
"""DuckDB's types and those of Ibis."""

SHOWS = {
    "org": "VARCHAR", "brand": "VARCHAR", "room": "VARCHAR", "show": "VARCHAR", "title": "VARCHAR",
    "platform": "VARCHAR", "nature": "VARCHAR", "currency": "VARCHAR", "day": "VARCHAR", "began_at": "BIGINT",
    "ended_at": "BIGINT",
}  # fmt: skip
TOTALS = {
    "org": "VARCHAR", "brand": "VARCHAR", "room": "VARCHAR", "show": "VARCHAR", "day": "VARCHAR",
    "nature": "VARCHAR", "currency": "VARCHAR", "metric": "VARCHAR", "scope": "VARCHAR", "subject": "VARCHAR",
    "value": "DOUBLE", "num": "DOUBLE", "den": "DOUBLE", "sample": "BIGINT", "why": "VARCHAR", "as_of": "BIGINT",
}  # fmt: skip
CUES = {
    "org": "VARCHAR", "brand": "VARCHAR", "room": "VARCHAR", "show": "VARCHAR", "day": "VARCHAR",
    "nature": "VARCHAR", "rule": "VARCHAR", "role": "VARCHAR", "state": "VARCHAR", "verdict": "VARCHAR",
    "raised_at": "BIGINT", "waited_ms": "BIGINT",
}  # fmt: skip
COMMENTS = {
    "org": "VARCHAR", "brand": "VARCHAR", "room": "VARCHAR", "show": "VARCHAR", "day": "VARCHAR",
    "nature": "VARCHAR", "label": "VARCHAR", "topic": "VARCHAR", "product": "VARCHAR", "count": "BIGINT",
}  # fmt: skip
DATASETS = {"shows": SHOWS, "totals": TOTALS, "cues": CUES, "comments": COMMENTS}
"""Every set of facts with its columns. ``day`` is that of the show's start, in the room's own time."""

_line = msgspec.json.Encoder().encode


class _Show(msgspec.Struct, frozen=True):
    org: str
    brand: str
    room: str
    show: str
    title: str
    platform: str
    nature: str
    currency: str
    time_zone: str
    began_at: int
    ended_at: int

    @property
    def day(self) -> str:
        return datetime.fromtimestamp(self.began_at / 1000, ZoneInfo(self.time_zone)).date().isoformat()


def keep_facts(reader: Reader, archiver: Archiver) -> int:
    """Bring the files of facts up to date; how many were written. Raises what keeps it from going on."""
    months: dict[tuple[str, str], list[_Show]] = {}
    for row in reader.rows(tables.SHOWS):
        show = _Show(*row)
        months.setdefault((show.room, show.day[:7]), []).append(show)
    written = 0
    marks = _marks(reader)
    for (room, month), shows in sorted(months.items()):
        made_from = hashlib.sha256(repr([(show, marks.get((room, show.show))) for show in shows]).encode()).hexdigest()
        first = shows[0]
        for kind, columns in DATASETS.items():
            lines = _LINES[kind](reader, shows)
            written += archiver.keep_facts(first.org, first.brand, room, kind, month, made_from, lines, columns)
    return written


def _marks(reader: Reader) -> dict[tuple[str, str], tuple[object, ...]]:
    """What shows by a glance that a show's rows changed."""
    found: dict[tuple[str, str], tuple[object, ...]] = {}
    for statement in tables.MARKS:
        for room, show, *mark in reader.rows(statement):
            found[room, show] = (*found.get((room, show), ()), *mark)
    return found


def _shows(reader: Reader, shows: list[_Show]) -> Iterator[bytes]:
    for s in shows:
        yield _line(dict(zip(SHOWS, (s.org, s.brand, s.room, s.show, s.title, s.platform, s.nature, s.currency, s.day,
                                     s.began_at, s.ended_at), strict=True)))  # fmt: skip


def _totals(reader: Reader, shows: list[_Show]) -> Iterator[bytes]:
    for s in shows:
        for metric, scope, *figures in reader.rows(tables.TOTALS, (s.room, s.show)):
            kind, _, subject = scope.partition(":")
            yield _line(dict(zip(TOTALS, (s.org, s.brand, s.room, s.show, s.day, s.nature, s.currency, metric, kind,
                                          subject, *figures), strict=True)))  # fmt: skip


def _cues(reader: Reader, shows: list[_Show]) -> Iterator[bytes]:
    """A row a matter: a cue with those it was escalated to, and what became of it in the end."""
    for s in shows:
        root: dict[str, str] = {}
        matters: dict[str, dict[str, object]] = {}
        for cue, origin, rule, role, state, verdict, raised, ended in reader.rows(tables.CUES, (s.room, s.show)):
            first = str(root.get(origin, cue) if origin else cue)
            root[cue] = first
            matter = matters.setdefault(
                first,
                dict(zip(CUES, (s.org, s.brand, s.room, s.show, s.day, s.nature, rule, role, state, verdict, raised,
                                None), strict=True)),
            )  # fmt: skip
            if state == "done" or matter["state"] != "done":
                matter["state"], matter["verdict"] = state, verdict
                matter["waited_ms"] = ended - int(str(matter["raised_at"])) if ended else None
        for matter in matters.values():
            yield _line(matter)


def _comments(reader: Reader, shows: list[_Show]) -> Iterator[bytes]:
    for s in shows:
        for row in reader.rows(tables.COMMENTS, (s.room, s.show)):
            yield _line(dict(zip(COMMENTS, (s.org, s.brand, s.room, s.show, s.day, s.nature, *row), strict=True)))


_LINES = {"shows": _shows, "totals": _totals, "cues": _cues, "comments": _comments}
