"""Product files, suppliers, replenishment and quality over HTTP: who may, what is refused, what follows from what."""

from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from livecue.events import (
    ClockTicked,
    Line,
    OrderPaid,
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

HOUR = 3_600_000
NOW = 1_790_000_000_000


@pytest.fixture
def shop(house: House) -> House:
    """Two products, stock of one, people of the trade."""
    house.app.tell_house(
        *(
            ProductSaved(
                org="main", brand="main", cost=1000, supplier="竹坊",
                card=ProductCard(product=f"p{n}", name=f"竹篮{n}号", category="数码", price=9_000, skus=(f"s{n}",)),
            )
            for n in (1, 2)
        ),
        PersonSaved(person="qc", org="main", name="质检"),
        RoleGranted(person="qc", role="qc", org="main", brand="main"),
        PersonSaved(person="cs", org="main", name="客服"),
        RoleGranted(person="cs", role="cs", org="main", brand="main"),
        PersonSaved(person="wh", org="main", name="仓库"),
        RoleGranted(person="wh", role="warehouse", org="main", brand="main"),
    )  # fmt: skip
    opened = StockOpened(sku="s1", quantity=40, product="p1", key="o1")
    house.app.pump.post("r1", [ClockTicked(now=NOW), opened], source="t").result(60)
    return house


def post(house: House, person: str, where: str, kind: str, **body: Any) -> Any:
    made = house.client(person).post(f"/api/supply/{where}?brand=main", json={"kind": kind, **body})
    return made.json() if made.status_code == 200 else made.status_code


def get(house: House, person: str, what: str) -> Any:
    made = house.client(person).get(f"/api/supply/{what}brand=main")
    assert made.status_code == 200, made.text
    return made.json()


def test_a_file_fills_and_the_product_may_be_listed(shop: House) -> None:
    found = get(shop, "ops", "products?only=blocked&")
    assert found["counts"] == {"all": 2, "blocked": 2, "warned": 2, "mend": 2}
    assert {row["product"]: row["blocks"] for row in found["rows"]} == {"p1": ["R041"], "p2": ["R041"]}
    bad = post(shop, "qc", "files", "PaperSaved", paper="1", product="p1", expires_on="26/11/29")
    assert bad["refused"]["code"] == "bad_day"
    assert post(shop, "qc", "files", "PaperSaved", paper="1", product="p1", expires_on="2099-01-01")["applied"]
    rival = {"rival": "r", "product": "p1", "price": 9_900, "source": "店铺页", "noted_on": "2026-09-20"}
    assert post(shop, "ops", "files", "RivalNoted", **rival)["applied"]
    assert post(
        shop, "ops", "files", "ListingSaved", product="p1", title="手工竹篮大号", no_reason_7d=True, pictures=6,
        freight_insurance=True, related=["p2"],
    )["applied"]  # fmt: skip
    test = {
        "test": "t",
        "product": "p1",
        "what": "pull",
        "destructive": True,
        "passed": True,
        "tested_on": "2026-09-01",
    }
    assert post(shop, "ops", "files", "SampleTested", **test)["applied"]
    (row,) = [row for row in get(shop, "ops", "products?")["rows"] if row["product"] == "p1"]
    assert row["blocks"] == [] and row["rival"]["state"] == "band" and row["sample"] == "passed"
    file = get(shop, "ops", "products/p1?")
    assert [len(file[name]) for name in ("papers", "rivals", "samples")] == [1, 1, 1]
    assert file["listing"]["title"] == "手工竹篮大号"
    assert shop.client("ops").get("/api/supply/products/none?brand=main").status_code == 404
    # The selection reads the same file: the rival's price stands in the pool's rules and in the table.
    due = get(shop, "ops", "duties?")
    assert due[0]["rule"] in {"R030", "R041", "R045"}
    papers = {(row["subject"], row["detail"], row["state"]) for row in due if row["rule"] == "R041"}
    assert papers == {("p2", "test_report", "missing")}


def test_a_product_without_papers_is_not_listed_in_a_real_room(shop: House) -> None:
    shop.app.tell_house(RoomSaved(room="real", org="main", brand="main", name="真", platform="p", nature="real"))
    shop.app.refresh_rooms()
    shop.app.capable["real"] = ["ListProduct"]
    asked = {"kind": "ActionAsked", "action": {"kind": "ListProduct", "action": "a1", "product": "p1"}}
    refused = shop.client("ops").post("/api/rooms/real/commands", json=asked)
    assert refused.status_code == 403 and "product_blocked" in refused.text, refused.text
    step = {"step": "1", "segment": "a", "action": {"kind": "ListProduct", "product": "p1"}}
    planned = {"kind": "ShelfPlanSet", "show": "x", "steps": [step], "command": "plan"}
    refused = shop.client("ops").post("/api/rooms/real/commands", json=planned)
    assert refused.status_code == 403 and "product_blocked" in refused.text, "a timed plan is no way around the papers"
    assert post(shop, "ops", "files", "PaperSaved", paper="1", product="p1", expires_on="2099-01-01")["applied"]
    assert shop.client("ops").post("/api/rooms/real/commands", json=asked).status_code == 200


def test_what_runs_short_is_proposed_ordered_and_added_to_stock_once(shop: House) -> None:
    plan = ShowPlanned(
        show="x", title="周五场", starts_at=NOW + 24 * HOUR, command="c1", key="c1", by="ops", version=1,
        segments=(SegmentPlan(segment="a", part="pitch", product="p1", duration_s=600, target_orders=120),),
        products=(ProductCard(product="p1", name="竹篮", number=1),),
    )  # fmt: skip
    shop.app.pump.post("r1", [plan], source="t").result(60)
    before = get(shop, "wh", "stock?")
    (row,) = [row for row in before["rows"] if row["sku"] == "s1"]
    assert (row["state"], row["free"], row["line"], row["needed"], row["order"]) == ("low", 40, 50, 120, 130)
    assert row["shows"] == ["周五场"] and row["unit_cost"] is None
    assert next(row for row in before["rows"] if row["sku"] == "s2")["state"] == "unknown"
    sheet = shop.client("ops").get("/api/supply/purchase.xlsx?brand=main")
    table = CalamineWorkbook.from_filelike(__import__("io").BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert table[1][1] == "s1" and table[1][4] == 130 and table[1][13] == 1300
    order = {"replenishment": "b1", "sku": "s1", "quantity": 130}
    assert post(shop, "wh", "goods", "ReplenishmentAsked", **order)["applied"]
    assert post(shop, "wh", "goods", "ReplenishmentAsked", **order)["refused"]["code"] == "known_already"
    after = get(shop, "wh", "stock?")
    (row,) = [row for row in after["rows"] if row["sku"] == "s1"]
    assert (row["on_order"], row["order"]) == (130, 0)
    assert after["orders"][0]["due_at"] - after["orders"][0]["asked_at"] == 48 * HOUR
    done = post(shop, "wh", "goods", "ReplenishmentMoved", replenishment="b1", state="arrived", quantity=120)
    assert done["applied"] and done["stock"]["applied"]
    again = post(shop, "wh", "goods", "ReplenishmentMoved", replenishment="b1", state="arrived")
    assert again["refused"]["code"] == "not_open" and "stock" not in again
    (row,) = [row for row in get(shop, "wh", "stock?")["rows"] if row["sku"] == "s1"]
    assert row["free"] == 160
    assert post(shop, "ops", "goods", "StockLineSet", sku="s1", pieces=200)["applied"]
    assert next(row for row in get(shop, "wh", "stock?")["rows"] if row["sku"] == "s1")["line"] == 200


def test_a_sample_that_fails_opens_a_case_and_lists_who_bought(shop: House) -> None:
    line = Line(product="p1", sku="s1", quantity=2, price=4_500)
    paid = OrderPaid(order="1", amount=9_000, lines=(line,), key="k1", user="u")
    shop.app.pump.post("r1", [paid], source="t").result(60)
    batch = {"batch": "L1", "sku": "s1", "quantity": 100, "sampled": 20, "failed": 2, "received_at": NOW - HOUR}
    assert post(shop, "qc", "checks", "BatchSampled", **{**batch, "sampled": 101})["refused"]["code"] == "bad_amount"
    assert post(shop, "qc", "checks", "BatchSampled", **batch)["applied"]
    # Once more changes the batch and opens no second case.
    assert post(shop, "qc", "checks", "BatchSampled", **batch)["applied"]
    (case,) = get(shop, "qc", "quality?")["cases"]
    assert case["clock"] == "running" and case["case"]["due_at"] - case["case"]["found_at"] == 2 * HOUR
    name = case["case"]["quality_case"]
    orders = get(shop, "qc", f"cases/{name}/orders?")
    assert orders["batch_known"] and orders["pieces"] == 2 and [row["number"] for row in orders["orders"]] == ["1"]
    assert set(orders["orders"][0]) == {"room", "number", "state", "paid_at", "quantity"}
    table = shop.client("qc").get(f"/api/supply/cases/{name}/orders/file?brand=main").text.splitlines()
    assert table[0] == "\ufeffroom,order,state,paid_at,pieces,sku,batch" and ",1," in table[1] and len(table) == 2
    shop.clock.advance(3 * HOUR)
    (late,) = [row for row in get(shop, "ops", "duties?") if row["rule"] == "R055"]
    assert late["late"] and late["roles"] == ["qc", "cs", "ops", "director"]
    assert (
        post(shop, "qc", "checks", "QualityCaseMoved", quality_case=name, step="closed")["refused"]["code"]
        == "case_step"
    )
    assert post(shop, "qc", "checks", "QualityCaseMoved", quality_case=name, step="exchange")["applied"]
    assert post(shop, "qc", "checks", "QualityCaseMoved", quality_case=name, step="closed")["applied"]
    found = get(shop, "qc", "quality?")
    assert found["cases"][0]["clock"] == "missed" and found["rates"]["exchanges"] == 1 and found["rates"]["kept"] == 0


def test_suppliers_are_imported_row_by_row_and_money_stays_hidden(shop: House) -> None:
    table = "供应商编号,供应商名称,佣金,补货周期,直播专供\na,竹坊,20%,24,是\nb,,,,\n".encode()
    made = shop.client("ops").post("/api/supply/suppliers/import?brand=main", files={"file": ("s.csv", table)}).json()
    assert made["accepted"] == 1 and made["rejected"][0]["row"] == 3
    assert get(shop, "ops", "suppliers?")["suppliers"][0]["commission_bp"] == 2000
    assert get(shop, "qc", "suppliers?")["suppliers"][0]["commission_bp"] is None
    assert get(shop, "ops", "suppliers?")["core"] == {"live_only": 1, "wanted": 20}
    book = shop.client("ops").get("/api/supply/suppliers.xlsx?brand=main").content
    again = shop.client("ops").post("/api/supply/suppliers/import?brand=main", files={"file": ("s.xlsx", book)}).json()
    assert again == {"accepted": 1, "rejected": []}
    assert next(row for row in get(shop, "wh", "stock?")["rows"] if row["sku"] == "s1")["lead_hours"] == 24


def test_who_may_what(shop: House) -> None:
    assert post(shop, "cs", "cases", "QualityCaseOpened", quality_case="q", sku="s1", title="异味")["applied"]
    assert post(shop, "cs", "files", "SupplierSaved", supplier="a", name="a") == 403
    assert post(shop, "qc", "goods", "StockLineSet", sku="s1", pieces=1) == 403
    assert post(shop, "wh", "files", "SupplierSaved", supplier="a", name="a") == 403
    assert post(shop, "stranger", "files", "SupplierSaved", supplier="a", name="a") == 403
    assert post(shop, "ops", "files", "StockLineSet", sku="s1", pieces=1) == 422
    assert shop.client("stranger").get("/api/supply/products?brand=main").status_code == 403


def bring(house: House, person: str, what: str, text: str, **query: str) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in {"brand": "main", **query}.items())
    made = house.client(person).post(f"/api/supply/{what}/import?{asked}", files={"file": ("a.csv", text.encode())})
    return made.json() if made.status_code == 200 else made.status_code


def test_lists_and_rivals_come_in_and_stand_where_goods_are_chosen(shop: House) -> None:
    rivals = "商品编号,竞品店铺,竞品价,来源,日期\np1,甲店,98,店铺页,2026-09-20\np2,甲店,9800,店铺页,2026-09-20\n"
    assert bring(shop, "wh", "rivals", rivals) == 403
    told = bring(shop, "ops", "rivals", rivals)
    assert (told["accepted"], told["doubted"]) == (1, 1) and told["rejected"][0]["code"] == "fen"
    assert bring(shop, "ops", "rivals", rivals, sure="true")["accepted"] == 2
    listed = bring(
        shop, "ops", "lists", "排名,名称\n1,竹篮1号\n2,香薰\n", which="trend", source="board", on="2026-09-21"
    )
    assert listed["accepted"] == 2
    assert bring(shop, "ops", "lists", "排名\n1\n", which="trend") == 422
    rows = get(shop, "ops", "lists?")["rows"]
    assert [(row["rank"], row["product"], row["ours"]) for row in rows] == [(1, "p1", "竹篮1号"), (2, "", "")]
    file = get(shop, "ops", "products/p1?")
    assert [row["source"] for row in file["lists"]] == ["board"] and file["state"]["rival"]["state"] == "band"
    pool = shop.client("ops").get("/api/rooms/r1/selection").json()
    assert [row["name"] for row in pool["lists"]] == ["竹篮1号", "香薰"] and pool["lacking"] == 2
    for what in ("rivals", "lists"):
        sheet = shop.client("ops").get(f"/api/supply/template.xlsx?what={what}&lang=en")
        assert sheet.status_code == 200 and sheet.content[:2] == b"PK"


def test_who_may_not_see_money_changes_no_terms(shop: House) -> None:
    terms = {"supplier": "a", "name": "竹坊", "commission_bp": 1500}
    assert post(shop, "ops", "files", "SupplierSaved", **terms)["applied"]
    assert post(shop, "qc", "files", "SupplierSaved", supplier="a", name="竹坊甲", commission_bp=-1)["applied"]
    (row,) = get(shop, "ops", "suppliers?")["suppliers"]
    assert (row["name"], row["commission_bp"]) == ("竹坊甲", 1500)
