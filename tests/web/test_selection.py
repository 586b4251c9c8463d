"""Selection end to end over HTTP: pool, proposals, why, accept into a show, table, hit rate, permission money."""

import io
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from livecue.events import (
    PersonSaved,
    ProductCard,
    ProductSaved,
    RoleGranted,
    RoomSaved,
    SegmentPlan,
    ShowPlanned,
    StockOpened,
)
from tests.web.conftest import House

ROLES = ("hook", "deal", "profit", "profit", "prestige", "rising")


@pytest.fixture
def stocked(house: House) -> House:
    """A brand with a small catalogue, and a selector and a planner besides the others."""
    house.app.tell_house(
        *(
            ProductSaved(
                org="main",
                brand="main",
                card=ProductCard(
                    product=f"p{n}",
                    name=f"竹篮{n}号",
                    role=ROLES[n % 6],
                    category=f"c{n % 3}",
                    price=1990 + 500 * n,
                    skus=(f"s{n}",),
                    facts={"rival_price": "10"} if n == 11 else {},
                ),
                cost=1000 + 200 * n,
                supplier=f"供应商{n % 4}",
                commission_bp=1000,
            )
            for n in range(24)
        ),
        PersonSaved(person="sel", org="main", name="选品"),
        RoleGranted(person="sel", role="selector", org="main", brand="main"),
        PersonSaved(person="shopop", org="main", name="店铺"),
        RoleGranted(person="shopop", role="shop_ops", org="main", brand="main"),
    )
    return house


def propose(house: House, person: str = "ops", **changes: Any) -> dict[str, Any]:
    client = house.client(person)
    pool = client.get("/api/rooms/r1/selection?minutes=60").json()
    assert "brief" in pool, pool
    brief = {**pool["brief"], **changes.pop("brief", {})}
    made = client.post("/api/rooms/r1/selection", json={"brief": brief, **changes})
    assert made.status_code == 200, made.text
    found: dict[str, Any] = made.json()
    return found


def test_the_pool_tells_who_is_out_and_where_to_begin(stocked: House) -> None:
    pool = stocked.client("ops").get("/api/rooms/r1/selection").json()
    assert len(pool["items"]) == 23
    assert [row["rule"] for row in pool["out"]] == ["R040"]
    assert sum(phase["minutes"] for phase in pool["brief"]["phases"]) == pytest.approx(120)
    assert pool["audience_shows"] == 0
    assert pool["hit_rate"]["rate"] is None
    assert pool["assumed"]["mark"] == "D"


def test_a_proposal_becomes_the_rundown_of_a_planned_show_and_keeps_what_people_wrote(stocked: House) -> None:
    planned = ShowPlanned(
        key="k",
        command="k",
        show="s1",
        title="周五晚场",
        starts_at=1_790_000_600_000,
        goals={"M41": 100},
        segments=(
            SegmentPlan(segment="w", part="warm_up", title="暖场", duration_s=300),
            SegmentPlan(segment="x", part="pitch", product="p2", duration_s=60, talk_track="手编的", offset_s=300),
            SegmentPlan(segment="g", part="goodbye", title="收尾", duration_s=120, offset_s=360),
        ),
    )
    stocked.app.pump.post("r1", [planned], source="test").result(10)
    made = propose(stocked, brief={"locks": [{"product": "p2"}]}, show="s1", kinds=["balanced", "careful"])
    assert [row["kind"] for row in made["proposals"]] == ["balanced", "careful"]
    row = made["proposals"][0]
    client = stocked.client("ops")
    accepted = client.post(f"/api/rooms/r1/selections/{row['selection']}/accept", json={"show": "s1", "version": 1})
    assert accepted.json()["refused"] is None, accepted.text
    show = client.get("/api/shows/s1").json()
    assert [card["product"] for card in show["products"]] == [pick["product"] for pick in row["body"]["picks"]]
    assert show["goals"] == {"M41": 100}
    assert show["segments"][0]["title"] == "暖场" and show["segments"][-1]["title"] == "收尾"
    kept = next(segment for segment in show["segments"] if segment.get("product") == "p2")
    assert (kept["segment"], kept["talk_track"]) == ("x", "手编的")
    at = 0
    for segment in show["segments"]:
        assert segment.get("offset_s", 0) == at
        at += segment["duration_s"]
    listed = client.get("/api/rooms/r1/selections").json()
    assert [r["selection"] for r in listed if r["accepted_at"]] == [row["selection"]]
    pool = client.get("/api/rooms/r1/selection").json()
    assert pool["hit_rate"]["waiting"] == len(row["body"]["picks"])
    # Somebody who saw the old plan is refused, and nothing is half done.
    late = client.post(
        f"/api/rooms/r1/selections/{made['proposals'][1]['selection']}/accept", json={"show": "s1", "version": 1}
    )
    assert late.json()["refused"]["code"] == "changed_meanwhile"
    assert client.get("/api/shows/s1").json()["version"] == 2


