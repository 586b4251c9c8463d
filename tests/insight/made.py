"""Facts of shows made at random, for comparing engines: the same seed gives the same rows."""

import random
from pathlib import Path
from typing import Any

import msgspec

from livecue.insight import DATASETS
from livecue.metrics import DEFINITIONS

ROOMS, BRANDS = 20, 2
METRICS = ("M03", "M04", "M41", "M42", "M41.orders", "M35", "M44", "M48", "M59", "M33", "M28.clicks", "M28.exposures")


def rows(count: int, seed: int = 5) -> dict[str, list[dict[str, Any]]]:
    """About ``count`` rows in all; most of them totals, as in life. Some figures are unknown."""
    chance = random.Random(seed)
    made: dict[str, list[dict[str, Any]]] = {name: [] for name in DATASETS}
    per_show = len(METRICS) * 12 + 60 + 25
    for number in range(max(1, count // per_show)):
        room, day = f"r{number % ROOMS}", f"2026-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}"
        base = {"org": "o", "brand": f"b{number % BRANDS}", "room": room, "show": f"s{number}", "day": day}
        nature, currency = chance.choice(("real", "real", "rehearsed")), chance.choice(("CNY", "CNY", "USD"))
        began = 1_760_000_000_000 + number * 3_600_000
        made["shows"].append(
            base | {"title": f"场 {number}", "platform": "p", "nature": nature, "currency": currency,
                    "began_at": began, "ended_at": began + 3_600_000}
        )  # fmt: skip
        scopes = [("room", ""), *(("product", f"p{chance.randrange(200)}-{n}") for n in range(8))]
        scopes += [("source", via) for via in ("feed", "search", "paid")]
        for scope, subject in scopes:
            for metric in METRICS:
                made["totals"].append(
                    base | {"nature": nature, "currency": currency, "metric": metric, "scope": scope,
                            "subject": subject, **_figure(chance, metric), "as_of": began + 7_200_000}
                )  # fmt: skip
        for n in range(60):
            made["cues"].append(
                base | {"nature": nature, "rule": f"R{chance.randrange(40):03d}", "role": "host",
                        "state": chance.choice(("done", "dismissed", "expired")),
                        "verdict": chance.choice(("useful", "no_effect", "too_little_data", "harmful", "")),
                        "raised_at": began + n, "waited_ms": chance.choice((None, chance.randrange(60_000)))}
            )  # fmt: skip
        for n in range(25):
            made["comments"].append(
                base | {"nature": nature, "label": chance.choice(("question", "intent", "praise", "complaint")),
                        "topic": str(n), "product": "", "count": chance.randrange(500)}
            )  # fmt: skip
    return made


def _figure(chance: random.Random, metric: str) -> dict[str, Any]:
    if chance.random() < 0.1:
        return {"value": None, "num": None, "den": None, "sample": 0, "why": "no_source"}
    # Whole numbers: sums of them are exact in any order, so that engines can be held to the last digit.
    num = float(chance.randrange(1, 100_000))
    if DEFINITIONS[metric].den is None:
        return {"value": num, "num": num, "den": None, "sample": int(num), "why": ""}
    den = float(chance.choice((0, chance.randrange(1, 100_000))))
    if not den:
        return {"value": None, "num": num, "den": den, "sample": 0, "why": "zero_denominator"}
    return {"value": num / den * DEFINITIONS[metric].factor, "num": num, "den": den, "sample": int(den), "why": ""}


def write(made: dict[str, list[dict[str, Any]]], folder: Path) -> dict[str, list[Path]]:
    """The rows as Parquet, as the history keeps them."""
    from livecue.store.history.files import write_file

    found = {}
    for name, lines in made.items():
        target = folder / f"{name}.parquet"
        write_file(map(msgspec.json.encode, lines), target, folder, DATASETS[name])
        found[name] = [target]
    return found
