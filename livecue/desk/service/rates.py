"""Complaints, reviews, enquiries that sold, time to a refund: counted from rows, unknown where no source told (R070).

M80: an order, or where none is named a customer, of whom a private conversation was a complaint, whose after-sale
case names a fault of the goods, or who went to the platform; each once; of rooms that were ever told either.
M81: reviews. M83: customers who wrote without naming an order, and paid within so long after anything they wrote so.
M84: from a case's application to its refund; during the sale is before the goods were signed for.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.resources import files

import msgspec

from livecue.desk.service import tables
from livecue.sales import (
    CaseTimes,
    ReviewCount,
    buyers_of,
    cases_since,
    count_paid,
    count_reviews,
    last_cases,
    payments_of,
    refunds_without_case,
)
from livecue.store import Reader

DAY_MS = 24 * 3_600_000
HOUR_MS = 3_600_000


class RatePreset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One set of bounds and spans."""

    since: date
    mark: str
    source: str
    complaint_most: float
    complaint_days: int
    good_from: int
    review_days: int
    paid_within_h: int

    @property
    def valid_from(self) -> int:
        """The first moment it holds, ms UTC."""
        return int(datetime(self.since.year, self.since.month, self.since.day, tzinfo=UTC).timestamp() * 1000)


@lru_cache(maxsize=1)
def _presets() -> tuple[RatePreset, ...]:
    text = (files("livecue.desk.service") / "data" / "rates.toml").read_text(encoding="utf-8")
    rows = msgspec.convert(tomllib.loads(text)["preset"], list[RatePreset])
    return tuple(sorted(rows, key=lambda row: row.since))


def rate_preset(now: int) -> RatePreset:
    """The one that holds at ``now`` (ms UTC); the first one before that."""
    rows = _presets()
    return next((row for row in reversed(rows) if row.valid_from <= now), rows[0])


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """A rate: ``part`` of ``of`` within [since, until) ms. ``value`` None is unknown; ``why`` says for want of what.

    ``newest``: when the last thing it was counted from happened, 0 none. ``sources``: source to how many it told.
    ``aside``: what was left out, and why. M84 is a mean in ms: ``part`` is the sum.
    """

    name: str
    metric: str
    value: float | None
    part: int
    of: int
    since: int
    until: int
    newest: int = 0
    sources: dict[str, int] = {}
    aside: dict[str, int] = {}
    bound: float | None = None
    rule: str = ""
    why: str = ""


class _Talk(msgspec.Struct, frozen=True):
    room: str
    conversation: str
    viewer: str
    order: str
    label: str
    at: int


def rates(
    db: Reader, platforms: Mapping[str, str], words: Sequence[str], since: int, until: int, now: int
) -> list[Rate]:
    """Every rate of the rooms in ``platforms`` (room to platform). ``words``: a reason with one of them is a fault of
    the goods (R071)."""
    preset, rooms = rate_preset(now), sorted(platforms)
    month = now - preset.complaint_days * DAY_MS, now + 1
    reviews = now - preset.review_days * DAY_MS, now + 1
    cases = cases_since(db, rooms, min(since, month[0]))
    talks = _talks(db, rooms, min(since, month[0]), max(until, now + 1))
    heard = _heard(db, rooms)
    return [
        _complaints(db, platforms, cases, talks, words, *month, heard, preset.complaint_most),
        _complaints(db, platforms, cases, talks, words, since, until, heard, None),
        _reviews(count_reviews(db, rooms, preset.good_from, *reviews), *reviews),
        _enquiries(db, platforms, since, until, now, preset.paid_within_h * HOUR_MS),
        *_refunds(db, rooms, cases, since, until),
    ]


def _talks(db: Reader, rooms: Sequence[str], since: int, until: int) -> list[_Talk]:
    statement = tables.TALKED.format(rooms=",".join("?" * len(rooms)) or "NULL")
    return [_Talk(*row) for row in db.rows(statement, (*rooms, since, until))]


def _heard(db: Reader, rooms: Sequence[str]) -> dict[str, dict[str, int]]:
    """When private messages and cases were last told, by room; 0 never: without both a zero would be a guess."""
    statement = tables.EVER_TALKED.format(rooms=",".join("?" * len(rooms)) or "NULL")
    talked = {str(room): int(at or 0) for room, at in db.rows(statement, tuple(rooms))}
    cases = last_cases(db, rooms)
    return {room: {"messages": talked.get(room, 0), "cases": cases.get(room, 0)} for room in rooms}


