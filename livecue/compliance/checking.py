"""A draft held against the rules, for whoever writes it: each hit with its article and what to write instead."""

import msgspec

from livecue.compliance.engine import Engine
from livecue.compliance.facts import NO_FACTS, Facts
from livecue.compliance.hits import RANK, SILENT, Hit, verdict
from livecue.compliance.law import law_text
from livecue.compliance.packs import Door
from livecue.compliance.rewording import rewordings

MOST_CHARS = 200_000
"""A script of 200 pages; more is no draft of one show."""
_MOST_HITS = 200
_REWORDED = 30
"""So many hits of one text, the gravest, get wordings at once: each costs a check of its own."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A hit as screens and programs read it. ``law`` is the article's text where it ships, ``instead`` are wordings."""

    start: int
    end: int
    word: str
    entry: str
    cls: str
    severity: str
    basis: str
    law: str
    advice: str
    advice_en: str
    view: str
    context: str
    instead: list[str]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in one text, by the rules of ``version``; ``more`` hits, none graver, were left out."""

    verdict: str
    version: str
    hits: list[Found]
    more: int = 0


def check_draft(
    engine: Engine, text: str, category: str = "", facts: Facts = NO_FACTS, door: Door = "script"
) -> Checked:
    """Check one text; exempted hits are in it as silent ones, so that a reviewer sees which exemption held."""
    hits = engine.check([text], category, facts, door)[0]
    around = min(len(text), 2_000)
    # Of too many the gravest: what is exempt on the first pages must not hide a breach on the last.
    gravest = sorted(hits, key=lambda hit: -RANK[hit.severity])[:_MOST_HITS]
    shown, reworded = frozenset(gravest), frozenset(gravest[:_REWORDED])
    found = []
    for hit in hits:
        if hit not in shown:
            continue
        instead: list[str] = []
        if hit.severity != SILENT and hit in reworded:
            # A wording is tried in the neighbourhood only: a long script is not checked anew for each of its words.
            first = max(0, hit.start - around // 2)
            near = text[first : hit.end + around // 2]
            moved = msgspec.structs.replace(hit, start=hit.start - first, end=hit.end - first)
            instead = rewordings(engine, near, moved, category, facts, door)
        found.append(_found(hit, instead))
    return Checked(verdict=verdict(hits), version=engine.version, hits=found, more=max(0, len(hits) - _MOST_HITS))


def _found(hit: Hit, instead: list[str]) -> Found:
    try:
        law = law_text(hit.basis) or ""
    except LookupError:
        law = ""
    return Found(
        start=hit.start, end=hit.end, word=hit.word, entry=hit.entry, cls=hit.cls, severity=hit.severity,
        basis=hit.basis, law=law, advice=hit.advice, advice_en=hit.advice_en, view=hit.view, context=hit.context,
        instead=instead,
    )  # fmt: skip
