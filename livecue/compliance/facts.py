"""What is known to be true of the goods a text speaks of; unknown stays unknown."""

import re
from typing import Literal

import msgspec

from livecue.compliance.papers import papers_on
from livecue.events import ProductCard
from livecue.kit import parse_money

Answer = Literal["met", "contradicted", "unknown"]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Facts a claim may rest on. ``None`` and absence are "not known", never "no".

    ``stock`` is what is free to sell now, in pieces. ``lowest_7d`` is the lowest price paid in the seven days before,
    in minor units, ``price`` what it costs now. ``papers`` and ``labels`` are codes (``data/facts.toml``).
    """

    stock: int | None = None
    lowest_7d: int | None = None
    price: int | None = None
    papers: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()


NO_FACTS = Facts()

_DIGIT = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0} | {str(n): n for n in range(10)}
_SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
NUMBER = "(?:[0-9]+|[零〇一二两三四五六七八九十百千万]+)"
_NUMBER = re.compile(NUMBER)
_AMOUNT_IN = re.compile(rf"((?:[0-9]+(?:\.[0-9]{{1,2}})?)|{NUMBER})")
_AMOUNT = re.compile(rf"[^0-9，,。.!！?？;；]{{0,4}}?(?:¥|￥)?((?:[0-9]+(?:\.[0-9]{{1,2}})?)|{NUMBER})(块钱|元|块|¥)?")


def number_of(text: str) -> int | None:
    """A whole number in digits or Chinese numerals (二十三, 一百零五, 两); None when it is none."""
    if text.isascii() and text.isdigit():
        return int(text)
    total = section = digit = 0
    for c in text:
        if c in _DIGIT:
            digit = digit * 10 + _DIGIT[c] if digit else _DIGIT[c]
        elif c == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        elif c in _SCALE:
            section += (digit or 1) * _SCALE[c]
            digit = 0
        else:
            return None
    return total + section + digit if text else None


def settle(fact: str, facts: Facts, word: str, rest: str) -> Answer:
    """Whether ``fact`` bears out the hit: ``word`` is the hit in folded form, ``rest`` the folded text after it."""
    kind, _, code = fact.partition(":")
    if kind == "paper":
        return "met" if code in facts.papers else "unknown"
    if kind == "label":
        return "met" if code in facts.labels else "unknown"
    if kind == "stock":
        if facts.stock is None:
            return "unknown"
        said = _NUMBER.search(word)
        return "met" if said and number_of(said.group()) == facts.stock else "contradicted"
    if kind == "price_now":
        minor = _amount(_AMOUNT_IN.search(word))
        if facts.price is None or minor is None:
            return "unknown"
        return "met" if minor == facts.price else "contradicted"
    if facts.lowest_7d is None:
        return "unknown"
    minor = _amount(_AMOUNT.match(rest))
    if minor is None:
        return "met"
    return "met" if minor <= facts.lowest_7d else "contradicted"


def _amount(said: re.Match[str] | None) -> int | None:
    """Minor units of an amount in yuan; None when there is none."""
    if said is None:
        return None
    amount = number_of(said.group(1))
    return amount * 100 if amount is not None else parse_money(said.group(1)).minor


def facts_of(card: ProductCard, stock: int | None = None, lowest: int | None = None, day: str = "") -> Facts:
    """The facts a product card carries, as strings in ``card.facts``: ``stock_true`` and ``lowest_7d`` are integers,
    ``papers`` and ``labels`` codes separated by commas; a paper may end: "patent@2027-01-31" holds to that day, itself
    included, and ``day`` is today. ``report`` is the paper test_report.

    ``stock`` is the live figure and goes before the card's. ``lowest`` is what the record of orders says of the seven
    days: of it and the card's figure the lower one counts. Unreadable values stay unknown.
    """
    said = card.facts
    papers = set(papers_on(said.get("papers", ""), day))
    if said.get("report"):
        papers.add("test_report")
    return Facts(
        stock=stock if stock is not None else _whole(said.get("stock_true", "")),
        lowest_7d=min(
            (price for price in (_whole(said.get("lowest_7d", "")), lowest) if price is not None), default=None
        ),
        price=card.price or None,
        papers=frozenset(papers),
        labels=frozenset(code.strip() for code in said.get("labels", "").split(",")) - {""},
    )


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() else None
