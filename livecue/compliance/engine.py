"""The word engine: entries in, texts in, hits out. Immutable: a new list of words is a new engine, swapped in."""

from collections.abc import Iterable, Sequence

from livecue.compliance.automaton import Automaton, SafePhrase, rules_of
from livecue.compliance.categories import category_code
from livecue.compliance.characters import characters
from livecue.compliance.facts import NO_FACTS, Facts
from livecue.compliance.hits import Hit
from livecue.compliance.packs import DOORS, Door, Duty, OwnWord, Pack, Safe, load_packs, version_of
from livecue.compliance.views import Reading, fold
from livecue.compliance.weighing import Found, Meant, Safes, hit_of, meant_by, settle

COMMENTS: frozenset[Door] = frozenset(("comment",))
HOSTS: frozenset[Door] = frozenset(("script", "speech", "title", "reply"))
"""Doors that share an automaton: what viewers write, and what the team says and writes."""


_Live = tuple[int, int, tuple[Meant, ...]]
"""A match that means something: from and to in key form, and what."""
_Calm = tuple[int, int, tuple[SafePhrase, ...]]
"""A match that is a safe phrase, and of what."""


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
        self._meant: dict[tuple[str, Door], dict[int, tuple[tuple[Meant, ...], tuple[SafePhrase, ...]]]] = {}
        """By category and door what a pattern means there and is a safe phrase of; most patterns come again."""
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
    ) -> list[Sequence[Hit]]:
        """Hits per text, by position, exempted ones included (``severity`` silent).

        ``category`` is a code of the packs or the trade's word for it; entries of a category count as warnings when it
        is unknown. One call with many texts costs far less than many calls.
        """
        found: list[Sequence[Hit]] = [()] * len(texts)
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
        found: list[Sequence[Hit]],
    ) -> None:
        category, door, facts = case
        live, calm = self._looked_at(automaton, reading.text, matches, category, door)
        if not live:
            return
        safe_in: dict[int, list[tuple[int, int, Safe, int]]] = {}
        if calm:
            for owner, _, first, past, _, (_, _, phrases) in zip(*reading.places(calm), calm, strict=True):
                inside = safe_in.setdefault(owner, [])
                for safe, scope in phrases:
                    inside.append((first, past, safe, scope))
        folded, key, source = reading.folded(self._tables), reading.text, reading.source
        hits_in: dict[int, list[Found]] = {}
        hits: list[Found] = []
        text = plain = ""
        now = -1
        covers: Safes = ()
        for owner, offset, first, past, straight, (start, end, meanings) in zip(
            *reading.places(live), live, strict=True
        ):
            if owner != now:
                # Nearly always those of a text stand together.
                now, text = owner, texts[owner]
                plain = folded[offset : offset + len(text)]
                covers = safe_in.get(owner, ())
                hits = hits_in.setdefault(owner, [])
            # None where nothing was taken out of it or put into it.
            at = None if straight else [place - offset for place in source[start:end].tolist()]
            for meant in meanings:
                hit = hit_of(meant, text, plain, first, past, at, key[start:end], covers, category, facts, self._tables)
                if hit is not None:
                    hits.append((hit, meant))
        for owner, hits in hits_in.items():
            if len(hits) == 1:
                found[owner] = [hits[0][0]]
            elif hits:
                found[owner] = settle(hits)

    def _looked_at(
        self, automaton: Automaton, text: str, matches: list[tuple[int, int, int]], category: str, door: Door
    ) -> tuple[list[_Live], list[_Calm]]:
        """The matches that mean something at this door and for this category, and those that are safe phrases."""
        known = self._meant.setdefault((category, door), {})
        live: list[_Live] = []
        calm: list[_Calm] = []
        for start, end, pattern in matches:
            try:
                both = known[pattern]
            except KeyError:
                both = meant_by(automaton.rules[pattern], text[start:end], category, door), automaton.safes[pattern]
                known[pattern] = both
            meanings, phrases = both
            if meanings:
                live.append((start, end, meanings))
            if phrases:
                calm.append((start, end, phrases))
        return live, calm


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
