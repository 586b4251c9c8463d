"""An answer made of what we know, and whether it may go out without a person. Pure: nothing is invented here.

Retrieval and filled-in sentences only. A text of the customer is never part of an answer, so that no instruction hidden
in it can change one.
"""

from collections.abc import Callable, Sequence

import msgspec

from livecue.desk.likeness import pairs_of
from livecue.desk.service.presets import Auto
from livecue.desk.triage import Judgement


class Known(msgspec.Struct, frozen=True):
    """A fact of the knowledge base."""

    fact: str
    question: str
    answer: str
    topic: str
    product: str
    source: str
    version: int


class Proposal(msgspec.Struct, frozen=True):
    """An answer, the facts it is made of, how sure it is (0 to 1), and whether it may go out by itself."""

    text: str
    facts: tuple[str, ...]
    basis: str
    """What it was made of, version and all: compared again just before it is sent."""
    sure: float
    alone: bool
    why: str = ""
    """Why it may not go out by itself."""


STOCK = "stock:"
"""A fact that is read from the stock at the moment of answering; the product follows."""
_SAID = {
    "zh": {True: "有货的，现在可以直接拍。", False: "这款目前已经售罄，补货后会再上架。"},
    "en": {
        True: "Yes, it is in stock and can be ordered now.",
        False: "It is sold out at the moment; it will be listed again.",
    },
}


def likeness(one: str, other: str) -> float:
    """How alike two questions are: shared pairs of characters, 0 to 1."""
    mine, theirs = pairs_of(one), pairs_of(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def holds(text: str, words: Sequence[str]) -> str:
    """The first of ``words`` in the text, "" when none is."""
    folded = text.lower()
    return next((word for word in words if word in folded), "")


def propose(
    text: str,
    told: Judgement,
    known: Sequence[Known],
    stock: int | None,
    language: str,
    rules: Auto,
    allowed: Callable[[str], bool],
) -> Proposal | None:
    """The best answer to ``text``; None when nothing known answers it or its topic belongs to people.

    ``known`` are the facts of the topic for this product or for all; ``stock`` the free pieces, None when unverified;
    ``allowed`` says whether compliance lets a text pass.
    """
    if told.label in rules.never_labels or told.topic in rules.never:
        return None
    if told.topic == "stock" and told.product and stock is not None:
        return _of_stock(text, told, stock, language, rules, allowed)
    ranked = sorted(
        ((likeness(text, fact.question) + (0.08 if fact.product else 0.0), fact.fact, fact) for fact in known),
        key=lambda found: (-found[0], found[1]),
    )
    if not ranked or ranked[0][0] < rules.suggest_from:
        return None
    sure, _, best = ranked[0]
    if not allowed(best.answer):
        return None
    rival = next((other for other in ranked[1:] if other[2].answer != best.answer), None)
    why = _why_not(text, told, rules)
    if not why and sure < rules.send_from:
        why = "not_sure"
    if not why and rival is not None and sure - rival[0] < rules.send_margin:
        why = "two_answers"
    return Proposal(
        text=best.answer,
        facts=(best.fact,),
        basis=f"{best.fact}@{best.version}",
        sure=min(1.0, sure),
        alone=not why,
        why=why,
    )


def stock_answer(product: str, stock: int, language: str) -> tuple[str, str]:
    """(answer, basis) about whether a product can be had; it names no number, which would be old when it is read."""
    there = stock > 0
    return _SAID.get(language, _SAID["en"])[there], f"{STOCK}{product}@{int(there)}"


def _of_stock(
    text: str, told: Judgement, stock: int, language: str, rules: Auto, allowed: Callable[[str], bool]
) -> Proposal | None:
    said, basis = stock_answer(told.product, stock, language)
    if not allowed(said):
        return None
    why = _why_not(text, told, rules)
    return Proposal(
        text=said, facts=(f"{STOCK}{told.product}",), basis=basis, sure=told.confidence, alone=not why, why=why
    )


def may_answer(text: str, told: Judgement, rules: Auto) -> bool:
    """Whether a question may be answered without a person at all, whoever words the answer."""
    return told.label not in rules.never_labels and told.topic not in rules.never and not _why_not(text, told, rules)


def _why_not(text: str, told: Judgement, rules: Auto) -> str:
    if told.topic not in rules.topics or told.label != "question":
        return "topic"
    if holds(text, rules.never_words):
        return "word"
    # Two questions in one message: half an answer is worse than none.
    if sum(text.count(sign) for sign in "？?") > 1 or len(text) > 80:
        return "long"
    return ""
