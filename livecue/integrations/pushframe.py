"""The envelope of the live web feeds of one vendor family: push frame, response, messages, gzip.

Field numbers are those of live-feeds 4.2 and 5.1 (two independent decoders agree); what a message
holds inside is the business of each platform's own folder.
"""

import zlib
from typing import NamedTuple

from livecue.errors import BadPayload
from livecue.integrations.protowire import FLAG, INT, RAW, TEXT, UINT, Field, Record, Table, Writer, read_record

MOST_UNPACKED = 32 << 20
"""A gzip payload that would grow beyond this is refused."""

_PAIR = Table("Pair", {1: ("key", TEXT), 2: ("value", TEXT)})
FRAME = Table(
    "PushFrame",
    {
        1: ("seq_id", UINT),
        2: ("log_id", UINT),
        3: ("service", UINT),
        4: ("method", UINT),
        5: ("headers", _PAIR),
        6: ("payload_encoding", TEXT),
        7: ("payload_type", TEXT),
        8: ("payload", RAW),
        9: ("lod_id_new", TEXT),
    },
)
_MESSAGE = Table(
    "Message",
    {
        1: ("method", TEXT),
        2: ("payload", RAW),
        3: ("msg_id", INT),
        4: ("msg_type", INT),
        5: ("offset", INT),
        6: ("flagged", FLAG),
    },
)
RESPONSE = Table(
    "Response",
    {
        1: ("messages", _MESSAGE),
        2: ("cursor", TEXT),
        3: ("fetch_interval", INT),
        4: ("now", INT),
        5: ("internal_ext", TEXT),
        6: ("fetch_type", INT),
        7: ("route_params", _PAIR),
        8: ("heartbeat_duration", INT),
        9: ("need_ack", FLAG),
        10: ("push_server", TEXT),
        11: ("live_cursor", TEXT),
        12: ("history_no_more", FLAG),
    },
)


class Message(NamedTuple):
    """One message. ``msg_id`` is "" when the sender gave none; what ``flagged`` means is the platform's affair."""

    method: str
    payload: bytes
    msg_id: str
    flagged: bool
    unknown: tuple[Field, ...] = ()


class Frame(NamedTuple):
    """A push frame, its payload unpacked."""

    log_id: int
    payload_type: str
    payload: bytes
    headers: dict[str, str]
    unknown: tuple[Field, ...] = ()


class Response(NamedTuple):
    """A payload of type ``msg``: times in ms, ``heartbeat_ms`` 0 when not told."""

    messages: tuple[Message, ...]
    cursor: str
    internal_ext: str
    now: int
    fetch_interval: int
    heartbeat_ms: int
    need_ack: bool
    unreadable: tuple[bytes, ...] = ()
    """Messages whose own bytes do not parse: kept, so that one of them does not cost the others."""
    unknown: tuple[Field, ...] = ()


def read_frame(data: bytes) -> Frame:
    """Decode and unpack one binary WebSocket message; raises ``BadPayload``."""
    record = read_record(FRAME, data)
    if not record.text("payload_type"):
        raise BadPayload("not a push frame: it does not say what its payload is")
    headers = {pair.text("key"): pair.text("value") for pair in record.subs("headers")}
    payload = record.raw("payload")
    if headers.get("compress_type") == "gzip" or payload[:3] == b"\x1f\x8b\x08":
        payload = gunzip(payload)
    return Frame(record.number("log_id"), record.text("payload_type"), payload, headers, tuple(record.unknown))


def read_response(data: bytes) -> Response:
    """Decode the payload of a frame of type ``msg``, or a captured response; raises ``BadPayload``."""
    record = read_record(RESPONSE, data)
    return Response(
        messages=tuple(_message(item) for item in record.subs("messages")),
        cursor=record.text("cursor"),
        internal_ext=record.text("internal_ext"),
        now=record.number("now"),
        fetch_interval=record.number("fetch_interval"),
        heartbeat_ms=record.number("heartbeat_duration"),
        need_ack=record.flag("need_ack"),
        unreadable=tuple(item.value for item in record.unknown if item.number == 1 and isinstance(item.value, bytes)),
        unknown=tuple(item for item in record.unknown if item.number != 1),
    )


def _message(record: Record) -> Message:
    msg_id = record.number("msg_id")
    return Message(
        method=record.text("method"),
        payload=record.raw("payload"),
        msg_id=str(msg_id) if msg_id else "",
        flagged=record.flag("flagged"),
        unknown=tuple(record.unknown),
    )


def gunzip(data: bytes, most: int = MOST_UNPACKED) -> bytes:
    """Unpack gzip, never to more than ``most`` bytes; raises ``BadPayload``."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        out = unpacker.decompress(data, most + 1)
    except zlib.error as error:
        raise BadPayload(f"gzip payload is damaged: {error}") from error
    if len(out) > most:
        raise BadPayload(f"gzip payload unpacks to more than {most} bytes")
    if not unpacker.eof:
        raise BadPayload("gzip payload is cut off")
    return out


def frame_bytes(payload_type: str, payload: bytes = b"", log_id: int = 0, payload_encoding: str = "") -> bytes:
    """A frame to send: fields that are empty are left out, as the browsers do."""
    writer = Writer()
    if log_id:
        writer.number(2, log_id)
    if payload_encoding:
        writer.text(6, payload_encoding)
    writer.text(7, payload_type)
    if payload:
        writer.raw(8, payload)
    return writer.done()
