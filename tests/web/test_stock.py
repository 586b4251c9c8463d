"""Stock is kept in the office by whoever may, for their own brands, never below zero; no sender chooses a brand."""

import pytest

from livecue.kit import new_id
from livecue.team import permissions_of
from tests.web.conftest import House


@pytest.fixture
def stocked(house: House) -> House:
    """A product of each brand; ten pieces of the first are in the main warehouse."""
    for brand in ("main", "other"):
        card = {"product": "p1", "name": "篮子", "price": 100, "skus": ["p1-s", "p1-l"]}
        saved = house.client("owner").post(f"/api/catalog/products?brand={brand}", json={"card": card})
        assert saved.json()["applied"], saved.text
    entered = house.client("ops").post(
        "/api/stock/openings?brand=main", json={"sku": "p1-s", "quantity": 10, "reason": "期初"}
    )
    assert entered.json()["applied"], entered.text
    return house


def pieces(house: House, brand: str = "main") -> dict[tuple[str, str], tuple[int, int]]:
    answered = house.client("owner").get(f"/api/stock?brand={brand}")
    assert answered.status_code == 200, answered.text
    return {(r["sku"], r["warehouse"]): (r["on_hand"], r["free"]) for r in answered.json()["balances"]}


def test_a_balance_is_opened_once_then_corrected(stocked: House) -> None:
    ops = stocked.client("ops")
    found = ops.get("/api/stock?brand=main").json()
    assert found["balances"][0]["name"] == "篮子"
    assert [row["sku"] for row in found["unknown"]] == ["p1-l"]
    again = ops.post("/api/stock/openings?brand=main", json={"sku": "p1-s", "quantity": 99, "reason": "x"}).json()
    assert again["refused"]["code"] == "stock_known"
    command = new_id()
    for _ in range(2):
        body = {"sku": "p1-s", "delta": -4, "reason": "盘点", "command": command}
        last = ops.post("/api/stock/corrections?brand=main", json=body).json()
    assert last["duplicate"]
    elsewhere = {"sku": "p1-s", "warehouse": "杭州仓", "quantity": 7, "reason": "调拨"}
    assert ops.post("/api/stock/openings?brand=main", json=elsewhere).json()["applied"]
    assert pieces(stocked) == {("p1-s", "main"): (6, 6), ("p1-s", "杭州仓"): (7, 7)}


def test_what_is_low_is_the_bound_of_the_brands_own_rooms(stocked: House) -> None:
    def told(brand: str) -> list[float]:
        pages = (f"/api/stock?brand={brand}", f"/api/catalog/products?brand={brand}")
        return [stocked.client("owner").get(page).json()["low"] for page in pages]

    assert told("main") == [50, 50], "as shipped"
    bound = {"scope": "room", "values": {"below": 70, "recover": 90}}
    assert stocked.client("ops").post("/api/rules/R030?room=r1", json=bound).json()["applied"]
    assert told("main") == [70, 70]
    assert told("other") == [50, 50]


def test_below_zero_is_refused_with_what_is_there(stocked: House) -> None:
    body = {"sku": "p1-s", "delta": -11, "reason": "盘点"}
    said = stocked.client("ops").post("/api/stock/corrections?brand=main", json=body).json()
    assert not said["applied"]
    assert said["refused"]["code"] == "stock_below_zero"
    assert "10 pieces" in said["refused"]["why"]
    unknown = stocked.client("ops").post("/api/stock/corrections?brand=main", json={**body, "sku": "p1-l"}).json()
    assert unknown["refused"]["code"] == "stock_unknown"
    assert pieces(stocked) == {("p1-s", "main"): (10, 10)}


def test_only_who_may_and_only_their_own_brand(stocked: House) -> None:
    body = {"sku": "p1-s", "delta": 5, "reason": "x"}
    for person, brand in (("host", "main"), ("stranger", "main"), ("ops", "other"), ("ops", "")):
        client = stocked.client(person)
        assert client.get(f"/api/stock?brand={brand}").status_code == 403, (person, brand)
        assert client.post(f"/api/stock/corrections?brand={brand}", json=body).status_code == 403, (person, brand)
    assert pieces(stocked) == {("p1-s", "main"): (10, 10)}
    assert pieces(stocked, "other") == {}
    may = {
        role for role in ("director", "ops", "console", "shop_ops", "supply", "warehouse", "host", "finance", "owner")
    }
    assert {role for role in may if "stock" in permissions_of(role)} == may - {"host", "finance"}


def test_the_audit_tells_it(stocked: House) -> None:
    body = {"sku": "p1-s", "delta": -20, "reason": "盘点"}
    stocked.client("ops").post("/api/stock/corrections?brand=main", json=body)
    rows = stocked.client("owner").get("/api/audit?text=stock").json()["rows"]
    assert [(row["what"], row["subject"], row["brand"]) for row in rows] == [
        ("StockCorrected", "p1-s", "main"),
        ("StockEntered", "p1-s", "main"),
    ]
    assert '"reason":"盘点"' in rows[0]["detail"]
    assert "stock_below_zero" in rows[0]["detail"]


def test_no_sender_chooses_the_brand(stocked: House) -> None:
    sender = {"Authorization": f"Bearer {stocked.token('r1', 'write')}"}
    line = '{"kind":"StockOpened","key":"%s","sku":"p1-s","quantity":3,"org":"main","brand":"other","command":"c"}'
    office = '{"kind":"StockCorrected","key":"b","org":"main","brand":"other","sku":"p1-s","delta":3,"command":"c"}'
    for content in (line % "a", office, line % "d" + "\n" + office):
        stocked.client().post("/bridge/v1/rooms/r1/events", content=content, headers=sender)
    # A sender's opening balance holds in the brand of its room; the office's kinds it cannot say at all.
    assert pieces(stocked) == {("p1-s", "main"): (3, 3)}
    assert pieces(stocked, "other") == {}
    by_command = {"kind": "StockCorrected", "org": "main", "brand": "other", "sku": "p1-s", "delta": 3}
    assert stocked.client("owner").post("/api/rooms/r1/commands", json=by_command).status_code == 422
