"""Orders come out of files row by row, exactly; statements are compared, never taken over."""

import csv
import gzip
import io
from pathlib import Path

import duckdb
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from livecue.events import Event, Line, OrderCancelled, OrderCreated, OrderPaid, OrderRefunded, OrderTold
from livecue.sales import (
    ORDER,
    Sales,
    Search,
    compare_statement,
    find_order,
    hold_refunds,
    orders_workbook,
    read_orders,
    read_statement,
    search_orders,
    statement_workbook,
)
from livecue.sheets import BadTable
from tests.folding import ROOM, TestUnit


@pytest.fixture
def unit(tmp_path: Path) -> TestUnit:
    made = TestUnit(tmp_path / "t.db")
    # One transaction: a commit a row would take minutes for a whole shop.
    made.db.execute("BEGIN")
    return made


def sheet(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def fold(unit: TestUnit, events: list[Event]) -> None:
    sales = Sales(ROOM, None)
    for start in range(0, len(events), 2000):
        sales.fold(events[start : start + 2000], unit)


def test_an_export_becomes_orders_with_states_and_parcels(unit: TestUnit) -> None:
    content = sheet(
        "订单号,下单时间,付款时间,订单状态,SKU,数量,单价,实付,买家,运单号",
        "690001,2026-01-31 20:15:00,2026-01-31 20:16:00,3,a,2,10.50,26.00,u1,SF1",
        "690001,2026-01-31 20:15:00,2026-01-31 20:16:00,3,b,1,5,26.00,u1,SF1",
        "690002,2026-01-31 20:20:00,,1,a,1,10.50,10.50,u2,",
    )
    found = read_orders(content, "x.csv", system="doudian")
    assert (found.orders, found.lines, found.errors) == (2, 3, [])
    fold(unit, found.events)
    fold(unit, found.events)
    page = search_orders(unit, "o", "b", ["r1"], Search())
    assert [(row.number, row.state, row.amount, len(row.lines)) for row in page.rows] == [
        ("690002", "unpaid", 1050, 1),
        ("690001", "to_collect", 2600, 2),
    ]
    whole = find_order(unit, "r1", "690001")
    assert whole is not None
    assert [(parcel.tracking, parcel.state) for parcel in whole.parcels] == [("SF1", "to_collect")]
    assert whole.faults == []


def test_what_cannot_be_read_is_told_by_row_and_column_and_the_rest_is_taken() -> None:
    content = sheet(
        "订单号,下单时间,SKU,数量,单价",
        "1,2026-01-31 20:15:00,a,2,10",
        "2,gestern,a,two,10",
        ",2026-01-31 20:15:00,a,1,10",
        "3,2026-01-31 20:15:00,a,1,viel",
        "3,2026-01-31 20:15:00,b,1,10",
    )
    found = read_orders(content, "x.csv")
    assert [(wrong.row, wrong.column, wrong.code) for wrong in found.errors] == [
        (3, "数量", "quantity"),
        (3, "下单时间", "not_time"),
        (4, "订单号", "empty"),
        (5, "单价", "not_money"),
    ]
    assert found.orders == 1, "an order of which one row is broken is not taken"


def test_a_file_in_another_currency_or_with_impossible_refunds_is_told_by_row_and_column() -> None:
    content = sheet(
        "订单号,SKU,数量,单价,实付,退款,币种,订单状态",
        "1,a,2,10,20,,CNY,",
        "2,a,2,10,20,5,人民币,to_ship",
        "3,a,1,10,10,,USD,",
        "4,a,1,10,10,10.01,cny,to_ship",
        "5,a,1,10,10,-1,,to_ship",
        "6,a,1,10,10,viel,,to_ship",
        "7,a,1,10,10,3,,unpaid",
    )
    found = read_orders(content, "x.csv")
    assert [(wrong.row, wrong.column, wrong.code) for wrong in found.errors] == [
        (4, "币种", "currency"),
        (5, "退款", "over_refunded"),
        (6, "退款", "not_money"),
        (7, "退款", "not_money"),
        (8, "退款", "unpaid"),
    ]
    assert (found.orders, [e.amount for e in found.events if isinstance(e, OrderRefunded)]) == (2, [500])
    assert not read_orders(content, "x.csv", "USD").events[2:], "in a room that sells in dollars only row 4 is right"


def test_what_each_row_refunds_adds_up_and_a_repeated_sum_counts_once(unit: TestUnit) -> None:
    parts = sheet("订单号,SKU,数量,单价,实付,退款", "1,a,1,10,10,4", "1,b,1,10,,4", "2,a,1,10,20,7", "2,b,1,10,20,7")
    found = read_orders(parts, "x.csv")
    fold(unit, found.events)
    fold(unit, found.events)
    assert unit.rows("SELECT number, amount, refunded FROM orders ORDER BY number") == [
        ("1", 1000, 800),
        ("2", 2000, 700),
    ]


def test_a_refund_that_a_platform_told_is_not_added_to_the_files(unit: TestUnit) -> None:
    lines = (Line(sku="a", quantity=1, price=2000),)
    sales = Sales(ROOM, None)
    sales.fold(
        [
            *[OrderPaid(order=number, amount=2000, lines=lines, currency="CNY") for number in ("1", "2", "3")],
            OrderRefunded(order="1", refund="r", amount=500),
            OrderRefunded(order="2", refund="r", amount=500),
        ],
        unit,
    )
    content = sheet("订单号,SKU,数量,单价,退款", "1,a,1,20,5", "2,a,1,20,8", "3,a,1,20,6", "4,a,1,20,9")
    found = hold_refunds(unit, "r1", read_orders(content, "x.csv"))
    assert [(wrong.row, wrong.column, wrong.code) for wrong in found.errors] == [(3, "退款", "refund_differs")]
    sales.fold(found.events, unit)
    after = unit.rows("SELECT number, refunded FROM orders ORDER BY number")
    assert after == [("1", 500), ("2", 500), ("3", 600), ("4", 900)]
    again = hold_refunds(unit, "r1", read_orders(content, "x.csv"))
    sales.fold(again.events, unit)
    assert unit.rows("SELECT number, refunded FROM orders ORDER BY number") == after


GIVES_BACK = sheet(
    "订单号,SKU,数量,单价,实付,退款", "1,a,3,10,30,20", "1,a,-1,10,,", "2,a,3,10,30,30", "3,a,3,10,30,", "3,a,-1,10,,"
)
"""Order 1: 20 yuan, 10 of them as a row; order 2: all of it; order 3: 10 as a row."""
REFUNDS = [
    *(event for event in read_orders(GIVES_BACK, "x.csv").events if isinstance(event, OrderRefunded)),
    OrderRefunded(key="k1", order="1", refund="r1", amount=500),
    OrderRefunded(key="k2", order="1", refund="r2", amount=1500),
    OrderRefunded(key="k3", order="2", refund="r1", amount=3000),
    OrderRefunded(key="k4", order="3", refund="r1", amount=1000),
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(REFUNDS), again=st.lists(st.sampled_from(REFUNDS), max_size=4), cut=st.integers(0, 8))
def test_a_file_and_the_platform_tell_of_the_same_refunds_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, order: list[OrderRefunded], again: list[OrderRefunded], cut: int
) -> None:
    unit = TestUnit(tmp_path_factory.mktemp("refunds") / "t.db")
    unit.db.execute("BEGIN")
    sales = Sales(ROOM, None)
    sales.fold([OrderPaid(order=number, amount=3000, user="u", currency="CNY") for number in ("1", "2", "3")], unit)
    told = [*order, *again]
    sales.fold(told[:cut], unit)
    sales = Sales(ROOM, sales.dump())
    sales.fold(told[cut:], unit)
    assert unit.rows("SELECT number, refunded, state FROM orders ORDER BY number") == [
        ("1", 2000, "to_ship"),
        ("2", 3000, "closed_refunded"),
        ("3", 1000, "to_ship"),
    ]


