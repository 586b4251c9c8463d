"""Packets of the WebSocket: 16 bytes of header, big-endian; bodies plain, zlib or brotli (live-feeds 6.2)."""

import importlib
import struct
import zlib
from typing import NamedTuple

from livecue.errors import BadPayload

HEADER = struct.Struct(">IHHII")
"""Length of the packet, length of the header, version, operation, sequence."""
MOST_UNPACKED = 32 << 20
MOST_PACKETS = 100_000
MOST_DEPTH = 3
"""A packed body holds packets, which are plain; more nesting than this is an attack."""

HEARTBEAT, HEARTBEAT_REPLY, MESSAGE, AUTH, AUTH_REPLY = 2, 3, 5, 7, 8
_ZLIB, _BROTLI = 2, 3


class Packet(NamedTuple):
    """One packet whose body is plain."""

    operation: int
    body: bytes
    version: int = 0
    sequence: int = 1


def packet_bytes(packet: Packet) -> bytes:
    """A packet as it is sent."""
    length = HEADER.size + len(packet.body)
    return HEADER.pack(length, HEADER.size, packet.version, packet.operation, packet.sequence) + packet.body


def heartbeat() -> bytes:
    """What a client sends every 30 s."""
    return packet_bytes(Packet(HEARTBEAT, b"", 1))


def auth_packet(auth_body: str) -> bytes:
    """The first packet of a connection: ``auth_body`` exactly as the start call returned it."""
    return packet_bytes(Packet(AUTH, auth_body.encode(), 1))


def split(data: bytes) -> list[Packet]:
    """Every plain packet of one WebSocket message, packed ones opened; raises ``BadPayload``."""
    found: list[Packet] = []
    _split(data, found, 0)
    return found


def _split(data: bytes, found: list[Packet], depth: int) -> None:
    if depth > MOST_DEPTH:
        raise BadPayload(f"packets packed in packets more than {MOST_DEPTH} times")
    at = 0
    while at < len(data):
        if len(found) >= MOST_PACKETS:
            raise BadPayload(f"more than {MOST_PACKETS} packets in one message")
        if len(data) - at < HEADER.size:
            raise BadPayload("a packet is cut off in its header")
        length, header, version, operation, sequence = HEADER.unpack_from(data, at)
        if header < HEADER.size or length < header:
            raise BadPayload(f"a packet of length {length} with a header of {header}")
        if at + length > len(data):
            raise BadPayload(f"a packet is cut off: {at + length - len(data)} bytes missing")
        body = data[at + header : at + length]
        if operation == MESSAGE and version in (_ZLIB, _BROTLI):
            _split(_unpack(body, version), found, depth + 1)
        else:
            found.append(Packet(operation, body, version, sequence))
        at += length


def _unpack(body: bytes, version: int) -> bytes:
    if version == _BROTLI:
        return _unbrotli(body)
    unpacker = zlib.decompressobj()
    try:
        out = unpacker.decompress(body, MOST_UNPACKED + 1)
    except zlib.error as error:
        raise BadPayload(f"zlib body is damaged: {error}") from error
    if len(out) > MOST_UNPACKED:
        raise BadPayload(f"zlib body unpacks to more than {MOST_UNPACKED} bytes")
    if not unpacker.eof:
        raise BadPayload("zlib body is cut off")
    return out


def _unbrotli(body: bytes) -> bytes:
    try:
        brotli = importlib.import_module("brotli")
    except ModuleNotFoundError:
        raise BadPayload("brotli body: install the package `brotli`, or ask the server for zlib (protover 2)") from None
    try:
        unpacker = brotli.Decompressor()
        out: bytes = unpacker.process(body, output_buffer_limit=MOST_UNPACKED + 1)
    except (brotli.error, TypeError) as error:
        raise BadPayload(f"brotli body is damaged, or the package `brotli` is older than 1.2: {error}") from error
    if len(out) > MOST_UNPACKED:
        raise BadPayload(f"brotli body unpacks to more than {MOST_UNPACKED} bytes")
    if not unpacker.is_finished():
        raise BadPayload("brotli body is cut off")
    return out
