"""Events to bytes and back: NDJSON at the doors, compressed MessagePack in the journal."""

import threading
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec
import zstandard

from livecue.errors import BadInput
from livecue.events import (
    action,
    commerce,
    compliance,
    draw,
    house,
    live,
    opinion,
    orders,
    planning,
    roster,
    script,
    service,
    shelf,
    show,
    stock,
    supply,
    traffic,
)
from livecue.events.base import Event, Line
from livecue.events.upcast import upcast
from livecue.kit import count_of

K = TypeVar("K")


def _kinds(module: Any, base: type[K]) -> dict[str, type[K]]:
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, base)
        and value.__module__ == module.__name__
        and value not in (base, show.CommandAsked)
    }


EVENT_KINDS: dict[str, type[Event]] = {
    **_kinds(live, Event),
    **_kinds(commerce, Event),
    **_kinds(orders, Event),
    **_kinds(stock, Event),
    **_kinds(shelf, Event),
    **_kinds(draw, Event),
    **_kinds(show, Event),
    **_kinds(compliance, Event),
    **_kinds(house, Event),
    **_kinds(planning, Event),
    **_kinds(roster, Event),
    **_kinds(service, Event),
    **_kinds(script, Event),
    **_kinds(supply, Event),
    **_kinds(opinion, Event),
    **_kinds(traffic, Event),
    **_kinds(action, Event),
}
"""Every kind of event by its name."""

ACTION_KINDS: dict[str, type[action.Action]] = _kinds(action, action.Action)
"""Every kind of action by its name."""

_ANNOUNCED: tuple[type[Event], ...] = (
    commerce.StockChanged, commerce.StockShort, commerce.OrderMismatched, orders.TransitionRefused,
    orders.StatusUnknown, orders.AfterSaleChanged, orders.ParcelTroubled, orders.ReminderDue, orders.FeedbackDue,
    service.ConversationOpened, service.ReplySuggested, service.ReplyDropped, service.AnswerLate,
    service.ModelAnswered, service.OutreachMoved,
)  # fmt: skip
_OF_OUTSIDE: list[type[Event]] = [
    kind for module in (live, commerce, orders, service) for kind in _kinds(module, Event).values()
]
OUTSIDE: frozenset[type[Event]] = frozenset(
    kind for kind in _OF_OUTSIDE if kind not in _ANNOUNCED and show.CommandAsked not in kind.__mro__
)
"""What a platform, a companion or a file may tell; everything else comes from people or from ourselves."""

PEOPLE: frozenset[type[Event]] = frozenset(
    kind
    for kind in EVENT_KINDS.values()
    if issubclass(kind, show.CommandAsked) or kind in (action.ActionAsked, action.ActionReleased)
)
"""What a person's command puts into the journal."""

# Built from the vocabulary itself, hence no `X | Y`.
AnyEvent = Union[tuple(EVENT_KINDS.values())]  # type: ignore[valid-type]  # noqa: UP007
_OutsideEvent = Union[tuple(sorted(OUTSIDE, key=lambda kind: kind.__name__))]  # type: ignore[valid-type]  # noqa: UP007
AnyAction = Union[tuple(ACTION_KINDS.values())]  # type: ignore[valid-type]  # noqa: UP007

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[AnyEvent]).decode  # type: ignore[valid-type]
_unpack_loose = msgspec.msgpack.Decoder(list[dict[str, Any]]).decode
_to_json = msgspec.json.Encoder().encode
_from_json = msgspec.json.Decoder(AnyEvent).decode
_from_line = msgspec.json.Decoder(_OutsideEvent).decode
_from_lines = msgspec.json.Decoder(_OutsideEvent).decode_lines
_action_pack = msgspec.msgpack.Decoder(AnyAction).decode

_LEVEL = 1


class _Packers(threading.local):
    """A compressor for each thread: making one costs more than packing a small batch, and none serves two threads."""

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(level=_LEVEL).compress


_packers = _Packers()


def compress(raw: bytes) -> bytes:
    """As the journal and the records keep it."""
    return _packers.compress(raw)


