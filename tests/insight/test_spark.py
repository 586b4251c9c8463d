"""Spark answers the boards' questions as DuckDB does, to the last digit that both can show."""

from pathlib import Path

import pytest

from bench.spark import missing, run_on_spark
from livecue.insight import Asked, every, run_on_duckdb, tables
from tests.insight.made import rows, write

ASKED = Asked(
    org="o", first="2026-01-05", last="2026-10-31", rooms=tuple(f"r{n}" for n in range(15)), natures=("real",)
)


def test_two_engines_say_the_same_over_100_000_rows(tmp_path: Path) -> None:
    if lacking := missing():
        pytest.skip(f"not run: Spark ({lacking})")
    made = rows(100_000)
    assert sum(map(len, made.values())) >= 95_000
    questions = every(tables(), ASKED)
    here = run_on_duckdb(write(made, tmp_path), questions, tmp_path)
    there = run_on_spark(tmp_path, questions)
    assert there.keys() == here.keys()
    for name, expected in here.items():
        assert len(expected) > 0, name
        _, found = there[name]
        assert len(found) == len(expected), name
        for mine, other in zip(expected, found, strict=True):
            for a, b in zip(mine, other, strict=True):
                assert b == (pytest.approx(float(a), rel=1e-9) if isinstance(a, int | float) else a), (
                    name,
                    mine,
                    other,
                )
