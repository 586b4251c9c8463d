"""The versions of a show's plan and what each changed."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

import msgspec

from livecue.events import SegmentPlan
from livecue.store import Reader

_LIST = "SELECT version, made_at, made_by, kind, plan FROM plan_versions WHERE room = ? AND show = ? ORDER BY version"


class Change(msgspec.Struct, frozen=True):
    """``what``: a segment was added, removed, changed or moved; or title, time, products, goals changed.

    ``part`` of a segment, for one without a title.
    """

    what: str
    title: str = ""
    part: str = ""


class Version(msgspec.Struct, frozen=True):
    """A version and how it differs from the one before it. ``made_at`` room ms, 0 when it had no clock yet."""

    version: int
    made_at: int
    made_by: str
    changes: list[Change]


class KeptPlan(msgspec.Struct):
    """What a version says; None where it says nothing and the one before holds. Products as they were written."""

    title: str | None = None
    starts_at: int | None = None
    ends_at: int | None = None
    segments: list[SegmentPlan] | None = None
    products: list[dict[str, Any]] | None = None
    goals: dict[str, int] | None = None


def nothing() -> KeptPlan:
    """The plan before the first version."""
    return KeptPlan("", 0, 0, [], [], {})


def versions_of(db: Reader, room: str, show: str) -> list[Version]:
    """Every kept version, newest first."""
    found: list[Version] = []
    last = nothing()
    for version, made_at, made_by, _, text in db.rows(_LIST, (room, show)):
        plan = msgspec.json.decode(text, type=KeptPlan)
        found.append(Version(version, made_at, made_by, _changes(last, plan) if found else []))
        _take(last, plan)
    return found[::-1]


def plan_at(db: Reader, room: str, show: str, version: int) -> KeptPlan | None:
    """The plan as it stood with ``version``; None where that version was never kept."""
    last = nothing()
    for number, _, _, _, text in db.rows(_LIST, (room, show)):
        _take(last, msgspec.json.decode(text, type=KeptPlan))
        if number == version:
            return last
    return None


def _take(last: KeptPlan, plan: KeptPlan) -> None:
    for name in plan.__struct_fields__:
        if getattr(plan, name) is not None:
            setattr(last, name, getattr(plan, name))


def _changes(old: KeptPlan, new: KeptPlan) -> list[Change]:
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
    found = [Change("removed", item.title, item.part) for item in old if item.segment not in after]
    stayed = in_place(old, new)
    for item in new:
        known = before.get(item.segment)
        if known is None:
            found.append(Change("added", item.title, item.part))
            continue
        if msgspec.structs.replace(known, offset_s=0) != msgspec.structs.replace(item, offset_s=0):
            found.append(Change("changed", item.title, item.part))
        if item.segment not in stayed:
            found.append(Change("moved", item.title, item.part))
    return found


def in_place(old: Sequence[SegmentPlan], new: Sequence[SegmentPlan]) -> set[str]:
    """The segments that stand in the same order in both: one that is put elsewhere moves no other."""
    before, after = {item.segment for item in old}, {item.segment for item in new}
    one = [item.segment for item in old if item.segment in after]
    other = [item.segment for item in new if item.segment in before]
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return {segment for block in blocks for segment in one[block.a : block.a + block.size]}
