"""Two versions of a plan side by side: each segment's fields before and after, talk tracks to the character."""

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

import msgspec

from livecue.events import DrawPlan, SegmentPlan
from livecue.planning.script.versions import KeptPlan, in_place, nothing, plan_at
from livecue.store import Reader

_TEXTS = ("talk_track", "screen", "stock_cue", "title")
_FIELDS = (
    "title", "part", "duration_s", "product", "host", "talk_track", "screen", "stock_cue", "light", "props",
    "target_gmv", "target_orders",
)  # fmt: skip
_NONE: dict[str, str | int] = {"title": "", "starts_at": 0, "ends_at": 0}
_DRAW = DrawPlan.__struct_fields__
_MOST_PAIRS = 60_000
"""So many pairs of equal lines or characters are looked at: what has more (a page of one character) is told whole."""

How = Literal["kept", "removed", "added"]
What = Literal["added", "removed", "changed", "moved"]


class Piece(msgspec.Struct, frozen=True):
    """A part of a text: ``kept``, only in the older (``removed``) or only in the newer (``added``)."""

    how: How
    text: str


class FieldChange(msgspec.Struct, frozen=True):
    """A field of a segment before and after; ``pieces`` for texts, in the order in which they read."""

    field: str
    before: str | int
    after: str | int
    pieces: list[Piece] = []


class SegmentDifference(msgspec.Struct, frozen=True):
    """What became of a segment. ``title`` is the newer one's, ``place`` counts from 1 in the plan that has it, ``was``
    is its place in the older one where it was moved, 0 where not; a ``changed`` one may have been moved too."""

    segment: str
    title: str
    part: str
    place: int
    what: What
    fields: list[FieldChange] = []
    was: int = 0


class CardDifference(msgspec.Struct, frozen=True):
    """A product that came, went, or stands with another price (minor units) or name."""

    product: str
    name: str
    what: What
    before: int
    after: int


class Differences(msgspec.Struct, frozen=True):
    """From version ``old`` (0 is nothing) to ``new``, by the newer plan's order, what was removed last.

    ``plan``: title, starts_at and ends_at (ms UTC, 0 unsaid) and goals as ``goal.M41``.
    """

    old: int
    new: int
    segments: list[SegmentDifference]
    plan: list[FieldChange]
    products: list[CardDifference]


def differences_of(db: Reader, room: str, show: str, old: int, new: int) -> Differences | None:
    """None where a version was never kept. Whichever is the older is taken as such."""
    old, new = min(old, new), max(old, new)
    newer = plan_at(db, room, show, new)
    older = plan_at(db, room, show, old) if old else nothing()
    if newer is None or older is None:
        return None
    segments = list(_segments(older.segments or [], newer.segments or []))
    return Differences(old, new, segments, list(_plan(older, newer)), list(_cards(older, newer)))


def _plan(older: KeptPlan, newer: KeptPlan) -> Iterator[FieldChange]:
    for name in ("title", "starts_at", "ends_at"):
        if change := _change(name, getattr(older, name) or _NONE[name], getattr(newer, name) or _NONE[name]):
            yield change
    was, now = older.goals or {}, newer.goals or {}
    for metric in sorted(was.keys() | now.keys()):
        if change := _change(f"goal.{metric}", was.get(metric, 0), now.get(metric, 0)):
            yield change


def _cards(older: KeptPlan, newer: KeptPlan) -> Iterator[CardDifference]:
    was = {str(card.get("product", "")): card for card in older.products or []}
    now = {str(card.get("product", "")): card for card in newer.products or []}
    for product in (*now, *(gone for gone in was if gone not in now)):
        old, new = was.get(product), now.get(product)
        names = [str(card.get("name", "")) for card in (old, new) if card is not None]
        prices = [int(card.get("price", 0)) if card is not None else 0 for card in (old, new)]
        what: What = "added" if old is None else "removed" if new is None else "changed"
        if what != "changed" or prices[0] != prices[1] or names[0] != names[-1]:
            yield CardDifference(product, names[-1], what, *prices)


def _segments(older: list[SegmentPlan], newer: list[SegmentPlan]) -> Iterator[SegmentDifference]:
    before = {item.segment: (place, item) for place, item in enumerate(older, 1)}
    after = {item.segment for item in newer}
    stayed = in_place(older, newer)
    for place, item in enumerate(newer, 1):
        if item.segment not in before:
            yield _one(item, place, "added", _fields(SegmentPlan(segment=item.segment, part=""), item))
            continue
        was, known = before[item.segment]
        moved = 0 if item.segment in stayed else was
        if changed := _fields(known, item):
            yield _one(item, place, "changed", changed, moved)
        elif moved:
            yield _one(item, place, "moved", [], moved)
    for place, item in enumerate(older, 1):
        if item.segment not in after:
            yield _one(item, place, "removed", _fields(item, SegmentPlan(segment=item.segment, part="")))


def _one(item: SegmentPlan, place: int, what: What, fields: list[FieldChange], was: int = 0) -> SegmentDifference:
    return SegmentDifference(item.segment, item.title, item.part, place, what, fields, was)


def _fields(older: SegmentPlan, newer: SegmentPlan) -> list[FieldChange]:
    found = [_change(name, getattr(older, name), getattr(newer, name)) for name in _FIELDS]
    was, now = older.draw or DrawPlan(), newer.draw or DrawPlan()
    found += [_change(f"draw.{name}", getattr(was, name), getattr(now, name)) for name in _DRAW]
    return [one for one in found if one is not None]


def _change(name: str, before: Any, after: Any) -> FieldChange | None:
    if before == after:
        return None
    return FieldChange(name, before, after, pieces_of(before, after) if name in _TEXTS else [])


def pieces_of(before: str, after: str) -> list[Piece]:
    """What was kept, taken out and put in: lines first, then the characters of lines that were changed."""
    found: list[Piece] = []
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for how, a, b, c, d in _steps(old, new):
        was, now = "".join(old[a:b]), "".join(new[c:d])
        if how != "replace":
            _put(found, how == "equal", was, now)
            continue
        for inner, e, f, g, h in _steps(was, now):
            _put(found, inner == "equal", was[e:f], now[g:h])
    return found


def _steps(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """Steps as of ``SequenceMatcher``; where looking costs too much, one step that replaces all of it."""
    times = Counter(new)
    if sum(times[item] for item in old) > _MOST_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _put(found: list[Piece], same: bool, was: str, now: str) -> None:
    """Neighbours of a kind are one piece."""
    parts: list[tuple[How, str]] = [("kept", was)] if same else [("removed", was), ("added", now)]
    for how, text in parts:
        if not text:
            continue
        if found and found[-1].how == how:
            found[-1] = Piece(how, found[-1].text + text)
        else:
            found.append(Piece(how, text))
