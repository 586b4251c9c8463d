"""Whether a text says nothing but what the facts say. Pure: a language model is believed no further than this."""

import re
from collections.abc import Sequence

from livecue.desk.likeness import pairs_of
from livecue.desk.service.answers import holds
from livecue.desk.service.presets import Auto

_NUMBERS = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[A-Za-z]{2,}")
_SIGN = re.compile(r"[\u4e00-\u9fff]")


def ungrounded(text: str, facts: Sequence[str], rules: Auto) -> str:
    """ "" when a person may be shown the text, else why not: empty, long, word, number, negation or not_in_facts."""
    if not text.strip() or not facts:
        return "empty"
    if len(text) > rules.model_most or "\n" in text.strip():
        return "long"
    if holds(text, rules.never_words) or "{" in text or "://" in text:
        return "word"
    told = " ".join(facts)
    allowed = {word.lower() for word in _NUMBERS.findall(told)} | {word for word in rules.courtesies if word.isascii()}
    if any(word.lower() not in allowed for word in _NUMBERS.findall(text)):
        return "number"
    if _negations(text, rules) != _negations(told, rules):
        return "negation"
    return "" if covered(text, facts, rules) >= rules.model_covered else "not_in_facts"


def covered(text: str, facts: Sequence[str], rules: Auto) -> float:
    """What share of the text's pairs of characters stands in the facts or is courtesy, 0 to 1."""
    known = frozenset[str]().union(*map(pairs_of, facts), *map(pairs_of, rules.courtesies))
    mine = pairs_of(text)
    return len(mine & known) / len(mine)


def word_for_word(text: str, facts: Sequence[str], rules: Auto) -> bool:
    """Whether it may go out unread: nearly every pair is known, and no Chinese character is new."""
    signs = set(_SIGN.findall(text)) - set("".join((*facts, *rules.courtesies)))
    return not signs and covered(text, facts, rules) >= rules.model_covered_alone


def _negations(text: str, rules: Auto) -> int:
    folded = text.lower()
    return sum(folded.count(word) for word in rules.negations)
