"""Searching orders gives the same on SQLite and PostgreSQL: what a plain look at every row would find, in pages."""

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from livecue.events import AfterSaleTold, Event, Line, OrderPaid, OrderRefunded, ParcelMoved, ShortChosen, StockOpened
from livecue.flow import RoomInfo, Unit
from livecue.sales import (
    FORECAST,
    Sales,
    Search,
    case_clocks,
    count_cases,
    count_lists,
    feed,
    find_order,
    list_cases,
    list_faults,
    order_clocks,
    refund_times,
    search_orders,
)
from livecue.sales.tables import DATE_CASE, SAVE_CASE, SAVE_LINE, SAVE_ORDER, SAVE_PARCEL
from livecue.store import Reader, Store, Writer, store_at, transaction
from tests.postgres import Cluster

START, STEP = 1_760_000_000_000, 40_000
ROOMS = ["r0", "r1", "r2"]
STATES = ("completed", "completed", "delivered", "in_transit", "to_ship", "part_shipped", "cancelled", "unpaid")


class Made(NamedTuple):
    """An order as it was written."""

    number: str
    room: str
    state: str
    buyer: str
    skus: tuple[str, ...]
    at: int
    checked: str
    reminded: str
    feedback: str
    tracking: str


def made(count: int = 400) -> list[Made]:
    luck = random.Random(11)
    found = []
    for number in range(count):
        state = luck.choice(STATES)
        shipped = state in ("completed", "delivered", "in_transit")
        found.append(
            Made(
                # Several orders of one moment, and numbers of which one begins with another.
                f"69{number // 3:05d}{'x' * (number % 3)}", f"r{luck.randrange(4)}", state, f"u{luck.randrange(40)}",
                tuple(f"s{luck.randrange(25)}" for _ in range(1 + number % 3)), START + number // 2 * STEP,
                luck.choice(("auto", "auto", "look:address", "confirmed", "")), "due" if state == "unpaid" else "",
                "due" if state == "delivered" and number % 2 else "", f"SF{number:06d}" if shipped else "",
            )
        )  # fmt: skip
    # A number that begins as a SKU is called.
    found.append(found[0]._replace(number="s7-1"))
    # Platforms number by themselves: the same number in another room, in the same millisecond.
    return found + [one._replace(room=f"r{(int(one.room[1]) + 1) % 4}") for one in found[::2]]


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "sqlite":
        opened = store_at(tmp_path / "a.db")
        opened.migrate()
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        opened = store_at(tmp_path, cluster.database())
    writer = opened.own_writer()
    with transaction(writer):
        for one in made():
            lines = json.dumps([{"sku": sku, "product": "p", "quantity": 1, "price": 100} for sku in one.skus])
            row = (
                "o", "b", one.room, one.number, one.state, 100, "CNY", one.buyer, "", lines, one.at,
                0 if one.state in ("unpaid", "cancelled") else one.at, 0, 0, one.at, one.skus[0], one.checked,
                one.reminded, one.feedback, 0, 0, one.at if one.state == "in_transit" else 0, "",
            )  # fmt: skip
            writer.write_many(SAVE_ORDER, [row])
            for sku in one.skus[1:]:
                writer.write_many(SAVE_LINE, [("o", "b", one.room, one.number, sku, one.at)])
            if one.tracking:
                parcel = ("o", "b", one.room, one.number, "1", "SF", one.tracking, "in_transit", one.at, one.at, "[]")
                writer.write_many(SAVE_PARCEL, [parcel])
    writer.close()
    return opened


def fits(one: Made, search: Search) -> bool:
    text = search.text
    return (
        one.room in ROOMS
        and (not search.room or one.room == search.room)
        and (not search.state or one.state == search.state)
        and (not search.since or one.at >= search.since)
        and (not search.until or one.at < search.until)
        and {
            "all": True,
            "look": one.checked.startswith("look"),
            "remind": one.reminded == "due",
            "late": one.state in ("to_ship", "part_shipped") and one.at < search.overdue_before,
            "unchecked": one.state == "to_ship" and one.checked == "",
            "stuck": one.state in ("part_shipped", "to_collect", "in_transit")
            and bool(one.tracking)
            and one.at < search.stuck_before,
            "feedback": one.feedback == "due",
        }[search.list]
        and (not text or one.number.startswith(text) or text in one.skus or text in (one.buyer, one.tracking))
    )


