"""The protobuf wire format, read and written without a schema compiler.

Only what captured frames need: a bounded reader that keeps every field it does not know, a table
that gives numbers names, and a writer. Layout: https://protobuf.dev/programming-guides/encoding/
(facts restated). Whatever is malformed raises ``BadPayload``, never anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from livecue.errors import BadPayload

MOST_BYTES = 64 << 20
"""No message may be longer than this."""
MOST_FIELDS = 1_000_000
"""No message may have more fields of its own than this."""
MOST_DEPTH = 64
"""No message or group may be nested deeper than this."""

VARINT, FIXED64, BYTES, GROUP, GROUP_END, FIXED32 = 0, 1, 2, 3, 4, 5


class Field(NamedTuple):
    """One field as it stood on the wire. ``value`` is an unsigned int for wire type 0, else the bytes."""

    number: int
    wire: int
    value: int | bytes


def read_fields(data: bytes) -> list[Field]:
    """Every field of a message in wire order; raises ``BadPayload``."""
    if len(data) > MOST_BYTES:
        raise BadPayload(f"message of {len(data)} bytes; the most is {MOST_BYTES}")
    found: list[Field] = []
    at = 0
    while at < len(data):
        if len(found) >= MOST_FIELDS:
            raise BadPayload(f"more than {MOST_FIELDS} fields in one message")
        item, at = _field(data, at)
        found.append(item)
    return found


def _field(data: bytes, at: int) -> tuple[Field, int]:
    number, wire, start = _key(data, at)
    if wire == VARINT:
        value, end = _varint(data, start)
        return Field(number, wire, value), end
    if wire == GROUP_END:
        raise BadPayload(f"group {number} ends that never began")
    body_end, end = _skip(data, number, wire, start)
    if wire == BYTES:
        _, start = _varint(data, start)
    return Field(number, wire, data[start:body_end]), end


def _skip(data: bytes, number: int, wire: int, at: int) -> tuple[int, int]:
    """Where the value that begins at ``at`` ends, and where the next key begins."""
    if wire == VARINT:
        _, end = _varint(data, at)
    elif wire == FIXED64:
        end = at + 8
    elif wire == FIXED32:
        end = at + 4
    elif wire == BYTES:
        length, at = _varint(data, at)
        end = at + length
    elif wire == GROUP:
        return _skip_group(data, number, at)
    else:
        raise BadPayload(f"wire type {wire} does not exist")
    if end > len(data):
        raise BadPayload(f"field {number} is cut off: {end - len(data)} bytes missing")
    return end, end


def _skip_group(data: bytes, number: int, at: int) -> tuple[int, int]:
    open_groups = [number]
    while at < len(data):
        inner, wire, start = _key(data, at)
        if wire == GROUP:
            open_groups.append(inner)
            if len(open_groups) > MOST_DEPTH:
                raise BadPayload(f"groups nested deeper than {MOST_DEPTH}")
            at = start
        elif wire == GROUP_END:
            if inner != open_groups.pop():
                raise BadPayload(f"group {inner} ends that is not open")
            if not open_groups:
                return at, start
            at = start
        else:
            _, at = _skip(data, inner, wire, start)
    raise BadPayload(f"group {number} is cut off")


def _key(data: bytes, at: int) -> tuple[int, int, int]:
    key, at = _varint(data, at)
    number = key >> 3
    if not 0 < number < 1 << 29:
        raise BadPayload(f"field number {number} is not possible")
    return number, key & 7, at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    for end, byte in enumerate(data[at : at + 10], at + 1):
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value >= 1 << 64:
                raise BadPayload("a number of more than 64 bits")
            return value, end
        shift += 7
    raise BadPayload("a number is cut off" if shift < 70 else "a number of more than 10 bytes")


# Names for numbers.

UINT, INT, FLAG, TEXT, RAW = "uint", "int", "flag", "text", "raw"
"""What a field may be: unsigned, signed, yes or no, UTF-8, bytes; a nested message is given by its own ``Table``."""


class Table:
    """The fields of one message: number to (name, what it is). Built once, then read-only."""

    def __init__(self, name: str, fields: "Mapping[int, tuple[str, str | Table]]") -> None:
        self.name = name
        self.fields = dict(fields)


@dataclass(slots=True)
class Record:
    """One decoded message: values by name, in wire order, and whatever the table does not know."""

    name: str
    values: dict[str, list["int | str | bytes | Record"]] = field(default_factory=dict)
    unknown: list[Field] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether the field was on the wire."""
        return name in self.values

    def number(self, name: str) -> int:
        """The last value of a number; 0 when absent, as protobuf has it."""
        value = self.values.get(name, [0])[-1]
        return value if isinstance(value, int) else 0

    def flag(self, name: str) -> bool:
        """Whether a yes-or-no field is yes."""
        return self.number(name) != 0

    def text(self, name: str) -> str:
        """The last value of a text; "" when absent."""
        value = self.values.get(name, [""])[-1]
        return value if isinstance(value, str) else ""

    def raw(self, name: str) -> bytes:
        """The last value of a bytes field; b"" when absent."""
        value = self.values.get(name, [b""])[-1]
        return value if isinstance(value, bytes) else b""

    def sub(self, name: str) -> "Record":
        """The last nested message of that name; an empty one when absent."""
        value = self.values.get(name, [None])[-1]
        return value if isinstance(value, Record) else Record(name)

    def subs(self, name: str) -> list["Record"]:
        """Every nested message of that name."""
        return [value for value in self.values.get(name, []) if isinstance(value, Record)]

    def texts(self, name: str) -> list[str]:
        """Every text of that name."""
        return [value for value in self.values.get(name, []) if isinstance(value, str)]


