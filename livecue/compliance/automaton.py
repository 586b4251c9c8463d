"""The entries of some doors as one automaton over key form."""

import re
from collections.abc import Iterable, Sequence

import daachorse
import msgspec
import numpy as np

from livecue.compliance.characters import SOUND, TOP, Characters, CodePoints
from livecue.compliance.disguise import PLAIN, Way, ways
from livecue.compliance.packs import Door, Entry, OwnWord, Pack, Safe
from livecue.compliance.views import SEPARATOR, fold, key_of

EVERYWHERE = -1
"""Scope of a safe phrase that holds for every rule; a rule's number is a scope too, and -2 - n is the pack n."""


class Rule(msgspec.Struct, frozen=True):
    """An entry ready for use."""

    number: int
    entry: Entry
    doors: tuple[Door, ...]
    pack: int
    pack_safe: tuple[Safe, ...]
    follow: re.Pattern[str] | None
    lead: re.Pattern[str] | None
    written: frozenset[str]
    """Its texts in folded form: a match that reads so is plain."""


def rules_of(
    packs: Sequence[Pack], own_words: Sequence[OwnWord], doors: frozenset[Door]
) -> list[tuple[int, Entry, tuple[Door, ...]]]:
    """(number of the pack, entry, its doors) of what counts at one of ``doors``; pack -1 are the house's own words."""
    found = [
        (number, entry, entry.doors or pack.doors)
        for number, pack in enumerate(packs)
        for entry in pack.entries
        if not doors.isdisjoint(entry.doors or pack.doors)
    ]
    for word in own_words:
        if word.severity != "silent" and not doors.isdisjoint(word.doors):
            entry = Entry(
                id=f"own.{word.text}",
                cls="OWN",
                severity=word.severity,
                basis="own",
                valid_from="",
                zh=word.advice,
                en=word.advice,
                texts=(word.text,),
                negatable=False,
            )
            found.append((-1, entry, word.doors))
    return found


class Automaton:
    """Patterns and what each of them means.

    ``rules[n]``, ``safes[n]`` and ``is_rule[n]`` belong to pattern n; ``key`` is the table that turns text into key
    form for this automaton (rare characters it does not need literally are read as their sound).
    """

    def __init__(
        self,
        entries: list[tuple[int, Entry, tuple[Door, ...]]],
        packs: Sequence[Pack],
        own: Sequence[OwnWord],
        tables: Characters,
    ) -> None:
        numbers: dict[str, int] = {}
        self.rules: list[list[tuple[Rule, Way]]] = []
        self.safes: list[list[tuple[Safe, int]]] = []

        def pattern(key: str) -> int:
            number = numbers.setdefault(key, len(numbers))
            if number == len(self.rules):
                self.rules.append([])
                self.safes.append([])
            return number

        pack_numbers = set()
        shapes: list[tuple[Rule, str]] = []
        for number, (pack, entry, doors) in enumerate(entries):
            rule = Rule(
                number=number,
                entry=entry,
                doors=doors,
                pack=pack,
                pack_safe=tuple(s for s in packs[pack].safe if not s.texts) if pack >= 0 else (),
                follow=re.compile(entry.follow) if entry.follow else None,
                lead=re.compile(f"(?:{entry.lead})$") if entry.lead else None,
                written=frozenset(fold(text, tables) for text in (*entry.texts, *entry.initials)),
            )
            pack_numbers.add(pack)
            shapes += [(rule, shape) for shape in entry.shapes]
            seen: set[str] = set()
            for way in ways(entry, tables):
                if way.key and way.key not in seen:
                    seen.add(way.key)
                    self.rules[pattern(way.key)].append((rule, way))
            for safe in entry.safe:
                for text in safe.texts:
                    self.safes[pattern(key_of(text))].append((safe, number))
        for pack in sorted(pack_numbers - {-1}):
            for safe in packs[pack].safe:
                for text in safe.texts:
                    self.safes[pattern(key_of(text))].append((safe, -2 - pack))
        for word in own:
            if word.severity == "silent":
                name = Safe(code="name", texts=(word.text,))
                self.safes[pattern(key_of(word.text))].append((name, EVERYWHERE))
        self._shapes = []
        for rule, shape in shapes:
            self._shapes.append((re.compile(shape), len(self.rules)))
            self.rules.append([(rule, Way("", PLAIN))])
            self.safes.append([])
        self.is_rule = [bool(rules) for rules in self.rules]
        self.key = _key_for(numbers, tables)
        self._search = daachorse.CharwiseDoubleArrayAhoCorasick(list(numbers)) if numbers else None

    def __len__(self) -> int:
        """How many patterns there are."""
        return len(self.rules)

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """(start, end, pattern) of every match in key form, overlapping ones too."""
        matches: list[tuple[int, int, int]] = self._search.find_overlapping(text) if self._search else []
        for shape, pattern in self._shapes:
            matches += [(found.start(), found.end(), pattern) for found in shape.finditer(text)]
        return matches


def _key_for(patterns: Iterable[str], tables: Characters) -> CodePoints:
    literal = {c for key in patterns for c in key}
    read_as = np.arange(TOP, dtype=np.uint32)
    for cp in tables.rare.tolist():
        c = chr(cp)
        if c not in literal:
            read_as[cp] = SOUND + tables.sound[c]
    key = tables.key.copy()
    single = key < TOP
    key[single] = read_as[key[single]]
    key[ord(SEPARATOR)] = ord(SEPARATOR)
    return key
