"""The wire reader never crashes, keeps what it does not know, and reads what the writer wrote."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livecue.errors import BadPayload
from livecue.integrations.protowire import (
    BYTES,
    FIXED32,
    FIXED64,
    FLAG,
    GROUP,
    INT,
    RAW,
    TEXT,
    UINT,
    VARINT,
    Field,
    Table,
    Writer,
    read_fields,
    read_record,
)

INNER = Table("Inner", {1: ("name", TEXT)})
TABLE = Table(
    "Outer",
    {1: ("count", INT), 2: ("name", TEXT), 3: ("inner", INNER), 4: ("id", UINT), 5: ("on", FLAG), 6: ("body", RAW)},
)
LOOP = Table("Loop", {})
LOOP.fields[1] = ("next", LOOP)


def test_values_come_back_with_their_names() -> None:
    data = (
        Writer()
        .number(1, -7)
        .text(2, "你好")
        .sub(3, Writer().text(1, "内"))
        .number(4, 2**64 - 1)
        .number(5, 1)
        .raw(6, b"\0")
        .done()
    )
    record = read_record(TABLE, data)
    assert (record.number("count"), record.text("name"), record.sub("inner").text("name")) == (-7, "你好", "内")
    assert (record.number("id"), record.flag("on"), record.raw("body"), record.unknown) == (2**64 - 1, True, b"\0", [])


def test_absent_fields_read_as_their_zero() -> None:
    record = read_record(TABLE, b"")
    assert (record.number("count"), record.text("name"), record.flag("on"), record.raw("body")) == (0, "", False, b"")
    assert not record.has("name") and record.sub("inner").text("name") == "" and record.subs("inner") == []


def test_a_field_of_the_wrong_type_is_unknown_and_costs_nothing_else() -> None:
    record = read_record(TABLE, Writer().text(1, "not a number").text(2, "kept").raw(3, b"\xff\xff").done())
    assert record.text("name") == "kept" and not record.has("count")
    assert [item.number for item in record.unknown] == [1, 3]


def test_the_last_of_repeated_values_counts_and_nested_ones_are_all_there() -> None:
    data = Writer().text(2, "a").text(2, "b").sub(3, Writer().text(1, "x")).sub(3, Writer().text(1, "y")).done()
    record = read_record(TABLE, data)
    assert record.text("name") == "b" and record.texts("name") == ["a", "b"]
    assert [inner.text("name") for inner in record.subs("inner")] == ["x", "y"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x08", "cut off"),
        (b"\x0a\x05ab", "cut off"),
        (b"\x09\x00", "cut off"),
        (b"\x0d\x00", "cut off"),
        (b"\x08" + b"\xff" * 10 + b"\x01", "more than 10 bytes"),
        (b"\x08" + b"\xff" * 9 + b"\x7f", "more than 64 bits"),
        (b"\x00\x00", "not possible"),
        (b"\x0e\x00", "does not exist"),
        (b"\x0c", "never began"),
        (b"\x0b\x14", "not open"),
        (b"\x0b", "cut off"),
        (b"\x0b" * 100, "nested deeper"),
    ],
)
def test_malformed_bytes_say_what_is_wrong(data: bytes, why: str) -> None:
    with pytest.raises(BadPayload, match=why):
        read_fields(data)


def test_nesting_is_bounded() -> None:
    writer = Writer()
    for _ in range(500):
        writer = Writer().sub(1, writer)
    record, depth = read_record(LOOP, writer.done()), 0
    while record.has("next"):
        record, depth = record.sub("next"), depth + 1
    assert depth == 64 and [item.number for item in record.unknown] == [1]


def test_a_length_of_the_whole_address_space_allocates_nothing() -> None:
    with pytest.raises(BadPayload):
        read_fields(b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f" + b"x" * 100)


def test_the_writer_refuses_what_has_no_64_bits() -> None:
    with pytest.raises(ValueError, match="64-bit"):
        Writer().number(1, 2**64)


FIELDS = st.lists(
    st.one_of(
        st.builds(Field, st.integers(1, 2**29 - 1), st.just(VARINT), st.integers(0, 2**64 - 1)),
        st.builds(Field, st.integers(1, 2**29 - 1), st.just(BYTES), st.binary(max_size=40)),
        st.builds(Field, st.integers(1, 2**29 - 1), st.just(FIXED64), st.binary(min_size=8, max_size=8)),
        st.builds(Field, st.integers(1, 2**29 - 1), st.just(FIXED32), st.binary(min_size=4, max_size=4)),
        st.builds(Field, st.integers(1, 2**29 - 1), st.just(GROUP), st.just(Writer().text(7, "in a group").done())),
    ),
    max_size=8,
)


@given(FIELDS)
@settings(max_examples=150, deadline=None)
def test_every_field_travels_on_unchanged(fields: list[Field]) -> None:
    writer = Writer()
    for item in fields:
        writer.again(item)
    assert read_fields(writer.done()) == fields


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        record = read_record(TABLE, data)
    except BadPayload:
        return
    writer = Writer()
    for item in read_fields(data):
        writer.again(item)
    assert read_record(TABLE, writer.done()) == record


@given(FIELDS, st.data())
@settings(max_examples=100, deadline=None)
def test_a_cut_anywhere_gives_a_prefix_or_a_refusal(fields: list[Field], data: st.DataObject) -> None:
    writer = Writer()
    for item in fields:
        writer.again(item)
    whole = writer.done()
    cut = data.draw(st.integers(0, len(whole)))
    try:
        assert read_fields(whole[:cut]) == fields[: len(read_fields(whole[:cut]))]
    except BadPayload:
        assert cut < len(whole)
