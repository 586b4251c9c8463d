"""Readings of a batch of texts: one joined string in key form, with the way back to the original."""

from array import array
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from livecue.compliance.characters import DROP, MANY, Characters, CodePoints, characters

SEPARATOR = "\uffff"
"""Between two texts of a batch; a noncharacter that no entry contains."""
_SEPARATOR = ord(SEPARATOR)
_FIRST = np.zeros(1, dtype=np.int64)
HAN = 0x3400
"""Repeats are collapsed to the last one from here on: characters, never digits or Latin letters."""


class Reading:
    """A batch in key form. ``text`` is searched; what else can be asked is worked out only when something was found."""

    __slots__ = ("_cps", "_texts", "source", "text")

    def __init__(self, texts: Sequence[str], key: CodePoints, tables: Characters) -> None:
        self._texts = texts
        joined = texts[0] if len(texts) == 1 else SEPARATOR.join(texts)
        self._cps = cps = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        all_keys = key.take(cps, mode="clip")
        keep = all_keys != DROP
        # Picked by place: half the price of a mask, and the places are needed anyhow.
        source = np.flatnonzero(keep)
        keys = all_keys.take(source, mode="clip")
        after = keys[1:]
        repeated = np.flatnonzero((after == keys[:-1]) & (after >= HAN) & (after != _SEPARATOR))
        if len(repeated):
            keep[source[repeated]] = False
            source = np.flatnonzero(keep)
            keys = all_keys.take(source, mode="clip")
        self.source: NDArray[np.int64] = source
        """For each character of ``text`` its position in the joined original."""
        if len(keys) and int(keys.max()) >= MANY:
            keys = self._spell_out(keys, tables)
        self.text = keys.tobytes().decode("utf-32-le")

    def _spell_out(self, keys: CodePoints, tables: Characters) -> CodePoints:
        """Put several characters where the key says so (emoji, ligatures)."""
        several = keys >= MANY
        number = np.where(several, keys, MANY).astype(np.int64) - MANY
        lengths = np.where(several, tables.spans[number, 1], 1)
        self.source = np.repeat(self.source, lengths)
        out = np.repeat(keys, lengths)
        first = np.repeat(np.cumsum(lengths) - lengths, lengths)
        place = np.arange(len(out)) - first
        wide = np.repeat(several, lengths)
        start = np.repeat(tables.spans[number, 0], lengths)
        out[wide] = tables.pool[(start + place)[wide]]
        return out

    def folded(self, tables: Characters) -> str:
        """The joined original in plain width, one to one (``fold``)."""
        return tables.fold.take(self._cps, mode="clip").tobytes().decode("utf-32-le")

    def places(
        self, matches: Sequence[tuple[int, int, Any]]
    ) -> tuple[list[int], list[int], list[int], list[int], list[bool]]:
        """Where matches (start and end in ``text``) lie: number of the text, where it starts in the joined original,
        from and to in it, whether it has as many characters there as in key form."""
        begins, ends, _ = zip(*matches, strict=True)
        # By way of an array of the standard library, which takes whole numbers ten times as fast.
        begin = np.frombuffer(array("q", begins), dtype=np.int64)
        end = np.frombuffer(array("q", ends), dtype=np.int64)
        starts = self.starts()
        first = self.source[begin]
        last = self.source[end - 1]
        owner = np.searchsorted(starts, first, side="right") - 1
        offset = starts[owner]
        straight = last - first == end - begin - 1
        return (
            owner.tolist(), offset.tolist(), (first - offset).tolist(), (last - offset + 1).tolist(), straight.tolist(),
        )  # fmt: skip

    def starts(self) -> NDArray[np.int64]:
        """Where each text starts in the joined original."""
        ends: NDArray[np.int64] = np.flatnonzero(self._cps == _SEPARATOR)
        if len(ends) < len(self._texts):
            return np.concatenate((_FIRST, ends + 1))
        # Somebody wrote a separator.
        lengths = np.array([len(text) + 1 for text in self._texts])
        first: NDArray[np.int64] = np.cumsum(lengths) - lengths
        return first


@cache
def key_of(text: str) -> str:
    """One text in key form."""
    tables = characters()
    return Reading((text,), tables.key, tables).text


def fold(text: str, tables: Characters) -> str:
    """The text one to one in plain width, lower case, simplified, without accents: for context rules."""
    cps = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return tables.fold.take(cps, mode="clip").tobytes().decode("utf-32-le")