SEARCHES = (
    Search(),
    Search(room="r1"),
    Search(room="r3"),
    Search(state="to_ship"),
    Search(list="look"),
    Search(list="remind"),
    Search(list="feedback"),
    Search(list="late", overdue_before=START + 100 * STEP),
    Search(list="unchecked"),
    Search(list="stuck", stuck_before=START + 100 * STEP),
    Search(list="stuck", stuck_before=START + 100 * STEP, room="r1", state="in_transit"),
    Search(text="69"),
    Search(text="690001"),
    Search(text="6900012x"),
    Search(text="s7"),
    Search(text="u12"),
    Search(text="SF000012"),
    Search(text="nobody"),
    Search(text="s7", room="r2", state="completed"),
    Search(since=START + 20 * STEP, until=START + 60 * STEP),
    Search(room="r0", state="completed", since=START + 20 * STEP, until=START + 90 * STEP),
)

BY_NUMBER = (Search(text="69"), Search(text="690001"), Search(text="6900012x"))


def test_every_search_finds_what_a_look_at_every_row_finds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = made()
    reader = store.reader()
    for search in SEARCHES:
        wanted = {(one.room, one.number) for one in rows if fits(one, search)}
        found: list[tuple[str, str]] = []
        after = ""
        while True:
            page = search_orders(reader, "o", "b", ROOMS, search, after, 7)
            found += [(row.room, row.number) for row in page.rows]
            after = page.next
            if not after:
                break
        assert len(found) == len(set(found)), search
        assert set(found) == wanted, search
        if search in BY_NUMBER:
            assert found == sorted(found, key=lambda name: (name[1], name[0]), reverse=True), search
            continue
        moments = {(one.room, one.number): one.at for one in rows}
        assert [moments[name] for name in found] == sorted((moments[name] for name in found), reverse=True), search
        assert search_orders(reader, "o", "other", ROOMS, search).rows == []
    counts = count_lists(reader, "o", "b", ROOMS, START + 100 * STEP, START + 90 * STEP)
    for name in ("look", "unchecked", "remind", "late", "stuck", "feedback"):
        search = Search(list=name, overdue_before=START + 100 * STEP, stuck_before=START + 90 * STEP)
        assert counts[name] == sum(fits(one, search) for one in rows), name
    whole, most = counts, 20
    monkeypatch.setattr(feed, "MOST_COUNTED", most)
    counts = count_lists(reader, "o", "b", ROOMS, START + 100 * STEP, START + 90 * STEP)
    assert counts == {name: min(count, most + 1) for name, count in whole.items()} and max(whole.values()) > most + 1
    reader.close()


CASE_STATES = ("applied", "wait_receipt", "refunding", "refunded", "returned_refunded", "buyer_cancelled", "finished")
OURS = ("applied", "wait_receipt")


