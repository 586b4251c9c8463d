"""A hundred buyers at once, in several rooms and on several writers: nothing is sold that is not there."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from livecue.events import Event, Line, OrderCancelled, OrderCreated, OrderPaid, StockOpened
from livecue.flow import Bus, Pump, RoomInfo
from livecue.sales import Sales, list_balances, unbalanced
from livecue.store import Store, store_at
from tests.postgres import Cluster

BUYERS, PIECES = 100, {"s": 57, "t": 31}


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "sqlite":
        made = store_at(tmp_path / "a.db")
        made.migrate()
        return made
    cluster: Cluster = request.getfixturevalue("postgres")
    return store_at(tmp_path, cluster.database())


@pytest.fixture
def pumps(store: Store) -> Iterator[list[Pump]]:
    """Where several programs may write, two of them do: each owns rooms of its own, the stock is one."""
    made = []
    for _ in range(1 if (store.name.endswith(".db")) else 2):
        pump = Pump(
            store.writer(),
            lambda _, room: (RoomInfo(room=room, org="o", brand="b", nature="rehearsed"), ((Sales,), ())),
            Bus(),
        )
        pump.start()
        made.append(pump)
    yield made
    for pump in made:
        pump.stop()


def buy(pump: Pump, room: str, buyer: int) -> None:
    """One buyer: orders, then pays, pays without having ordered, or cancels; each post is a transaction of its own."""
    luck = random.Random(buyer)
    skus = ["s", "t"] if buyer % 2 else ["t", "s"]
    lines = tuple(Line(sku=sku, product="p", quantity=luck.randint(1, 2), price=100) for sku in skus)
    order = f"o{buyer}"
    events: list[Event] = [OrderCreated(key=order, order=order, amount=200, user=f"u{buyer}", lines=lines)]
    if buyer % 5 == 0:
        events.append(OrderCancelled(key=f"{order}x", order=order))
    elif buyer % 5 == 1:
        events = [OrderPaid(key=f"{order}p", order=order, amount=200, user=f"u{buyer}", lines=lines)]
    else:
        events.append(OrderPaid(key=f"{order}p", order=order, amount=200, user=f"u{buyer}", lines=lines))
    for event in events:
        pump.post(room, [event], source="buyer").result(120)


def test_a_hundred_buyers_at_once_and_zero_oversold(store: Store, pumps: list[Pump]) -> None:
    opened: list[Event] = [StockOpened(key=sku, sku=sku, product="p", quantity=count) for sku, count in PIECES.items()]
    pumps[0].post("r0", opened, source="office").result(60)
    with ThreadPoolExecutor(BUYERS) as crowd:
        waiting = [
            crowd.submit(buy, pumps[buyer % len(pumps)], f"r{buyer % 4 if len(pumps) == 1 else buyer % 2}", buyer)
            for buyer in range(BUYERS)
        ]
        for one in waiting:
            one.result(300)
    reader = store.reader()
    left = {row.sku: (row.on_hand, row.reserved) for row in list_balances(reader, "o", "b")}
    sold = dict(reader.rows("SELECT sku, SUM(quantity) FROM stock_moves WHERE target = 'sold' GROUP BY sku"))
    for sku, count in PIECES.items():
        on_hand, reserved = left[sku]
        assert on_hand >= 0 and reserved >= 0
        assert on_hand + sold[sku] == count, "a piece left the stock for every piece sold, and not one more"
    assert min(left["s"][0], left["t"][0]) <= 2, "and what was there was sold"
    assert unbalanced(reader) == []
    reader.close()
