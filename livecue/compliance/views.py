"""Readings of a batch of texts: one joined string in key form, with the way back to the original."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from livecue.compliance.characters import DROP, MANY, Characters, CodePoints, characters

SEPARATOR = "\uffff"
"""Between two texts of a batch; a noncharacter that no entry contains."""
_SEPARATOR = ord(SEPARATOR)
HAN = 0x3400
"""Repeats are collapsed to the last one from here on: characters, never digits or Latin letters."""


class Reading:
    """A batch in key form. ``text`` is searched; the rest is worked out only when something was found."""

    __slots__ = ("_cps", "_keep", "_many", "_once", "_pool", "_spans", "_src", "_texts", "text")

    def __init__(self, texts: Sequence[str], key: CodePoints, tables: Characters) -> None:
        self._texts = texts
        joined = texts[0] if len(texts) == 1 else SEPARATOR.join(texts)
        self._cps = cps = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        keys = key.take(cps, mode="clip")
        self._keep = keys != DROP
        keys = keys[self._keep]
        again = keys[1:] == keys[:-1]
        self._once: NDArray[np.bool_] | None = None
        if again.any():
            once = np.empty(len(keys), dtype=np.bool_)
            once[-1] = True
            np.logical_not(again & (keys[1:] >= HAN) & (keys[1:] != _SEPARATOR), out=once[:-1])
            self._once = once
            keys = keys[once]
        self._many: NDArray[np.int64] | None = None
        if len(keys) and int(keys.max()) >= MANY:
            keys = self._spell_out(keys, tables)
        self.text = keys.tobytes().decode("utf-32-le")
        self._src: NDArray[np.int64] | None = None

    def _spell_out(self, keys: CodePoints, tables: Characters) -> CodePoints:
        """Put several characters where the key says so (emoji, ligatures)."""
        several = keys >= MANY
        number = np.where(several, keys, MANY).astype(np.int64) - MANY
        lengths = np.where(several, tables.spans[number, 1], 1)
        self._many = lengths
        out = np.repeat(keys, lengths)
        first = np.repeat(np.cumsum(lengths) - lengths, lengths)
        place = np.arange(len(out)) - first
        wide = np.repeat(several, lengths)
        start = np.repeat(tables.spans[number, 0], lengths)
        out[wide] = tables.pool[(start + place)[wide]]
        return out

    @property
    def source(self) -> NDArray[np.int64]:
        """For each character of ``text`` its position in the joined original."""
        if self._src is None:
            src = np.flatnonzero(self._keep)
            if self._once is not None:
                src = src[self._once]
            if self._many is not None:
                src = np.repeat(src, self._many)
            self._src = src
        return self._src

    def folded(self, tables: Characters) -> str:
        """The joined original in plain width, one to one (``fold``)."""
        return tables.fold.take(self._cps, mode="clip").tobytes().decode("utf-32-le")

    def starts(self) -> NDArray[np.int64]:
        """Where each text starts in the joined original."""
        lengths = np.fromiter(map(len, self._texts), np.int64, len(self._texts)) + 1
        return np.cumsum(lengths) - lengths


@cache
def key_of(text: str) -> str:
    """One text in key form."""
    tables = characters()
    return Reading((text,), tables.key, tables).text


def fold(text: str, tables: Characters) -> str:
    """The text one to one in plain width, lower case, simplified, without accents: for context rules."""
    cps = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return tables.fold.take(cps, mode="clip").tobytes().decode("utf-32-le")
