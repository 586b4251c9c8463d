"""The vocabulary: every kind of event and action with its fields and who may say it."""

import types
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import inspect as shape

from livecue import events
from livecue.docs.source import field_texts
from livecue.docs.words import Words, code, safe, table
from livecue.events import ACTION_KINDS, EVENT_KINDS, OUTSIDE, PEOPLE, Action, CommandAsked, Event

MODULES: tuple[str, ...] = (
    "live", "commerce", "orders", "show", "house", "stock", "shelf", "draw", "opinion", "traffic", "planning",
    "roster", "supply", "script", "compliance", "service", "action",
)  # fmt: skip
_SHARED = {*Event.__struct_fields__, *CommandAsked.__struct_fields__, *Action.__struct_fields__}
_BIG = 10**15


def page(words: Words) -> Iterator[str]:
    """docs/*/reference/events.md."""
    yield f"# {words.label('events')}"
    yield ""
    yield words.label("events_intro")
    yield ""
    yield f"## {words.label('shared_fields')}"
    yield ""
    yield words.label("shared_every")
    yield ""
    yield from _fields(Event, words, own=False)
    yield words.label("shared_commands")
    yield ""
    yield words.label("shared_actions")
    yield ""
    for module in MODULES:
        yield f"## {words.label('events_' + module)}"
        yield ""
        yield safe(words.text(_module(module).__doc__))
        yield ""
        for name, kind in {**EVENT_KINDS, **ACTION_KINDS}.items():
            if kind.__module__ == f"livecue.events.{module}":
                yield from _kind(name, kind, words)
    yield f"## {words.label('parts')}"
    yield ""
    for part in (
        events.ActivityStep,
        events.ActivityGuest,
        events.ActivityPartner,
        events.BudgetLine,
        events.Line,
        events.ProductCard,
        events.DrawPlan,
        events.NegativeReply,
        events.SegmentPlan,
        events.ShiftPlan,
        events.ShiftChosen,
        events.Claim,
        events.Answer,
        events.ShelfStep,
        events.DrawRules,
        events.Hours,
        events.WakeGroup,
        events.AdSlot,
        events.AdSpendRow,
    ):
        yield f"### {part.__name__}"
        yield ""
        yield safe(words.text(part.__doc__))
        yield ""
        yield from _fields(part, words, own=False)


def _module(name: str) -> types.ModuleType:
    found = getattr(events, name)
    assert isinstance(found, types.ModuleType)
    return found


def _kind(name: str, kind: type[Any], words: Words) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    yield f"{safe(words.text(kind.__doc__))} {words.label(_sender(kind))}"
    yield ""
    yield from _fields(kind, words, own=True)


def _sender(kind: type[Any]) -> str:
    if kind in OUTSIDE:
        return "from_outside"
    if kind in PEOPLE:
        return "from_people"
    return "to_platform" if issubclass(kind, Action) else "from_us"


def _fields(kind: type[Any], words: Words, own: bool) -> Iterator[str]:
    texts = field_texts(kind)
    rows = [
        (
            code(field.encode_name),
            type_text(shape.type_info(field.type), words),
            default_text(field, words),
            words.text(texts.get(field.name)),
        )
        for field in msgspec.structs.fields(kind)
        if not (own and field.name in _SHARED)
    ]
    yield from table([words.label(head) for head in ("field", "type", "default", "meaning")], rows)


def default_text(field: msgspec.structs.FieldInfo, words: Words) -> str:
    """What holds when the field is left out."""
    if field.default is not msgspec.NODEFAULT:
        return code(msgspec.json.encode(field.default).decode())
    if field.default_factory is not msgspec.NODEFAULT:
        return code(msgspec.json.encode(field.default_factory()).decode())
    return words.label("required")


def type_text(found: shape.Type, words: Words) -> str:
    """A type in plain words, with its bounds."""
    match found:
        case shape.BoolType() | shape.BytesType():
            return words.label("type_" + type(found).__name__)
        case shape.StrType():
            return _text_type(found, words)
        case shape.IntType():
            return words.label("type_IntType") + _bounds(found)
        case shape.FloatType():
            return words.label("type_FloatType")
        case shape.NoneType():
            return "null"
        case shape.VarTupleType() | shape.ListType():
            return words.label("list_of").format(type_text(found.item_type, words))
        case shape.DictType():
            both = (type_text(found.key_type, words), type_text(found.value_type, words))
            return words.label("table_of").format(*both)
        case shape.StructType():
            return f"[{found.cls.__name__}](#{found.cls.__name__.lower()})"
        case shape.UnionType():
            return words.label("or").join(type_text(item, words) for item in found.types)
    raise TypeError(f"no words for the type {found!r}")


def _text_type(found: shape.StrType, words: Words) -> str:
    name = words.label("type_StrType")
    least, most = found.min_length or 0, found.max_length
    if least and most:
        return name + words.label("length_between").format(least, most)
    return name + (words.label("length_most").format(most) if most else "")


def _bounds(found: shape.IntType) -> str:
    least, most = found.ge, found.le
    low = f"≥ {least}" if least is not None and least > -_BIG else ""
    high = f"≤ {most}" if most is not None and most < _BIG else ""
    both = ", ".join(part for part in (low, high) if part)
    return f" ({both})" if both else ""