def test_cases_come_in_pages_with_their_counts_and_none_hides_another(store: Store) -> None:
    luck = random.Random(3)
    rows, writer = [], store.own_writer()
    for number in range(600):
        state, room = luck.choice(CASE_STATES), f"r{luck.randrange(4)}"
        # Several that open or end in one moment.
        opened, ends = START + number // 5, luck.choice((START + 10 * luck.randrange(30), 1 << 62))
        rows.append((ends, opened, room, f"n{number // 2}", f"c{number}", state))
    with transaction(writer):
        for ends, opened, room, order, case, state in rows:
            values = ("o", "b", room, order, case, "refund", state, 1, "s", 1, "", "", 0, "", opened, opened)
            writer.write(SAVE_CASE, values)
            writer.write(DATE_CASE, (ends, room, order, case))
    writer.close()
    reader = store.reader()
    mine = [row for row in rows if row[2] in ROOMS]
    wanted = {
        "ours": sorted(row for row in mine if row[5] in OURS),
        "open": sorted(row for row in mine if row[5] in (*OURS, "refunding")),
        "all": sorted(mine, key=lambda row: row[1:], reverse=True),
    }
    for whose, expected in wanted.items():
        found: list[tuple[str, str, str]] = []
        after = ""
        while True:
            page = list_cases(reader, "o", "b", ROOMS, whose, after, 7)
            found += [(row.room, row.number, row.case) for row in page.rows]
            after = page.next
            if not after:
                break
        assert found == [row[2:5] for row in expected], whose
    assert count_cases(reader, "o", "b", ROOMS) == {whose: len(expected) for whose, expected in wanted.items()}
    assert list_cases(reader, "o", "b", []).rows == [] and list_cases(reader, "o", "b", ROOMS, after="[1]").rows
    reader.close()


class _Asked(Reader):
    """A reader that keeps the plan of everything it is asked."""

    def __init__(self, store: Store) -> None:
        self._reader, self.plan, self.log = store.reader(), "", None
        self._explain = "EXPLAIN " if store.shares else "EXPLAIN QUERY PLAN "

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        self.plan += "\n".join(str(row[-1]) for row in self._reader.rows(self._explain + statement, values))
        return self._reader.rows(statement, values)


def test_the_planner_goes_by_the_indexes_that_were_made_for_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    # As many of these cases as of a brand's: one in a hundred.
    monkeypatch.setattr("livecue.sales.due.FORECAST", msgspec.structs.replace(FORECAST, most=20))
    writer, cases, orders = store.own_writer(), list[Any](), list[Any]()
    with transaction(writer):
        for number in range(6000):
            state = CASE_STATES[0] if number % 50 == 0 else "returned_refunded"
            kind = "return_refund"
            values = (
                "o",
                "b",
                "r0",
                f"n{number}",
                "c",
                kind,
                state,
                1,
                "s",
                1,
                "",
                "",
                0,
                "",
                START + number,
                START + number,
            )
            cases.append(values)
            still = START + number if number % 40 == 0 else 0
            lines = "[]"
            orders.append(
                (
                    "o", "b", "r0", f"n{number}", "in_transit" if still else "completed", 1, "CNY", "u", "", lines,
                    START, START, 0, 0, START + number, "s", "auto", "", "", 0, 0, still, "",
                )
            )  # fmt: skip
        writer.write_many(SAVE_CASE, cases)
        writer.write_many(SAVE_ORDER, orders)
        if store.shares:
            writer.write("ANALYZE")
    writer.close()

    def plan(ask: Callable[[Any], object]) -> str:
        reader = _Asked(store)
        ask(reader)
        return reader.plan

    # A brand has some rooms, and who asks sees most of them.
    rooms = [f"r{number}" for number in range(12)]
    stuck = Search(list="stuck", stuck_before=START + 5000)
    zones = dict.fromkeys(rooms, ROOM.time_zone)
    assert "after_sales_open" in plan(lambda db: list_cases(db, "o", "b", rooms, "ours"))
    assert "after_sales_open" in plan(lambda db: list_cases(db, "o", "b", rooms, "open", '[1,1,"","",""]'))
    assert "after_sales_by_opening" in plan(lambda db: list_cases(db, "o", "b", rooms))
    assert "after_sales_paid_back" in plan(lambda db: refund_times(db, "o", "b", zones, START + 90 * DAY))
    assert "after_sales_open" in plan(lambda db: count_cases(db, "o", "b", rooms))
    for ask in (
        lambda db: search_orders(db, "o", "b", rooms, stuck),
        lambda db: count_lists(db, "o", "b", rooms, START, START + 5000),
    ):
        # The few first, never every order of the brand or of a state.
        told = plan(ask)
        assert "orders_standing_still" in told and "orders_by_brand" not in told and "orders_by_state" not in told, told

    # Thousands of numbers begin so: none is sorted that is not shown, and a page reads a page.
    told = plan(lambda db: search_orders(db, "o", "b", ["r0"], Search(text="n")))
    page = told[told.rindex("orders_pkey" if store.shares else "SEARCH orders USING INDEX sqlite_autoindex") - 80 :]
    assert "Sort" not in page and "TEMP B-TREE" not in page, told


