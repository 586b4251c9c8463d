"""What a match comes to: whether it is the word, what its context makes of it, and which of several hits stand."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from livecue.compliance.automaton import EVERYWHERE, Meaning, Rule
from livecue.compliance.characters import Characters
from livecue.compliance.context import REACH, Reason, weigh
from livecue.compliance.disguise import PLAIN, SPOKEN, WEAK, Way
from livecue.compliance.facts import Facts
from livecue.compliance.genuine import asks_nothing, edges, is_genuine, literal
from livecue.compliance.hits import BLOCK, RANK, WARN, Hit
from livecue.compliance.packs import Door, Entry, Safe

_EVERYWHERE = 1000

Safes = Sequence[tuple[int, int, Safe, int]]
"""Where the safe phrases of a text stand: from, to, which, and its scope."""


class Meant(NamedTuple):
    """What a pattern means at one door and for one category: what can be known of it before there is a text."""

    entry: Entry
    way: Way
    follow: re.Pattern[str] | None
    lead: re.Pattern[str] | None
    written: frozenset[str]
    """The entry's texts in folded form, where the pattern is one of them and no disguise."""
    literal: frozenset[str]
    """Those of them that ask for nothing but their edges: standing so, they are it."""
    cut: bool
    """Begins or ends with a letter or figure, and so may be cut out of a longer one."""
    bare: bool
    """``asks_nothing`` of its way and key."""
    scopes: tuple[int, int, int]
    """Of the safe phrases that hold for it."""
    reasons: tuple[Reason, ...]
    """Those that hold for the category."""
    view: str
    """How it was found, when it is not ``written``."""
    doubtful: bool
    """Warns where its entry would block."""
    weak: bool
    breadth: int
    """For how many categories its entry is made."""


Found = tuple[Hit, Meant]
"""A hit, and what tells it from others at the same place."""


def meant_by(meanings: Sequence[Meaning], key: str, category: str, door: Door) -> tuple[Meant, ...]:
    """What the pattern ``key`` means there; empty when it means nothing."""
    return tuple(
        Meant(
            entry=rule.entry,
            way=way,
            follow=rule.follow,
            lead=rule.lead,
            written=rule.written if way.kind == PLAIN else frozenset(),
            literal=literal(rule.written, way, key),
            cut=key[0].isascii() or key[-1].isascii(),
            bare=asks_nothing(way, key),
            scopes=(rule.number, -rule.pack - 2, EVERYWHERE),
            reasons=tuple(r for r in rule.reasons if not r.categories or category in r.categories),
            view="pinyin" if way.kind in SPOKEN else "obfuscated",
            doubtful=way.kind in WEAK or bool(rule.entry.categories and not category),
            weak=way.kind in WEAK,
            breadth=len(rule.entry.categories) or _EVERYWHERE,
        )
        for rule, way in meanings
        if _counts(rule, category, door)
    )


def _counts(rule: Rule, category: str, door: Door) -> bool:
    entry = rule.entry
    if door not in rule.doors:
        return False
    return not category or (
        category not in entry.except_categories and (not entry.categories or category in entry.categories)
    )


def hit_of(
    meant: Meant,
    text: str,
    plain: str,
    first: int,
    past: int,
    at: Sequence[int] | None,
    key: str,
    safes: Safes,
    category: str,
    facts: Facts,
    tables: Characters,
) -> Hit | None:
    """The hit of a match, None when it is none.

    ``plain`` is ``text`` folded, the match reaches from ``first`` up to ``past`` in both; ``at`` are the places of its
    characters, None when it stands straight: as many as it has in key form, which is ``key``.
    """  # fmt: skip
    entry, way, follow, lead, written, as_is, cut, bare, scopes, reasons, view, doubtful, _, _ = meant
    end = past
    if follow is not None:
        # Asked first: it costs least, and it is what most short words (比, 到手) fall by.
        followed = follow.match(plain, past)
        if followed is None:
            return None
        end = followed.end()
    said = plain[first:past]
    plainly = at is None and said in as_is
    if plainly:
        if cut and not edges(plain, first, past - 1, key):
            return None
    elif not is_genuine(text, plain, range(first, past) if at is None else at, key, way, bare, said, tables):
        return None
    if lead is not None and not lead.search(plain[max(0, first - REACH) : first]):
        return None
    only, word = entry.only, text[first:end]
    if plainly or said in written:
        if only == "disguised":
            return None
        if end != past:
            said = plain[first:end]
        if word == said or word.casefold() == said:
            view = "plain"
    covering: Sequence[Safe] = ()
    if safes:
        for begin, stop, safe, scope in safes:
            if begin <= first and stop >= past and scope in scopes:
                covering = (*covering, safe)
    severity, context = weigh(entry, reasons, covering, plain, first, end, facts, category)
    if only == "contradicted" and not context.startswith("contradicted:"):
        return None
    if doubtful and severity == BLOCK:
        severity = WARN
    # By position: one is made for nearly every match, and names cost a third of it.
    return Hit(first, end, word, entry.id, entry.cls, severity, entry.basis, entry.zh, entry.en, view, context)


def settle(found: list[Found]) -> list[Hit]:
    """One hit per finding, by position: what overlaps is settled together."""
    if len(found) == 1:
        return [found[0][0]]
    found.sort(key=_start)
    kept: list[Hit] = []
    group: list[Found] = []
    end = 0
    for one in found:
        hit = one[0]
        if hit.start >= end and group:
            kept += _settle_group(group)
            group = []
        group.append(one)
        if hit.end > end:
            end = hit.end
    return kept + _settle_group(group)


def _start(one: Found) -> int:
    return one[0].start


def _settle_group(group: list[Found]) -> list[Hit]:
    """Within a class the longer entry knows better (第一批 before 第一) unless it is weak; between classes the graver
    hit stands, then the one made for the category, and those inside it go."""
    if len(group) == 1:
        return [group[0][0]]
    left = [one for one in group if not _known_better(one[0], group)]
    if len(left) == 1:
        return [left[0][0]]
    left.sort(key=_grave_first)
    kept: list[Hit] = []
    for hit, _ in left:
        if not any(other.start <= hit.start and hit.end <= other.end for other in kept):
            kept.append(hit)
    kept.sort(key=lambda hit: (hit.start, hit.end))
    return kept


def _known_better(hit: Hit, group: list[Found]) -> bool:
    """Whether a longer entry of the same class that is not weak holds it."""
    start, end, length, cls = hit.start, hit.end, hit.end - hit.start, hit.cls
    for other, meant in group:
        if (
            other.cls == cls
            and other.end - other.start > length
            and other.start <= start
            and end <= other.end
            and not meant.weak
        ):
            return True
    return False


def _grave_first(one: Found) -> tuple[int, int, int, int, bool, str]:
    hit, meant = one
    return -RANK[hit.severity], hit.start - hit.end, hit.start, meant.breadth, hit.view != "plain", hit.entry
