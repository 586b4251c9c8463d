"""Goals and budgets over HTTP: who may, what is kept, what reaches the plans of shows."""

from livecue.events import BudgetSaved, GoalSet, ProductCard, ProductSaved
from livecue.planning.goals import Goals
from tests.folding import ROOM, TestUnit
from tests.web.conftest import House
from tests.web.planning.test_calendar import START, plan

HOUR = 3_600_000


def test_a_target_comes_down_to_the_plans(house: House) -> None:
    house.clock.set(START - 3 * 24 * HOUR)
    owner, ops, host = house.client("owner"), house.client("ops"), house.client("host")
    for number in range(3):
        assert ops.post("/api/rooms/r1/commands", json=plan(f"s{number}", starts_at=START + number * 24 * HOUR)).json()[
            "applied"
        ]
    assert ops.post("/api/goals?brand=main", json={"period": "2026", "target": 1}).status_code == 403, (
        "years are approved"
    )
    assert owner.post("/api/goals?brand=main", json={"period": "2026", "target": 36_500_001}).json()["applied"]
    assert ops.post("/api/goals?brand=main", json={"period": "2026-11", "target": 1_000_000}).json()["applied"]
    tree = ops.get("/api/goals?brand=main&year=2026").json()
    november = tree["root"]["children"][3]["children"][1]
    assert (november["target"], november["fixed"]) == (1_000_000, True)
    assert [node["target"] for node in november["children"]] == [333_334, 333_333, 333_333]
    assert sum(q["target"] for q in tree["root"]["children"] if not q["closed"]) == 36_500_001
    done = ops.post("/api/goals/apply?brand=main", json={"month": "2026-11"}).json()
    assert (len(done["changed"]), done["refused"]) == (3, [])
    assert ops.get("/api/shows/s0").json()["goals"] == {"M41": 333_334}
    assert ops.post("/api/goals/apply?brand=main", json={"month": "2026-11"}).json()["changed"] == []
    stale = ops.post("/api/goals?brand=main", json={"period": "2026-11", "target": 5, "version": 1}).json()
    assert stale["refused"]["code"] == "changed_meanwhile"
    assert host.get("/api/goals?brand=main").status_code == 403
    assert house.client("stranger").get("/api/goals?brand=main").status_code == 403


def test_where_there_is_no_target_nothing_is_taken_out_of_the_plans(house: House) -> None:
    house.clock.set(START - 3 * 24 * HOUR)
    ops = house.client("ops")
    assert ops.post("/api/rooms/r1/commands", json=plan("s", goals={"M41": 2_600_000})).json()["applied"]
    assert ops.get("/api/goals?brand=main&year=2026").json()["root"]["target"] == 0
    done = ops.post("/api/goals/apply?brand=main", json={"month": "2026-11"}).json()
    assert (done["changed"], done["refused"]) == ([], [])
    assert ops.get("/api/shows/s").json()["goals"] == {"M41": 2_600_000}


def test_a_budget_is_for_those_who_may_see_money(house: House) -> None:
    ops, host = house.client("ops"), house.client("host")
    card = ProductCard(product="p1", name="篮", price=1000)
    house.app.tell_house(ProductSaved(org="main", brand="main", card=card, cost=400, commission_bp=1000))
    made = plan(products=[{"product": "p1", "name": "篮", "price": 1000}], goals={"M41": 10_000})
    assert ops.post("/api/rooms/r1/commands", json=made).json()["applied"]
    first = ops.get("/api/shows/s/profit").json()
    assert (first["made"], first["plan"]["units"]) == (False, {"p1": 10})
    body = {"units": {"p1": 20}, "ads": 3000, "labour": 2000, "return_bp": 1000}
    assert ops.post("/api/shows/s/profit", json=body).json()["applied"]
    found = ops.get("/api/shows/s/profit").json()
    assert found["planned"]["gmv"] == 20_000
    assert found["planned"]["profit"] == 20_000 - 2000 - 7200 - 1800 - 3000 - 2000
    assert found["real"] is None
    assert ops.post("/api/shows/s/profit", json={**body, "version": 7}).json()["refused"]["code"] == "changed_meanwhile"
    assert ops.post("/api/shows/s/profit", json={**body, "ads": -1}).json()["refused"]["code"] == "bad_amount"
    assert host.get("/api/shows/s/profit").status_code == 403
    assert host.post("/api/shows/s/profit", json=body).status_code == 403
    assert house.client("stranger").get("/api/shows/s/profit").status_code == 404


def test_what_is_wrong_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    unit = TestUnit(tmp_path / "t.db")
    goals = Goals()
    events = [
        GoalSet(command="1", org="o", brand="b", period="26-11", target=1),
        GoalSet(command="2", org="o", brand="b", period="2026-13", target=1),
        GoalSet(command="3", org="o", brand="b", period="2026", target=-5),
        BudgetSaved(command="4", org="o", brand="b", room="r", show="s", return_bp=10_001),
        BudgetSaved(command="5", org="o", brand="b", room="r", show=""),
    ]
    goals.decide(goals.open(ROOM, None), events, {}, unit)
    assert [event.code for event in unit.announced] == [
        "bad_period",
        "bad_period",
        "bad_amount",
        "bad_share",
        "incomplete",
    ]  # type: ignore[attr-defined]
