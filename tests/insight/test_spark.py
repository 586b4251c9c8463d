"""Spark answers the boards' questions as DuckDB does, to the last digit that both can show."""

from pathlib import Path

import pytest

from bench.spark import missing, run_on_spark
from bench.spark.__main__ import ASKED, differences, spread_out
from livecue.insight import every, run_on_duckdb, tables
from tests.insight.made import rows, write


def test_two_engines_say_the_same_over_100_000_rows(tmp_path: Path) -> None:
    if lacking := missing():
        pytest.skip(f"not run: Spark ({lacking})")
    made = rows(100_000)
    assert sum(map(len, made.values())) >= 95_000
    questions = every(tables(), ASKED)
    here = run_on_duckdb(write(made, tmp_path), questions, tmp_path)
    there = run_on_spark(tmp_path, questions)
    assert differences(here, there) == []


def test_what_differs_is_seen() -> None:
    here = {"q": [("a", 1.0, None)]}
    assert differences(here, {"q": (0.1, [["a", 1.0 + 1e-12, None]])}) == []
    for other in ([["a", 1.1, None]], [["b", 1.0, None]], [["a", 1.0, 0]], [["a", None, None]], []):
        assert differences(here, {"q": (0.1, other)}) != []
    assert differences(here, {}) != [] and differences({"q": []}, {"q": (0.1, [])}) != []


def test_copies_multiply_every_set(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "facts").mkdir()
    base = write(rows(2_000), tmp_path / "base")
    files, count = spread_out(base, tmp_path / "facts", 3)
    assert count == 3 * sum(map(len, rows(2_000).values()))
    questions = every(tables(), ASKED)
    single, triple = (run_on_duckdb(which, questions, tmp_path) for which in (base, files))
    assert single.keys() == triple.keys() and single != triple
