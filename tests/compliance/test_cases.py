"""Each row of the reference (compliance 3.1 to 3.4) is a case: text, facts, category, and its verdict."""

from typing import Any

import pytest

from livecue.compliance import verdict
from tests.compliance.reading import engine, facts_in, rows

ROWS = [
    pytest.param(case, id=f"{name[:3]} {row['row']}: {case['text']}")
    for name in ("3_2_exempt.toml", "3_3_silent.toml", "3_4_obfuscations.toml")
    for row in rows(name)
    for case in row["cases"]
]
WORDS = [
    pytest.param(row, word, id=f"{row['class']} {row['verdict']} {word}")
    for row in rows("3_1_classes.toml")
    for word in row["words"]
]


@pytest.mark.parametrize("case", ROWS)
def test_row(case: dict[str, Any]) -> None:
    hits = engine().check([case["text"]], case.get("category", ""), facts_in(case), case.get("door", "script"))[0]
    assert verdict(hits) == case["verdict"], hits
    if "context" in case:
        assert case["context"] in {hit.context for hit in hits}


@pytest.mark.parametrize(("row", "word"), WORDS)
def test_representative_entry(row: dict[str, Any], word: str) -> None:
    text = f"家人们，这就是{word}，看一下"
    hits = engine().check([text], row.get("category", ""), facts_in(row), row.get("door", "script"))[0]
    assert verdict(hits) == row["verdict"], hits
    if row["verdict"] != "silent":
        assert row["class"] in {hit.cls for hit in hits}


def test_all_classes_have_representatives() -> None:
    classes = {row["class"] for row in rows("3_1_classes.toml")} - {""}
    assert classes == {"A1", "A2", "B", "C", "D", "E", "F1", "F2", *"GHIJKLMNOPQR"}


def test_conditional_rows_stand_with_the_fact_and_without() -> None:
    told = ("stock", "lowest_7d", "papers", "labels")
    for row in rows("3_3_silent.toml"):
        with_fact = {case["text"] for case in row["cases"] if any(fact in case for fact in told)}
        without = {case["text"] for case in row["cases"] if not any(fact in case for fact in told)}
        assert with_fact <= without
