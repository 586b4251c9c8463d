"""Spam accounts told from excited crowds: who says the same, how often each, and what else they say. Pure.

A crowd is many people who say the same once or twice (666, 已拍, the same question, the same complaint). Spam is few
accounts that repeat a longer text, or several that share one text and say nothing else, or a way off the platform said
more than once. That a text is unfavourable plays no part here.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate

import msgspec

from livecue.desk.moderation.near import gather
from livecue.desk.moderation.presets import ModerationPreset
from livecue.desk.moderation.shape import shape_of

_ASKING = frozenset({"question", "intent", "complaint"})
_PHONE = r"1[3-9]\d{9}"
_MOST_NAMED = 60
"""Comments named per account: enough for a person to look at."""


class Said(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A comment as the detector sees it; ``when`` in room ms, ``shape`` its text made plain."""

    comment: str
    user: str
    shape: str
    contact: bool
    when: int
    text: str
    label: str = ""


class Spammer(msgspec.Struct, frozen=True):
    """An account that repeats itself. ``how``: repeated, contact, ring or flood (a cheer without end)."""

    user: str
    how: str
    count: int
    text: str
    comments: tuple[str, ...]
    seen: int
    """When it was last seen doing it, room ms."""


class Chorus(msgspec.Struct, frozen=True):
    """Many people saying the same: nothing to hide. ``people`` -1 where viewers are masked."""

    text: str
    people: int
    count: int


class Crowd(msgspec.Struct, frozen=True):
    """What the last minute was: accounts to look at, and what the crowd is excited about."""

    spammers: tuple[Spammer, ...] = ()
    choruses: tuple[Chorus, ...] = ()


def has_contact(shape: str, preset: ModerationPreset) -> bool:
    """Whether it leads off the platform: a word for it, or a telephone number."""
    return _ways_off(preset.contact).search(shape) is not None


def all_contacts(shapes: Sequence[str], preset: ModerationPreset) -> set[int]:
    """``has_contact`` over many: the places of those that do."""
    if not shapes:
        return set()
    joined = "\n".join(shapes)
    if joined.count("\n") != len(shapes) - 1:
        return {place for place, shape in enumerate(shapes) if has_contact(shape, preset)}
    ends = list(accumulate(map(len, shapes), lambda at, length: at + length + 1))
    return {bisect_left(ends, match.start()) for match in _ways_off(preset.contact).finditer(joined)}


@lru_cache(maxsize=8)
def _ways_off(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join((*map(re.escape, words), _PHONE)))


def look(window: Sequence[Said], called: Iterable[str], preset: ModerationPreset) -> Crowd:
    """What the comments of a window say of their writers. ``called``: texts that a draw or the host asked for."""
    groups = _groups(window, preset)
    wanted = {shape_of(text) for text in called}
    whole = Counter(item.user for item in window if item.user)
    spammers: dict[str, Spammer] = {}
    choruses: list[Chorus] = []
    for group in groups:
        people = Counter(item.user for item in group if item.user)
        masked = sum(1 for item in group if not item.user)
        asked_for = group[0].shape in wanted
        if not asked_for and people:
            for found in _spammers(group, people, whole, preset):
                known = spammers.get(found.user)
                if known is None or found.count > known.count:
                    spammers[found.user] = found
        honest = sum(count for user, count in people.items() if user not in spammers) + masked
        heads = sum(1 for user in people if user not in spammers)
        # Cheers are said over and over by many; a longer text by many is a crowd's when each says it about once.
        each = preset.repeats_cheer if len(group[0].shape) < preset.cheer_length else preset.crowd_each
        if asked_for or (heads >= preset.crowd_people and honest <= each * heads):
            choruses.append(Chorus(group[-1].text, heads, honest))
        elif masked >= preset.crowd_people and masked > sum(people.values()):
            choruses.append(Chorus(group[-1].text, -1, honest))
    choruses.sort(key=lambda item: (-item.count, item.text))
    return Crowd(tuple(sorted(spammers.values(), key=lambda item: (-item.count, item.user))), tuple(choruses[:5]))


def _spammers(
    group: Sequence[Said], people: Counter[str], whole: Counter[str], preset: ModerationPreset
) -> list[Spammer]:
    length = len(group[0].shape)
    contact = sum(1 for item in group if item.contact) * 2 > len(group)
    asking = sum(1 for item in group if item.label in _ASKING) * 2 > len(group)
    single = sum(1 for user, count in people.items() if count == whole[user]) / len(people)
    each = sum(people.values()) / len(people)
    ring = (
        len(people) >= preset.ring_contact
        and single >= preset.ring_single
        and (
            contact
            or (
                (not asking or len(people) <= preset.ring_small)
                and length >= preset.ring_length
                and each >= preset.ring_each
                and sum(people.values()) >= preset.ring_least
            )
        )
    )
    if contact:
        bound, how = preset.repeats_contact, "contact"
    elif length < preset.cheer_length:
        bound, how = preset.repeats_cheer, "flood"
    elif asking:
        bound, how = preset.repeats_asking, "repeated"
    else:
        bound, how = preset.repeats, "repeated"
    found = []
    for user, count in people.items():
        if ring or count >= bound:
            mine = [item for item in group if item.user == user]
            found.append(
                Spammer(
                    user=user,
                    how="ring" if ring and count < bound else how,
                    count=count,
                    text=mine[-1].text,
                    comments=tuple(item.comment for item in mine[-_MOST_NAMED:]),
                    seen=mine[-1].when,
                )
            )
    return found


def _groups(window: Sequence[Said], preset: ModerationPreset) -> list[list[Said]]:
    """Equal texts together, and longer ones that are nearly equal."""
    by_shape: dict[str, list[Said]] = defaultdict(list)
    for item in window:
        if item.shape:
            by_shape[item.shape].append(item)
    # The commonest first: variants gather around it, however the stream was ordered.
    order = sorted(by_shape, key=lambda shape: (-len(by_shape[shape]), shape))
    longer = [shape for shape in order if len(shape) >= preset.cheer_length]
    leader_of = gather(longer, preset.near)
    merged: dict[str, list[Said]] = {}
    for shape in order:
        leader = leader_of.get(shape)
        if leader is None:
            merged[shape] = by_shape[shape]
        else:
            merged[leader] += by_shape[shape]
    few = min(preset.least, preset.repeats_contact)
    return [
        sorted(items, key=lambda item: item.when)
        for items in merged.values()
        if len(items) >= few and len(items) >= _least(items, preset)
    ]


def _least(items: Sequence[Said], preset: ModerationPreset) -> int:
    return min(preset.least, preset.repeats_contact) if any(item.contact for item in items) else preset.least
