"""Paid traffic: files with errors by row, yuan or fen, what came of it, and a plan that cannot be wrong."""

from pathlib import Path

import pytest

from livecue.events import (
    AdPlanSaved,
    AdSlot,
    AdSpendRow,
    AdSpendSaved,
    CommandApplied,
    CommandAsked,
    CommandRefused,
)
from livecue.planning.ads import Ads, Plan, Spend, figures, find_plan, list_spend, read_spend, spent_of
from livecue.sheets import BadTable
from tests.folding import ROOM, TestUnit

ZONE = "Asia/Shanghai"
HEAD = "计划名称,时间,消耗,直播间成交金额,成交订单数\n"


def read(text: str, unit: str = "", name: str = "a.csv") -> object:
    return read_spend((HEAD + text).encode("utf-8"), name, "CNY", ZONE, unit)


def test_rows_are_read_and_errors_name_row_and_column() -> None:
    found = read_spend(
        (
            HEAD + "A,2026-11-29 20:00,120.50,600,12\n"
            ",2026-11-29 20:00,1,,\n"
            "B,yesterday,1,,\n"
            "B,2026-11-29 20:10,-3,,\n"
            "B,2026-11-29 20:10,x,,\n"
            "B,2026-11-29 20:10,8,,many\n"
            "A,2026-11-29 20:00,9,,\n"
            "C,2026-11-29 20:20,7,,\n"
        ).encode(),
        "a.csv", "CNY", ZONE,
    )  # fmt: skip
    assert [(row.campaign, row.spent, row.gmv, row.orders) for row in found.rows] == [
        ("A", 12_050, 60_000, 12), ("C", 700, -1, -1),
    ]  # fmt: skip
    assert [(error.row, error.column, error.code) for error in found.errors] == [
        (3, "计划名称", "row_missing"), (4, "时间", "row_time"), (5, "消耗", "row_amount"), (6, "消耗", "row_amount"),
        (7, "成交订单数", "row_count"), (8, "计划名称", "row_twice"),
    ]  # fmt: skip


def test_amounts_that_look_like_fen_are_doubted_until_somebody_says() -> None:
    lines = "".join(f"A{n},2026-11-29 20:{n:02},{5_990 + n * 100},,\n" for n in range(6))
    assert read(lines).doubt  # type: ignore[attr-defined]
    assert not read(lines, "fen").doubt  # type: ignore[attr-defined]
    assert read(lines, "fen").rows[0].spent == 5_990  # type: ignore[attr-defined]
    assert read(lines, "yuan").rows[0].spent == 599_000  # type: ignore[attr-defined]
    assert read("A,2026-11-29 20:00,59.90,,\n", "fen").errors[0].code == "row_amount"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "table_empty"),
        ("计划名称,消耗\nA,1\n".encode(), "a.csv", "table_columns"),
        (b"x", "a.xlsx", "table_sheet"),
    ],
)
def test_what_is_no_such_table_says_so(content: bytes, name: str, code: str) -> None:
    with pytest.raises(BadTable) as told:
        read_spend(content, name, "CNY", ZONE)
    assert told.value.code == code


def spend(campaign: str, spent: int, gmv: int = -1, at: int = 0) -> Spend:
    return Spend(campaign, at, spent, gmv, -1, "7-day click")


def test_what_came_of_it() -> None:
    plan = Plan(
        (AdSlot(slot="1", title="A", budget=10_000, product="p"), AdSlot(slot="2", title="B", budget=5_000)), 0, 4_000
    )
    rows = [spend("A", 12_000, 36_000), spend("B", 4_000, 8_000), spend("X", 1_000, 0)]
    seen = figures(plan, rows, 999.0, 170_000, 136_000, {"p": 6_000})
    assert (seen.spent, seen.source, seen.budget, seen.unplanned) == (17_000, "import", 15_000, 1_000)
    assert (seen.roi, seen.net_roi, seen.break_even) == (10.0, 8.0, 2.5)
    assert seen.ad_roi == pytest.approx(44_000 / 17_000) and seen.product_roi == {"p": 0.5}
    assert [(slot.spare, slot.roi, slot.above) for slot in seen.slots] == [(-2_000, 3.0, True), (1_000, 2.0, False)]


def test_what_nobody_told_is_unknown_and_never_nought() -> None:
    seen = figures(Plan((AdSlot(slot="1", title="A"),)), [spend("A", 100), spend("A", 50, 10, 1)], None, None, None, {})
    assert (seen.roi, seen.ad_roi, seen.net_roi, seen.break_even) == (None, None, None, None)
    assert (seen.slots[0].gmv, seen.slots[0].roi, seen.slots[0].above) == (None, None, None)
    empty = figures(Plan(), [], None, 100, 100, {})
    assert (empty.spent, empty.source, empty.roi) == (None, "", None)
    assert figures(Plan(), [], 50.0, 100, 100, {}).source == "live"


def ask(unit: TestUnit, event: CommandAsked) -> str:
    before = len(unit.announced)
    decider = Ads()
    decider.decide(decider.open(ROOM, None), [event], {}, unit)
    (said,) = unit.announced[before:]
    assert isinstance(said, CommandApplied | CommandRefused)
    return said.code if isinstance(said, CommandRefused) else ""


def plan(**more: object) -> AdPlanSaved:
    return AdPlanSaved(command="k", org="o", brand="b", room="r1", show="s", **more)  # type: ignore[arg-type]


def test_a_plan_is_checked_and_two_people_do_not_overwrite_each_other(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "a.db")
    one = AdSlot(slot="1", title="A", from_s=0, until_s=600, budget=600)
    assert ask(unit, plan(slots=(one, one))) == "slots_twice"
    assert ask(unit, plan(slots=(AdSlot(slot="1", budget=-1),))) == "bad_amount"
    assert ask(unit, plan(slots=(AdSlot(slot="1", from_s=9, until_s=8),))) == "bad_time"
    assert ask(unit, plan(slots=(one,), budget=500)) == "over_budget"
    assert ask(unit, plan(slots=(one,), margin_bp=10_001)) == "bad_share"
    assert ask(unit, plan(slots=(one,), budget=900, margin_bp=3_000, version=1)) == ""
    assert ask(unit, plan(slots=(), version=1)) == "changed_meanwhile"
    assert find_plan(unit, "o", "b", "r1", "s") == Plan((one,), 900, 3_000, 1)  # type: ignore[arg-type]


def spent_rows(attribution: str, rows: tuple[AdSpendRow, ...]) -> AdSpendSaved:
    return AdSpendSaved(command="k", org="o", brand="b", room="r1", show="s", attribution=attribution, rows=rows)


def test_spend_read_twice_counts_once(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "a.db")
    rows = (AdSpendRow(campaign="A", at=1, spent=100), AdSpendRow(campaign="A", at=2, spent=50, gmv=10))
    assert ask(unit, spent_rows("", rows)) == "no_attribution"
    assert spent_of(unit, "r1", "s") is None  # type: ignore[arg-type]
    for spent in (100, 100, 120):
        again = (AdSpendRow(campaign="A", at=1, spent=spent), rows[1])
        assert ask(unit, spent_rows("same live", again)) == ""
    assert spent_of(unit, "r1", "s") == 170  # type: ignore[arg-type]
    kept = list_spend(unit, "o", "b", "r1", "s")  # type: ignore[arg-type]
    assert [(row.campaign, row.spent, row.gmv) for row in kept] == [("A", 120, -1), ("A", 50, 10)]