def test_the_same_file_again_tells_no_false_difference(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    for _ in range(3):
        found = hold_refunds(unit, "r1", read_orders(GIVES_BACK, "x.csv"))
        assert found.errors == []
        sales.fold(found.events, unit)
        assert unit.rows("SELECT number, refunded FROM orders ORDER BY number") == [
            ("1", 2000),
            ("2", 3000),
            ("3", 1000),
        ]
    other = hold_refunds(unit, "r1", read_orders(GIVES_BACK.replace(b"30,20", b"30,25"), "x.csv"))
    assert [(wrong.row, wrong.code) for wrong in other.errors] == [(2, "refund_differs")]
    assert {event.order for event in other.events if isinstance(event, OrderRefunded)} == {"3"}


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "x.csv", "table_empty"),
        (b"a,b\n1,2", "x.csv", "table_columns"),
        (b"\xff\xfe\x00", "x.csv", "table_text"),
        (b"no sheet", "x.xlsx", "table_sheet"),
    ],
)
def test_what_is_no_table_says_what_to_do(content: bytes, name: str, code: str) -> None:
    with pytest.raises(BadTable) as told:
        read_orders(content, name)
    assert told.value.code == code


def _paid(number: str, amount: int) -> OrderPaid:
    line = Line(sku="a", product="p", quantity=1, price=amount)
    return OrderPaid(order=number, amount=amount, user="u", lines=(line,), at=1_790_000_000_000)


