"""The boards' questions over 20 million rows, by DuckDB and by Spark: ``python -m bench.spark [rows]``.

A base of made facts is written as the history keeps it, then copied under other shows until there are as many rows as
asked. Both engines run the same Ibis expressions over the same Parquet files on the same machine, one after the other;
their answers are held against each other to nine digits, and the command fails when they differ.
"""

import json
import math
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.spark import ensure, missing, run_on_spark
from livecue.insight import DATASETS, Asked, every, run_on_duckdb, tables

ROWS = 20_000_000
BASE = 200_000
"""Rows that are made one by one; the rest are copies under other names."""
ASKED = Asked(
    org="o", first="2026-01-05", last="2026-10-31", rooms=tuple(f"r{n}" for n in range(15)), natures=("real",)
)


def spread_out(base: dict[str, list[Path]], folder: Path, copies: int) -> tuple[dict[str, list[Path]], int]:
    """``copies`` of every row, each under a show of its own, as a folder of files a set; and how many rows that is."""
    import duckdb

    found: dict[str, list[Path]] = {}
    count = 0
    with duckdb.connect() as duck:
        for name in DATASETS:
            target = folder / f"{name}.parquet"
            target.mkdir()
            source = ", ".join(f"'{path}'" for path in base[name])
            for copy in range(copies):
                path = target / f"{copy:04}.parquet"
                duck.execute(
                    f'COPY (SELECT * REPLACE ("show" || \'.{copy}\' AS "show") FROM read_parquet([{source}]))'
                    f" TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
                )
                found.setdefault(name, []).append(path)
            count += duck.execute(f"SELECT COUNT(*) FROM read_parquet('{target}/*.parquet')").fetchall()[0][0]
    return found, count


def differences(here: dict[str, list[Any]], there: dict[str, tuple[float, list[list[Any]]]]) -> list[str]:
    """What the two engines say otherwise; a figure counts as the same to nine digits."""
    wrong = [f"{name}: answered by one engine only" for name in here.keys() ^ there.keys()]
    for name in here.keys() & there.keys():
        mine, other = here[name], there[name][1]
        if not mine:
            wrong.append(f"{name}: no rows, nothing was compared")
        if len(mine) != len(other):
            wrong.append(f"{name}: {len(mine)} and {len(other)} rows")
            continue
        wrong += [
            f"{name}: {a!r} and {b!r}"
            for left, right in zip(mine, other, strict=True)
            for a, b in zip(left, right, strict=True)
            if not _same(a, b)
        ]
    return wrong


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, int | float) and not isinstance(a, bool):
        return isinstance(b, int | float) and math.isclose(float(a), float(b), rel_tol=1e-9)
    return bool(a == b)


def spark(rows: int = ROWS) -> dict[str, Any]:
    """Both engines over ``rows``: seconds a question, rows answered, and that the answers are equal."""
    from tests.insight.made import rows as made
    from tests.insight.made import write

    if shutil.which("java") is None:
        return {"not_run": missing()}
    ensure()
    with tempfile.TemporaryDirectory(prefix="livecue-bench-") as place:
        folder, base = Path(place) / "facts", Path(place) / "base"
        folder.mkdir()
        base.mkdir()
        first = min(BASE, rows)
        files, count = spread_out(write(made(first), base), folder, max(1, round(rows / first)))
        questions = every(tables(), ASKED)
        took: dict[str, float] = {}
        here: dict[str, list[Any]] = {}
        for name, question in questions.items():
            began = time.monotonic()
            here |= run_on_duckdb(files, {name: question}, base)
            took[name] = time.monotonic() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        began = time.monotonic()
        there = run_on_spark(folder, questions, timeout=3_600)
        whole = time.monotonic() - began
        wrong = differences(here, there)
        if wrong:
            raise SystemExit("the engines differ:\n" + "\n".join(wrong[:20]))
        return {
            "rows": count,
            "megabytes": round(sum(path.stat().st_size for paths in files.values() for path in paths) / 1e6),
            "questions": {
                name: {
                    "duckdb_s": round(took[name], 2),
                    "spark_s": round(there[name][0], 2),
                    "rows": len(here[name]),
                }
                for name in questions
            },
            "duckdb_memory_mb": memory,
            "spark_whole_s": round(whole, 1),
            "answers": "equal to nine digits",
        }


if __name__ == "__main__":
    print(json.dumps(spark(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS), indent=1))
