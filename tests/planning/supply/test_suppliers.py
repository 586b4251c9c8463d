"""Scores from what happened, backups, cases and their clock, the workbook of suppliers both ways."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecue.events import ProductCard, ProductSaved, SupplierSaved
from livecue.planning.supply import (
    Batch,
    Files,
    QualityCase,
    Replenishment,
    backups,
    batch_span,
    case_state,
    duties,
    rates,
    read_suppliers,
    scores,
    suppliers_sheet,
    supply_risks,
    with_facts,
)
from livecue.sheets import BadTable
from tests.planning.supply.test_product import TODAY

NOW = 1_790_000_000_000
HOUR = 3_600_000


def supplier(name: str = "a", **more: object) -> SupplierSaved:
    """A supplier."""
    return SupplierSaved(org="o", brand="b", supplier=name, name=f"{name}厂", **more)  # type: ignore[arg-type]


def delivery(number: int, late: bool) -> Replenishment:
    """One that arrived."""
    return Replenishment(
        replenishment=str(number), sku="s", quantity=10, supplier="a", asked_at=NOW, due_at=NOW + 48 * HOUR,
        state="arrived", moved_at=NOW + (49 if late else 47) * HOUR, arrived=10,
    )  # fmt: skip


def product(name: str, category: str, by: str) -> ProductSaved:
    """A product."""
    card = ProductCard(product=name, name=name, category=category, price=100)
    return ProductSaved(org="o", brand="b", card=card, supplier=by)


def test_nothing_known_is_no_score_and_what_is_known_is_weighed_alone() -> None:
    empty = Files(suppliers={"a": supplier()})
    assert scores([], empty, {}, TODAY)["a"].score is None
    late = Files(suppliers={"a": supplier()}, replenishments={str(n): delivery(n, n < 10) for n in range(20)})
    found = scores([], late, {}, TODAY)["a"]
    assert found.on_time == pytest.approx((10 + 0.95 * 5) / 25) and found.deliveries == 20
    assert found.score == pytest.approx(100 * found.on_time, abs=0.1) and found.quality is None
    back = scores([product("p", "茶", "a厂")], late, {"p": (15.0, 100.0)}, TODAY)["a"]
    assert back.returns == pytest.approx(0.5) and back.products == 1


@given(good=st.integers(0, 200), bad=st.integers(0, 200), failed=st.integers(0, 50), back=st.floats(0, 1))
def test_a_score_lies_between_0_and_100_and_lateness_never_helps(good: int, bad: int, failed: int, back: float) -> None:
    def of(late: int) -> float:
        orders = {str(n): delivery(n, n < late) for n in range(good + bad)}
        batch = Batch(batch="b", sku="s", quantity=50, sampled=50, failed=failed, supplier="a", received_at=NOW)
        kept = Files(suppliers={"a": supplier()}, replenishments=orders, batches={"b": batch})
        score = scores([product("p", "茶", "a")], kept, {"p": (back * 100, 100.0)}, TODAY)["a"].score
        assert score is not None and 0 <= score <= 100
        return score

    assert of(bad) <= of(0)


def test_backups_are_counted_besides_those_who_deliver() -> None:
    kept = Files(suppliers={
        "a": supplier("a", categories=("护肤",)), "b": supplier("b", backup=("护肤",)),
        "c": supplier("c", backup=("护肤",), active=False),
    })  # fmt: skip
    (found,) = backups([product("p", "护肤", "a")], kept)
    assert (found.ready, found.wanted) == (("b厂",), 3)


def case(**more: int) -> QualityCase:
    """A case found now."""
    return QualityCase(quality_case="c", sku="s", title="开线", found_at=NOW, due_at=NOW + 2 * HOUR, **more)


def test_the_two_hour_clock_goes_up_the_ladder() -> None:
    assert case_state(case(), NOW).told == ("qc",)
    assert case_state(case(), NOW + HOUR).told == ("qc", "cs")
    on_the_hour = case_state(case(), NOW + 2 * HOUR)
    assert on_the_hour.clock == "running" and on_the_hour.told == ("qc", "cs", "ops", "director")
    assert case_state(case(), NOW + 2 * HOUR + 1).clock == "late"
    assert case_state(case(exchange_at=NOW + 2 * HOUR), NOW + 9 * HOUR).clock == "kept"
    assert case_state(case(exchange_at=NOW + 2 * HOUR + 1), NOW + 9 * HOUR).clock == "missed"
    (duty,) = [row for row in duties([], [], [], [], Files(cases={"c": case()}), NOW + 3 * HOUR) if row.rule == "R055"]
    assert duty.late and duty.due_at == NOW + 2 * HOUR and "director" in duty.roles


def test_a_batch_ends_a_day_after_the_next_arrives() -> None:
    def batch(name: str, at: int, sku: str = "s") -> Batch:
        return Batch(batch=name, sku=sku, quantity=9, sampled=0, failed=0, received_at=at)

    first, second = batch("1", NOW), batch("2", NOW + 100 * HOUR)
    every = [first, second, batch("3", NOW + HOUR, "other")]
    assert batch_span(first, every, NOW + 999 * HOUR) == (NOW, NOW + 124 * HOUR)
    assert batch_span(second, every, NOW + 999 * HOUR) == (NOW + 100 * HOUR, NOW + 999 * HOUR + 1)


def test_rates_count_an_order_once() -> None:
    reasons = [("r/1", "s", "质量问题"), ("r/1", "s", "质量问题"), ("r/2", "s", "不喜欢"), ("r/3", "s", "收到破损")]
    found = rates(Files(cases={"c": case(exchange_at=NOW + HOUR)}), reasons, 1000)
    assert (found.complaints, found.share, found.exchange_ms, found.kept) == (2, 0.002, HOUR, 1)
    assert rates(Files(), [], 0).share is None


def test_suppliers_go_out_and_come_back_the_same() -> None:
    rows = [
        supplier("a", categories=("茶", "酒"), backup=("护肤",), payment_days=45, commission_bp=1250, restock_hours=36,
                 live_only=True, note="=1+1"),
        supplier("b"),
    ]  # fmt: skip
    for language in ("zh", "en"):
        read = read_suppliers(suppliers_sheet(rows, {}, language, True), "s.xlsx", "o", "b")
        assert read.suppliers == rows and read.errors == []


def test_bad_rows_are_told_by_row_and_column_and_good_ones_are_read() -> None:
    out = io.StringIO()
    csv.writer(out).writerows(
        [
            ["供应商编号", "供应商名称", "账期", "佣金", "补货周期", "直播专供"],
            ["a", "甲", "30天", "20%", "48", "是"],
            ["b", "", "30", "x", "", "也许"],
            ["", "", "", "", "", ""],
            ["c", "丙", "", "0.2", "", ""],
            ["c", "丙二", "", "", "", ""],
            ["d", "丁", "30", "250%", "-1", "否"],
        ]
    )
    read = read_suppliers(out.getvalue().encode("gb18030"), "s.csv", "o", "b")
    assert [(row.supplier, row.commission_bp, row.payment_days) for row in read.suppliers] == [("c", 2000, -1)]
    assert [(error.row, error.column, error.code) for error in read.errors] == [
        (2, "账期（天）", "not_whole"),
        (3, "供应商名称", "empty"), (3, "佣金", "not_share"), (3, "直播专供", "not_yes"),
        (6, "供应商编号", "twice"),
        (7, "佣金", "not_share"), (7, "补货周期（小时）", "not_whole"),
    ]  # fmt: skip
    with pytest.raises(BadTable):
        read_suppliers("商品,价格\n1,2".encode(), "s.csv", "o", "b")


def test_the_risk_of_supply_is_that_of_the_supplier_else_of_its_category_else_of_all() -> None:
    import msgspec

    goods = [
        product("p1", "茶", "a厂"),
        product("p2", "茶", "b厂"),
        product("p3", "锅", "c厂"),
        product("p4", "茶", ""),
    ]
    goods = [
        msgspec.structs.replace(one, card=msgspec.structs.replace(one.card, skus=(f"{one.card.product}-a",)))
        for one in goods
    ]
    files = Files(suppliers={name: supplier(name) for name in "abc"})
    assert supply_risks(goods, files) == {}, "nothing was ever delivered: nothing is known"
    files.replenishments = {
        str(n): msgspec.structs.replace(delivery(n, late=n < 6), sku="p1-a" if n < 6 else "p2-a",
                                        supplier="a" if n < 6 else "b")
        for n in range(12)
    }  # fmt: skip
    risks = supply_risks(goods, files)
    # Six of six late against five of a usual 95 %, six of six in time; nobody looked at pieces: a usual 99 % are good.
    assert risks["p1"] == pytest.approx(1 - 4.75 / 11 * 0.99)
    assert risks["p2"] == pytest.approx(1 - 10.75 / 11 * 0.99)
    assert risks["p4"] == pytest.approx(1 - 10.75 / 17 * 0.99), "no supplier of its own: that of all tea"
    assert risks["p3"] == risks["p4"], "no record of the category either: that of all"
    files.batches = {"x": Batch(batch="x", sku="p2-a", quantity=9, sampled=5, failed=5, supplier="b", received_at=1)}
    assert supply_risks(goods, files)["p2"] == pytest.approx(1 - 10.75 / 11 * 4.95 / 10)
    told, _ = with_facts(goods[0], files, TODAY, risks["p1"])
    assert told.card.facts["risk"] == f"{risks['p1']:.4f}"
    card = msgspec.structs.replace(goods[0].card, facts={"risk": "3%"})
    told, _ = with_facts(msgspec.structs.replace(goods[0], card=card), files, TODAY, risks["p1"])
    assert told.card.facts["risk"] == "3%", "what a person wrote stands above it"
