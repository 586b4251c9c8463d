"""Texts made plain, so that the same words look the same; many at a time by a table of signs."""

import re
import unicodedata
from collections.abc import Sequence
from operator import eq

import numpy as np
import numpy.typing as npt

_SIGNS = re.compile(r"[\W_]+")
_WIDE = re.compile(r"([^\x00-\x7f\d])\1+")
_LETTERS = re.compile(r"([a-z])\1{2,}")

_TOP = 0x20000
_DROPPED, _UNSEEN, _SLOWLY = 0, 0xFFFFFFFF, 0xFFFFFFFE
"""In the table: a sign that is left out, one nobody has met yet, one that must be seen with its neighbours."""
_END = 0xFFFF
"""Closes each text; a noncharacter, no text of words holds it."""
_MANY = 8
"""Fewer texts are made plain one by one: an array operation has a price of its own."""

_CodePoints = npt.NDArray[np.uint32]


def shape_of(text: str) -> str:
    """The text made plain: one width, lower case, without signs and spaces, no sign over and over.

    A run of a Chinese sign is one of it (哈哈哈 is 哈), of a letter at most two (qq stays), digits stay as they are
    unless there is nothing else (666 is 6).
    """
    shape = _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())
    # Most texts repeat no sign: looking for that takes a tenth of what the two patterns take.
    return _unit(_once(shape) if any(map(eq, shape, shape[1:])) else shape)


def shapes_of(texts: Sequence[str]) -> list[str]:
    """``shape_of`` each, in one look over all of them."""
    if len(texts) < _MANY:
        return [shape_of(text) for text in texts]
    joined = "\uffff".join(texts) + "\uffff"
    read = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.flatnonzero(read == _END)
    if len(ends) != len(texts):
        return [shape_of(text) for text in texts]
    plain = _plain(read)
    apart = plain == _SLOWLY
    slowly = np.searchsorted(ends, np.flatnonzero(apart))
    plain = plain[(plain != _DROPPED) & ~apart]
    ends = np.flatnonzero(plain == _END)
    again = np.searchsorted(ends, _repeated(plain))
    shapes = plain.tobytes().decode("utf-32-le").split("\uffff")[:-1]
    for place in set(again.tolist()):
        shapes[place] = _once(shapes[place])
    shapes = list(map(_unit, shapes))
    for place in set(slowly.tolist()):
        shapes[place] = shape_of(texts[place])
    return shapes


def _once(shape: str) -> str:
    return _LETTERS.sub(r"\1\1", _WIDE.sub(r"\1", shape))


def _repeated(plain: _CodePoints) -> npt.NDArray[np.intp]:
    """Places of signs that ``_once`` may take out: beyond ASCII the second of two, of small letters the third."""
    same = plain[1:] == plain[:-1]
    wide = np.flatnonzero(same & (plain[1:] > 0x7F)) + 1
    thrice = np.flatnonzero(same[1:] & same[:-1]) + 2
    return np.concatenate((wide, thrice))


def _unit(shape: str) -> str:
    """A text pasted over and over is one of it (支持主播支持主播)."""
    unit = (shape + shape).find(shape, 1)
    return shape[:unit] if unit < len(shape) and (not shape.isdecimal() or unit == 1) else shape


def _plain(read: _CodePoints) -> _CodePoints:
    """Each sign as the table has it; a sign nobody has met yet is looked up first."""
    plain = _TABLE.take(read, mode="clip")
    unseen = plain == _UNSEEN
    if unseen.any():
        for sign in set(read[unseen].tolist()):
            _TABLE[min(sign, _TOP - 1)] = _alone(sign)
        plain = _TABLE.take(read, mode="clip")
    return plain


def _alone(sign: int) -> int:
    """What a sign is made plain to whatever stands beside it, else ``_SLOWLY``."""
    char = chr(sign)
    plain = unicodedata.normalize("NFKC", char)
    if sign >= _TOP - 1 or 0xD800 <= sign < 0xE000 or _joins(char) or _joins(plain[:1]):
        return _SLOWLY
    shape = _SIGNS.sub("", plain.casefold())
    if len(shape) > 1:
        return _SLOWLY
    return ord(shape) if shape else _DROPPED


def _joins(char: str) -> bool:
    """Whether it may become one with what stands before it: marks, and the parts of Korean syllables."""
    korean = "\u1100" <= char < "\u1200" or "\ua960" <= char < "\ua980" or "\ud7b0" <= char < "\ud800"
    return korean or unicodedata.category(char).startswith("M")


def _table() -> _CodePoints:
    table = np.full(_TOP, _UNSEEN, np.uint32)
    table[_END] = _END
    table[_TOP - 1] = _SLOWLY
    return table


_TABLE = _table()