def encode_events(events: Sequence[Event]) -> bytes:
    """A batch as the journal keeps it: MessagePack with field names, zstd."""
    return compress(_pack(events))


def decode_events(blob: bytes) -> list[Event]:
    """Read a batch back, older versions too. Raises ``BadInput`` on a damaged blob."""
    try:
        raw = zstandard.ZstdDecompressor().decompress(blob, max_output_size=1 << 30)
    except zstandard.ZstdError as error:
        raise BadInput(f"journal batch is damaged: {error}") from error
    try:
        return list(_unpack(raw))
    except msgspec.ValidationError:
        return [msgspec.convert(upcast(item), AnyEvent) for item in _unpack_loose(raw)]
    except msgspec.DecodeError as error:
        raise BadInput(f"journal batch is damaged: {error}") from error


def encode_event(event: Event) -> bytes:
    """One event as JSON."""
    return _to_json(event)


def decode_event(text: bytes | str) -> Event:
    """One event of any kind from JSON; raises ``BadInput``."""
    try:
        event: Event = _from_json(text)
        return event
    except msgspec.ValidationError:
        return _lenient(text, AnyEvent, EVENT_KINDS)
    except msgspec.DecodeError as error:
        raise BadInput(f"not JSON: {error}") from error


_OUTSIDE_KINDS = {kind.__name__: kind for kind in OUTSIDE}


def decode_line(line: bytes) -> Event:
    """One line of a sender outside: only kinds in ``OUTSIDE``; numbers as ids, "6.8万" as counts are understood.

    Raises ``BadInput`` with what is wrong and what would be right.
    """
    try:
        event: Event = _from_line(line)
    except msgspec.ValidationError:
        event = _lenient(line, _OutsideEvent, _OUTSIDE_KINDS)
    except msgspec.DecodeError as error:
        raise BadInput(f"not JSON: {error}") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"not readable text: {error}") from error
    return event


def decode_lines(body: bytes) -> list[Event] | None:
    """Every line of a body at once; None when one of them needs a closer look by ``decode_line``."""
    try:
        return _from_lines(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _lenient(line: bytes | str, union: Any, kinds: dict[str, type]) -> Event:
    try:
        raw = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"not JSON: {error}") from error
    if not isinstance(raw, dict):
        raise BadInput("a line must be one JSON object with a field `kind`")
    kind = kinds.get(str(raw.get("kind", "")))
    if kind is None:
        known = ", ".join(sorted(kinds))
        raise BadInput(f"unknown kind {raw.get('kind')!r}; known kinds: {known}")
    try:
        event: Event = msgspec.convert(upcast(_as_meant(raw, kind)), union)
    except msgspec.ValidationError as error:
        raise BadInput(f"{kind.__name__}: {error}") from error
    return event


def _as_meant(raw: dict[str, Any], kind: type) -> dict[str, Any]:
    """Ids that came as numbers become text, display counts become numbers: the two habits of platforms."""
    meant = dict(raw)
    for field in msgspec.structs.fields(kind):
        value = meant.get(field.encode_name)
        wanted = get_args(field.type)[0] if get_origin(field.type) is Annotated else field.type
        if isinstance(value, bool) or value is None:
            continue
        if wanted is str and isinstance(value, int):
            meant[field.encode_name] = str(value)
        elif wanted is int and isinstance(value, (str, float)):
            count = count_of(value)
            if count is not None:
                meant[field.encode_name] = count
        elif field.name == "lines" and isinstance(value, list):
            meant["lines"] = [_as_meant(item, Line) if isinstance(item, dict) else item for item in value]
    return meant


def encode_action(item: action.Action) -> bytes:
    """An action as the outbox keeps it."""
    return _pack(item)


def decode_action(blob: bytes) -> action.Action:
    """Read an action back; raises ``BadInput`` on damage."""
    try:
        item: action.Action = _action_pack(blob)
        return item
    except msgspec.DecodeError as error:
        raise BadInput(f"outbox row is damaged: {error}") from error
