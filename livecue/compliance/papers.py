"""Which papers goods of a category need before they are shown (compliance 4.8), and which of a product's still hold."""

import re
import tomllib
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files

import msgspec

from livecue.compliance.categories import category_code

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Need = tuple[tuple[str, ...], str, str, str]
"""Codes of which one is needed, its article, and what is missing in Chinese and in English."""


class _Row(msgspec.Struct, frozen=True):
    categories: tuple[str, ...]
    any_of: tuple[str, ...]
    basis: str
    zh: str
    en: str


@cache
def _rows() -> tuple[_Row, ...]:
    text = (files("livecue.compliance") / "data" / "papers.toml").read_text("utf-8")
    return tuple(msgspec.convert(tomllib.loads(text)["need"], list[_Row]))


def paper_bases() -> set[str]:
    """Every article that asks for a paper."""
    return {row.basis for row in _rows()}


def missing_papers(category: str, have: Collection[str]) -> list[Need]:
    """What goods of ``category`` need and ``have`` does not hold; nothing where the category is unknown."""
    code = category_code(category) if category else ""
    return [
        (row.any_of, row.basis, row.zh, row.en)
        for row in _rows()
        if code in row.categories and not set(row.any_of) & set(have)
    ]


def papers_on(written: str | Iterable[str], day: str = "") -> frozenset[str]:
    """Codes that hold on ``day`` (YYYY-MM-DD) out of "code" and "code@2027-01-31" (the last day on which it holds).

    An unreadable day is no paper: better asked for again than trusted.
    """
    found = set()
    for part in written.split(",") if isinstance(written, str) else written:
        code, mark, until = part.strip().partition("@")
        if code and (not mark or (_DAY.fullmatch(until) and (not day or day <= until))):
            found.add(code)
    return frozenset(found)
