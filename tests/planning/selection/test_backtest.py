"""The back-tests find what is there to be found, and nothing where there is nothing."""

import random
from pathlib import Path

import pytest

from livecue.errors import BadInput
from livecue.planning.selection.backtest import SoldItem, brief_of, compared, read_sold, real_backtest, world


def sold(rule: bool, seed: int = 1) -> list[SoldItem]:
    """Items of six hosts; with ``rule``, dear ones sell."""
    chance = random.Random(seed)
    made = []
    for host in range(6):
        for _ in range(200):
            price = chance.uniform(10, 500)
            sales = price * 10 if rule else chance.uniform(0, 5000)
            made.append(SoldItem(f"h{host}", f"c{chance.randrange(3)}", price, 0.01, sales * chance.uniform(0.9, 1.1)))
    return made


def test_a_rule_of_the_other_hosts_is_found() -> None:
    found = real_backtest(sold(True))
    assert found.rate > 0.8
    assert found.low <= found.rate <= found.high
    assert len(found.hosts) == 6


def test_where_nothing_is_to_be_found_chance_is_what_comes_out() -> None:
    found = real_backtest(sold(False))
    assert abs(found.rate - found.blind) < 0.08


def test_small_categories_are_left_out_and_counted() -> None:
    items = [*sold(True), *(SoldItem("h0", "tiny", 10.0, 0.0, float(n)) for n in range(3))]
    assert real_backtest(items).left_out == 3
    with pytest.raises(BadInput):
        real_backtest(items[-3:])


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BadInput):
        read_sold(path)


def test_the_optimiser_is_worth_more_than_other_ways_by_the_truth() -> None:
    rows = {row.way: row for row in compared(world(600, shows=20, each=20), brief_of(), 5.0)}
    assert rows["optimiser"].worth > rows["greedy"].worth > rows["random"].worth
    assert rows["optimiser"].items == 40


def test_on_the_real_file_hosts_are_held_out(real_data: Path) -> None:
    items = read_sold(real_data / "sessions" / "chanmama_2021" / "products.csv.gz")
    assert len(items) == 13_888
    found = real_backtest(items)
    assert len(found.hosts) == 12
    assert found.low > found.blind
