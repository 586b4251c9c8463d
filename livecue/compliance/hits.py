"""What the engine says about a piece of text."""

from collections.abc import Iterable

import msgspec

SILENT, WARN, BLOCK = "silent", "warn", "block"
RANK = {SILENT: 0, WARN: 1, BLOCK: 2}
"""Order of the verdicts; `context` entries warn until a context says otherwise."""


class Hit(msgspec.Struct, frozen=True, gc=False):
    """One entry found in one text: a question with context, not a verdict of a court (compliance 3.2).

    ``start`` and ``end`` are positions in the text as it was given, in characters. ``view`` tells in which
    reading it was found: plain, obfuscated (split, full width, traditional, emoji, repeats, taken apart) or
    pinyin (written by sound). ``context`` names what changed the entry's own severity, "" when nothing did:
    attitude, own_range, instruction, standard, name, award, order (the exemptions of the guideline of 2023),
    other_sense, negated, quoted, deadline, or ``fact:...`` for a fact that was met or contradicted.
    """

    start: int
    end: int
    word: str
    entry: str
    cls: str
    severity: str
    basis: str
    advice: str
    advice_en: str
    view: str
    context: str = ""


def verdict(hits: Iterable[Hit]) -> str:
    """The gravest severity among ``hits``: silent, warn or block."""
    return max((hit.severity for hit in hits), key=RANK.__getitem__, default=SILENT)