def test_a_statement_lists_differences_and_changes_nothing(unit: TestUnit) -> None:
    fold(unit, [_paid("1", 1000), _paid("2", 2000), _paid("3", 3000)])
    before = unit.rows("SELECT * FROM orders ORDER BY number")
    content = sheet("订单号,结算金额,退款金额", "1,10.00,0", "2,19.99,0", "9,5,0", "1,10.00,0", "4,x,0")
    lines, errors = read_statement(content, "s.csv", "CNY")
    found = compare_statement(unit, "r1", lines, errors, 1_789_000_000_000, 1_791_000_000_000)
    assert sorted((d.kind, d.order, d.ours, d.theirs) for d in found.differences) == [
        ("amount", "2", 2000, 1999),
        ("missing_here", "9", -1, 500),
        ("missing_there", "3", 3000, -1),
        ("twice", "1", -1, 1000),
    ]
    assert (found.compared, found.equal, found.ours, found.theirs) == (3, 1, 3000, 3499)
    assert [(wrong.row, wrong.column) for wrong in found.errors] == [(6, "amount")] or found.errors[0].row == 6
    assert unit.rows("SELECT * FROM orders ORDER BY number") == before
    book = CalamineWorkbook.from_filelike(io.BytesIO(statement_workbook(found, "zh"))).get_sheet_by_index(0).to_python()
    assert len(book) == 5


def test_what_was_paid_lately_is_not_missing_in_a_statement_yet(unit: TestUnit) -> None:
    sales, hour = Sales(ROOM, None), 3_600_000
    lines = (Line(sku="a", quantity=1, price=1000),)
    sales.fold([OrderPaid(order="old", amount=1000, lines=lines, at=1)], unit)
    paid_at = unit.now
    unit.tick(47 * hour)
    sales.fold([OrderPaid(order="new", amount=1000, lines=lines, at=2)], unit)

    def lacking(after_hours: float) -> list[tuple[str, str]]:
        now = int(paid_at + after_hours * hour)
        found = compare_statement(unit, "r1", [], [], 0, 10, now)
        return [(difference.order, difference.kind) for difference in found.differences]

    assert lacking(47.5) == [("old", "not_yet"), ("new", "not_yet")]
    assert lacking(48) == [("old", "missing_there"), ("new", "not_yet")]
    assert lacking(96) == [("old", "missing_there"), ("new", "missing_there")]


def test_the_feed_goes_out_as_a_workbook_whose_columns_sum(unit: TestUnit) -> None:
    lines = (Line(sku="a", quantity=2, price=500), Line(sku="b", quantity=1, price=100))
    fold(unit, [OrderPaid(order="=1+1", amount=1100, user="u", lines=lines), _paid("690000000000000001", 1000)])
    rows = search_orders(unit, "o", "b", ["r1"], Search()).rows
    content = orders_workbook(rows, "Asia/Shanghai", "en")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    amounts = [row[8] for row in book[1:] if isinstance(row[8], float)]
    assert sum(amounts) == 21.0
    assert {row[0] for row in book[1:]} == {"=1+1", "690000000000000001"}, "numbers of orders stay text"


