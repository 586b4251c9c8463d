"""The content calendar (F15): what ships as data files, and what the brand entered itself."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from livecue.planning.calendar import tables
from livecue.store import Reader

KINDS = ("theme", "holiday", "platform", "content")
FILES = ("holidays", "platform_events", "themes")
TWO_YEARS = 732


class Words(msgspec.Struct, frozen=True):
    """A text in both languages; of what people typed both are the same."""

    zh: str
    en: str


class Content(msgspec.Struct, frozen=True):
    """An entry of the calendar. Days as 2026-11-22, the last included; ``room`` "" is every room.

    ``mark``: S stated by the source, E an example there, D our default, "" entered by the team (``own``).
    """

    content: str
    what: str
    title: Words
    starts_on: str
    ends_on: str
    room: str
    note: Words
    source: Words
    source_date: str
    address: str
    mark: str
    own: bool


def shipped(first: date, last: date) -> list[Content]:
    """What the data files know between two days, both included."""
    found = [item for item in _fixed() if item.starts_on <= last.isoformat() and item.ends_on >= first.isoformat()]
    for raw in _yearly():
        for year in range(first.year, last.year + 1):
            start, end = f"{year}-{raw['from']}", f"{year}-{raw['to']}"
            if start <= last.isoformat() and end >= first.isoformat():
                found.append(_content(raw, f"{raw['id']}-{year}", start, end))
    return found


def own_contents(db: Reader, org: str, brand: str, first: date, last: date) -> list[Content]:
    """What the brand entered between two days, both included."""
    return [
        Content(
            content=r[0], room=r[1], title=Words(r[2], r[2]), what=r[3], starts_on=r[4], ends_on=r[5],
            note=Words(r[6], r[6]), source=Words(r[7], r[7]), source_date=r[8], address="", mark="", own=True,
        )
        for r in db.rows(tables.LIST_CONTENTS, (org, brand, last.isoformat(), first.isoformat()))
    ]  # fmt: skip


def contents_between(
    db: Reader, org: str, brand: str, first: date, last: date, rooms: Sequence[str] | None = None
) -> list[Content]:
    """Everything between two days in order; ``rooms`` leaves out what concerns only other rooms."""
    found = [*shipped(first, last), *own_contents(db, org, brand, first, last)]
    if rooms is not None:
        found = [item for item in found if not item.room or item.room in rooms]
    return sorted(found, key=lambda item: (item.starts_on, KINDS.index(item.what), item.content))


def days_off(db: Reader, org: str, brand: str, first: date, last: date) -> set[date]:
    """Weekends and holidays between two days, both included; weekends that are worked instead of one are none.

    Holidays are those that ship and those the brand entered for all its rooms.
    """
    found = [
        first + timedelta(days=n)
        for n in range((last - first).days + 1)
        if (first + timedelta(days=n)).isoweekday() > 5 and (first + timedelta(days=n)).isoformat() not in _workdays()
    ]
    for item in contents_between(db, org, brand, first, last, ()):
        if item.what == "holiday":
            start, end = max(first, date.fromisoformat(item.starts_on)), min(last, date.fromisoformat(item.ends_on))
            found += [start + timedelta(days=n) for n in range((end - start).days + 1)]
    return set(found)


@cache
def _workdays() -> frozenset[str]:
    return frozenset(day for raw in _raw("content") for day in raw.get("workdays", ()))


def _raw(section: str) -> Iterator[dict[str, Any]]:
    for name in FILES:
        text = files("livecue.planning.calendar").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
        yield from tomllib.loads(text).get(section, [])


@cache
def _fixed() -> tuple[Content, ...]:
    return tuple(_content(raw, raw["id"], raw["starts_on"], raw["ends_on"]) for raw in _raw("content"))


@cache
def _yearly() -> tuple[dict[str, Any], ...]:
    return tuple(_raw("yearly"))


def _content(raw: dict[str, Any], content: str, start: str, end: str) -> Content:
    for day in (start, end, raw["source_date"]):
        date.fromisoformat(day)
    return Content(
        content=content, what=raw["what"], title=Words(raw["zh"], raw["en"]), starts_on=start, ends_on=end, room="",
        note=Words(raw.get("zh_note", ""), raw.get("en_note", "")), source=Words(**raw["source"]),
        source_date=raw["source_date"], address=raw.get("address", ""), mark=raw["mark"], own=False,
    )  # fmt: skip
