"""The portable statements as PostgreSQL wants them: places, types, and many rows in one statement."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

_QUOTED = re.compile(r"('(?:[^']|'')*')")
_TYPES = (
    (re.compile(r"\bINTEGER\b"), "BIGINT"),
    (re.compile(r"\bBLOB\b"), "BYTEA"),
    (re.compile(r"\bREAL\b"), "DOUBLE PRECISION"),
    # Words sort by their code points, as in SQLite, whatever the language of the server is.
    (re.compile(r"\bTEXT\b"), 'TEXT COLLATE "C"'),
)
_INSERT = re.compile(
    r"\s*INSERT INTO (?P<table>\w+) \((?P<columns>[\w\s,]+)\)\s+VALUES \((?P<values>[^()]*)\)(?P<rest>.*)", re.DOTALL
)
_CONFLICT = re.compile(r"\s*ON CONFLICT \((?P<keys>[\w\s,]+)\) DO UPDATE", re.DOTALL)
_APART = "\x1f"
_WHOLE, _WORDS = {int}, {str}
_TEXTS = re.compile(r"/\*texts\*/ IN \((\?(?:,\?)*)\)")


@lru_cache(maxsize=4096)
def places(statement: str) -> str:
    """``?`` as psycopg's ``%s``; what stands in quotes stays, and so does every per cent sign.

    ``/*locked*/`` becomes ``FOR UPDATE``: SQLite, whose one writer needs no such word, reads a comment.
    """
    parts = _QUOTED.split(statement.replace("/*locked*/", "FOR UPDATE"))
    return "".join(
        part.replace("%", "%%") if place % 2 else part.replace("%", "%%").replace("?", "%s")
        for place, part in enumerate(parts)
    )


class Listed(NamedTuple):
    """A query in which a list of texts is one value: its text stays short and the same however long the list is."""

    statement: str
    first: int
    """The place of the first text among the values."""
    length: int


@lru_cache(maxsize=512)
def listed(statement: str) -> Listed | None:
    """The query with ``/*texts*/ IN (?,?)`` as one array; None when it holds no such list."""
    found = _TEXTS.search(statement)
    if found is None:
        return None
    before, behind = statement[: found.start()], statement[found.end() :]
    return Listed(
        f"{places(before)}= ANY(%s::text[]){places(behind)}",
        sum(part.count("?") for part in _QUOTED.split(before)[::2]),
        found[1].count("?"),
    )


def definition(statement: str) -> str:
    """A statement of a migration with PostgreSQL's types; only tables have types."""
    if not statement.lstrip().startswith(("CREATE TABLE", "ALTER TABLE")):
        return statement
    parts = _QUOTED.split(statement)
    for place in range(0, len(parts), 2):
        for pattern, name in _TYPES:
            parts[place] = pattern.sub(name, parts[place])
    return "".join(parts)


class Many(NamedTuple):
    """An INSERT that takes whole columns."""

    statement: str
    types: tuple[str, ...]
    keys: tuple[int, ...]
    """Places that make up the key of ON CONFLICT DO UPDATE: one statement may not update a row twice."""


def many_of(statement: str, tables: Mapping[str, Mapping[str, str]]) -> Many | None:
    """The INSERT over ``unnest``; None when the statement is of another form or holds bytes.

    ``tables``: table to its columns and their types.
    """
    found = _INSERT.fullmatch(statement)
    if found is None or found["table"] not in tables:
        return None
    types = tables[found["table"]]
    columns = [name.strip() for name in found["columns"].split(",")]
    values = [value.strip() for value in found["values"].split(",")]
    if len(columns) != len(values):
        return None
    taken = [column for column, value in zip(columns, values, strict=True) if value == "?"]
    if not taken or any(types.get(column) in (None, "bytea") for column in taken):
        return None
    if any(value != "?" and "?" in value for value in values) or "?" in found["rest"]:
        return None
    selected = [f"u.{c}" if v == "?" else v.replace("%", "%%") for c, v in zip(columns, values, strict=True)]
    arrays = ", ".join(f"%s::{types[column]}[]" for column in taken)
    conflict = _CONFLICT.match(found["rest"])
    named = [name.strip() for name in conflict["keys"].split(",")] if conflict else []
    return Many(
        f"INSERT INTO {found['table']} ({', '.join(columns)}) SELECT {', '.join(selected)}"
        # An ON CONFLICT behind a SELECT wants a WHERE before it, so that it is not read as a join.
        f" FROM unnest({arrays}) AS u({', '.join(taken)}) WHERE true {found['rest'].replace('%', '%%')}",
        tuple(types[column] for column in taken),
        # A key with a constant in it is as long as the places it has.
        tuple(taken.index(name) for name in named if name in taken),
    )


def column_of(values: Sequence[Any], kind: str) -> str:
    """A column as PostgreSQL's text of an array."""
    types = set(map(type, values))
    if kind == "bigint" and types == _WHOLE:
        # A list's own text in one call: an eighth of what a text for every number costs.
        return "{" + str(list(values))[1:-1] + "}"
    if kind == "text" and types == _WORDS:
        joined = _APART.join(values)
        if joined.count(_APART) == len(values) - 1:
            joined = joined.replace("\x00", "␀").replace("\\", "\\\\").replace('"', '\\"')
            return '{"' + joined.replace(_APART, '","') + '"}'
    return "{" + ",".join(_item(value, kind) for value in values) + "}"


def _item(value: Any, kind: str) -> str:
    if value is None or value != value:
        return "NULL"
    if kind == "text":
        return '"' + str(value).replace("\x00", "␀").replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(float(value)) if kind == "double precision" else str(int(value))
