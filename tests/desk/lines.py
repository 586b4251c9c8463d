"""The labelled lines and the plain arithmetic of scores, for the tests of triage."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[2] / "tools" / "triage"
WHOLE = {"i": "intent", "ab": "abuse", "sp": "spam", "ch": "chat"}
TOPICS = {
    "p": "price",
    "s": "stock",
    "z": "size_colour",
    "u": "usage",
    "q": "quality",
    "l": "logistics",
    "o": "offer",
    "a": "after_sale",
    "x": "other",
}


class Line(NamedTuple):
    """One labelled line of lines.tsv."""

    part: str
    how: str
    family: str
    label: str
    topic: str
    text: str


@cache
def labelled() -> tuple[Line, ...]:
    """Every labelled line."""
    found = []
    for row in (FOLDER / "lines.tsv").read_text("utf-8").splitlines()[1:]:
        part, how, family, code, text = row.split("\t")
        label = WHOLE.get(code) or {"q": "question", "c": "complaint"}[code[0]]
        found.append(Line(part, how, family, label, "" if code in WHOLE else TOPICS[code[1]], text))
    return tuple(found)


def held_out() -> list[Line]:
    """Lines of templates and kinds of rooms that training never saw."""
    return [line for line in labelled() if line.part == "test"]


def macro_f1(truth: Sequence[str], said: Sequence[str]) -> float:
    """Mean over the true classes of the harmonic mean of precision and recall."""
    right = Counter(a for a, b in zip(truth, said, strict=True) if a == b)
    of, told = Counter(truth), Counter(said)
    return sum(2 * right[name] / (of[name] + told[name]) for name in of) / len(of)
