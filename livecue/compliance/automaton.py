"""The entries of some doors as one automaton over key form."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import daachorse
import numpy as np

from livecue.compliance.characters import SOUND, TOP, Characters, CodePoints
from livecue.compliance.context import Reason, reasons_of
from livecue.compliance.disguise import SHAPE, Way, ways
from livecue.compliance.packs import Door, Entry, OwnWord, Pack, Safe
from livecue.compliance.views import SEPARATOR, fold, key_of

EVERYWHERE = -1
"""Scope of a safe phrase that holds for every rule; a rule's number is a scope too, and -2 - n is the pack n."""


class Rule(NamedTuple):
    """An entry ready for use."""

    number: int
    entry: Entry
    doors: tuple[Door, ...]
    pack: int
    reasons: tuple[Reason, ...]
    follow: re.Pattern[str] | None
    lead: re.Pattern[str] | None
    written: frozenset[str]
    """Its texts in folded form: a match that reads so is plain."""


Meaning = tuple[Rule, Way]
SafePhrase = tuple[Safe, int]
"""A safe context and its scope."""


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
                reword=(word.reword,) if word.reword else ("",),
                negatable=False,
            )
            found.append((-1, entry, word.doors))
    return found


class Automaton:
    """Patterns and what each of them means.

    ``rules[n]`` and ``safes[n]`` belong to pattern n; ``key`` is the table that turns text into key
    form for this automaton (rare characters it does not need literally are read as their sound).
    """

    def __init__(
        self,
        entries: list[tuple[int, Entry, tuple[Door, ...]]],
        packs: Sequence[Pack],
        own: Sequence[OwnWord],
        tables: Characters,
    ) -> None:
        meant: dict[str, list[Meaning]] = {}
        safe: dict[str, list[SafePhrase]] = {}
        shapes: list[tuple[str, Meaning]] = []
        for number, (pack, entry, doors) in enumerate(entries):
            rule = Rule(
                number=number,
                entry=entry,
                doors=doors,
                pack=pack,
                reasons=reasons_of(entry, packs[pack].safe if pack >= 0 else ()),
                follow=re.compile(entry.follow) if entry.follow else None,
                lead=re.compile(f"(?:{entry.lead})$") if entry.lead else None,
                written=frozenset(fold(text, tables) for text in (*entry.texts, *entry.initials)),
            )
            shapes += [(shape, (rule, Way(SHAPE))) for shape in entry.shapes]
            seen: set[str] = set()
            shared: dict[Way, Meaning] = {}
            for key, way in ways(entry, tables):
                if key and key not in seen:
                    seen.add(key)
                    meant.setdefault(key, []).append(shared.setdefault(way, (rule, way)))
            for context in entry.safe:
                for text in context.texts:
                    safe.setdefault(key_of(text), []).append((context, number))
        for number in sorted({pack for pack, _, _ in entries} - {-1}):
            for context in packs[number].safe:
                for text in context.texts:
                    safe.setdefault(key_of(text), []).append((context, -2 - number))
        for word in own:
            if word.severity == "silent":
                safe.setdefault(key_of(word.text), []).append((Safe(code="name", texts=(word.text,)), EVERYWHERE))
        patterns = list(dict.fromkeys((*meant, *safe)))
        self.rules: list[tuple[Meaning, ...]] = [tuple(meant.get(key, ())) for key in patterns]
        self.safes: list[tuple[SafePhrase, ...]] = [tuple(safe.get(key, ())) for key in patterns]
        self._shapes = [(re.compile(shape), len(patterns) + at) for at, (shape, _) in enumerate(shapes)]
        self.rules += [(meaning,) for _, meaning in shapes]
        self.safes += [() for _ in shapes]
        self.key = _key_for(patterns, tables)
        self._search = daachorse.CharwiseDoubleArrayAhoCorasick(patterns) if patterns else None

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