def test_pages_follow_each_other_without_gap_or_repeat(unit: TestUnit) -> None:
    fold(unit, [_paid(f"n{number:03d}", 100) for number in range(25)])
    seen: list[str] = []
    after = ""
    while True:
        page = search_orders(unit, "o", "b", ["r1"], Search(), after, 10)
        seen += [row.number for row in page.rows]
        after = page.next
        if not after:
            break
    assert seen == sorted((f"n{number:03d}" for number in range(25)), reverse=True)


def test_a_text_finds_number_sku_buyer_and_no_room_one_may_not_see(unit: TestUnit) -> None:
    lines = (Line(sku="a"), Line(sku="zz"))
    fold(unit, [OrderPaid(order="x1", amount=1, user="frau", lines=lines), _paid("x2", 1)])
    for text, expected in (("x1", ["x1"]), ("x", ["x2", "x1"]), ("zz", ["x1"]), ("frau", ["x1"]), ("nobody", [])):
        rows = search_orders(unit, "o", "b", ["r1"], Search(text=text)).rows
        assert sorted(row.number for row in rows) == sorted(expected), text
    assert search_orders(unit, "o", "b", [], Search(text="x1")).rows == []


# Replays of real order sets, and the same on data of our own.


def _uci_like(invoices: int) -> tuple[bytes, int, int, int]:
    """Lines as a web shop exports them: several a bill, returns as bills of their own with negative pieces."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
    )
    lines = negative = worth = 0
    for number in range(invoices):
        for line in range(1 + number % 4):
            back = number % 7 == 3
            quantity = -(1 + line) if back else 1 + (number + line) % 5
            cents = 85 + 13 * line
            writer.writerow(
                [
                    f"{'C' if back else ''}5{number:05d}",
                    f"2{line}",
                    "Glas, rot",
                    quantity,
                    "2010-12-01 08:26:00",
                    f"{cents / 100:.2f}",
                    17850,
                    "UK",
                ]
            )
            lines, negative, worth = lines + 1, negative + back, worth + quantity * cents
    return out.getvalue().encode(), lines, negative, worth


def _totals(unit: TestUnit) -> tuple[int, int]:
    sold = unit.rows("SELECT COALESCE(SUM(amount), 0) FROM orders WHERE paid_at > 0")[0][0]
    back = unit.rows("SELECT COALESCE(SUM(amount), 0) FROM refunds")[0][0]
    return int(sold), int(back)


def test_a_web_shop_s_lines_come_in_with_their_totals(unit: TestUnit) -> None:
    content, lines, negative, worth = _uci_like(120)
    found = read_orders(content, "retail.csv", "GBP", "Europe/London")
    assert (found.lines, found.errors) == (lines, [])
    fold(unit, found.events)
    sold, back = _totals(unit)
    assert sold - back == worth
    assert unit.rows("SELECT COUNT(*) FROM refunds")[0][0] == negative


def test_prices_below_a_minor_unit_and_credits_sum_exactly(unit: TestUnit) -> None:
    content = sheet(
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID",
        "1,PADS,1000,2010-12-01 08:26:00,0.001,7",
        "1,GLASS,3,2010-12-01 08:26:00,1.035,7",
        "A2,B,1,2011-08-12 14:50:00,-11062.06,",
        "C3,GLASS,-2,2011-08-12 14:50:00,1.035,7",
    )
    found = read_orders(content, "retail.csv", "GBP", "Europe/London")
    assert found.errors == []
    fold(unit, found.events)
    # 1.00 and 3.105, each rounded once; the credit and the return are refunds.
    assert _totals(unit) == (100 + 311, 1_106_206 + 207)
    assert sorted(unit.rows("SELECT number, quantity FROM refunds")) == [("A2", 0), ("C3", 2)]


@pytest.mark.faults
def test_a_real_web_shop_s_lines_come_in_with_their_totals(unit: TestUnit, real_data: Path, tmp_path: Path) -> None:
    """541,909 lines of UCI's Online Retail: 10,624 of negative quantity, revenue 9,747,747.93.

    The copy has no numbers of bills and articles: a buyer's lines of one minute are a bill, a description an article.
    """
    table = tmp_path / "retail.csv"
    duckdb.execute(
        "COPY (SELECT coalesce(CustomerID::BIGINT::VARCHAR, 'nobody') || strftime(InvoiceDate, '-%Y%m%d%H%M')"
        " AS InvoiceNo, coalesce(nullif(trim(Description), ''), '?') AS StockCode, Quantity,"
        " strftime(InvoiceDate, '%Y-%m-%d %H:%M:%S') AS InvoiceDate, UnitPrice::DECIMAL(12, 3) AS UnitPrice,"
        " CustomerID::BIGINT AS CustomerID, Country"
        f" FROM read_parquet('{real_data / 'orders' / 'uci_online_retail' / 'online_retail.parquet'}'))"
        f" TO '{table}' (HEADER, FORMAT csv)"
    )
    found = read_orders(table.read_bytes(), "retail.csv", "GBP", "Europe/London")
    assert found.errors == []
    assert found.lines == 541_909
    back = [event for event in found.events if isinstance(event, OrderRefunded) and event.quantity]
    assert len(back) == 10_624
    fold(unit, found.events)
    sold, refunded = _totals(unit)
    assert sold - refunded == 974_774_793


def _cdnow(content: str) -> bytes:
    """One purchase a row of blanks and numbers becomes one order a row."""
    rows = ["order,placed,sku,quantity,amount,buyer"]
    for number, line in enumerate(content.splitlines(), 1):
        buyer, day, pieces, amount = line.split()
        rows.append(f"cd{number},{day},cd,{pieces},{amount},{buyer}")
    return "\n".join(rows).encode()


def test_purchases_come_in_with_their_totals(unit: TestUnit) -> None:
    content = "00001 19970101  1   11.77\n00002 19970112  1   12.00\n00002 19970112  5   77.00\n"
    found = read_orders(_cdnow(content), "cdnow.csv", "USD", "America/New_York")
    fold(unit, found.events)
    assert _totals(unit) == (10077, 0)
    assert unit.rows("SELECT COUNT(DISTINCT buyer) FROM orders") == [(2,)]


def test_real_purchases_come_in_with_their_totals(unit: TestUnit, real_data: Path) -> None:
    text = gzip.decompress((real_data / "orders" / "cdnow" / "CDNOW_master.txt.gz").read_bytes()).decode()
    found = read_orders(_cdnow(text), "cdnow.csv", "USD", "America/New_York")
    assert found.errors == []
    fold(unit, found.events)
    assert unit.rows("SELECT COUNT(*), COUNT(DISTINCT buyer), SUM(amount) FROM orders") == [
        (69_659, 23_544, 250_031_563)
    ]


# What goes out comes in again as it was.


def _in_state(number: str, state: str) -> list[Event]:
    line = Line(sku="a", product="p", quantity=2, price=500)
    common = {"order": number, "user": "u", "amount": 1000, "lines": (line,), "at": 1_790_000_000_000}
    made: list[Event] = [OrderCreated(**common)]  # type: ignore[arg-type]
    if state == "cancelled":
        made.append(OrderCancelled(order=number))
    elif state != "unpaid":
        made += [OrderPaid(**common), OrderTold(order=number, status=state)]  # type: ignore[arg-type]
    return made


@pytest.mark.parametrize("language", ["zh", "en"])
def test_our_own_export_read_back_keeps_every_state(unit: TestUnit, language: str) -> None:
    states = [state for state in ORDER.states if state != "unknown"]
    fold(unit, [event for state in states for event in _in_state(f"n-{state}", state)])
    rows = search_orders(unit, "o", "b", ["r1"], Search()).rows
    before = {row.number: (row.state, row.amount, row.refunded, bool(row.paid_at)) for row in rows}
    assert {number: state for number, (state, *_) in before.items()} == {f"n-{state}": state for state in states}
    found = read_orders(orders_workbook(rows, "Asia/Shanghai", language), "orders.xlsx")
    assert (found.orders, found.errors) == (len(states), [])
    unit.room = "r2"
    Sales(msgspec.structs.replace(ROOM, room="r2"), None).fold(found.events, unit)
    again = search_orders(unit, "o", "b", ["r2"], Search()).rows
    assert {row.number: (row.state, row.amount, row.refunded, bool(row.paid_at)) for row in again} == before


@pytest.mark.parametrize("word", ["待发货", " 待发货 ", "to_ship", ORDER.states["to_ship"].en])
def test_words_for_our_states_are_read_in_the_file(word: str) -> None:
    found = read_orders(
        sheet("订单号,下单时间,SKU,数量,单价,订单状态", f"1,2026-01-31 20:15:00,a,1,10,{word}"), "x.csv"
    )
    told = [event for event in found.events if isinstance(event, OrderTold)]
    assert [(event.status, event.system, event.key) for event in told] == [("to_ship", "", "file:1:to_ship")]


@pytest.mark.parametrize(("word", "system"), [("新词", ""), ("新词", "doudian"), ("4", "doudian")])
def test_words_of_platforms_and_unknown_ones_are_passed_on(word: str, system: str) -> None:
    content = sheet("订单号,下单时间,SKU,数量,单价,订单状态", f"1,2026-01-31 20:15:00,a,1,10,{word}")
    told = [event for event in read_orders(content, "x.csv", system=system).events if isinstance(event, OrderTold)]
    assert [(event.status, event.system, event.key) for event in told] == [(word, system, f"file:1:{word}")]


@pytest.mark.parametrize(
    ("head", "row", "system", "paid"),
    [
        ("订单状态,付款时间", "4,", "doudian", False),
        ("订单状态,付款时间", "4,2026-01-31 20:16:00", "doudian", True),
        ("订单状态", "4", "doudian", False),
        ("订单状态,付款时间", "新词,", "doudian", False),
        ("订单状态,付款时间", "新词,2026-01-31 20:16:00", "doudian", True),
        ("订单状态", "新词", "doudian", False),
        ("订单状态", "已取消（未付款）", "", False),
        ("订单状态", "待付款", "", False),
        ("订单状态,付款时间", "待付款,2026-01-31 20:16:00", "", True),
        ("订单状态", "待发货", "", True),
        ("付款时间", "", "", False),
        ("付款时间", "2026-01-31 20:16:00", "", True),
        ("买家", "u", "", True),
    ],
)
def test_only_what_was_paid_comes_in_as_paid(head: str, row: str, system: str, paid: bool) -> None:
    content = sheet(f"订单号,下单时间,SKU,数量,单价,{head}", f"1,2026-01-31 20:15:00,a,1,10,{row}")
    found = read_orders(content, "x.csv", system=system)
    assert found.errors == []
    assert any(isinstance(event, OrderPaid) for event in found.events) is paid


@pytest.mark.parametrize(("currency", "shown"), [("CNY", 12.34), ("JPY", 1234), ("KRW", 1234), ("VND", 1234)])
def test_amounts_go_out_in_the_units_of_their_currency(unit: TestUnit, currency: str, shown: float) -> None:
    line = Line(sku="a", quantity=1, price=1234)
    told = [
        OrderPaid(order="1", amount=1234, user="u", lines=(line,), currency=currency),
        OrderRefunded(order="1", refund="r", amount=1234),
    ]
    fold(unit, list(told))
    rows = search_orders(unit, "o", "b", ["r1"], Search()).rows
    content = orders_workbook(rows, "Asia/Shanghai", "en")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert book[1][7:10] == [shown, shown, shown]
    lines, errors = read_statement(sheet("订单号,结算金额", "1,1"), "s.csv", currency)
    compared = compare_statement(unit, "r1", lines, errors)
    content = statement_workbook(compared, "en", currency)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert book[1][3:5] == [shown, 1]


def test_an_export_that_is_cut_says_so_in_the_file(unit: TestUnit) -> None:
    fold(unit, [_paid("1", 1000), _paid("2", 1000)])
    rows = search_orders(unit, "o", "b", ["r1"], Search()).rows
    content = orders_workbook(rows, "Asia/Shanghai", "zh", cut_at=2)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("说明").to_python()
    assert "2" in str(book[0][0]) and "截" in str(book[0][0])
    # A search by the beginning of a number lists the highest numbers first: the file is cut as the list is sorted.
    assert "最前面" in str(book[0][0]) and "最新" not in str(book[0][0])
    found = read_orders(content, "orders.xlsx")
    assert (found.orders, found.errors) == (2, []), "the note is not taken for an order"