def test_a_new_show_is_planned_once_however_often_it_is_pressed(stocked: House) -> None:
    row = propose(stocked)["proposals"][0]
    client = stocked.client("ops")
    body = {"title": "新场", "starts_at": 1_790_000_900_000}
    first = client.post(f"/api/rooms/r1/selections/{row['selection']}/accept", json=body).json()
    again = client.post(
        f"/api/rooms/r1/selections/{row['selection']}/accept", json={"show": first["show"], "version": 1}
    ).json()
    assert first["refused"] is None and again["refused"] is None
    assert [show["title"] for show in client.get("/api/rooms/r1/shows").json()] == ["新场"]
    bare = client.post(f"/api/rooms/r1/selections/{row['selection']}/accept", json={"title": " "})
    assert bare.status_code in (200, 422)


def test_papers_are_asked_for_where_it_is_real_or_where_somebody_asks_for_them(stocked: House) -> None:
    client = stocked.client("ops")
    brief = client.get("/api/rooms/r1/selection?minutes=60").json()["brief"]

    def left_out(room: str, **more: Any) -> set[str]:
        made = client.post(f"/api/rooms/{room}/selection", json={"brief": brief, **more}).json()
        return {row["rule"] for row in made["out"]}

    assert left_out("r1") == {"R040"}
    assert left_out("r1", rules=["R041"]) == {"R041"}
    assert left_out("r1", rules=[]) == set()
    stocked.app.tell_house(RoomSaved(room="real", org="main", brand="main", name="真", platform="p", nature="real"))
    stocked.app.refresh_rooms()
    assert left_out("real") == {"R041"}
    why = client.post("/api/rooms/real/selection/why", json={"brief": brief, "product": "p1"}).json()
    assert why["out"]["rule"] == "R041"
    # With its paper it is a candidate like any other.
    paper = {"kind": "PaperSaved", "paper": "1", "product": "p1", "expires_on": "2099-01-01"}
    assert client.post("/api/supply/files?brand=main", json=paper).json()["applied"]
    assert [item["product"] for item in client.get("/api/rooms/real/selection").json()["items"]] == ["p1"]


def test_why_and_what_if(stocked: House) -> None:
    client = stocked.client("ops")
    brief = client.get("/api/rooms/r1/selection?minutes=60").json()["brief"]
    brief.update(most=6, rules=[])
    made = propose(stocked, brief=brief)["proposals"][0]["body"]
    inside = made["picks"][0]["product"]
    answered = client.post("/api/rooms/r1/selection/why", json={"brief": brief, "product": inside}).json()
    assert answered["inside"] and answered["possible"]
    out = client.post("/api/rooms/r1/selection/why", json={"brief": brief, "product": "p11"}).json()
    assert out["out"]["rule"] == "R040"
    changed = propose(stocked, brief=brief, changes={inside: {"cost": 999999}})
    assert inside not in [pick["product"] for pick in changed["proposals"][0]["body"]["picks"]]
    # What if is not kept: nobody may take a show made of it.
    kept = [row["selection"] for row in client.get("/api/rooms/r1/selections").json()]
    assert changed["proposals"][0]["selection"] not in kept
    wrong = client.post("/api/rooms/r1/selection", json={"brief": brief, "changes": {inside: {"name": 1}}})
    assert wrong.status_code == 422


def test_contradictions_and_an_empty_pool_are_told(stocked: House) -> None:
    found = propose(stocked, brief={"least": 500, "most": 500})
    assert found["proposals"] == [] and found["contradiction"]["needs"]
    empty = stocked.client("stranger")
    brief = empty.get("/api/rooms/r2/selection").json()["brief"]
    answered = empty.post("/api/rooms/r2/selection", json={"brief": brief}).json()
    assert answered["contradiction"]["code"] == "empty_pool"


def test_margins_are_for_those_who_may_see_money(stocked: House) -> None:
    made = propose(stocked, "shopop")["proposals"][0]["body"]
    assert made["margin"] is None and made["worth"] is None
    assert all(pick["parts"]["unit_margin"] is None and pick["price"] > 0 for pick in made["picks"])
    assert all(row["price"] is None for row in made["tight"])
    pool = stocked.client("shopop").get("/api/rooms/r1/selection").json()
    assert all(item["cost"] is None for item in pool["items"])
    assert propose(stocked)["proposals"][0]["body"]["margin"] is not None
    # Choosing is the selector's, taking it into the plan is not.
    row = propose(stocked, "sel")["proposals"][0]
    refused = stocked.client("sel").post(f"/api/rooms/r1/selections/{row['selection']}/accept", json={"title": "x"})
    assert refused.status_code == 403
    assert stocked.client("host").get("/api/rooms/r1/selection").status_code == 403
    assert stocked.client("stranger").get("/api/rooms/r1/selections").status_code == 404


