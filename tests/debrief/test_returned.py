"""Commission, return rate, quality return rate: reckoned days after the show from the rows of its orders."""

from pathlib import Path

import pytest

from livecue import events as ev
from livecue.metrics import Reading
from tests.debrief.show import CARDS, House, Step, played, ticked, value

RATES = {"basket": 1_000, "tea": 2_000, "soap": 0}


def catalogue(*products: str) -> list[Step]:
    return [
        (-59, ev.ProductSaved(command=f"c-{card.product}", org="o", brand="b", card=card,
                              commission_bp=RATES[card.product]))
        for card in CARDS if card.product in products
    ]  # fmt: skip


def sent(order: str, reason: str, returned: bool) -> list[Step]:
    """A basket that is sent, and that comes back."""
    steps: list[Step] = [(3000.0, ev.ParcelShipped(order=order, parcel=f"x-{order}"))]
    if returned:
        told = {"order": order, "case": f"c-{order}", "type": "return_refund", "reason": reason, "quantity": 1}
        steps += [
            (4000.0, ev.AfterSaleTold(status="wait_receipt", **told)),  # type: ignore[arg-type]
            (4100.0, ev.AfterSaleTold(status="returned_refunded", **told)),  # type: ignore[arg-type]
            (4100.0, ev.OrderRefunded(order=order, amount=5000, refund=f"r-{order}", shipped=True, quantity=1,
                                      sku="basket-1", restock=True, reason=reason, case=f"c-{order}")),
        ]  # fmt: skip
    return steps


def reading(house: House, metric: str) -> Reading:
    return next(line for line in house.debrief().net if line.metric == metric)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "house.db")


def test_the_days_after_make_them_known(house: House) -> None:
    house.feed(ticked(catalogue(*RATES) + played(), 930))
    # A refund came in the show and nobody told why; no parcel was ever told of.
    assert {m: reading(house, m).why for m in ("M60", "M61")} == {"M60": "no_source", "M61": "partly"}
    assert value(house.debrief().net, "M57") == (100_000 * 10 + 6_000 * 20) / 100
    steps = [step for n in range(8) for step in sent(f"basket-{n}", "", False)]
    steps += sent("basket-8", "质量问题", True) + sent("basket-9", "不喜欢", True)
    steps.append((4200.0, ev.AfterSaleTold(order="soap-0", case="c-s", status="refunded", reason="拍错了")))
    house.feed(ticked(steps, 5000, since=2000))
    net = house.debrief().net
    assert value(net, "M57") == (90_000 * 10 + 6_000 * 20) / 100
    assert (reading(house, "M60").num, reading(house, "M60").den, value(net, "M60")) == (2, 10, 0.2)
    assert (reading(house, "M61").num, reading(house, "M61").den) == (1, 38)
    assert {line.metric for line in net if line.metric in ("M57", "M60", "M61") and line.unit and line.at} == {
        "M57", "M60", "M61"
    }  # fmt: skip
    house.close()


def test_commission_is_unknown_without_rates_or_with_a_product_nobody_knows(house: House) -> None:
    house.feed(ticked(played(), 930))
    assert reading(house, "M57").why == "no_source"
    house.feed(ticked(catalogue("basket"), 960, since=935))
    assert (reading(house, "M57").value, reading(house, "M57").why) == (None, "partly")
    house.close()


def test_a_room_that_nobody_tells_of_orders_has_none_of_them(house: House) -> None:
    steps = [step for step in played() if not isinstance(step[1], ev.OrderCreated | ev.OrderPaid | ev.OrderRefunded)]
    house.feed(ticked(catalogue(*RATES) + steps, 930))
    assert {reading(house, metric).why for metric in ("M57", "M60", "M61")} == {"no_source"}
    house.close()
