"""Answers proposed to a person: the likest facts, templates and past answers, each with its source. Works offline."""

import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from livecue.desk.likeness import pairs_of
from livecue.desk.service import tables
from livecue.desk.service.knowledge import Fact, Template, places_of
from livecue.desk.service.masking import mask_text
from livecue.events import ProductCard
from livecue.store import Reader

PAST = 2_000
"""Newest answers of colleagues that are looked through."""
_FROM = 0.12
"""Less like than this is not shown."""


class Entry(msgspec.Struct, frozen=True):
    """Something that may be answered: ``asked`` is what it is found by, ``source`` says where it comes from."""

    kind: str
    """fact, template, past or product."""
    id: str
    asked: str
    text: str
    source: str
    topic: str = ""
    product: str = ""
    at: int = 0


class Draft(msgspec.Struct, frozen=True):
    """A proposal, how like its question is (0 to 1), and the variables nobody can fill."""

    kind: str
    id: str
    text: str
    source: str
    sure: float
    missing: tuple[str, ...] = ()


class Index:
    """Entries by the pairs of characters they are asked by; rare pairs weigh more. Immutable after it is made."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        places: dict[str, list[int]] = {}
        for place, entry in enumerate(self.entries):
            for pair in pairs_of(entry.asked):
                places.setdefault(pair, []).append(place)
        count = max(1, len(self.entries))
        self._weight = {pair: math.log(1 + count / len(found)) for pair, found in places.items()}
        self._unseen = math.log(1 + count)
        self._places = places
        self._length = [
            math.sqrt(sum(self._weight[pair] ** 2 for pair in pairs_of(entry.asked))) for entry in self.entries
        ]

    def best(self, text: str, product: str = "", topic: str = "", most: int = 5) -> list[tuple[float, Entry]]:
        """The likest entries by cosine; one about the product or topic in question is a little ahead of others."""
        pairs = pairs_of(text)
        length = math.sqrt(sum(self._weight.get(pair, self._unseen) ** 2 for pair in pairs)) or 1.0
        scores: dict[int, float] = {}
        for pair in pairs:
            weight = self._weight.get(pair, 0.0)
            for place in self._places.get(pair, ()):
                scores[place] = scores.get(place, 0.0) + weight * weight
        found = []
        for place, score in scores.items():
            entry = self.entries[place]
            if entry.product and product and entry.product != product:
                continue
            sure = score / (length * (self._length[place] or 1.0))
            sure += 0.1 * bool(product and entry.product == product) + 0.05 * bool(topic and entry.topic == topic)
            found.append((min(1.0, sure), entry))
        found.sort(key=lambda item: (-item[0], -item[1].at, item[1].id))
        seen: set[str] = set()
        best = []
        for sure, entry in found:
            if entry.text not in seen and sure >= _FROM:
                seen.add(entry.text)
                best.append((sure, entry))
            if len(best) == most:
                break
        return best


def entries_of(
    facts: Sequence[Fact], templates: Sequence[Template], products: Sequence[ProductCard], past: Iterable[Entry]
) -> list[Entry]:
    """Everything of a brand that may be answered with."""
    found = [
        Entry("fact", item.fact, item.question, item.answer, item.source, item.topic, item.product) for item in facts
    ]
    found += [
        Entry("template", item.template, f"{item.title} {item.text}", item.text, item.title, item.topic)
        for item in templates
    ]
    for card in products:
        for number, point in enumerate(card.selling_points):
            found.append(
                Entry("product", f"{card.product}/{number}", f"{card.name} {point}", point, card.name, "", card.product)
            )
    found += past
    return found


def past_answers(db: Reader, org: str, brand: str, most: int = PAST) -> list[Entry]:
    """What colleagues answered before, by what had been asked; numbers of people are masked."""
    return [
        Entry("past", f"{row[4]}/{row[5]}", str(row[0]), mask_text(str(row[1])), str(row[2]), at=int(row[3]))
        for row in db.rows(tables.PAST_ANSWERS, (org, brand, most))
    ]


def fill(text: str, values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """``text`` with its variables filled in, and those that have no value: they stay as they are, and are refused."""
    missing = []
    for name in places_of(text):
        value = values.get(name, "")
        if value:
            text = text.replace("{" + name + "}", value)
        else:
            missing.append(name)
    return text, tuple(dict.fromkeys(missing))


def drafts(index: Index, text: str, product: str, topic: str, values: Mapping[str, str], most: int = 5) -> list[Draft]:
    """Proposals for a person, the likest first. Prices and offers are proposed like all else: a person reads them."""
    found = []
    for sure, entry in index.best(text, product, topic, most):
        filled, missing = fill(entry.text, values)
        found.append(Draft(entry.kind, entry.id, filled, entry.source, round(sure, 3), missing))
    return found
