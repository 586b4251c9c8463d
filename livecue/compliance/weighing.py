"""What a match comes to: whether it is the word, what its context makes of it, and which of several hits stand."""

from collections.abc import Sequence
from typing import NamedTuple

from livecue.compliance.automaton import EVERYWHERE, Meaning, Rule
from livecue.compliance.characters import Characters
from livecue.compliance.context import REACH, Reason, weigh
from livecue.compliance.disguise import PLAIN, SPOKEN, WEAK, Way
from livecue.compliance.facts import Facts
from livecue.compliance.genuine import asks_nothing, is_genuine
from livecue.compliance.hits import BLOCK, RANK, WARN, Hit
from livecue.compliance.packs import Door, Safe

_EVERYWHERE = 1000

Safes = Sequence[tuple[int, int, Safe, int]]
"""Where the safe phrases of a text stand: from, to, which, and its scope."""


class Meant(NamedTuple):
    """What a pattern means at one door and for one category: what can be known of it before there is a text."""

    rule: Rule
    way: Way
    bare: bool
    """``asks_nothing`` of its way and key."""
    reasons: tuple[Reason, ...]
    """Those that hold for the category."""
    spoken: bool
    weak: bool
    breadth: int
    """For how many categories its entry is made."""
    doubtful: bool
    """Warns where its entry would block."""


Found = tuple[Hit, Meant]
"""A hit, and what tells it from others at the same place."""


def meant_by(meanings: Sequence[Meaning], key: str, category: str, door: Door) -> tuple[Meant, ...]:
    """What the pattern ``key`` means there; empty when it means nothing."""
    return tuple(
        Meant(
            rule=rule,
            way=way,
            bare=asks_nothing(way, key),
            reasons=tuple(r for r in rule.reasons if not r.categories or category in r.categories),
            spoken=way.kind in SPOKEN,
            weak=way.kind in WEAK,
            breadth=len(rule.entry.categories) or _EVERYWHERE,
            doubtful=way.kind in WEAK or bool(rule.entry.categories and not category),
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
    at: Sequence[int],
    key: str,
    safes: Safes,
    category: str,
    facts: Facts,
    tables: Characters,
) -> Hit | None:
    """The hit of a match, None when it is none.

    ``plain`` is ``text`` folded, ``at`` are the places of the match's characters in it, ``key`` is the match in key
    form.
    """  # fmt: skip
    rule, way, bare, reasons, spoken, _, _, doubtful = meant
    entry = rule.entry
    start = at[0]
    end = past = at[-1] + 1
    follow = rule.follow
    if follow is not None:
        # Asked first: it costs least, and it is what most short words (比, 到手) fall by.
        followed = follow.match(plain, past)
        if followed is None:
            return None
        end = followed.end()
    said = plain[start:past]
    if not is_genuine(text, plain, at, key, way, bare, said, tables):
        return None
    if rule.lead is not None and not rule.lead.search(plain[max(0, start - REACH) : start]):
        return None
    only, word = entry.only, text[start:end]
    view = "pinyin" if spoken else "obfuscated"
    if way.kind == PLAIN and said in rule.written:
        if only == "disguised":
            return None
        if word.casefold() == plain[start:end]:
            view = "plain"
    covering: list[Safe] = []
    if safes:
        scopes = (rule.number, -rule.pack - 2, EVERYWHERE)
        for begin, stop, safe, scope in safes:
            if begin <= start and stop >= past and scope in scopes:
                covering.append(safe)
    severity, context = weigh(entry, reasons, covering, plain, start, end, facts, category)
    if only == "contradicted" and not context.startswith("contradicted:"):
        return None
    if severity == BLOCK and doubtful:
        severity = WARN
    # By position: one is made for nearly every match, and names cost a third of it.
    return Hit(start, end, word, entry.id, entry.cls, severity, entry.basis, entry.zh, entry.en, view, context)


def settle(found: list[Found]) -> list[Hit]:
    """One hit per finding, by position: what overlaps is settled together."""
    if len(found) == 1:
        return [found[0][0]]
    found.sort(key=lambda one: one[0].start)
    kept: list[Hit] = []
    group: list[Found] = []
    end = 0
    for one in found:
        hit = one[0]
        if group and hit.start >= end:
            kept += _settle_group(group)
            group = []
        group.append(one)
        end = max(end, hit.end)
    return kept + _settle_group(group)


def _settle_group(group: list[Found]) -> list[Hit]:
    """Within a class the longer entry knows better (第一批 before 第一) unless it is weak; between classes the graver
    hit stands, then the one made for the category, and those inside it go."""
    if len(group) == 1:
        return [group[0][0]]
    strong = [hit for hit, meant in group if not meant.weak]
    left = [one for one in group if not any(_contains(other, one[0]) for other in strong)]
    left.sort(key=_grave_first)
    kept: list[Hit] = []
    for hit, _ in left:
        if not any(other.start <= hit.start and hit.end <= other.end for other in kept):
            kept.append(hit)
    kept.sort(key=lambda hit: (hit.start, hit.end))
    return kept


def _contains(longer: Hit, hit: Hit) -> bool:
    return (
        longer.start <= hit.start
        and hit.end <= longer.end
        and longer.end - longer.start > hit.end - hit.start
        and longer.cls == hit.cls
    )


def _grave_first(one: Found) -> tuple[int, int, int, int, bool, str]:
    hit, meant = one
    return -RANK[hit.severity], hit.start - hit.end, hit.start, meant.breadth, hit.view != "plain", hit.entry
