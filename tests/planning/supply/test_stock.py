"""Safety lines, what to order, turnover: figures of stock are whole and never invented."""

from hypothesis import given
from hypothesis import strategies as st

from livecue.events import ProductCard, ProductSaved, StockLineSet, SupplierSaved
from livecue.planning.supply import (
    PRESETS,
    Coming,
    Files,
    Replenishment,
    positions,
    purchase_sheet,
    turnover,
    turnover_of,
)

NOW = 1_790_000_000_000
HOUR = 3_600_000
DAY = 24 * HOUR


def product(name: str = "p", skus: tuple[str, ...] = ("s",), cost: int = 1_000) -> ProductSaved:
    """A product of the brand."""
    card = ProductCard(product=name, name="竹篮", price=3_990, skus=skus)
    return ProductSaved(org="o", brand="b", card=card, supplier="竹坊", cost=cost)


def order(quantity: int, due: int = NOW + DAY, state: str = "asked", arrived: int = 0, at: int = 0) -> Replenishment:
    """Goods on their way."""
    return Replenishment(
        replenishment=f"{quantity}{due}{state}", sku="s", quantity=quantity, asked_at=NOW - DAY, due_at=due,
        state=state, arrived=arrived, moved_at=at,
    )  # fmt: skip


def files(*orders: Replenishment, line: int | None = None, hours: int | None = None) -> Files:
    """What is on file."""
    found = Files(replenishments={row.replenishment: row for row in orders})
    if line is not None:
        found.lines["s"] = StockLineSet(org="o", brand="b", sku="s", pieces=line)
    if hours is not None:
        found.suppliers["zf"] = SupplierSaved(org="o", brand="b", supplier="zf", name="竹坊", restock_hours=hours)
    return found


def coming(pieces: int, hours: int) -> Coming:
    """A show that sells the product."""
    return Coming(show="x", title="周五场", starts_at=NOW + hours * HOUR, product="p", pieces=pieces)


def test_the_preset_line_the_own_line_and_what_is_not_known() -> None:
    (row,) = positions([product()], {"s": 49}, {}, [], files(), NOW)
    assert (row.state, row.line, row.own_line, row.order) == ("low", 50, False, 1)
    (row,) = positions([product()], {"s": 50}, {}, [], files(), NOW)
    assert (row.state, row.order) == ("ok", 0)
    (row,) = positions([product()], {"s": 50}, {}, [], files(line=80), NOW)
    assert (row.state, row.line, row.own_line, row.order) == ("low", 80, True, 30)
    (row,) = positions([product()], {}, {}, [], files(), NOW)
    assert (row.state, row.free, row.order, row.days_left, row.turnover_days) == ("unknown", None, 0, None, None)
    (row,) = positions([product()], {"s": 0}, {}, [], files(line=0), NOW)
    assert row.state == "out"


def test_a_coming_show_is_ordered_for_and_goods_on_their_way_count() -> None:
    shows = [coming(200, 24), coming(1_000, 24 * 30)]
    (row,) = positions([product()], {"s": 100}, {}, shows, files(), NOW)
    # The show in a month is beyond the lead time and the days to cover.
    assert (row.state, row.needed, row.order, row.shows) == ("order", 200, 150, ("周五场",))
    (row,) = positions([product()], {"s": 100}, {}, shows, files(order(150)), NOW)
    assert (row.state, row.on_order, row.order, row.late) == ("ok", 150, 0, 0)
    (row,) = positions([product()], {"s": 100}, {}, shows, files(order(150, NOW - 1)), NOW)
    assert row.late == 1


def test_usual_sales_and_planned_shows_are_not_counted_twice() -> None:
    sold = {"s": 30 * 20}
    (row,) = positions([product()], {"s": 500}, sold, [coming(100, 24)], files(hours=24), NOW)
    assert row.lead_hours == 24 and row.needed == 20 * 8 and row.per_day == 20 and row.days_left == 25


def test_a_show_is_spread_over_the_sizes() -> None:
    stock = {"s": 0, "m": 0, "l": 0}
    rows = positions([product(skus=("s", "m", "l"))], stock, {}, [coming(100, 24)], files(line=0), NOW)
    assert sorted(row.needed for row in rows) == [34, 34, 34]


@given(
    free=st.one_of(st.none(), st.integers(-50, 5_000)), sold=st.integers(0, 5_000), line=st.integers(0, 500),
    planned=st.integers(0, 2_000), on_way=st.integers(1, 2_000), hours=st.integers(0, 400),
)  # fmt: skip
def test_what_is_ordered_reaches_the_line_and_never_more(
    free: int | None, sold: int, line: int, planned: int, on_way: int, hours: int
) -> None:
    stock = {} if free is None else {"s": free}
    kept = files(order(on_way), line=line, hours=hours)
    (row,) = positions([product()], stock, {"s": sold}, [coming(planned, 1)], kept, NOW)
    if free is None:
        assert row.order == 0 and row.state == "unknown"
        return
    assert row.order >= 0
    if row.order:
        assert free + row.on_order + row.order - row.needed == line
    else:
        assert free + row.on_order - row.needed >= line


def test_turnover_by_hand() -> None:
    # 300 are there, 600 went in 30 days, 500 came: 400 at first, 350 on average, 20 a day.
    assert turnover_of(300, 600, 500) == 17.5
    assert turnover_of(300, 0, 0) is None and turnover_of(None, 5, 0) is None
    came = files(order(500, state="arrived", arrived=500, at=NOW - 2 * DAY))
    found = turnover([product(), product("q", ("t",), cost=0)], {"s": 300, "t": 5}, {"s": 600}, came, NOW)
    assert (found.days, found.counted, found.left_out) == (17.5, 1, 1)
    assert found.target == PRESETS.stock.turnover_days


def test_the_purchase_table_tells_money_only_to_those_who_may_see_it() -> None:
    import io

    from python_calamine import CalamineWorkbook

    rows = positions([product()], {"s": 10}, {}, [], files(), NOW)
    for money, columns in ((True, 14), (False, 12)):
        book = CalamineWorkbook.from_filelike(io.BytesIO(purchase_sheet(rows, "zh", money)))
        table = book.get_sheet_by_index(0).to_python()
        assert len(table[0]) == columns and table[1][4] == 40
        assert not money or table[1][12:] == [10, 400]
