"""The word engine: entries in, texts in, hits out. Immutable: a new list of words is a new engine, swapped in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from livecue.compliance.automaton import EVERYWHERE, Automaton, Meaning, Rule, rules_of
from livecue.compliance.categories import category_code
from livecue.compliance.characters import characters
from livecue.compliance.context import REACH, Place, weigh
from livecue.compliance.disguise import PLAIN, SPOKEN, WEAK
from livecue.compliance.facts import NO_FACTS, Facts
from livecue.compliance.genuine import Candidate, is_genuine
from livecue.compliance.hits import BLOCK, RANK, WARN, Hit
from livecue.compliance.packs import DOORS, Door, Duty, OwnWord, Pack, Safe, load_packs, version_of
from livecue.compliance.views import Reading, fold

COMMENTS: frozenset[Door] = frozenset(("comment",))
HOSTS: frozenset[Door] = frozenset(("script", "speech", "title", "reply"))
"""Doors that share an automaton: what viewers write, and what the team says and writes."""

_EVERYWHERE = 1000


class _Found(NamedTuple):
    hit: Hit
    weak: bool
    breadth: int
    """For how many categories its entry is made."""


_Safes = Sequence[tuple[int, int, Safe, int]]
"""Where the safe phrases of a text stand: from, to, which, and its scope."""


class Engine:
    """Checks texts against packs and the house's own words.

    Making one takes some tenths of a second per door, at the first text for that door or by ``warm``. ``check`` may be
    called from several threads.
    """

    def __init__(self, packs: Sequence[Pack] | None = None, own_words: Sequence[OwnWord] = ()) -> None:
        self._packs = tuple(load_packs(platform="") if packs is None else packs)
        self._tables = characters()
        self._own = tuple(own_words)
        self._sides: dict[frozenset[Door], Automaton] = {}
        self._meant: dict[tuple[str, Door], dict[int, tuple[Meaning, ...]]] = {}
        """By category and door what a pattern means there, kept since most patterns come again."""
        self.entries = {entry.id: entry for pack in self._packs for entry in pack.entries}
        """The entries of the packs by id; own words are not among them."""
        self.version = version_of(self._packs, self._own, self._tables.digest_of)
        """Newest pack version + hash of packs, own words and character tables."""

    def warm(self, doors: Iterable[Door] = DOORS) -> None:
        """Make the automata of ``doors`` now."""
        for door in doors:
            self._automaton(door)

    def check(
        self, texts: Sequence[str], category: str = "", facts: Facts = NO_FACTS, door: Door = "script"
    ) -> list[list[Hit]]:
        """Hits per text, by position, exempted ones included (``severity`` silent).

        ``category`` is a code of the packs or the trade's word for it; entries of a category count as warnings when it
        is unknown. One call with many texts costs far less than many calls.
        """
        found: list[list[Hit]] = [[] for _ in texts]
        if not texts:
            return found
        automaton = self._automaton(door)
        reading = Reading(texts, automaton.key, self._tables)
        matches = automaton.find(reading.text)
        if matches:
            self._weigh_all(texts, reading, matches, automaton, (category_code(category), door, facts), found)
        return found

    def missing(self, text: str, category: str, facts: Facts = NO_FACTS) -> list[Hit]:
        """What a script of this category must say and does not, as hits of length 0 at its start."""
        code = category_code(category)
        plain = fold(text, self._tables)
        return [
            _duty_hit(duty)
            for pack in self._packs
            for duty in pack.duties
            if code in duty.categories and duty.label not in facts.labels and not any(t in plain for t in duty.texts)
        ]

    def rewordings(self, hit: Hit) -> tuple[str, ...]:
        """What its entry would have in place of ``hit``, best first; "" is to take it out."""
        entry = self.entries.get(hit.entry)
        if entry is not None:
            return entry.reword
        return next(((word.reword,) for word in self._own if word.reword and f"own.{word.text}" == hit.entry), ("",))

    def _automaton(self, door: Door) -> Automaton:
        side = COMMENTS if door in COMMENTS else HOSTS
        automaton = self._sides.get(side)
        if automaton is None:
            automaton = Automaton(rules_of(self._packs, self._own, side), self._packs, self._own, self._tables)
            self._sides[side] = automaton
        return automaton

    def _weigh_all(
        self,
        texts: Sequence[str],
        reading: Reading,
        matches: list[tuple[int, int, int]],
        automaton: Automaton,
        case: tuple[str, Door, Facts],
        found: list[list[Hit]],
    ) -> None:
        found_at, found_to, patterns = zip(*matches, strict=True)
        live = self._live(automaton, set(patterns), case)
        if not live:
            return
        # Where each match begins and ends in the joined original, and in which text: one array operation for all.
        source, starts = reading.source, reading.starts()
        firsts: NDArray[np.int64] = source[np.array(found_at)]
        lasts = source[np.array(found_to) - 1].tolist()
        owners = (np.searchsorted(starts, firsts, side="right") - 1).tolist()
        live_in: dict[int, list[int]] = defaultdict(list)
        safe_in: dict[int, list[int]] = defaultdict(list)
        for number, (owner, pattern) in enumerate(zip(owners, patterns, strict=True)):
            if pattern in live:
                live_in[owner].append(number)
            if automaton.safes[pattern]:
                safe_in[owner].append(number)
        begins = firsts.tolist()
        folded = reading.folded(self._tables)
        for owner, own in live_in.items():
            text, offset = texts[owner], starts[owner]
            plain = folded[offset : offset + len(text)]
            safes: _Safes = ()
            if owner in safe_in:
                safes = [
                    (begins[number] - offset, lasts[number] - offset + 1, safe, scope)
                    for number in safe_in[owner]
                    for safe, scope in automaton.safes[patterns[number]]
                ]
            hits: list[_Found] = []
            for number in own:
                start, end, first, last = found_at[number], found_to[number], begins[number], lasts[number]
                at: Sequence[int] = range(first - offset, last - offset + 1)
                if last - first != end - start - 1:
                    # Something was taken out of it, or put into it.
                    at = (source[start:end] - offset).tolist()
                key = reading.text[start:end]
                for rule, way in live[patterns[number]]:
                    hit = self._hit(Candidate(text, plain, at, key, way), rule, case, safes)
                    if hit is not None:
                        hits.append(_Found(hit, way.kind in WEAK, len(rule.entry.categories) or _EVERYWHERE))
            found[owner] = _settle(hits) if len(hits) > 1 else [one.hit for one in hits]

    def _live(
        self, automaton: Automaton, patterns: Iterable[int], case: tuple[str, Door, Facts]
    ) -> dict[int, tuple[Meaning, ...]]:
        """What the patterns mean at this door and for this category; a pattern that means nothing there is left out."""
        category, door, _ = case
        known = self._meant.setdefault((category, door), {})
        found = {}
        for pattern in patterns:
            meanings = known.get(pattern)
            if meanings is None:
                meanings = tuple(meaning for meaning in automaton.rules[pattern] if _counts(meaning[0], category, door))
                known[pattern] = meanings
            if meanings:
                found[pattern] = meanings
        return found

    def _hit(
        self,
        candidate: Candidate,
        rule: Rule,
        case: tuple[str, Door, Facts],
        safes: _Safes,
    ) -> Hit | None:
        entry, way = rule.entry, candidate.way
        category, _, facts = case
        start, end = candidate.at[0], candidate.at[-1] + 1
        if rule.follow is not None:
            # Asked first: it costs least, and it is what most short words (比, 到手) fall by.
            followed = rule.follow.match(candidate.plain, end)
            if followed is None:
                return None
            end = followed.end()
        if not is_genuine(candidate, self._tables):
            return None
        if rule.lead is not None and not rule.lead.search(candidate.plain[max(0, start - REACH) : start]):
            return None
        as_written = candidate.plain[start : candidate.at[-1] + 1] in rule.written
        if entry.only == "disguised" and as_written and way.kind == PLAIN:
            return None
        view = "pinyin" if way.kind in SPOKEN else "obfuscated"
        if way.kind == PLAIN and as_written and candidate.text[start:end].casefold() == candidate.plain[start:end]:
            view = "plain"
        covering: tuple[Safe, ...] = ()
        if safes:
            scopes, last = (rule.number, -rule.pack - 2, EVERYWHERE), candidate.at[-1] + 1
            covering = tuple(
                s for begin, past, s, scope in safes if begin <= start and past >= last and scope in scopes
            )
        place = Place(candidate.plain, start, end)
        severity, context = weigh(entry, rule.reasons, covering, place, facts, category)
        if entry.only == "contradicted" and not context.startswith("contradicted:"):
            return None
        if severity == BLOCK and (way.kind in WEAK or (entry.categories and not category)):
            severity = WARN
        return Hit(
            start=start,
            end=end,
            word=candidate.text[start:end],
            entry=entry.id,
            cls=entry.cls,
            severity=severity,
            basis=entry.basis,
            advice=entry.zh,
            advice_en=entry.en,
            view=view,
            context=context,
        )


def _counts(rule: Rule, category: str, door: Door) -> bool:
    entry = rule.entry
    if door not in rule.doors:
        return False
    return not category or (
        category not in entry.except_categories and (not entry.categories or category in entry.categories)
    )


def _settle(found: list[_Found]) -> list[Hit]:
    """One hit per finding, by position: what overlaps is settled together."""
    found.sort(key=lambda one: one.hit.start)
    kept: list[Hit] = []
    group: list[_Found] = []
    end = 0
    for one in found:
        if group and one.hit.start >= end:
            kept += _settle_group(group)
            group = []
        group.append(one)
        end = max(end, one.hit.end)
    if group:
        kept += _settle_group(group)
    return kept


def _settle_group(group: list[_Found]) -> list[Hit]:
    """Within a class the longer entry knows better (第一批 before 第一) unless it is weak; between classes the graver
    hit stands, then the one made for the category, and those inside it go."""
    if len(group) == 1:
        return [group[0].hit]
    spans = {(one.hit.cls, one.hit.start, one.hit.end) for one in group if not one.weak}
    left = [one for one in group if not any(_contains(span, one.hit) for span in spans)]
    left.sort(key=_grave_first)
    kept: list[Hit] = []
    for hit, _, _ in left:
        if not any(other.start <= hit.start and hit.end <= other.end for other in kept):
            kept.append(hit)
    kept.sort(key=lambda hit: (hit.start, hit.end))
    return kept


def _contains(span: tuple[str, int, int], hit: Hit) -> bool:
    cls, start, end = span
    return cls == hit.cls and start <= hit.start and hit.end <= end and end - start > hit.end - hit.start


def _grave_first(one: _Found) -> tuple[int, int, int, int, bool, str]:
    hit = one.hit
    return -RANK[hit.severity], hit.start - hit.end, hit.start, one.breadth, hit.view != "plain", hit.entry


def _duty_hit(duty: Duty) -> Hit:
    return Hit(
        start=0,
        end=0,
        word="",
        entry=duty.id,
        cls=duty.cls,
        severity=duty.severity,
        basis=duty.basis,
        advice=duty.zh,
        advice_en=duty.en,
        view="plain",
    )
