"""What a room knows of its products is what stands, not what somebody asked for."""

from pathlib import Path

from livecue.catalog import Catalog
from livecue.events import CommandApplied, CommandRefused, LineupChanged, PriceChanged, ProductCard, ShowPlanned
from tests.folding import ROOM, TestUnit


def known(catalog: Catalog) -> dict[str, int]:
    return {product: card.price for product, card in catalog.picture(0).products.items()}


def plan(command: str, price: int) -> ShowPlanned:
    card = ProductCard(product="p", name="洗脸巾", price=price)
    return ShowPlanned(command=command, show="s", title="晚场", starts_at=0, products=(card,))


def test_a_refused_plan_teaches_nothing(tmp_path: Path) -> None:
    unit, catalog = TestUnit(tmp_path / "t.db"), Catalog(ROOM, None)
    catalog.fold([plan("a", 100), CommandApplied(command="a")], unit)
    catalog.fold([plan("b", 200), CommandRefused(command="b", code="changed_meanwhile", why="")], unit)
    catalog.fold([CommandApplied(command="b")], unit)
    assert known(catalog) == {"p": 100}


def test_an_asked_plan_outlives_a_restart(tmp_path: Path) -> None:
    unit, catalog = TestUnit(tmp_path / "t.db"), Catalog(ROOM, None)
    catalog.fold([plan("a", 100)], unit)
    assert known(catalog) == {}
    resumed = Catalog(ROOM, catalog.dump())
    resumed.fold([CommandApplied(command="a"), PriceChanged(product="p", price=90)], unit)
    assert known(resumed) == {"p": 90}


def test_what_is_told_without_a_command_is_a_fact(tmp_path: Path) -> None:
    unit, catalog = TestUnit(tmp_path / "t.db"), Catalog(ROOM, None)
    card = ProductCard(product="q", name="牛肉干", price=300)
    catalog.fold([LineupChanged(show="s", products=(card,))], unit)
    assert known(catalog) == {"q": 300}
