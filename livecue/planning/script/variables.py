"""Variables in talk tracks: {价格} or {price} is what the catalogue says at the moment it is read out."""

import re
from collections.abc import Mapping

import msgspec

from livecue.events import ProductCard, SegmentPlan
from livecue.kit import Money

NAMES: dict[str, tuple[str, str]] = {
    "name": ("名称", "name"),
    "price": ("价格", "price"),
    "stock": ("库存", "stock"),
    "skus": ("规格", "skus"),
    "points": ("卖点", "points"),
    "number": ("链接号", "number"),
}
"""Variable to its word in Chinese and in English; either may be written."""
_KNOWN = {word: name for name, words in NAMES.items() for word in words}
_FOUND = re.compile(r"\{([^{}\n]{1,40})\}")
GAP = {"zh": "〔{word}：待核验〕", "en": "[{word}: unverified]"}


class Missing(msgspec.Struct, frozen=True):
    """``variable`` as written in ``segment`` has no value: unknown_variable, no_product or not_known."""

    segment: str
    variable: str
    why: str


class Spoken(msgspec.Struct, frozen=True):
    """A talk track with its variables filled in; what has no value stays as a marked gap."""

    text: str
    missing: list[Missing]


def spoken(
    segment: SegmentPlan, card: ProductCard | None, stock: Mapping[str, int], currency: str, language: str
) -> Spoken:
    """The talk track as it is read out. ``stock`` maps SKUs to pieces on hand; a SKU it lacks is not known."""
    language = "en" if language == "en" else "zh"
    values = values_of(card, stock, currency, language)
    missing: list[Missing] = []

    def fill(found: re.Match[str]) -> str:
        word = found[1].strip()
        name = _KNOWN.get(word, "")
        if name and values[name]:
            return values[name]
        why = "unknown_variable" if not name else "no_product" if card is None else "not_known"
        missing.append(Missing(segment.segment, word, why))
        return GAP[language].replace("{word}", word)

    return Spoken(_FOUND.sub(fill, segment.talk_track), missing)


def values_of(card: ProductCard | None, stock: Mapping[str, int], currency: str, language: str) -> dict[str, str]:
    """Variable to its value, "" where nobody knows it."""
    if card is None:
        return dict.fromkeys(NAMES, "")
    comma = "、" if language == "zh" else ", "
    known = [stock[sku] for sku in card.skus if sku in stock]
    return {
        "name": card.name,
        "price": str(Money(card.price, currency)) if card.price else "",
        "stock": str(sum(known)) if card.skus and len(known) == len(card.skus) else "",
        "skus": comma.join(card.skus),
        "points": comma.join(card.selling_points),
        "number": str(card.number) if card.number else "",
    }


def word_of(name: str, language: str) -> str:
    """The variable as it is written in a talk track."""
    return "{" + NAMES[name][language == "en"] + "}"
