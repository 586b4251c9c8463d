"""Advice on the calendar: slots by what shows brought in them (R086), members' shows by repurchase cycle (R085)."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from livecue.flow import RoomInfo
from livecue.planning.calendar.contents import Words
from livecue.planning.calendar.view import ShowEntry, sold
from livecue.shows import list_shows, span_of
from livecue.store import Reader

ENOUGH = 3
"""Shows in a slot before its results are worth a word."""
PAST = 60
HOUR_MS = 3_600_000


class Slot(msgspec.Struct, frozen=True):
    """Part of the day, minutes since midnight. ``per_hour``: mean paid sales of an hour (M50) over ``shows`` that began
    in it, None while they are fewer than three; ``best``: of those known the one that brought most."""

    kind: str
    start: int
    end: int
    rule: str
    source: str
    mark: str
    shows: int
    per_hour: int | None
    best: bool


class Members(msgspec.Struct, frozen=True):
    """A members' show that the repurchase rule advises for ``day``, for rooms of a category; ``planned``: it stands."""

    day: str
    category: Words
    days: int
    rule: str
    source: str
    mark: str
    planned: bool


class Advice(msgspec.Struct, frozen=True):
    """What the rules say about a span of days. ``currency`` is that of the slots' money, "" where rooms differ."""

    slots: list[Slot]
    members: list[Members]
    currency: str


def advice_for(
    db: Reader, rooms: Mapping[str, RoomInfo], shows: Sequence[ShowEntry], first: date, last: date
) -> Advice:
    """Advice for these rooms between two days."""
    currencies = {room.currency for room in rooms.values()}
    currency = currencies.pop() if len(currencies) == 1 else ""
    return Advice(_slots(db, rooms, bool(currency)), _members(rooms, shows, first, last), currency)


@cache
def _rules() -> dict[str, Any]:
    text = files("livecue.planning.calendar").joinpath("data", "advice.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _slots(db: Reader, rooms: Mapping[str, RoomInfo], one_currency: bool) -> list[Slot]:
    known = [(_minutes(raw["from"]), _minutes(raw["to"]), raw) for raw in _rules()["slot"]]
    rest = {"kind": "other", "rule": "R086", "source": "", "mark": ""}
    spans = [*known, *((hour * 60, hour * 60 + 120, rest) for hour in range(0, 24, 2))]
    spans = [span for place, span in enumerate(spans) if place < len(known) or all(span[0] != k[0] for k in known)]
    money: dict[int, list[float]] = {}
    for room in rooms.values() if one_currency else ():
        for row in list_shows(db, room.room, PAST):
            brought = sold(db, row) if row.status == "ended" else None
            start, end = span_of(row)
            if brought is None:
                continue
            local = datetime.fromtimestamp(start / 1000, ZoneInfo(room.time_zone))
            minute = local.hour * 60 + local.minute
            place = next(i for i, span in enumerate(spans) if span[0] <= minute < span[1])
            money.setdefault(place, []).append(brought / max(0.25, (end - start) / HOUR_MS))
    means = {place: sum(found) / len(found) for place, found in money.items() if len(found) >= ENOUGH}
    top = max(means.values(), default=0.0)
    return [
        Slot(
            kind=raw["kind"], start=start, end=end, rule=raw["rule"], source=raw["source"], mark=raw["mark"],
            shows=len(money.get(place, ())), per_hour=round(means[place]) if place in means else None,
            best=len(means) > 1 and means.get(place) == top,
        )
        for place, (start, end, raw) in enumerate(spans)
        if place < len(known) or place in money
    ]  # fmt: skip


def _members(rooms: Mapping[str, RoomInfo], shows: Sequence[ShowEntry], first: date, last: date) -> list[Members]:
    found = []
    for raw in _rules()["repurchase"]:
        fits = {r.room for r in rooms.values() if any(word in r.category.lower() for word in raw["words"])}
        if not fits:
            continue
        day = first.replace(day=1)
        while day <= last:
            on = day.replace(day=raw["day_of_month"])
            if first <= on <= last:
                near = [on + timedelta(days=shift) for shift in range(-3, 4)]
                planned = any(
                    show.room in fits and show.theme == "members" and show.status != "cancelled"
                    and datetime.fromtimestamp(show.start / 1000, ZoneInfo(show.time_zone)).date() in near
                    for show in shows
                )  # fmt: skip
                words = Words(raw["zh"], raw["en"])
                found.append(
                    Members(on.isoformat(), words, raw["days"], raw["rule"], raw["source"], raw["mark"], planned)
                )
            day = (day + timedelta(days=32)).replace(day=1)
    return found
