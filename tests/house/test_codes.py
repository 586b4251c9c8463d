"""Every code that the screens may be told has words in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from livecue.catalog import ROW_CODES
from livecue.errors import LiveCueError
from livecue.planning import supply
from tests.house.tree import ROOT, tracked

_FIRST = {"_Refusal": 0, "BadTable": 0, "_answer": 2}
"""Calls that name a code by its place."""
_KEYED = {"CommandRefused", "ActionFailed"}
_RETURNS = {"_why_not", "_apply", "_duty", "_save"}
"""Functions that return (code, why)."""


def texts(language: str, file: str, block: str) -> set[str]:
    """The keys of ``block: {...}`` (or of ``export const block = {...}``) in a file of words."""
    source = (ROOT / f"ui/src/i18n/{language}/{file}.ts").read_text("utf-8")
    found = re.search(rf"\b{block}(?::| =) \{{(.*?)^\s*\}}", source, re.S | re.M)
    assert found, f"{file} has no {block}"
    return set(re.findall(r"(?:^|[{,])\s*(\w+):", found[1], re.M))


def _constant(node: ast.expr | None) -> set[str]:
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value else set()


def _codes(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name, place = node.func.id, _FIRST.get(node.func.id)
            if place is not None and len(node.args) > place:
                found |= _constant(node.args[place])
            if name in _KEYED:
                found |= {code for key in node.keywords if key.arg == "code" for code in _constant(key.value)}
        elif isinstance(node, ast.FunctionDef) and node.name in _RETURNS:
            for item in ast.walk(node):
                if isinstance(item, ast.Return) and isinstance(item.value, ast.Tuple):
                    found |= _constant(item.value.elts[0])
    return found


def _classes(kind: type[LiveCueError]) -> set[str]:
    return {kind.code}.union(*(_classes(child) for child in kind.__subclasses__()))


def every_code() -> set[str]:
    """Codes of refusals and of errors that leave by a door."""
    import livecue.web  # noqa: F401  # its errors are among the subclasses

    found = _classes(LiveCueError) - {"error"}
    for name in tracked():
        if name.parts[0] == "livecue" and name.suffix == ".py":
            found |= _codes(ROOT / name)
    return found


def test_the_reader_finds_codes() -> None:
    assert {"changed_meanwhile", "login_taken", "table_columns", "not_open", "bad_token", "nobody_can"} <= every_code()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_refusal_has_words(language: str) -> None:
    assert every_code() - texts(language, "error", "error") == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_problem_of_a_row_has_words(language: str) -> None:
    assert texts(language, "office-catalog", "problem") == ROW_CODES | supply.ROW_CODES


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_refused_field_of_a_product_has_words(language: str) -> None:
    fields = {"name", "role", "price", "cost", "commission"}
    assert {f"product_{field}" for field in fields} <= texts(language, "error", "error")