def read_record(table: Table, data: bytes, _depth: int = 0) -> Record:
    """Decode ``data`` by ``table``; raises ``BadPayload``.

    A field whose wire type is not what the table says, or whose nested message does not parse, is kept
    among the unknown: vendors reuse numbers, and one field must not cost the whole message.
    """
    if _depth > MOST_DEPTH:
        raise BadPayload(f"messages nested deeper than {MOST_DEPTH}")
    record = Record(table.name)
    for item in read_fields(data):
        known = table.fields.get(item.number)
        value = None if known is None else _meant(item, known[1], _depth)
        if known is None or value is None:
            record.unknown.append(item)
        else:
            record.values.setdefault(known[0], []).append(value)
    return record


def _meant(item: Field, kind: str | Table, depth: int) -> int | str | bytes | Record | None:
    value = item.value
    if isinstance(value, int):
        if kind == INT:
            return value - (1 << 64) if value >= 1 << 63 else value
        return value if kind in (UINT, FLAG) else None
    if item.wire != BYTES:
        return None
    if isinstance(kind, Table):
        try:
            return read_record(kind, value, depth + 1)
        except BadPayload:
            return None
    if kind == TEXT:
        return value.decode("utf-8", errors="replace")
    return value if kind == RAW else None


class Writer:
    """Builds a message; fields stand in the order they are added, absent values are not written by the caller."""

    def __init__(self) -> None:
        self._out = bytearray()

    def number(self, number: int, value: int) -> "Writer":
        """A varint; a negative value is written as its 64-bit two's complement."""
        if not -(1 << 63) <= value < 1 << 64:
            raise ValueError(f"not a 64-bit number: {value}")
        self._varint(number << 3 | VARINT)
        self._varint(value & ((1 << 64) - 1))
        return self

    def raw(self, number: int, value: bytes) -> "Writer":
        """Bytes, or a message that is encoded already."""
        self._varint(number << 3 | BYTES)
        self._varint(len(value))
        self._out += value
        return self

    def text(self, number: int, value: str) -> "Writer":
        """A text in UTF-8."""
        return self.raw(number, value.encode())

    def sub(self, number: int, value: "Writer") -> "Writer":
        """A nested message."""
        return self.raw(number, bytes(value._out))

    def again(self, item: Field) -> "Writer":
        """A field that was read before, as it was: how unknown fields travel on."""
        self._varint(item.number << 3 | item.wire)
        if isinstance(item.value, int):
            self._varint(item.value)
            return self
        if item.wire == BYTES:
            self._varint(len(item.value))
        self._out += item.value
        if item.wire == GROUP:
            self._varint(item.number << 3 | GROUP_END)
        return self

    def done(self) -> bytes:
        """The message."""
        return bytes(self._out)

    def _varint(self, value: int) -> None:
        while value > 0x7F:
            self._out.append(value & 0x7F | 0x80)
            value >>= 7
        self._out.append(value)
