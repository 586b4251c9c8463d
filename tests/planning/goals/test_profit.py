"""The planned profit and loss: lines that add up, in whole minor units."""

from hypothesis import given
from hypothesis import strategies as st

from livecue.planning.goals import Assumptions, Item, profit_of, units_for

BASKET = Item("p1", "竹篮", 3990, 1800, 2000)
CUP = Item("p2", "杯", 990, 0, 1000)


def test_by_hand() -> None:
    plan = Assumptions(
        units={"p1": 100, "p2": 10}, pieces_per_order_milli=1100, return_bp=1000, restock_bp=5000, ads=50_000,
        freight=300,
        return_freight=800, labour=30_000, other=1_000,
    )  # fmt: skip
    found = profit_of([BASKET, CUP], plan)
    assert found.gmv == 100 * 3990 + 10 * 990 == 408_900
    assert found.returned == 40_890
    assert found.orders == 100
    # A tenth comes back, half of that can be sold again: 5 % of the goods cost nothing.
    assert found.goods == 180_000 - 9_000
    assert found.commission == (399_000 - 39_900) // 5 + (9_900 - 990) // 10
    assert (found.freight, found.return_freight) == (30_000, 8_000)
    assert found.cost == found.goods + found.commission + 50_000 + 30_000 + 8_000 + 30_000 + 1_000
    assert found.profit == 408_900 - 40_890 - found.cost
    assert found.without_cost == ["杯"]


@given(
    st.lists(
        st.tuples(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10_000), st.integers(0, 5000)),
        max_size=8,
    ),
    st.integers(0, 10_000), st.integers(0, 10_000), st.integers(1, 5000),
    st.tuples(*[st.integers(0, 10**7)] * 5),
)  # fmt: skip
def test_lines_always_add_up(
    rows: list[tuple[int, int, int, int]], back: int, restock: int, per: int, costs: tuple[int, int, int, int, int]
) -> None:
    items = [Item(f"p{n}", f"n{n}", price, cost, bp) for n, (price, cost, bp, _) in enumerate(rows)]
    ads, freight, return_freight, labour, other = costs
    plan = Assumptions(
        units={f"p{n}": row[3] for n, row in enumerate(rows)}, pieces_per_order_milli=per, return_bp=back,
        restock_bp=restock, ads=ads, freight=freight, return_freight=return_freight, labour=labour, other=other,
    )  # fmt: skip
    found = profit_of(items, plan)
    assert found.net == found.gmv - found.returned == sum(line.gmv - line.returned for line in found.products)
    assert found.profit == found.net - found.cost
    assert found.profit == sum(line.margin for line in found.products) - (found.cost - found.goods - found.commission)
    assert all(isinstance(getattr(found, name), int) for name in ("gmv", "goods", "commission", "cost", "profit"))
    assert 0 <= found.goods <= sum(line.units * items[int(line.product[1:])].cost for line in found.products)


def test_a_first_proposal_reaches_the_goal() -> None:
    units = units_for(1_000_000, [BASKET, CUP])
    assert profit_of([BASKET, CUP], Assumptions(units=units)).gmv >= 1_000_000
    assert units_for(0, [BASKET]) == {} == units_for(100, [])
    assert units_for(1_000_000, [BASKET, CUP], {"p1": 5}) == {"p1": 251}