def _complaints(
    db: Reader,
    platforms: Mapping[str, str],
    cases: Sequence[CaseTimes],
    talks: Sequence[_Talk],
    words: Sequence[str],
    since: int,
    until: int,
    heard: Mapping[str, Mapping[str, int]],
    bound: float | None,
) -> Rate:
    # Orders of a room of which nobody could hear a complaint would make all look better than they are.
    rooms = sorted(room for room in platforms if any(heard[room].values()))
    of, newest_paid = count_paid(db, rooms, since, until)
    bad = [
        case
        for case in cases
        if case.room in rooms
        and since <= case.opened_at < until
        and (case.appealed or any(word in case.reason.lower() for word in words))
    ]
    said = [talk for talk in talks if talk.label == "complaint" and since <= talk.at < until]
    orders = {(case.room, case.number) for case in bad} | {(talk.room, talk.order) for talk in said if talk.order}
    known = buyers_of(db, rooms, [number for _, number in orders])
    buyers = {(platforms[room], known.get((room, number), "")) for room, number in orders}
    # The case of who also wrote without naming the order is the same complaint.
    alone = {
        (platforms[talk.room], talk.viewer or f"{talk.room} {talk.conversation}")
        for talk in said
        if not talk.order and not (talk.viewer and (platforms[talk.room], talk.viewer) in buyers)
    }
    part = len(orders) + len(alone)
    aside = {name: sum(not heard[room][name] for room in rooms) for name in ("messages", "cases")}
    aside["untold_rooms"] = len(platforms) - len(rooms)
    why = "" if rooms else "no_source"
    if not why and not of:
        why = "no_orders"
    return Rate(
        name="R070" if bound is not None else "M80", metric="M80", value=None if why else part / of, part=part, of=of,
        since=since, until=until, newest=max((newest_paid, *(at for room in rooms for at in heard[room].values()))),
        sources={
            "messages": len(said),
            "fault": sum(not case.appealed for case in bad),
            "platform": sum(case.appealed for case in bad),
        },
        aside={name: count for name, count in aside.items() if count}, bound=bound,
        rule="R070" if bound is not None else "", why=why,
    )  # fmt: skip


def _reviews(counts: Sequence[ReviewCount], since: int, until: int) -> Rate:
    good, of = sum(row.good for row in counts), sum(row.of for row in counts)
    sources: dict[str, int] = {}
    for row in counts:
        sources[row.source] = sources.get(row.source, 0) + row.of
    return Rate(
        name="M81", metric="M81", value=good / of if of else None, part=good, of=of, since=since, until=until,
        newest=max((row.newest for row in counts), default=0), sources=sources, why="" if of else "no_reviews",
    )  # fmt: skip


def _enquiries(db: Reader, platforms: Mapping[str, str], since: int, until: int, now: int, within: int) -> Rate:
    rooms = sorted(platforms)
    asked: dict[tuple[str, str], list[int]] = {}
    about_order: set[tuple[str, str, int]] = set()
    nameless: set[tuple[str, str, int]] = set()
    talks: set[tuple[str, str, int]] = set()
    newest = 0
    statement = tables.ENQUIRED.format(rooms=",".join("?" * len(rooms)) or "NULL")
    for room, conversation, opened, viewer, order, at in db.rows(statement, (*rooms, since, until)):
        talk, newest = (str(room), str(conversation), int(opened)), int(at)
        talks.add(talk)
        if order:
            about_order.add(talk)
        elif not viewer:
            nameless.add(talk)
        else:
            asked.setdefault((platforms[room], viewer), []).append(newest)
    aside = {"about_order": len(about_order), "nameless": len(nameless)}
    ripe = {who: moments for who, moments in asked.items() if max(moments) + within <= now}
    # Who may still buy in time is not counted yet, whether they did or not: else young days would look better.
    aside["open"] = len(asked) - len(ripe)
    paid: dict[tuple[str, str], list[int]] = {}
    if ripe:
        told = [at for moments in ripe.values() for at in moments]
        viewers = {viewer for _, viewer in ripe}
        for room, buyer, at in payments_of(db, rooms, viewers, min(told), max(told) + within + 1):
            paid.setdefault((platforms[room], buyer), []).append(at)
    part = sum(
        any(at <= moment <= at + within for at in moments for moment in paid.get(who, ()))
        for who, moments in ripe.items()
    )
    why = "" if ripe else "no_enquirers"
    return Rate(
        name="M83", metric="M83", value=part / len(ripe) if ripe else None, part=part, of=len(ripe), since=since,
        until=until, newest=newest, sources={"messages": len(talks)},
        aside={name: count for name, count in aside.items() if count}, why=why,
    )  # fmt: skip


def _refunds(db: Reader, rooms: Sequence[str], cases: Sequence[CaseTimes], since: int, until: int) -> tuple[Rate, Rate]:
    paid_back = [case for case in cases if case.refunded_at and since <= case.refunded_at < until]
    done = [case for case in paid_back if case.applied_at]
    aside = {"no_case": refunds_without_case(db, rooms, since, until), "no_application": len(paid_back) - len(done)}

    def mean(name: str, mine: Sequence[CaseTimes]) -> Rate:
        total = sum(max(0, case.refunded_at - case.applied_at) for case in mine)
        return Rate(
            name=name, metric="M84", value=total / len(mine) if mine else None, part=total, of=len(mine), since=since,
            until=until, newest=max((case.refunded_at for case in mine), default=0), sources={"cases": len(mine)},
            aside={name: count for name, count in aside.items() if count}, why="" if mine else "no_refunds",
        )  # fmt: skip

    after = [case for case in done if case.delivered_at and case.delivered_at <= case.applied_at]
    return mean("M84.during", [case for case in done if case not in after]), mean("M84.after", after)
