"""The trained weights and how a batch of comments is scored with them.

A comment is its characters and pairs of characters, hashed into a table of 2^17 rows. Every row
carries sixteen 8-bit weights: six labels, nine topics of a question, and the abuse score of the
COLD set. They stand biased by 128 in four 64-bit words of four 16-bit lanes each, so that one
gather and one ``add.reduceat`` sum all sixteen at once. All arithmetic is on integers: the same
comment gets the same judgement in any batch, on any machine. Trained by ``tools/train_triage.py``.
"""

import hashlib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from livecue.desk.chars import A_NOT_A, HEAD, TAIL, Places, encode

BITS = 17
LABELS = ("question", "intent", "complaint", "abuse", "spam", "chat")
TOPICS = ("price", "stock", "size_colour", "usage", "quality", "logistics", "offer", "after_sale", "other")
LANES = 16
ACCUSE_FROM = {"abuse": 0.7, "spam": 0.5, "complaint": 0.4}
"""Below this probability nobody's words are called so: to accuse or to alarm wrongly is worse than to miss one."""
UNIT = 4096
"""A margin of 1 is this many units."""

Integers = npt.NDArray[np.int64]
_Rows = npt.NDArray[np.uint32]
_SHIFT = np.uint32(32 - BITS)
_FINE = 15
_NOT = (ord("不"), ord("没"))
_SCALE = np.zeros(HEAD + TAIL + 3, np.int64)
_SCALE[1:] = [round((1 << _FINE) / (2 * count) ** 0.5) for count in range(1, len(_SCALE))]


def ngram_rows(texts: Sequence[str]) -> tuple[_Rows, _Rows, Places]:
    """Table rows of all characters, of all pairs, and the place where each comment starts (and one past the last).

    A separator opens each comment and closes the one before, so a first and a last character are
    pairs of their own. The second "A" of "A不A" (贵不贵) counts as a sign of its own: it asks.
    """
    codes, places = encode(texts)
    wide = codes.astype(np.uint32)
    now, following = wide[:-1], wide[1:]
    pairs = now * np.uint32(0x9E3779B1)
    pairs += following * np.uint32(0x85EBCA77)
    pairs >>= _SHIFT
    asks = (now[2:] == now[:-2]) & ((now[1:-1] == _NOT[0]) | (now[1:-1] == _NOT[1]))
    single = now * np.uint32(0xC2B2AE3D)
    if asks.any():
        single[2:][asks] = np.uint32(A_NOT_A * 0xC2B2AE3D & 0xFFFFFFFF)
    single >>= _SHIFT
    return single, pairs, places


class Scores(NamedTuple):
    """Per comment, in units of 1/4096: margins of ``LABELS``, of ``TOPICS``, and of the abuse score alone."""

    labels: Integers
    topics: Integers
    abuse: Integers


class Model:
    """Sixteen linear scores of characters and pairs; immutable after it is read."""

    def __init__(self, parts: dict[str, npt.NDArray[Any]]) -> None:
        """``parts`` as ``quantise`` makes them: weights (2^17, 16) int8, units and bias (16,), confidence (4096,)."""
        shifted = (parts["weights"].astype(np.int16) + 128).astype("<u2")
        self._table = np.ascontiguousarray(shifted).view("<u8").reshape(1 << BITS, LANES // 4)
        self._units = parts["units"].astype(np.int64)
        self._bias = parts["bias"].astype(np.int64)
        self._share = parts["confidence"].astype(np.int64)
        digest = hashlib.sha256()
        for name in sorted(parts):
            digest.update(np.ascontiguousarray(parts[name]).tobytes())
        self.version = digest.hexdigest()[:16]
        """A hash of everything that can change a judgement."""

    @classmethod
    def shipped(cls) -> "Model":
        """The model inside the package."""
        with (files("livecue.desk") / "model.npz").open("rb") as file, np.load(file) as parts:
            return cls(dict(parts))

    def score(self, texts: Sequence[str]) -> Scores:
        """Margins of all ``texts``, which must not be empty as a sequence; an empty text is fine."""
        single, pairs, places = ngram_rows(texts)
        words = self._table.take(single, axis=0)
        words += self._table.take(pairs, axis=0)
        starts = places[:-1]
        counts = np.diff(places)
        lanes = np.add.reduceat(words, starts, axis=0).view("<u2").reshape(-1, LANES).astype(np.int64)
        lanes -= (counts << 8)[:, None]
        lanes *= _SCALE[counts][:, None]
        lanes *= self._units
        lanes >>= 2 * _FINE
        lanes += self._bias
        return Scores(lanes[:, :6], lanes[:, 6:15], lanes[:, 15])

    def decide(self, labels: Integers) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
        """Per comment the label (its place in ``LABELS``) and its calibrated probability, in thousandths.

        It is the likeliest one, but abuse, spam and complaint must be likely by ``ACCUSE_FROM``, else the
        likeliest of the other labels stands.
        """
        best = labels.argmax(axis=1)
        shares = self._shares(labels)
        total = shares.sum(axis=1)
        for name, least in ACCUSE_FROM.items():
            at = LABELS.index(name)
            doubted = (best == at) & (shares[:, at] < least * total)
            if doubted.any():
                rest = labels[doubted]
                rest[:, [LABELS.index(other) for other in ACCUSE_FROM]] = np.iinfo(np.int64).min
                best[doubted] = rest.argmax(axis=1)
        return best, np.rint(shares[np.arange(len(labels)), best] * 1000.0 / total) / 1000.0

    def _shares(self, labels: Integers) -> Integers:
        behind = (labels.max(axis=1, keepdims=True) - labels) >> 4
        found: Integers = self._share[np.minimum(behind, len(self._share) - 1)]
        return found


def quantise(
    weights: npt.NDArray[np.float64], bias: npt.NDArray[np.float64], temperature: float
) -> dict[str, npt.NDArray[Any]]:
    """Float weights (2^17, 16) and bias (16,) as the parts a ``Model`` is made of."""
    steps = np.abs(weights).max(axis=0) / 127
    steps[steps == 0] = 1
    distance = np.arange(4096) / 256
    return {
        "weights": np.rint(weights / steps).astype(np.int8),
        "units": np.rint(steps * UNIT * (1 << _FINE)).astype(np.int64),
        "bias": np.rint(bias * UNIT).astype(np.int64),
        "confidence": np.rint((1 << 20) * np.exp(-distance / temperature)).astype(np.int64),
    }
