"""Legal clocks of after-sales: since when, until when, the alarm before it is too late, what the shop itself takes."""

from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livecue.events import (
    AfterSaleTold,
    Event,
    Line,
    OrderPaid,
    OrderRefunded,
    OrderTold,
    ParcelMoved,
    ParcelShipped,
    TaskAdded,
    TaskClosed,
)
from livecue.flow import RoomInfo
from livecue.sales import (
    CLOCKS,
    FORECAST,
    Sales,
    Search,
    case_clocks,
    count_cases,
    count_lists,
    is_damage,
    list_cases,
    list_faults,
    order_clocks,
    refund_times,
    search_orders,
)
from livecue.sales.clocks import forecast, midnight, preset_of
from tests.folding import ROOM, TestUnit

ZONE = "Asia/Shanghai"
DAY = 86_400_000
LINES = (Line(sku="s", product="p", quantity=1, price=1000),)


def moment(text: str, zone: str = ZONE) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.fixture
def unit(tmp_path: Path) -> TestUnit:
    made = TestUnit(tmp_path / "t.db")
    made.db.execute("BEGIN")
    made.now = moment("2026-03-01 10:00")
    return made


def paid(order: str = "o") -> OrderPaid:
    return OrderPaid(order=order, amount=1000, user="u", lines=LINES, address=True, at=moment("2026-03-01 10:00"))


def case(status: str, at: str, order: str = "o", **more: object) -> AfterSaleTold:
    told = {"type": "return_refund", "parcel": "back", **more}
    return AfterSaleTold(order=order, case=f"c-{order}", status=status, at=moment(at) if at else 0, **told)  # type: ignore[arg-type]


def came(at: str, order: str = "o") -> ParcelMoved:
    return ParcelMoved(order=order, parcel="back", status="delivered", at=moment(at))


def clock(unit: TestUnit, at: str, order: str = "o", room: RoomInfo = ROOM) -> tuple[str, str, str]:
    """(state, by whose word, the last day) of the case at that moment."""
    rows = list_cases(unit, "o", "b", ["r1"]).rows  # type: ignore[arg-type]
    found = case_clocks(unit, rows, {"r1": room.time_zone}, [], moment(at))  # type: ignore[arg-type]
    row = found.get(("r1", order, f"c-{order}"))
    if row is None:
        return ("", "", "")
    last = datetime.fromtimestamp((row.due_at - 1) / 1000, ZoneInfo(room.time_zone)).date().isoformat()
    return (row.state, row.basis, last if row.due_at else "")


def test_the_law_counts_seven_days_from_the_day_after_the_goods_came(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([paid(), case("wait_buyer_return", "2026-03-10 09:00")], unit)
    assert clock(unit, "2026-03-10 10:00") == ("", "", ""), "nothing is on its way back"
    sales.fold([case("wait_receipt", "2026-03-11 09:00")], unit)
    assert clock(unit, "2026-03-11 10:00") == ("running", "sent", "2026-03-18"), (
        "it cannot have come before it was sent"
    )
    sales.fold([came("2026-03-13 23:59")], unit)
    assert clock(unit, "2026-03-17 23:59") == ("running", "parcel", "2026-03-20")
    assert clock(unit, "2026-03-18 00:00") == ("alarm", "parcel", "2026-03-20"), "the fifth day has begun"
    assert clock(unit, "2026-03-20 23:59") == ("alarm", "parcel", "2026-03-20")
    assert clock(unit, "2026-03-21 00:00") == ("late", "parcel", "2026-03-20")
    sales.fold([case("refunding", "2026-03-20 22:00")], unit)
    assert clock(unit, "2026-03-21 00:00")[0] == "late", "agreed is not yet paid back"
    sales.fold([case("returned_refunded", "2026-03-21 00:00")], unit)
    assert clock(unit, "2026-03-22 00:00") == ("missed", "parcel", "2026-03-20")
    assert list_faults(unit, "o", "b", ["r1"]) == [], "the way back of the goods is no exception"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("last", "at", "state"),
    [
        ("returned_refunded", "2026-03-20 23:59", "kept"),
        ("returned_refunded", "", "unknown"),
        ("buyer_cancelled", "2026-03-15 09:00", "closed"),
    ],
)
def test_how_a_clock_ends(unit: TestUnit, last: str, at: str, state: str) -> None:
    told: list[Event] = [paid(), case("wait_receipt", "2026-03-11 09:00"), came("2026-03-13 08:00")]
    if last == "returned_refunded":
        told.append(case("refunding", "2026-03-20 20:00"))
    Sales(ROOM, None).fold([*told, case(last, at)], unit)
    assert clock(unit, "2026-03-25 00:00")[0] == state


