"""The doors to orders: who may see which, the lists, one order, files in and out."""

from typing import Any

import pytest

from livecue.events import AfterSaleTold, Event, Line, OrderCancelled, OrderPaid, ParcelMoved
from livecue.kit import new_id
from livecue.team import permissions_of
from tests.web.conftest import House

DAY = 86_400_000


@pytest.fixture
def sold(house: House) -> House:
    """Two paid orders in the first room, one of them told as cancelled too."""
    lines = (Line(sku="p1-s", product="p1", quantity=2, price=500),)
    events = [
        OrderPaid(key="a", order="A1", amount=1000, user="u1", lines=lines, at=1_790_000_000_000),
        OrderPaid(key="b", order="B2", amount=1000, user="u2", lines=lines, at=1_790_000_001_000, address=False),
        OrderCancelled(key="c", order="A1"),
    ]
    house.app.pump.post("r1", list(events), source="test").result(30)
    return house


def test_the_feed_shows_orders_and_counts_what_waits(sold: House) -> None:
    found = sold.client("ops").get("/api/orders?brand=main").json()
    assert [row["number"] for row in found["rows"]] == ["B2", "A1"]
    assert found["counts"]["faults"] >= 1
    assert found["counts"]["look"] == 2
    one = sold.client("ops").get("/api/rooms/r1/orders/A1").json()
    assert one["faults"][0]["kind"] == "refused"
    assert sold.client("ops").get("/api/rooms/r1/orders/nix").status_code == 404


def test_an_exception_is_settled_and_an_order_confirmed_by_command(sold: House) -> None:
    ops = sold.client("ops")
    fault = next(row for row in ops.get("/api/orders/exceptions?brand=main").json() if row["number"] == "A1")
    assert fault["currency"] == "CNY", "sums are told in the currency of the order"
    body = {"kind": "FaultSettled", "order": "A1", "fault": fault["fault"], "note": "核实过", "command": new_id()}
    assert ops.post("/api/rooms/r1/commands", json=body).json()["applied"]
    left = [row["number"] for row in ops.get("/api/orders/exceptions?brand=main").json()]
    assert "A1" not in left
    body = {"kind": "OrderConfirmed", "order": "B2", "command": new_id()}
    assert ops.post("/api/rooms/r1/commands", json=body).json()["applied"]
    assert [r["number"] for r in ops.get("/api/orders?brand=main&list=look").json()["rows"]] == ["A1"]


def test_only_who_may_sees_orders(sold: House) -> None:
    assert sold.client("host").get("/api/orders?brand=main").status_code == 403
    assert sold.client("stranger").get("/api/orders?brand=main").status_code == 403
    roles = (
        "owner",
        "director",
        "ops",
        "console",
        "cs",
        "shop_ops",
        "warehouse",
        "finance",
        "host",
        "floor",
        "analyst",
    )
    may = {role for role in roles if "orders" in permissions_of(role)}
    assert may == set(roles) - {"host", "floor", "analyst"}


def test_a_file_goes_in_once_and_the_feed_comes_out(sold: House) -> None:
    ops = sold.client("ops")
    content = "订单号,下单时间,SKU,数量,单价\nF1,2026-01-31 20:15:00,a,2,10\nF2,2026-01-31 20:15:00,a,x,10\n"
    for new in (2, 0):
        found = ops.post("/api/rooms/r1/orders/import", files={"file": ("o.csv", content.encode())}).json()
        assert (found["orders"], found["new"], found["rejected_count"]) == (1, new, 1)
        assert found["rejected"][0]["row"] == 3
    answered = ops.get("/api/orders.xlsx?brand=main")
    assert answered.status_code == 200 and answered.content[:2] == b"PK"
    stated = "订单号,实付\nF1,20.00\nA1,9.99\n"
    held = ops.post("/api/rooms/r1/orders/statement", files={"file": ("s.csv", stated.encode())}).json()
    assert [(item["kind"], item["order"]) for item in held["differences"]] == [("amount", "A1")]
    at = next(row for row in ops.get("/api/orders?brand=main").json()["rows"] if row["number"] == "F1")["placed_at"]
    part = "订单号,实付\nA1,9.99\n"
    held = ops.post(
        "/api/rooms/r1/orders/statement",
        files={"file": ("s.csv", part.encode())},
        data={"since": str(at), "until": str(at + 1)},
    ).json()
    assert ("missing_there", "F1") in [(item["kind"], item["order"]) for item in held["differences"]]
    bad = ops.post("/api/rooms/r1/orders/import", files={"file": ("o.csv", b"a,b\n1,2\n")})
    assert bad.status_code == 422


def test_a_case_shows_its_legal_clock_and_the_order_all_of_its_own(sold: House) -> None:
    now = sold.app.clock.now_ms()
    told: dict[str, Any] = {
        "order": "B2",
        "case": "c1",
        "type": "return_refund",
        "parcel": "back",
        "reason": "收到破损",
    }
    events: list[Event] = [
        AfterSaleTold(key="s1", status="wait_buyer_return", at=now - 3 * DAY, **told),
        AfterSaleTold(key="s2", status="wait_receipt", at=now - 2 * DAY, **told),
    ]
    sold.app.pump.post("r1", events, source="test").result(30)
    ops = sold.client("ops")
    found = ops.get("/api/orders/cases?brand=main").json()
    assert (found["counts"], found["next"]) == ({"ours": 1, "open": 1, "all": 1}, "")
    (row,) = found["rows"]
    assert row["ours"] is True
    assert (row["clock"]["state"], row["clock"]["basis"], row["damage"]) == ("running", "sent", True)
    assert now + 4 * DAY < row["clock"]["due_at"] <= now + 6 * DAY
    assert row["clock"]["forecast"] == 0, "nothing was paid back yet: nobody can tell"
    assert "第二十五条" in row["clock"]["law"]["zh"] and "Art. 25" in row["clock"]["law"]["en"]
    came = ParcelMoved(key="k", order="B2", parcel="back", status="delivered", at=now - 9 * DAY)
    sold.app.pump.post("r1", [came], source="test").result(30)
    (row,) = ops.get("/api/orders/cases?brand=main&whose=ours").json()["rows"]
    assert (row["clock"]["state"], row["clock"]["basis"]) == ("late", "parcel")
    sheet = ops.get("/api/rooms/r1/orders/B2").json()
    assert {clock["clock"] for clock in sheet["clocks"]} == {"ship", "refund_return"}
    assert sheet["damage"] == ["c1"]
    plain = ops.get("/api/rooms/r1/orders/A1").json()
    assert (plain["damage"], [clock["clock"] for clock in plain["clocks"]]) == ([], ["ship"])
