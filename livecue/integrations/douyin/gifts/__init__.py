"""What gifts cost, for messages that do not say: a captured catalogue (see NOTICE), its date not recorded."""

import csv
from functools import cache
from importlib import resources


@cache
def _prices() -> tuple[dict[str, int], dict[str, int]]:
    """Coins by id, and by name where all gifts of that name cost the same."""
    by_id: dict[str, int] = {}
    by_name: dict[str, set[int]] = {}
    table = resources.files(__name__).joinpath("catalogue.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        coins = int(row["diamond_count"])
        by_id[row["id"]] = coins
        by_name.setdefault(row["name"], set()).add(coins)
    return by_id, {name: min(coins) for name, coins in by_name.items() if len(coins) == 1}


def coins_of(gift: str, name: str = "") -> int:
    """Price of one piece in 抖币 by id, else by name; 0 when the catalogue does not know it."""
    by_id, by_name = _prices()
    return by_id.get(gift, by_name.get(name, 0))
