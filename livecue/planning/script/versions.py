"""The versions of a show's plan and what each changed."""

from collections.abc import Sequence
from typing import Any

import msgspec

from livecue.events import SegmentPlan
from livecue.store import Reader

_LIST = "SELECT version, made_at, made_by, kind, plan FROM plan_versions WHERE room = ? AND show = ? ORDER BY version"


class Change(msgspec.Struct, frozen=True):
    """``what``: a segment was added, removed, changed or moved; or title, time, products, goals changed."""

    what: str
    title: str = ""


class Version(msgspec.Struct, frozen=True):
    """A version and how it differs from the one before it. ``made_at`` room ms, 0 when it had no clock yet."""

    version: int
    made_at: int
    made_by: str
    changes: list[Change]


class _Plan(msgspec.Struct):
    title: str | None = None
    starts_at: int | None = None
    ends_at: int | None = None
    segments: list[SegmentPlan] | None = None
    products: list[Any] | None = None
    goals: dict[str, int] | None = None


def versions_of(db: Reader, room: str, show: str) -> list[Version]:
    """Every kept version, newest first."""
    found: list[Version] = []
    last = _Plan(segments=[], products=[], goals={})
    for version, made_at, made_by, _, text in db.rows(_LIST, (room, show)):
        plan = msgspec.json.decode(text, type=_Plan)
        found.append(Version(version, made_at, made_by, _changes(last, plan) if found else []))
        for name in plan.__struct_fields__:
            if getattr(plan, name) is not None:
                setattr(last, name, getattr(plan, name))
    return found[::-1]


def plan_at(db: Reader, room: str, show: str, version: int) -> list[SegmentPlan] | None:
    """The rundown as it stood with ``version``; None where that version was never kept."""
    segments: list[SegmentPlan] = []
    for number, _, _, _, text in db.rows(_LIST, (room, show)):
        told = msgspec.json.decode(text, type=_Plan).segments
        segments = segments if told is None else told
        if number == version:
            return segments
    return None


def _changes(old: _Plan, new: _Plan) -> list[Change]:
    found = []
    if new.title is not None and new.title != old.title:
        found.append(Change("title", new.title))
    if new.starts_at is not None and (new.starts_at, new.ends_at) != (old.starts_at, old.ends_at):
        found.append(Change("time"))
    for name in ("products", "goals"):
        if getattr(new, name) is not None and getattr(new, name) != getattr(old, name):
            found.append(Change(name))
    if new.segments is not None:
        found += segment_changes(old.segments or [], new.segments)
    return found


def segment_changes(old: Sequence[SegmentPlan], new: Sequence[SegmentPlan]) -> list[Change]:
    """What became of each segment; one that only begins at another time did not change."""
    before = {item.segment: item for item in old}
    after = {item.segment for item in new}
    found = [Change("removed", item.title or item.part) for item in old if item.segment not in after]
    kept_old = [item.segment for item in old if item.segment in after]
    kept_new = [item.segment for item in new if item.segment in before]
    for item in new:
        known = before.get(item.segment)
        if known is None:
            found.append(Change("added", item.title or item.part))
        elif msgspec.structs.replace(known, offset_s=0) != msgspec.structs.replace(item, offset_s=0):
            found.append(Change("changed", item.title or item.part))
        elif kept_old.index(item.segment) != kept_new.index(item.segment):
            found.append(Change("moved", item.title or item.part))
    return found