def test_the_table_has_the_columns_of_the_trade(stocked: House, tmp_path: Path) -> None:
    stocked.app.pump.post("r1", [StockOpened(sku="s0", product="p0", quantity=80)], source="test").result(10)
    row = propose(stocked)["proposals"][0]
    for person, money in (("ops", True), ("shopop", False)):
        sheet = stocked.client(person).get(f"/api/rooms/r1/selections/{row['selection']}.xlsx")
        table = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
        assert {"卖点", "库存", "SKU", "角色", "直播价", "竞品价", "竞品价日期", "价差", "供应商", "备用供应商"} <= set(
            table[0]
        )
        assert {"资质文件", "样品测试", "退货条款", "运费险", "补货周期"} <= set(table[0])
        assert ("佣金" in table[0]) is money
        assert len(table) == 1 + len(row["body"]["picks"])


def test_the_table_comes_back_by_the_import_as_it_went_out(stocked: House) -> None:
    """F03 both ways: products of several SKUs with their stock, in both languages, without an error in any row."""
    client = stocked.client("ops")
    picked = propose(stocked)["proposals"][0]
    first = picked["body"]["picks"][0]["product"]
    card = next(
        row for row in client.get("/api/catalog/products?brand=main").json()["products"]
        if row["card"]["product"] == first
    )  # fmt: skip
    whole = {**card["card"], "skus": ["a-1", "a-2"], "selling_points": ["手编", "可水洗"]}
    told = client.post("/api/catalog/products?brand=main", json={**card, "card": whole})
    assert told.status_code == 200, told.text
    opened = [StockOpened(sku=sku, product=first, quantity=n) for sku, n in (("a-1", 80), ("a-2", 40))]
    stocked.app.pump.post("r1", opened, source="test").result(10)
    before = client.get("/api/catalog/products?brand=main").json()["products"]
    for language in ("zh", "en"):
        content = client.get(f"/api/rooms/r1/selections/{picked['selection']}.xlsx?lang={language}").content
        table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        line = next(row for row in table if row[2] == first)
        assert "80;40" in line
        came = client.post("/api/catalog/import?brand=main", files={"file": ("选品表.xlsx", content)}).json()
        assert (came["accepted"], came["rejected"]) == (len(picked["body"]["picks"]), []), came
        assert client.get("/api/catalog/products?brand=main").json()["products"] == before


def test_the_hit_rate_fills_as_shows_are_run(stocked: House) -> None:
    row = propose(stocked)["proposals"][0]
    client = stocked.client("ops")
    body = {"title": "跑过的一场", "starts_at": 1_790_000_900_000}
    show = client.post(f"/api/rooms/r1/selections/{row['selection']}/accept", json=body).json()["show"]
    now = stocked.clock.now_ms()

    def ran(writer: Any) -> None:
        writer.write(
            "INSERT INTO metered_shows (org, brand, room, show, title, began_at, ended_at, currency)"
            " VALUES ('main', 'main', 'r1', ?, 't', ?, ?, 'CNY')",
            (show, now - 7_200_000, now - 3_600_000),
        )
        for n in range(24):
            for metric, value in (
                ("M28.exposures", 1000.0),
                ("M28.clicks", 90.0),
                ("M41.units", 9.0),
                ("M41", 100.0 * n),
            ):
                writer.write(
                    "INSERT INTO show_totals (org, brand, room, show, metric, scope, value, num, den, sample, why,"
                    " as_of) VALUES ('main', 'main', 'r1', ?, ?, ?, ?, NULL, NULL, 1, '', ?)",
                    (show, metric, f"product:p{n}", value, now),
                )

    stocked.app.pump.run(ran).result(10)
    pool = client.get("/api/rooms/r1/selection").json()
    assert pool["known"] == 24
    rate = pool["hit_rate"]
    assert rate["judged"] == len(row["body"]["picks"]) and rate["waiting"] == 0 and rate["shows"] == 1
    assert rate["rate"] == pytest.approx(rate["hits"] / rate["judged"])
    # A room of another nature tells nothing of this one.
    assert client.get("/api/rooms/r1/selection").json()["items"][0]["clicks"]["tries"] == 1000.0
