"""Reads the data files into frozen rows; a row with a missing or unknown field is a defect of the file."""

import tomllib
from importlib.resources import files
from typing import Any, Literal, TypeVar

import msgspec

from livecue.errors import Defect

Mark = Literal["S", "E", "D"]
Row = TypeVar("Row", bound=msgspec.Struct)


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in both languages."""

    zh: str
    en: str


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule or threshold R001 to R130. ``who`` are role codes; ``via`` is the role that passes it on, "" nobody."""

    id: str
    group: str
    zh: str
    en: str
    condition: Words
    value: Words
    window: Words
    action: Words
    who: tuple[str, ...]
    source: str
    mark: Mark
    via: str = ""
    value_mark: Mark | Literal[""] = ""
    """D where the rule is stated but its figure is ours; "" where ``mark`` says it all."""
    window_mark: Mark | Literal[""] = ""


class Metric(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A metric M01 to M96. ``unit`` is a key of ``UNITS``; ``live`` when it is computed during a show."""

    id: str
    group: str
    zh: str
    en: str
    unit: str
    kind: Literal["count", "people", "ratio", "money", "seconds"]
    live: bool
    formula: Words
    notes: Words = Words("", "")


class Role(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A post of the team. ``permissions`` are what it may do in its room; ``team`` keeps and checks them."""

    id: str
    zh: str
    en: str
    duties: Words
    permissions: tuple[str, ...]
    mark: Mark
    sources: tuple[str, ...] = ()


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column of a document."""

    zh: str
    en: str
    mark: Mark


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document F01 to F30. ``readers`` are role codes, or "all"."""

    id: str
    zh: str
    en: str
    owner: str
    readers: tuple[str, ...]
    due: Words
    columns: tuple[Column, ...]


def read_rules() -> dict[str, Rule]:
    """R001 to R130 by id."""
    return _table("rules.toml", "rule", Rule)


def read_metrics() -> dict[str, Metric]:
    """M01 to M96 by id."""
    return _table("metrics.toml", "metric", Metric)


def read_roles() -> dict[str, Role]:
    """Roles by code."""
    return _table("roles.toml", "role", Role)


def read_documents() -> dict[str, Document]:
    """F01 to F30 by id."""
    return _table("documents.toml", "document", Document)


def read_groups(file: str) -> dict[str, Words]:
    """The headings of a file's groups, in order."""
    return {name: msgspec.convert(row, Words) for name, row in _file(file)["group"].items()}


def read_units() -> dict[str, Words]:
    """How units are written."""
    return {name: msgspec.convert(row, Words) for name, row in _file("metrics.toml")["unit"].items()}


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(files("livecue.reference").joinpath(name).read_text(encoding="utf-8"))


def _table(file: str, key: str, kind: type[Row]) -> dict[str, Row]:
    rows = {}
    for name, row in _file(file)[key].items():
        try:
            rows[name] = msgspec.convert({"id": name, **row}, kind)
        except msgspec.ValidationError as error:
            raise Defect(f"{file}, {name}: {error}") from error
    return rows