class _Unit:
    """What a ledger needs of a unit, over a store of either shape."""

    rebuilding, recorded, source, number, room = False, None, "test", 1, "r0"

    def __init__(self, writer: Writer, now: int) -> None:
        self.now, self.announced = now, list[Event]()
        self.ask, self.write, self.write_many = writer.rows, writer.write, writer.write_many

    def announce(self, *events: Event) -> None:
        self.announced += events

    def act(self, *actions: object) -> None:
        raise AssertionError("a ledger acts on nothing")


DAY = 86_400_000
ROOM = RoomInfo(room="r0", org="o", brand="b2", name="R")


def _case(order: str, status: str, at: int) -> AfterSaleTold:
    return AfterSaleTold(
        order=order, case=f"c-{order}", status=status, at=at, type="return_refund", parcel="back", reason="碎了"
    )


def test_exceptions_choices_cases_and_clocks_are_read_back_as_they_were_told(store: Store) -> None:
    lines = (Line(sku="k", product="p", quantity=2, price=500),)
    told: list[Event] = [StockOpened(sku="k", product="p", quantity=3)]
    for place, order in enumerate(("a", "b", "p1", "p2", "p3", "p4", "p5")):
        told.append(OrderPaid(order=order, amount=1000, user="u", lines=lines if order in "ab" else (), at=START))
        if order != "a":
            told += [_case(order, "wait_receipt", START + DAY), ParcelMoved(
                order=order, parcel="back", status="delivered", at=START + 2 * DAY
            )]  # fmt: skip
        if order.startswith("p"):
            back = START + (2 + place) * DAY
            told += [_case(order, "refunding", back), _case(order, "returned_refunded", back)]
            told.append(OrderRefunded(order=order, refund="r", amount=1000, at=back))
    writer = store.own_writer()
    with transaction(writer):
        unit: Unit = _Unit(writer, START)  # type: ignore[assignment]  # what it lacks nobody here asks for
        sales = Sales(ROOM, None)
        sales.fold(told, unit)
        until = START + 30 * DAY
        chosen = ShortChosen(command="x", order="b", sku="k", choice="wait", until=until, note="等", by="an")
        sales.fold([chosen], unit)
    writer.close()
    reader, zones, now = store.reader(), {"r0": ROOM.time_zone}, START + 20 * DAY
    (short,) = [row for row in list_faults(reader, "o", "b2", ["r0"]) if row.kind == "short"]
    assert (short.number, short.what, short.got, short.choice) == ("b", "k", "2", "wait")
    assert list_faults(reader, "o", "b2", ["r1"]) == [] == list_faults(reader, "o", "b", ROOMS)
    cases = list_cases(reader, "o", "b2", ["r0"], "open").rows
    assert [row.number for row in cases] == ["b"] and len(list_cases(reader, "o", "b2", ["r0"]).rows) == 6
    past = refund_times(reader, "o", "b2", zones, now)
    assert sorted(past) == [(2 + place) * DAY for place in range(5)]
    clock = case_clocks(reader, cases, zones, past, now)["r0", "b", "c-b"]
    assert (clock.state, clock.basis, clock.since, clock.forecast) == ("late", "parcel", START + 2 * DAY, 0)
    assert [row.clock for row in order_clocks(reader, "r0", "b", ROOM.time_zone, past, now)] == [
        "ship",
        "refund_return",
    ]
    sheet = find_order(reader, "r0", "b")
    assert sheet is not None and [(one.choice, one.state) for one in sheet.choices] == [("wait", "open")]
    assert count_lists(reader, "o", "b2", ["r0"], 0, 0)["faults"] == len(list_faults(reader, "o", "b2", ["r0"]))
