"""Reads the cases of the reference and the labelled lines."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from livecue.compliance import Engine, Facts

HERE = Path(__file__).parent


class Line(NamedTuple):
    """A labelled line: what is expected (a verdict, or a class), the category, the text."""

    label: str
    category: str
    text: str


@cache
def engine() -> Engine:
    """The shipped packs, made once for all tests."""
    made = Engine()
    made.warm()
    return made


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a file of cases."""
    with (HERE / "cases" / name).open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)["rows"]
    return found


def facts_in(case: dict[str, Any]) -> Facts:
    """The facts a case names."""
    return Facts(
        stock=case.get("stock"),
        lowest_7d=case.get("lowest_7d"),
        papers=frozenset(case.get("papers", ())),
        labels=frozenset(case.get("labels", ())),
    )


def lines(name: str) -> list[Line]:
    """Labelled lines; ``\\u200b`` is written out in the files so that it can be seen."""
    found = []
    for row in (HERE / "corpus" / name).read_text("utf-8").splitlines():
        *head, text = row.split("\t")
        label = "silent" if name.endswith("clean.tsv") else head[0]
        found.append(
            Line(label, head[-1] if name != "comments.tsv" else "cosmetics", text.replace("\\u200b", "\u200b"))
        )
    return found
