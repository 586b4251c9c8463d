"""Activities: what is refused, what is kept, what they cost and bring, and how they look on paper."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from livecue.events import (
    ActivityGuest,
    ActivityPartner,
    ActivitySaved,
    ActivityStep,
    BudgetLine,
    CommandApplied,
    CommandRefused,
)
from livecue.planning.activity import (
    Activities,
    activities_between,
    activity_page,
    activity_workbook,
    find_activity,
    money_kept,
    sums_of,
    without_money,
)
from tests.folding import ROOM, TestUnit

GUEST = ActivityGuest(name="设计师", fee=80_000, state="agreed")
COSTS = (BudgetLine(what="投流", planned=200_000, spent=180_000), BudgetLine(what="布景", planned=30_000))


def saved(**change: Any) -> ActivitySaved:
    whole: dict[str, Any] = {
        "org": "o", "brand": "b", "activity": "a", "command": "c", "title": "双十二家居节", "theme": "暖冬",
        "starts_on": "2026-12-10", "ends_on": "2026-12-12", "owner": "p1", "sales_goal": 1_000_000,
        "steps": (ActivityStep(at="20:00", what="开场 <嘉宾>", who="主播"),),
        "guests": (GUEST, ActivityGuest(name="谢绝的", fee=5, state="declined")),
        "partners": (ActivityPartner(name="竹坊", pays=50_000, state="agreed"), ActivityPartner(name="木作", pays=1)),
        "resources": ("大屏",), "budget": COSTS,
    }  # fmt: skip
    return ActivitySaved(**{**whole, **change})


def fold(unit: TestUnit, *events: ActivitySaved) -> None:
    activities = Activities()
    activities.decide(activities.open(ROOM, None), events, {}, unit)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": " "}, "activity_incomplete"),
        ({"state": "later"}, "bad_state"),
        ({"starts_on": "12-10"}, "bad_day"),
        ({"ends_on": "2026-12-09"}, "bad_span"),
        ({"ends_on": "2028-12-09"}, "bad_span"),
        ({"guests": (ActivityGuest(name=" "),)}, "activity_row"),
        ({"guests": (ActivityGuest(name="x", state="maybe"),)}, "bad_state"),
        ({"budget": (BudgetLine(what="x", planned=-1),)}, "bad_amount"),
        ({"budget": (BudgetLine(what="x", spent=-2),)}, "bad_amount"),
        ({"goal": "长" * 20_001}, "too_long"),
        ({"resources": tuple("x" * 201)}, "too_long"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_kept(tmp_path: Path, change: dict[str, Any], code: str) -> None:
    unit = TestUnit(tmp_path / "t.db")
    fold(unit, saved(**change))
    assert [row.code for row in unit.said(CommandRefused)] == [code]
    assert find_activity(unit, "o", "b", "a") is None


def test_it_is_kept_whole_found_by_its_days_and_not_overwritten_unseen(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    fold(unit, saved(version=1), saved(version=1, title="别人的"), saved(version=2, title="改过的", state="ready"))
    assert [row.code for row in unit.said(CommandRefused)] == ["changed_meanwhile"]
    assert len(unit.said(CommandApplied)) == 2
    found = find_activity(unit, "o", "b", "a")
    assert found is not None and (found.title, found.version, found.guests[0].name) == ("改过的", 2, "设计师")
    assert activities_between(unit, "o", "b", date(2026, 12, 12), date(2026, 12, 31)) == [found]
    assert activities_between(unit, "o", "b", date(2026, 12, 13), date(2026, 12, 31)) == []
    assert activities_between(unit, "o", "other", date(2026, 12, 1), date(2026, 12, 31)) == []


def kept(tmp_path: Path) -> Any:
    unit = TestUnit(tmp_path / "t.db")
    fold(unit, saved())
    found = find_activity(unit, "o", "b", "a")
    assert found is not None
    return found


def test_what_is_not_known_is_no_zero(tmp_path: Path) -> None:
    activity = kept(tmp_path)
    sums = sums_of(activity, [None, None])
    assert (sums.planned, sums.spent, sums.known, sums.paid_in) == (310_000, None, 180_000, 50_000)
    assert (sums.sold, sums.reached) == (None, None)
    assert sums_of(activity, [250_000, None]).reached == 0.25


def test_who_may_not_see_money_sees_none_and_changes_none(tmp_path: Path) -> None:
    activity = kept(tmp_path)
    blind = without_money(activity)
    assert (blind.sales_goal, blind.budget, [row.fee for row in blind.guests]) == (None, (), [0, 0])
    changed = money_kept(
        saved(guests=(ActivityGuest(name="设计师", fee=1), ActivityGuest(name="新")), budget=()), activity
    )
    assert [row.fee for row in changed.guests] == [80_000, 0] and changed.budget == activity.budget
    paper = activity_page(activity, sums_of(activity, []), [], {}, "小王", "zh", money=False)
    assert "800" not in paper and "预算" not in paper and "竹坊" in paper


def test_on_paper_everything_stands_and_nothing_is_read_as_markup(tmp_path: Path) -> None:
    activity, sums = kept(tmp_path), sums_of(kept(tmp_path), [])
    for language, words in (
        ("zh", ("活动方案", "预算", "待核验", "已确认")),
        ("en", ("Activity plan", "Budget", "unverified")),
    ):
        paper = activity_page(activity, sums, [], {}, "小王", language, money=True)
        assert all(word in paper for word in (*words, "小王", "开场 &lt;嘉宾&gt;")) and "<嘉宾>" not in paper
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(activity_workbook(activity, sums, [], {}, "小王", "zh", money=True))
    )
    assert book.sheet_names == ["活动方案", "流程", "嘉宾", "合作品牌", "资源", "预算"]
    assert book.get_sheet_by_name("预算").to_python() == [
        ["内容", "计划", "实际"],
        ["投流", 2000.0, 1800.0],
        ["布景", 300.0, ""],
    ]
