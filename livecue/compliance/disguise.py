"""The ways one entry may be written: by sound, in pinyin letters, taken apart, reversed (compliance 3.4).

Disguises are spelled out here, when an engine is made, and searched in the same pass as the plain words: a text pays
nothing for them. What a single character can do (width, traditional, emoji, rare characters read as their sound) is in
the character tables; what stands between characters is taken out of the text.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, product
from typing import NamedTuple

from livecue.compliance.characters import SOUND, Characters, characters
from livecue.compliance.packs import Entry
from livecue.compliance.views import HAN, key_of

PLAIN, ALIKE, BY_SOUND, LETTERS, INITIALS, PARTS, REVERSED, SHAPE = range(8)
"""How a pattern differs from its entry; a shape is a regular expression (phone numbers)."""
WEAK = frozenset((INITIALS, PARTS, REVERSED))
"""These warn, they never block."""
SPOKEN = frozenset((BY_SOUND, LETTERS, INITIALS))


class Way(NamedTuple):
    """How a pattern is to be read. Thousands of patterns share one."""

    kind: int
    letters: tuple[tuple[int, str], ...] = ()
    """(place in the key, letter): true letters there, no figures that look so."""
    runs: tuple[int, ...] = ()
    """How often each character must stand in a row; empty when once is enough."""
    figures: tuple[int, ...] = ()
    """Places of true figures: a letter there (l00%) needs a figure or Chinese beside it in the match."""


Pattern = tuple[str, Way]
"""The key that is searched, and how to read it."""
_BY_SOUND, _REVERSED = Way(BY_SOUND), Way(REVERSED)


class _Place(NamedTuple):
    key: str
    han: str
    latin: bool


def ways(entry: Entry, tables: Characters) -> Iterator[Pattern]:
    """Every pattern of an entry; the plain ones first."""
    for text in entry.texts:
        places, runs = _places(text, tables)
        yield _written(text, places, runs, PLAIN)
    for text in entry.alike:
        places, runs = _places(text, tables)
        yield _written(text, places, runs, ALIKE)
    for text in entry.initials:
        yield _spelled([(_digits(text, tables), text)], INITIALS)
    if entry.disguise == "full":
        for text in entry.texts:
            places, runs = _places(text, tables)
            if not runs:
                yield from _disguised(places, tables)


def _places(text: str, tables: Characters) -> tuple[list[_Place], tuple[int, ...]]:
    """The characters of a text as they stand in key form, repeats of Han characters counted and collapsed."""
    places: list[_Place] = []
    runs: list[int] = []
    for c in text:
        plain = chr(int(tables.fold[ord(c)])) if ord(c) < len(tables.fold) else c
        keys = key_of(c)
        for key in keys:
            if places and key == places[-1].key and ord(key) >= HAN:
                runs[-1] += 1
                continue
            han = plain if len(keys) == 1 else key
            latin = plain.isascii() and plain.isalpha()
            places.append(_Place(key, han if han in tables.sound else "", latin))
            runs.append(1)
    return places, tuple(runs) if max(runs, default=1) > 1 else ()


def _written(text: str, places: list[_Place], runs: tuple[int, ...], kind: int) -> Pattern:
    """A text as it stands. Letters beside Chinese are letters (wei一 is not we11); alone they may be digits that look
    so (n0.1)."""
    letters: list[tuple[int, str]] = []
    if len(text) == len(places) and any(place.han for place in places):
        letters = [(at, c) for at, c in enumerate(text.lower()) if c.isascii() and c.isalpha()]
    figures = tuple(at for at, place in enumerate(places) if place.key in "01" and not place.latin)
    return "".join(place.key for place in places), Way(kind, tuple(letters), runs, figures)


def _disguised(places: list[_Place], tables: Characters) -> Iterator[Pattern]:
    size = len(places)
    if size < 2 or not all(place.han for place in places):
        return
    keys = [place.key for place in places]
    plain = [(key, "") for key in keys]
    sounds = [tables.syllables[tables.sound[place.han]] for place in places]
    rare = [(chr(SOUND + tables.sound[place.han]), "") for place in places]
    letters = [(_digits(sound, tables), sound) for sound in sounds]
    parts = [[(key_of(part), "") for part in tables.alike.parts.get(p.han, ())] for p in places]
    instead = [[(key_of(c), "") for c in tables.alike.instead.get(p.han, "")] for p in places]
    if size == 2:
        choices = [[plain[i], rare[i], letters[i]] for i in range(2)]
        for chosen in list(product(*choices))[1:]:
            yield _spelled(list(chosen), LETTERS if list(chosen) == letters else BY_SOUND)
    else:
        most = 2 if size <= 4 else 1
        for count in range(1, most + 1):
            for where in combinations(range(size), count):
                options = [[rare[i], letters[i], *(instead[i] if count == 1 or size == 3 else ())] for i in where]
                for chosen in product(*options):
                    yield _spelled(_put(plain, where, chosen), BY_SOUND)
        for i in range(size) if size > 3 else (1,):
            before, after = "".join(keys[:i]), "".join(keys[i + 1 :])
            for c in _homophones().get(tables.sound[places[i].han], ()):
                yield before + key_of(c) + after, _BY_SOUND
        yield _spelled(letters, LETTERS)
        yield "".join(reversed(keys)), _REVERSED
    with_parts = [[plain[i], *parts[i]] for i in range(size)]
    if any(parts) and size <= 4:
        for chosen in list(product(*with_parts))[1:]:
            yield _spelled(list(chosen), PARTS)


def _put(
    plain: list[tuple[str, str]], where: tuple[int, ...], chosen: tuple[tuple[str, str], ...]
) -> list[tuple[str, str]]:
    out = plain.copy()
    for i, choice in zip(where, chosen, strict=True):
        out[i] = choice
    return out


def _spelled(chosen: Sequence[tuple[str, str]], kind: int) -> Pattern:
    key = "".join([part for part, _ in chosen])
    letters: list[tuple[int, str]] = []
    at = 0
    for part, spelled in chosen:
        letters += [(at + i, c) for i, c in enumerate(spelled)]
        at += len(part)
    return key, Way(kind, tuple(letters))


def _digits(letters: str, tables: Characters) -> str:
    return "".join(tables.alike.digits.get(c, c) for c in letters)


@cache
def _homophones() -> dict[int, tuple[str, ...]]:
    """Everyday characters by syllable, particles left out."""
    tables = characters()
    plain = frozenset(tables.alike.plain["words"])
    found: dict[int, list[str]] = {}
    for c in sorted(tables.common - plain):
        if c in tables.sound:
            found.setdefault(tables.sound[c], []).append(c)
    return {syllable: tuple(chars) for syllable, chars in found.items()}
