"""Whether a match in key form is the word and not an accident of taking characters out."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from string import ascii_letters

from livecue.compliance.characters import DROP, Characters, characters
from livecue.compliance.disguise import ALIKE, BY_SOUND, INITIALS, LETTERS, PARTS, PLAIN, REVERSED, SHAPE, Way

MOST_BETWEEN = 3
"""So many visible signs may stand between two characters of a word (compliance 3.4)."""
_PHRASE = 4
"""Words of so many characters do not come about by two words meeting at a space."""
_CLAUSE = frozenset(",，。、!！?？;；:：\n\r\t")
"""A word does not go on across these."""
_NUMERALS = frozenset("0123456789零〇一二三四五六七八九十百千万壹贰叁")
_LATIN = frozenset(ascii_letters)

_BARE = frozenset(Way(kind) for kind in (PLAIN, ALIKE, BY_SOUND, PARTS, REVERSED))
"""Ways that ask for nothing but their characters."""
_PAIRS = dict(zip("([{<《〈【「『“‘", ")]}>》〉】」』”’", strict=True))


def asks_nothing(way: Way, key: str) -> bool:
    """Whether a pattern is Chinese characters that need only stand one behind the other, as most are."""
    return way in _BARE and not key[0].isascii() and not key[-1].isascii()


def literal(written: Iterable[str], way: Way, key: str) -> frozenset[str]:
    """Those of an entry's texts (folded) that are genuine wherever they stand with clean ``edges`` and no sign between.

    What else ``is_genuine`` asks for has its answer in the text itself.
    """
    if way.kind != PLAIN or way.runs:
        return frozenset()
    return frozenset(
        text
        for text in written
        if len(text) == len(key)
        and text[0] not in _doubled()
        and _runs(text, range(len(text)), ())
        and _letters(text, text, range(len(text)), way)
    )


def is_genuine(
    text: str, plain: str, at: Sequence[int], key: str, way: Way, bare: bool, said: str, tables: Characters
) -> bool:
    """False for a match that only looks like one: cut by a clause, part of a longer number or Latin word ...

    ``at`` are the places of the match's characters in ``text``, ``plain`` is the text folded, ``key`` the match in key
    form, ``said`` what stands there in ``plain``; ``bare`` is ``asks_nothing`` of the pattern.
    """
    if not bare:
        first, last = at[0], at[-1]
        if not edges(plain, first, last, key):
            return False
        if way.kind == SHAPE:
            return True
        if not _letters(text, plain, at, way):
            return False
    if len(said) > len(at) and not _between(text, plain, at, tables):
        return False
    if not way.runs and _doubled().isdisjoint(said):
        return True
    return _runs(plain, at, way.runs)


def edges(plain: str, first: int, last: int, key: str) -> bool:
    """A match that begins or ends with a letter or numeral must not be cut out of a longer one."""
    if key[0].isascii() and first and _joined(plain[first - 1], plain[first]):
        return False
    return not (key[-1].isascii() and last + 1 < len(plain) and _joined(plain[last], plain[last + 1]))


def _joined(left: str, right: str) -> bool:
    """Whether two neighbours are of one number or one Latin word; 唯一一款 is two words."""
    if left in _NUMERALS:
        return right in _NUMERALS and not left == right == "一"
    return left in _LATIN and right in _LATIN


def _letters(text: str, plain: str, at: Sequence[int], way: Way) -> bool:
    """Pinyin must be letters (``d1`` is a size, not di), and stand beside Chinese when there is nothing else."""
    for place, letter in way.letters:
        if plain[at[place]] != letter:
            return False
    for place in way.figures:
        if plain[at[place]] in _LATIN:
            matched = [plain[place] for place in at]
            if not any(_is_han(c) or c.isdigit() for c in matched):
                return False
            break
    if way.kind == INITIALS:
        if not text[at[0] : at[-1] + 1].islower():
            return False
        return _is_han(plain[at[0] - 1 : at[0]]) or _is_han(plain[at[-1] + 1 : at[-1] + 2])
    if way.kind == LETTERS:
        return any(_is_han(c) for c in plain[: at[0]] + plain[at[-1] + 1 :])
    return True


def _is_han(c: str) -> bool:
    return bool(c) and "㐀" <= c <= "鿿"


def _between(text: str, plain: str, at: Sequence[int], tables: Characters) -> bool:
    """What stands between the characters is little, no end of a clause, and no mere space between two words."""
    cuts = []
    for here, there in pairwise(at):
        if there - here <= 1:
            continue
        visible = spaces = 0
        if not _brackets_close(plain, at, here, there):
            return False
        for place in range(here + 1, there):
            c = plain[place]
            if c in _CLAUSE:
                return False
            if tables.key[min(ord(text[place]), len(tables.key) - 1)] != DROP:
                continue
            if c.isspace():
                spaces += 1
            elif c.isprintable():
                visible += 1
        if visible + spaces > MOST_BETWEEN:
            return False
        if (
            (visible or spaces)
            and plain[here] in _NUMERALS
            and plain[there] in _NUMERALS
            and not _after_letter(plain, here)
        ):
            return False
        if spaces and not visible and _is_han(plain[here]) and _is_han(plain[there]):
            cuts.append((here, there))
    return not cuts or len(at) >= _PHRASE or _lonely(plain, at, cuts)


def _brackets_close(plain: str, at: Sequence[int], here: int, there: int) -> bool:
    """A bracket between two characters is decoration only when its other half is at the word as well: 【最】好."""
    for c in plain[here + 1 : there]:
        if c in _PAIRS.values():
            opening = next(left for left, right in _PAIRS.items() if right == c)
            if opening not in plain[max(0, at[0] - 1) : there]:
                return False
        elif c in _PAIRS and _PAIRS[c] not in plain[here + 1 : at[-1] + 2]:
            return False
    return True


def _after_letter(plain: str, place: int) -> bool:
    """Whether the digit stands for a letter: the 0 of n0.1."""
    return place > 0 and plain[place - 1] in _LATIN


def _lonely(plain: str, at: Sequence[int], cuts: list[tuple[int, int]]) -> bool:
    """Spaces also part words: 最 好 is one word written apart, 国家 级别 is not."""
    bounds = [at[0], *(place for cut in cuts for place in cut), at[-1]]
    for first, last in zip(bounds[::2], bounds[1::2], strict=True):
        if first != last:
            continue
        left = plain[first - 1 : first] if first else ""
        right = plain[last + 1 : last + 2]
        if not left.isalnum() and not right.isalnum():
            return True
    return False


def _runs(plain: str, at: Sequence[int], need: tuple[int, ...]) -> bool:
    """Repeats were collapsed: an entry that has one needs it, and 妈妈的 is not 妈的."""
    for place, here in enumerate(at):
        run = 1
        while run <= here and plain[here - run] == plain[here]:
            run += 1
        wanted = need[place] if need else 1
        if run < wanted:
            return False
        if wanted == 1 and run == 2 and place + 1 < len(at) and plain[here] in _doubled():
            return False
    return True


@cache
def _doubled() -> frozenset[str]:
    return frozenset(characters().alike.plain["doubled"])
