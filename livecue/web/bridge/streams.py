"""The bridge's AsyncAPI description: what goes over its sockets, its streams and its webhooks, each way."""

from functools import lru_cache
from typing import Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from livecue.events import EVENT_KINDS, OUTSIDE, ClockTicked, Event
from livecue.flow import Rejected
from livecue.web.auth import Public
from livecue.web.bridge.hooks import HEADERS
from livecue.web.json import encode

router = APIRouter()
_REF = "#/components/schemas/{name}"


class LinesAnswered(msgspec.Struct):
    """What became of the lines of one message.

    ``duplicates`` and ``duplicate_lines`` are null while the room is behind; ``number`` is the batch in which the last
    of the lines stand, null when none was accepted.
    """

    accepted: int
    duplicates: int | None
    duplicate_lines: list[int] | None
    rejected: list[Rejected]
    rejected_count: int
    number: int | None


class LinesRefused(msgspec.Struct, omit_defaults=True):
    """Nothing of the message was taken; the socket stays open. With ``retry_after_s``: send it again then."""

    error: str
    message: str
    retry_after_s: float | None = None


class StreamOver(msgspec.Struct):
    """The token was revoked or is over; the stream ends."""

    code: str


class ScreenFrame(msgspec.Struct):
    """What a room's screens are sent: every section at first, then those that changed, at most twenty times a second.

    ``now`` is room time (ms UTC), ``rate`` how fast it goes; sections are those of the snapshot, as "part.field".
    """

    number: int
    now: int
    rate: float
    changed: dict[str, msgspec.Raw]


class Nothing(msgspec.Struct):
    """No data: the name of the event says it all."""


class Place(msgspec.Struct):
    """Where an event stands in its room's journal: ``number`` of its batch, ``place`` in it."""

    number: int
    place: int


@router.get(
    "/bridge/v1/asyncapi.json",
    dependencies=[Depends(Public("it describes the doors and holds no data"))],
    include_in_schema=False,
)
async def streams(request: Request) -> Response:
    """AsyncAPI 3.0 of the sockets, the streams and the webhooks."""
    return Response(_encoded(request.app.version), media_type="application/json")


@lru_cache(maxsize=1)
def _encoded(version: str) -> bytes:
    """Built once: it is open to anybody, takes long and is the same until the next version."""
    return encode(describe_streams(version))


