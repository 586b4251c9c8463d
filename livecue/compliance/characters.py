"""What is known of single characters: their plain form, their sound, whether they are signs that may be skipped."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import numpy as np
import zstandard
from numpy.typing import NDArray

CodePoints = NDArray[np.uint32]

TOP = 0x40000
"""Size of the tables: planes 0 to 3. Tags, private use and what lies above is noise and dropped."""
DROP = 0
"""Target of a character that is taken out."""
MANY = 0x110000
"""Targets from here on are places in ``Characters.pool``: the character becomes several."""
SOUND = 0xE000
"""A rare character becomes SOUND + its syllable; private use of the source is dropped, so nobody can write one."""
UNREADABLE = 0x2400
"""Stands in folded text for half a surrogate pair and for what lies above ``TOP``."""
KEPT_SIGNS = "%"
"""The one sign that carries meaning in the entries."""

_FOLDER = files("livecue.compliance") / "data"


class _Table(msgspec.Struct, frozen=True):
    unicode: str
    one: tuple[list[int], list[int]]
    many: dict[int, str]
    dropped: list[tuple[int, int]]
    skipped: list[tuple[int, int]]
    syllables: list[str]
    sound: tuple[list[int], list[int]]
    common: str


class Alike(msgspec.Struct, frozen=True):
    """``data/alike.toml``: what stands for what."""

    signs: dict[str, str]
    letters: dict[str, str]
    numerals: dict[str, str]
    digits: dict[str, str]
    instead: dict[str, str]
    parts: dict[str, list[str]]
    plain: dict[str, str]


class Characters(msgspec.Struct, frozen=True):
    """The tables, made once per process; about 3 MB.

    ``fold`` is one to one (width, case, accents, traditional): for context rules, positions stay.
    ``key`` is what entries are compared in: signs dropped, emoji and numerals read as words, letters like digits
    made one; a target of ``MANY + n`` stands for ``spans[n]`` = (start, length) in ``pool``.
    """

    fold: CodePoints
    key: CodePoints
    pool: CodePoints
    spans: NDArray[np.int64]
    syllables: list[str]
    sound: dict[str, int]
    """Character to syllable number."""
    common: frozenset[str]
    """The 3,755 characters of level 1 of GB/T 2312."""
    rare: CodePoints
    """Han characters outside ``common`` that have a sound."""
    alike: Alike
    digest_of: bytes
    """The source bytes, for the version of the engine."""


@cache
def characters() -> Characters:
    """The tables of this release."""
    blob = (_FOLDER / "characters.bin").read_bytes()
    raw: Any = zstandard.ZstdDecompressor().decompress(blob)
    table = msgspec.msgpack.decode(raw, type=_Table)
    alike_text = (_FOLDER / "alike.toml").read_text("utf-8")
    alike = msgspec.convert(tomllib.loads(alike_text), Alike)
    fold = np.arange(TOP, dtype=np.uint32)
    fold[np.array(table.one[0])] = np.array(table.one[1], dtype=np.uint32)
    key = fold.copy()
    fold[0xD800:0xE000] = fold[TOP - 1] = UNREADABLE
    sources = {chr(cp): text for cp, text in table.many.items()}
    for first, last in table.dropped:
        key[first : last + 1] = DROP
    skipped = _mask(table.skipped)
    keep = {ord(sign) for sign in KEPT_SIGNS}
    key[skipped] = DROP
    for sign in keep:
        key[sign] = sign
    to_word = {**alike.signs, **alike.letters, **alike.numerals}
    drop_sign = skipped.copy()
    drop_sign[list(keep)] = False

    def keyed(text: str) -> str:
        out = []
        for c in text:
            c = to_word.get(c, c)
            for d in c:
                d = to_word.get(d, d) if len(c) > 1 else d
                d = alike.digits.get(d, d)
                if ord(d) >= TOP or not drop_sign[ord(d)]:
                    out.append(d)
        return "".join(out)

    wide = {**sources}
    for cp in (*table.one[0], *map(ord, to_word), *map(ord, alike.digits)):
        wide.setdefault(chr(cp), chr(int(fold[cp])))
    pool: list[int] = []
    spans: list[tuple[int, int]] = []
    for c, plain in wide.items():
        target = keyed(to_word.get(c, plain))
        if len(target) == 1:
            key[ord(c)] = ord(target)
        elif not target:
            key[ord(c)] = DROP
        else:
            key[ord(c)] = MANY + len(spans)
            spans.append((len(pool), len(target)))
            pool.extend(map(ord, target))
    sound = dict(zip(map(chr, table.sound[0]), table.sound[1], strict=True))
    common = frozenset(table.common)
    rare = np.array([ord(c) for c in sound if c not in common and int(fold[ord(c)]) == ord(c)], dtype=np.uint32)
    return Characters(
        fold=fold,
        key=key,
        pool=np.array(pool, dtype=np.uint32),
        spans=np.array(spans, dtype=np.int64).reshape(-1, 2),
        syllables=table.syllables,
        sound=sound,
        common=common,
        rare=rare,
        alike=alike,
        digest_of=blob + alike_text.encode(),
    )


def _mask(runs: list[tuple[int, int]]) -> NDArray[np.bool_]:
    mask = np.zeros(TOP, dtype=np.bool_)
    for first, last in runs:
        mask[first : last + 1] = True
    return mask
