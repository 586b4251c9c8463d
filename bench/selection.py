"""Selection: 40 of 8,000 and of 100,000 items beside greedy, blind and the host's own choice, in the same run."""

from typing import Any

import msgspec

from livecue.planning.selection.backtest import brief_of, compared, world

SIZES = (8_000, 100_000)


def selection() -> dict[str, Any]:
    """Per size: how each way to choose does by the truth, seconds and CPU seconds of each, proof and gap of ours.

    Once as the screens ask (good enough within a share of the best), once until it is proved or time is over.
    """
    found: dict[str, Any] = {}
    runs = [(size, tolerance) for size in SIZES for tolerance in (0.002, 0.0)]
    for size, tolerance in runs:
        rows = compared(world(size, shows=60), brief_of(), limit_s=30.0, tolerance=tolerance)
        best = rows[0].worth
        found[f"{size}, {'to the end' if not tolerance else f'within {tolerance:.1%}'}"] = [
            {**msgspec.to_builtins(row), "worth": round(row.worth), "of_best": round(row.worth / best, 3)}
            for row in rows
        ]
    return found