def describe_streams(version: str) -> dict[str, Any]:
    """The description. Addresses and words are those of the routes; a test holds them together."""
    sent = tuple(sorted(OUTSIDE, key=lambda kind: kind.__name__))
    told = tuple(kind for _, kind in sorted(EVENT_KINDS.items()) if kind is not ClockTicked)
    own = (LinesAnswered, LinesRefused, StreamOver, ScreenFrame, Nothing, Place)
    _, schemas = msgspec.json.schema_components((*told, *own), schema_hook=_any, ref_template=_REF)
    schemas["EventSent"] = _one_of(sent, "One line in: a kind that may be sent.")
    schemas["EventTold"] = {
        "description": "One event out, with its place in the journal.",
        "allOf": [{"$ref": _REF.format(name="Place")}, _one_of(told, "Any kind but the clock's.")],
    }
    messages = {
        "lines": _message("EventSent", "application/x-ndjson", "NDJSON: one event a line"),
        "answered": _message("LinesAnswered", "application/json", "What became of the lines"),
        "refused": _message("LinesRefused", "application/json", "Nothing was taken, and why"),
        "event": _message("EventTold", "application/json", "One committed event"),
        "over": _message("StreamOver", "application/json", "The stream ends"),
        "frame": _message("ScreenFrame", "application/json", "The room as it is, or what changed"),
        "gone": _message("Nothing", "application/json", "The room was removed"),
        "alive": _message("Nothing", "application/json", "Nothing changed for some seconds"),
        "delivery": {
            **_message("EventTold", "application/x-ndjson", "Committed events, one a line, in order"),
            "headers": {
                "type": "object",
                "properties": {name: {"type": "string", "description": text} for name, text in HEADERS.items()},
                "required": list(HEADERS),
            },
        },
    }
    channels = {
        "socket": _channel("/bridge/v1/rooms/{room}/socket", "ws", ("lines", "answered", "refused"), "Events in."),
        "listen": _channel("/bridge/v1/rooms/{room}/listen", "ws", ("event",), "Events out, one a message.", _OUT),
        "stream": _channel(
            "/bridge/v1/rooms/{room}/stream", "http", ("event", "over"),
            "Events out as server-sent events; `id` is the number to come back with (`Last-Event-ID` or `after`).",
            _OUT,
        ),
        "screens": _channel(
            "/api/rooms/{room}/live", "http", ("frame", "gone", "alive"),
            "What our own screens follow, as server-sent events; opened by the session's cookie, not by a token.",
        ),
        "webhook": _channel(
            None, "http", ("delivery",),
            "A POST to the address that was subscribed; any 2xx within 10 seconds takes it, else it comes again.",
        ),
    }  # fmt: skip
    operations = {
        "sendLines": _operation("send", "socket", ("lines",), ("answered", "refused")),
        "hearEvents": _operation("receive", "listen", ("event",)),
        "followEvents": _operation("receive", "stream", ("event", "over")),
        "followScreens": _operation("receive", "screens", ("frame", "gone", "alive")),
        "takeDelivery": _operation("receive", "webhook", ("delivery",)),
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "LiveCue sockets, streams and webhooks",
            "version": version,
            "description": "Operations are those of a program that speaks to LiveCue: what it sends, what it receives.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": messages,
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


_OUT = {
    "after": "number of the last batch that was dealt with; without it the stream begins now",
    "kinds": "comma-separated kinds; without it every kind",
}


def _any(kind: type) -> dict[str, Any]:
    return {} if kind is msgspec.Raw else {"type": "object", "title": kind.__name__}


def _one_of(kinds: tuple[type[Event], ...], text: str) -> dict[str, Any]:
    refs = {kind.__name__: _REF.format(name=kind.__name__) for kind in kinds}
    return {
        "description": text,
        "oneOf": [{"$ref": ref} for ref in refs.values()],
        "discriminator": "kind",
    }


def _message(schema: str, content: str, text: str) -> dict[str, Any]:
    return {"contentType": content, "summary": text, "payload": {"$ref": _REF.format(name=schema)}}


def _channel(
    address: str | None, protocol: Literal["ws", "http"], messages: tuple[str, ...], text: str,
    query: dict[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    found: dict[str, Any] = {
        "address": address,
        "description": text,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
    }
    if address is not None and "{room}" in address:
        found["parameters"] = {"room": {"description": "the room's id"}}
    if protocol == "ws":
        fields = {name: {"type": "string", "description": text} for name, text in (query or {}).items()}
        found["bindings"] = {"ws": {"method": "GET", "query": {"type": "object", "properties": fields}}}
    elif query:
        found["x-query"] = query
    return found


def _operation(
    action: Literal["send", "receive"], channel: str, messages: tuple[str, ...], reply: tuple[str, ...] = ()
) -> dict[str, Any]:
    def refs(names: tuple[str, ...]) -> list[dict[str, str]]:
        return [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names]

    found: dict[str, Any] = {
        "action": action, "channel": {"$ref": f"#/channels/{channel}"}, "messages": refs(messages)
    }  # fmt: skip
    if channel not in ("screens", "webhook"):
        found["security"] = [{"$ref": "#/components/securitySchemes/token"}]
    if channel in ("stream", "screens"):
        found["bindings"] = {"http": {"method": "GET"}}
    if channel == "webhook":
        found["bindings"] = {"http": {"method": "POST"}}
    if reply:
        found["reply"] = {"channel": {"$ref": f"#/channels/{channel}"}, "messages": refs(reply)}
    return found
