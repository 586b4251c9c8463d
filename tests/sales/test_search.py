"""Searching orders gives the same on SQLite and PostgreSQL: what a plain look at every row would find, in pages."""

import json
import random
from pathlib import Path
from typing import NamedTuple

import pytest

from livecue.events import AfterSaleTold, Event, Line, OrderPaid, OrderRefunded, ParcelMoved, ShortChosen, StockOpened
from livecue.flow import RoomInfo, Unit
from livecue.sales import (
    CASE,
    Sales,
    Search,
    case_clocks,
    count_lists,
    find_order,
    list_cases,
    list_faults,
    order_clocks,
    refund_times,
    search_orders,
)
from livecue.sales.tables import SAVE_LINE, SAVE_ORDER, SAVE_PARCEL
from livecue.store import Store, Writer, store_at, transaction
from tests.postgres import Cluster

START, STEP = 1_760_000_000_000, 40_000
ROOMS = ["r0", "r1", "r2"]
STATES = ("completed", "completed", "delivered", "in_transit", "to_ship", "cancelled", "unpaid")


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
                one.reminded, one.feedback, 0, 0, "",
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
            "late": one.state == "to_ship" and one.at < search.overdue_before,
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


def test_every_search_finds_what_a_look_at_every_row_finds(store: Store) -> None:
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
        moments = {(one.room, one.number): one.at for one in rows}
        assert [moments[name] for name in found] == sorted((moments[name] for name in found), reverse=True), search
        assert search_orders(reader, "o", "other", ROOMS, search).rows == []
    counts = count_lists(reader, "o", "b", ROOMS, START + 100 * STEP, START + 90 * STEP)
    for name in ("look", "unchecked", "remind", "late", "stuck", "feedback"):
        search = Search(list=name, overdue_before=START + 100 * STEP, stuck_before=START + 90 * STEP)
        assert counts[name] == sum(fits(one, search) for one in rows), name
    reader.close()


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
    open_states = [state.code for state in CASE.states.values() if not state.ends]
    cases = list_cases(reader, "o", "b2", ["r0"], open_states)
    assert [row.number for row in cases] == ["b"] and len(list_cases(reader, "o", "b2", ["r0"])) == 6
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
