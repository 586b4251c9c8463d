"""What the office keeps for the service desk: ready answers, and facts with their sources."""

from typing import ClassVar

import msgspec

from livecue.desk.model import TOPICS
from livecue.desk.service import tables
from livecue.events import CommandAsked, Event, FactRemoved, FactSaved, TemplateRemoved, TemplateSaved
from livecue.flow import RowsOnly, Unit
from livecue.store import Reader

VARIABLES = ("product", "stock", "price", "order", "parcel", "customer", "brand")
"""What a template may leave open, as {product}; filled in when an agent uses it."""


class Knowledge(RowsOnly):
    """Owns templates and facts, in the stream of the house."""

    name: ClassVar[str] = "knowledge"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset({TemplateSaved, TemplateRemoved, FactSaved, FactRemoved})

    def apply(self, event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
        """Check and keep."""
        if isinstance(event, TemplateSaved):
            return _save_template(event, unit)
        if isinstance(event, FactSaved):
            return _save_fact(event, unit)
        if isinstance(event, TemplateRemoved):
            key = (event.org, event.brand, event.template)
            if not unit.ask(tables.HAS_TEMPLATE, key):
                return "not_there", "this template was removed already"
            unit.write(tables.REMOVE_TEMPLATE, key)
        elif isinstance(event, FactRemoved):
            key = (event.org, event.brand, event.fact)
            if not unit.ask(tables.HAS_FACT, key):
                return "not_there", "this fact was removed already"
            unit.write(tables.REMOVE_FACT, key)
        return None


def _save_template(event: TemplateSaved, unit: Unit) -> tuple[str, str] | None:
    if not event.title.strip():
        return "incomplete", "a template needs a title"
    for name in places_of(event.text):
        if name not in VARIABLES:
            return "bad_variable", f"{{{name}}} is no variable; there are {', '.join(VARIABLES)}"
    if event.hotkey:
        taken = unit.ask(tables.HOTKEY_TAKEN, (event.org, event.brand, event.hotkey, event.template))
        if taken:
            return "hotkey_taken", f"this key belongs to the template {taken[0][0]}"
    unit.write(
        tables.SAVE_TEMPLATE,
        (event.org, event.brand, event.template, event.title, event.text, event.topic, event.hotkey, event.by),
    )
    return None


def _save_fact(event: FactSaved, unit: Unit) -> tuple[str, str] | None:
    if event.topic not in TOPICS:
        return "bad_topic", f"topic is one of {', '.join(TOPICS)}"
    if not event.source.strip():
        return "no_source", "say where this is known from: handbook, test report, a colleague's answer"
    unit.write(
        tables.SAVE_FACT,
        (
            event.org, event.brand, event.fact, event.question, event.answer, event.topic, event.product, event.source,
            event.until, event.by,
        ),
    )  # fmt: skip
    return None


def places_of(text: str) -> list[str]:
    """The variables that a text leaves open, in order."""
    found, at = [], 0
    while (start := text.find("{", at)) >= 0:
        end = text.find("}", start)
        if end < 0:
            break
        name = text[start + 1 : end]
        if name.isidentifier():
            found.append(name)
        at = end + 1
    return found


class Template(msgspec.Struct, frozen=True):
    """A ready answer."""

    template: str
    title: str
    text: str
    topic: str
    hotkey: str


class Fact(msgspec.Struct, frozen=True):
    """Something we know, with its source; ``until`` ms, 0 without end."""

    fact: str
    question: str
    answer: str
    topic: str
    product: str
    source: str
    until: int
    version: int
    saved_by: str


def list_templates(db: Reader, org: str, brand: str) -> list[Template]:
    """The brand's templates, those with a key first."""
    return [Template(*row) for row in db.rows(tables.LIST_TEMPLATES, (org, brand))]


def list_facts(db: Reader, org: str, brand: str) -> list[Fact]:
    """The brand's facts by topic and product."""
    return [Fact(*row) for row in db.rows(tables.LIST_FACTS, (org, brand))]