def test_when_nobody_told_a_time_nobody_is_told_a_day(unit: TestUnit) -> None:
    Sales(ROOM, None).fold([paid(), case("wait_receipt", "", parcel="")], unit)
    assert clock(unit, "2026-06-01 00:00") == ("unknown", "", "")


@pytest.mark.parametrize("kind", ["refund_only", "exchange", "reship", "repair", "price_protection"])
def test_where_no_money_is_owed_for_returned_goods_no_clock_runs(unit: TestUnit, kind: str) -> None:
    Sales(ROOM, None).fold(
        [paid(), case("wait_receipt", "2026-03-11 09:00", type=kind), came("2026-03-12 09:00")], unit
    )
    assert clock(unit, "2026-03-13 00:00") == ("", "", "")


def wait(sales: Sales, unit: TestUnit, until: str) -> None:
    unit.feed(sales, [unit.tick(moment(until) - unit.now)])


def test_the_alarm_goes_off_before_it_is_too_late_once_and_ends_with_the_case(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([paid(), case("wait_receipt", "2026-03-11 09:00"), came("2026-03-13 08:00")], unit)
    wait(sales, unit, "2026-03-17 23:59")
    assert unit.said(TaskAdded) == []
    sales = Sales(ROOM, sales.dump())
    wait(sales, unit, "2026-03-18 00:00")
    wait(sales, unit, "2026-03-19 00:00")
    (task,) = unit.said(TaskAdded)
    assert (task.role, task.due_at) == ("cs", moment("2026-03-21 00:00") - 1)
    assert "3 月 13 日 已签收" in task.title and "最晚 3 月 20 日" in task.title
    wait(sales, unit, "2026-03-21 00:00")
    wait(sales, unit, "2026-03-22 00:00")
    assert [one.role for one in unit.said(TaskAdded)] == ["cs", "ops"], "whoever leads them hears of it too"
    late = [case("refunding", "2026-03-22 08:00"), case("returned_refunded", "2026-03-22 09:00")]
    sales.fold(late, unit)
    assert {one.task for one in unit.said(TaskClosed)} == {one.task for one in unit.said(TaskAdded)}
    wait(sales, unit, "2026-04-22 00:00")
    assert len(unit.said(TaskAdded)) == 2


def test_an_alarm_that_was_too_early_is_taken_back(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([paid(), case("wait_receipt", "2026-03-11 09:00")], unit)
    wait(sales, unit, "2026-03-19 00:00")
    first, second = unit.said(TaskAdded)
    assert (first.role, second.role) == ("cs", "ops") and "收货时间待核验" in second.title
    sales.fold([came("2026-03-18 08:00")], unit)
    closed = unit.said(TaskClosed)
    assert [(one.task, one.outcome) for one in closed] == [(first.task, "dropped"), (second.task, "dropped")]
    wait(sales, unit, "2026-03-22 23:59")
    assert len(unit.said(TaskAdded)) == 2
    wait(sales, unit, "2026-03-23 00:00")
    assert [one.role for one in unit.said(TaskAdded)] == ["cs", "ops", "cs"], "it is warned of anew"
    assert "3 月 25 日" in unit.said(TaskAdded)[2].title and unit.said(TaskAdded)[2].task == first.task
    wait(sales, unit, "2026-03-26 00:00")
    assert [one.role for one in unit.said(TaskAdded)] == ["cs", "ops", "cs", "ops"], "and told when it is really late"


def test_a_warning_of_a_wrong_day_is_told_anew_with_the_right_one(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([paid(), case("wait_receipt", "2026-03-11 09:00")], unit)
    wait(sales, unit, "2026-03-16 00:00")
    (task,) = unit.said(TaskAdded)
    assert "最晚 3 月 18 日" in task.title
    sales = Sales(ROOM, sales.dump())
    sales.fold([came("2026-03-13 08:00")], unit)
    assert [(one.task, one.outcome) for one in unit.said(TaskClosed)] == [(task.task, "dropped")]
    wait(sales, unit, "2026-03-18 00:00")
    assert [one.role for one in unit.said(TaskAdded)] == ["cs", "cs"]
    assert "最晚 3 月 20 日" in unit.said(TaskAdded)[1].title


def back(amount: int, at: str, of: str = "c-o") -> OrderRefunded:
    return OrderRefunded(order="o", amount=amount, refund=f"r{amount}", case=of, at=moment(at) if at else 0)


@pytest.mark.parametrize(
    ("refunds", "state"),
    [
        ([back(200, "2026-03-19 09:00")], "late"),
        ([back(200, "2026-03-19 09:00"), back(400, "2026-03-20 09:00")], "kept"),
        ([back(200, "2026-03-19 09:00"), back(400, "2026-03-21 09:00")], "missed"),
        ([back(600, "")], "unknown"),
        ([back(600, "2026-03-19 09:00", "")], "late"),
        ([back(1000, "2026-03-19 09:00", "")], "kept"),
    ],
)
def test_money_that_went_back_ends_the_clock(unit: TestUnit, refunds: list[Event], state: str) -> None:
    sales = Sales(ROOM, None)
    sales.fold([paid(), case("wait_receipt", "2026-03-11 09:00", amount=600), came("2026-03-13 08:00")], unit)
    wait(sales, unit, "2026-03-18 00:00")
    sales.fold(refunds, unit)
    assert clock(unit, "2026-03-22 00:00")[0] == state
    assert len(unit.said(TaskClosed)) == (state != "late")


def test_what_was_only_guessed_is_not_said_to_be_kept(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([paid(), case("returned_refunded", "2026-03-20 09:00", parcel="")], unit)
    assert clock(unit, "2026-03-22 00:00") == ("unknown", "", "")
    sales.fold([case("refunding", "2026-03-19 09:00", parcel="")], unit)
    assert clock(unit, "2026-03-22 00:00")[:2] == ("unknown", "inspected")
    sales.fold([case("wait_receipt", "2026-03-11 09:00", parcel="")], unit)
    assert clock(unit, "2026-03-22 00:00")[:2] == ("unknown", "sent"), "it may have come later"
    assert refund_times(unit, "o", "b", {"r1": ZONE}, moment("2026-03-22 00:00")) == []  # type: ignore[arg-type]
    sales.fold([paid("x"), case("wait_receipt", "2026-03-14 09:00", "x", parcel="")], unit)
    sales.fold([case("returned_refunded", "2026-03-20 09:00", "x", parcel="")], unit)
    assert clock(unit, "2026-03-22 00:00", "x")[:2] == ("kept", "sent"), "it came later still"


@pytest.mark.parametrize("status", ["refused_refund", "refused_return", "platform_case"])
def test_while_it_is_disputed_no_day_is_claimed(unit: TestUnit, status: str) -> None:
    sales = Sales(ROOM, None)
    sales.fold([paid(), case("wait_receipt", "2026-03-11 09:00"), came("2026-03-13 08:00")], unit)
    wait(sales, unit, "2026-03-18 00:00")
    sales.fold([case(status, "2026-03-18 09:00")], unit)
    assert clock(unit, "2026-03-25 00:00")[0] == "disputed"
    assert [one.outcome for one in unit.said(TaskClosed)] == ["dropped"]
    wait(sales, unit, "2026-03-22 00:00")
    assert len(unit.said(TaskAdded)) == 1
    sales.fold([case("refunding", "2026-03-22 09:00")], unit)
    assert clock(unit, "2026-03-22 10:00")[0] == "late"
    wait(sales, unit, "2026-03-22 10:00")
    assert [one.role for one in unit.said(TaskAdded)] == ["cs", "cs", "ops"]


def test_cases_of_before_the_upgrade_have_their_alarm_too(unit: TestUnit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livecue.sales.alarms.watch", lambda *_: None)
    monkeypatch.setattr("livecue.sales.ledger._KEPT", 1)
    sales = Sales(ROOM, None)
    for order in ("o", "x", "y", "z"):
        sales.fold(
            [paid(order), case("wait_receipt", "2026-03-11 09:00", order), came("2026-03-13 08:00", order)], unit
        )
    monkeypatch.undo()
    sales = Sales(ROOM, sales.dump())
    wait(sales, unit, "2026-03-18 00:00")
    assert len(unit.said(TaskAdded)) == 4


def test_an_english_room_is_told_in_english(unit: TestUnit) -> None:
    room = RoomInfo(room="r1", org="o", brand="b", time_zone="Europe/London", language="en")
    sales = Sales(room, None)
    sales.fold([paid(), case("wait_receipt", "2026-03-11 09:00"), came("2026-03-13 08:00")], unit)
    wait(sales, unit, "2026-03-19 00:00")
    assert "2026-03-20" in unit.said(TaskAdded)[0].title
    assert clock(unit, "2026-03-19 00:00", room=room)[2] == "2026-03-20"


def test_what_the_shop_itself_takes_says_when_it_will_be_over(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    for day in range(1, 6):
        order = f"p{day}"
        back = f"2026-03-{10 + day} 08:00"
        told = [paid(order), case("wait_receipt", "2026-03-09 09:00", order), came("2026-03-10 08:00", order)]
        sales.fold([*told, case("refunding", back, order), case("returned_refunded", back, order)], unit)
    past = refund_times(unit, "o", "b", {"r1": ZONE}, moment("2026-03-20 00:00"))  # type: ignore[arg-type]
    assert sorted(past) == [DAY * day for day in range(1, 6)]
    since = moment("2026-03-20 08:00")
    assert forecast(past, since, since) == since + 3 * DAY
    assert forecast(past, since, since + 3 * DAY) == since + int(4.5 * DAY), "of those that took longer than this one"
    assert forecast(past, since, since + 5 * DAY) == 0, "none took so long"
    assert forecast(past[:4], since, since) == 0, "too few to say anything"
    assert forecast(past, 0, since) == 0
    late = moment("2026-09-20 00:00")
    assert refund_times(unit, "o", "b", {"r1": ZONE}, late) == [], "long ago"  # type: ignore[arg-type]


def test_the_clocks_of_one_order(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([paid()], unit)

    def clocks(at: str) -> dict[str, tuple[str, int]]:
        found = order_clocks(unit, "r1", "o", ZONE, [], moment(at))  # type: ignore[arg-type]
        return {row.clock: (row.state, row.due_at) for row in found}

    promised = moment("2026-03-02 10:00")
    assert clocks("2026-03-01 12:00") == {"ship": ("running", promised)}
    assert clocks("2026-03-02 12:00") == {"ship": ("late", promised)}
    sent = [ParcelShipped(order="o", parcel=name, tracking=name, part=name == "k1") for name in ("k1", "k2")]
    signed = [ParcelMoved(order="o", parcel="k1", status="delivered", at=moment("2026-03-04 08:00"))]
    sales.fold([*sent, *signed], unit)
    assert clocks("2026-03-05 00:00") == {"ship": ("kept", promised)}, "one parcel is on its way yet"
    sales.fold([ParcelMoved(order="o", parcel="k2", status="delivered", at=moment("2026-03-05 08:00"))], unit)
    window = moment("2026-03-13 00:00")
    assert clocks("2026-03-12 23:59")["no_reason"] == ("running", window)
    assert clocks("2026-03-13 00:00")["no_reason"] == ("over", window)
    sales.fold([case("wait_receipt", "2026-03-11 09:00"), came("2026-03-12 08:00")], unit)
    assert clocks("2026-03-13 00:00")["no_reason"] == ("over", window), "the way back says nothing of the way there"
    assert clocks("2026-03-13 00:00")["refund_return"][0] == "running"


def test_the_first_parcel_of_several_is_not_the_order_sent_in_time(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    two = (Line(sku="s", product="p", quantity=1, price=600), Line(sku="t", product="q", quantity=1, price=400))
    at = moment("2026-03-01 10:00")
    sales.fold([OrderPaid(order="o", amount=1000, user="u", lines=two, address=True, at=at)], unit)
    sales.fold([ParcelShipped(order="o", parcel="k1", tracking="k1", lines=two[:1])], unit)

    def ship(day: str) -> tuple[str, str, int]:
        (row,) = [row for row in order_clocks(unit, "r1", "o", ZONE, [], moment(day)) if row.clock == "ship"]  # type: ignore[arg-type]
        return row.state, row.basis, row.ended_at

    assert ship("2026-03-01 12:00") == ("running", "part", 0)
    assert ship("2026-03-02 12:00") == ("late", "part", 0)
    search = Search(list="late", overdue_before=moment("2026-03-02 10:00"))
    (row,) = search_orders(unit, "o", "b", ["r1"], search).rows  # type: ignore[arg-type]
    assert row.state == "part_shipped", "and the list of what is late shows it"
    assert count_lists(unit, "o", "b", ["r1"], search.overdue_before, 0)["late"] == 1  # type: ignore[arg-type]
    unit.now = moment("2026-03-03 08:00")
    sales.fold([ParcelShipped(order="o", parcel="k2", tracking="k2", lines=two[1:])], unit)
    assert ship("2026-03-03 12:00") == ("missed", "told", unit.now)


def test_parcels_stand_still_while_the_order_is_on_its_way(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sent = unit.now
    sales.fold([paid(), ParcelShipped(order="o", parcel="k1", tracking="k1")], unit)

    def stuck(before: int) -> int:
        search = Search(list="stuck", stuck_before=before)
        found = search_orders(unit, "o", "b", ["r1"], search).rows  # type: ignore[arg-type]
        assert count_lists(unit, "o", "b", ["r1"], 0, before)["stuck"] == len(found)  # type: ignore[arg-type]
        return len(found)

    assert (stuck(sent), stuck(sent + 1)) == (0, 1)
    unit.now += DAY
    sales.fold([ParcelMoved(order="o", parcel="k1", status="in_transit", at=unit.now)], unit)
    assert (stuck(sent + 1), stuck(unit.now + 1)) == (0, 1)
    sales.fold([OrderTold(order="o", status="completed", at=unit.now)], unit)
    assert stuck(unit.now + 1) == 0, "nobody tells of a parcel any more once its order is over"


def test_the_platform_word_alone_starts_the_days_of_return(unit: TestUnit) -> None:
    Sales(ROOM, None).fold([paid(), OrderTold(order="o", status="delivered", at=moment("2026-03-05 08:00"))], unit)
    found = order_clocks(unit, "r1", "o", ZONE, [], moment("2026-03-06 00:00"))  # type: ignore[arg-type]
    assert [(row.clock, row.basis) for row in found if row.clock == "no_reason"] == [("no_reason", "told")]


def numbers(unit: TestUnit, whose: str) -> list[str]:
    return [row.number for row in list_cases(unit, "o", "b", ["r1"], whose).rows]  # type: ignore[arg-type]


def test_what_ends_first_stands_first_whether_the_platform_or_the_law_ends_it(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    for order in ("a", "b", "c", "d"):
        more = {"deadline": moment("2026-03-12 00:00")} if order == "c" else {}
        sales.fold([paid(order), case("applied", "2026-03-02 09:00", order, **more)], unit)
        unit.now += 1000
    assert numbers(unit, "all") == ["d", "c", "b", "a"], "the newest first"
    assert numbers(unit, "open") == ["c", "a", "b", "d"], "the platform's day, then the oldest"
    sales.fold([case("wait_receipt", "2026-03-02 10:00", "d"), came("2026-03-03 10:00", "d")], unit)
    assert numbers(unit, "ours") == ["d", "c", "a", "b"], "by law the money goes back by the tenth"
    sales.fold([case("wait_buyer_return", "2026-03-03 09:00", "a")], unit)
    assert numbers(unit, "ours") == ["d", "c", "b"] and numbers(unit, "open") == ["d", "c", "a", "b"]
    sales.fold([case("refunding", "2026-03-04 09:00", "d"), case("returned_refunded", "2026-03-04 09:30", "d")], unit)
    assert numbers(unit, "ours") == ["c", "b"], "it is over"
    assert count_cases(unit, "o", "b", ["r1"]) == {"ours": 2, "open": 3, "all": 4}  # type: ignore[arg-type]


def test_a_case_of_before_the_upgrade_is_put_where_the_law_ends_it(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([paid("a"), case("applied", "2026-03-02 09:00", "a", deadline=moment("2026-03-12 00:00"))], unit)
    sales.fold([paid("b"), case("wait_receipt", "2026-03-02 10:00", "b"), came("2026-03-03 10:00", "b")], unit)
    unit.write("UPDATE after_sales SET ends_at = ? WHERE number = 'b'", (1 << 62,))
    kept = msgspec.msgpack.decode(sales.dump())
    del kept["dated"]
    for order in kept["orders"].values():
        order[23][10] = {name: one[:7] for name, one in order[23][10].items()}
    assert numbers(unit, "open") == ["a", "b"]
    wait(Sales(ROOM, msgspec.msgpack.encode(kept)), unit, "2026-03-05 00:00")
    assert numbers(unit, "open") == ["b", "a"]


def test_the_forecast_is_made_of_what_was_paid_back_last_not_of_what_was_opened_last(
    unit: TestUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livecue.sales.due.FORECAST", msgspec.structs.replace(FORECAST, most=3))
    sales = Sales(ROOM, None)

    def take(order: str, sent: str, back: str) -> None:
        unit.now = moment(f"2026-03-{sent} 08:00")
        sales.fold([paid(order), case("wait_receipt", f"2026-03-{sent} 08:00", order)], unit)
        sales.fold([came(f"2026-03-{sent} 08:00", order)], unit)
        unit.now = moment(f"2026-03-{back} 08:00")
        at = f"2026-03-{back} 08:00"
        sales.fold([case("refunding", at, order), case("returned_refunded", at, order)], unit)

    for order, sent, back in (("q1", "08", "09"), ("q2", "09", "10"), ("q3", "10", "11")):
        take(order, sent, back)
    for order, sent, back in (("s1", "01", "12"), ("s2", "02", "13"), ("s3", "03", "14")):
        take(order, sent, back)
    past = refund_times(unit, "o", "b", {"r1": ZONE}, moment("2026-03-20 00:00"))  # type: ignore[arg-type]
    assert past == [11 * DAY] * 3


@pytest.mark.parametrize(
    ("reason", "damage"), [("收到就碎了", True), ("Arrived BROKEN", True), ("不喜欢", False), ("", False)]
)
def test_broken_goods_are_known_by_their_reason(reason: str, damage: bool) -> None:
    assert is_damage(reason) is damage


def test_the_presets_are_dated_and_hold_from_their_day() -> None:
    assert {row.mark for row in CLOCKS} <= {"S", "D"}
    assert all(row.law_zh and row.law_en for row in CLOCKS)
    assert preset_of("refund_return", moment("2001-01-01 00:00")).days == 7


@settings(max_examples=200, deadline=None)
@given(
    at=st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2028, 1, 1)),
    days=st.integers(0, 40),
    zone=st.sampled_from([ZONE, "Europe/London", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Auckland"]),
)
def test_days_are_those_of_the_calendar_in_every_time_zone(at: datetime, days: int, zone: str) -> None:
    instant = int(at.replace(tzinfo=ZoneInfo("UTC")).timestamp() * 1000)
    here = datetime.fromtimestamp(instant / 1000, ZoneInfo(zone)).date()
    found = datetime.fromtimestamp(midnight(instant, days, zone) / 1000, ZoneInfo(zone))
    assert (found.date(), found.hour, found.minute) == (here + timedelta(days=days), 0, 0)


@settings(max_examples=200, deadline=None)
@given(past=st.lists(st.integers(0, 20 * DAY), min_size=5, max_size=30), gone=st.integers(0, 20 * DAY))
def test_a_forecast_never_lies_in_the_past(past: list[int], gone: int) -> None:
    since = moment("2026-03-20 08:00")
    found = forecast(past, since, since + gone)
    longer = [took for took in past if took > gone]
    assert found == (since + int(median(longer)) if longer else 0)
    assert not found or found > since + gone


_WORDS: list[Event] = [
    paid(), case("applied", "2026-03-10 09:00"), case("wait_buyer_return", "2026-03-10 10:00"),
    case("wait_receipt", "2026-03-11 09:00"), came("2026-03-13 08:00"), case("refunding", "2026-03-19 08:00"),
    ParcelShipped(order="o", parcel="k", tracking="k"),
    ParcelMoved(order="o", parcel="k", status="delivered", at=moment("2026-03-05 08:00")),
]  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> TestUnit:
    return TestUnit(tmp_path_factory.mktemp("clocks") / "t.db")


@settings(max_examples=40, deadline=None)
@given(order=st.permutations(_WORDS), twice=st.lists(st.sampled_from(_WORDS), max_size=4))
def test_a_clock_hangs_on_what_was_told_not_on_when(shared: TestUnit, order: list[Event], twice: list[Event]) -> None:
    shared.db.execute("DELETE FROM orders")
    shared.now = moment("2026-03-01 10:00")
    shared.announced.clear()
    sales = Sales(ROOM, None)
    for event in [*order, *twice]:
        sales.fold([event], shared)
    found = order_clocks(shared, "r1", "o", ZONE, [], moment("2026-03-19 00:00"))  # type: ignore[arg-type]
    assert {(row.clock, row.basis, row.due_at, row.state) for row in found if row.clock != "ship"} == {
        ("no_reason", "parcel", moment("2026-03-13 00:00"), "over"),
        ("refund_return", "parcel", moment("2026-03-21 00:00"), "alarm"),
    }
    wait(sales, shared, "2026-03-18 00:00")
    wait(sales, shared, "2026-03-21 00:00")
    assert [one.role for one in shared.said(TaskAdded) if one.cause == "after_sale"] == ["cs", "ops"]
