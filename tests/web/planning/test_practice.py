"""A practice room's show runs before a simulated audience: under its own id, at its planned time, with its own goals;
no stock moves, nothing unsigned begins, the clock goes on afterwards."""

from typing import Any

from fastapi.testclient import TestClient

from livecue.compliance import LABELS
from livecue.events import PersonSaved, RoleGranted, RoomSaved
from tests.web.conftest import House
from tests.web.planning.test_calendar import START, plan
from tests.web.planning.test_rehearsal import CARD, SEGMENTS

SHOWN = dict.fromkeys(LABELS, "none") | {"seller": "yes"}
GOAL = 1_000_00


def begin(client: TestClient, show: str = "s", **given: object) -> Any:
    return client.post(f"/api/shows/{show}/practice", json={"rate": 60, **given})


def planned(house: House) -> tuple[TestClient, TestClient]:
    """A show of the practice room with a product that has stock; operations and the owner."""
    house.app.tell_house(
        PersonSaved(person="fa", org="main", name="法务小林"),
        RoleGranted(person="fa", role="legal", org="main", brand="main"),
        RoomSaved(room="air", org="main", brand="main", name="真", platform="p", nature="real"),
    )
    house.app.refresh_rooms()
    ops, owner = house.client("ops"), house.client("owner")
    assert owner.post("/api/catalog/products?brand=main", json={"card": CARD}).json()["applied"]
    owner.post("/api/stock/openings", json={"brand": "main", "sku": "p1-a", "product": "p1", "quantity": 40})
    made = plan(segments=SEGMENTS, products=[CARD], goals={"M41": GOAL})
    assert ops.post("/api/rooms/r1/commands", json=made).json()["applied"]
    return ops, owner


def sign(house: House, ops: TestClient, owner: TestClient) -> None:
    """Reviewed by the owner, signed by legal."""
    version = ops.get("/api/shows/s").json()["version"]
    for client, state in ((ops, "in_review"), (owner, "approved")):
        assert client.post("/api/shows/s/review", json={"state": state, "version": version}).json()["applied"]
    digest = ops.get("/api/shows/s/sign-off").json()["review"]["digest"]
    asked = {"kind": "ReviewAsked", "show": "s", "digest": digest, "declared": SHOWN}
    assert ops.post("/api/rooms/r1/commands", json=asked).json()["applied"]
    given = {"kind": "SignOffGiven", "show": "s", "digest": digest}
    answered = house.client("fa").post("/api/rooms/r1/commands", json=given)
    assert answered.json()["applied"], answered.text


def test_the_show_itself_runs_and_is_judged_by_its_plan(house: House) -> None:
    ops, owner = planned(house)
    stock = owner.get("/api/stock?brand=main").json()
    before = ops.get("/api/shows/s/practice").json()
    assert (before["possible"], before["held"], before["rate"]) == (True, ["unsigned"], 0)
    refused = begin(ops)
    assert (refused.status_code, refused.json()["error"]) == (422, "not_signed")
    sign(house, ops, owner)
    assert ops.get("/api/shows/s/practice").json()["held"] == []
    assert begin(ops).status_code == 201
    controls = house.web.state.services.practice
    assert ops.get("/api/shows/s/practice").json()["rate"] in (0, 60), "it runs a moment later"
    assert begin(ops, rate=30).status_code == 422, "it runs already"
    assert ops.post("/api/shows/s/practice/rate", json={"rate": 60}).status_code == 204
    controls.wait("r1")
    shown = ops.get("/api/shows/s").json()
    assert shown["status"] == "ended"
    assert 0 <= shown["started_at"] - START < 1000, "in the room it is the planned time"
    assert [segment.get("product", "") for segment in shown["segments"]] == ["", "p1", ""], "the plan stays as it was"
    body = owner.get("/api/shows/s/debrief").json()
    (goal,) = [line for line in body["goals"] if line["metric"] == "M41"]
    assert goal["target"] == GOAL
    assert [line["segment"] for line in body["segments"]] == ["a", "b", "c"]
    assert all(abs(line["start_drift_ms"]) < 30_000 for line in body["segments"])
    assert [line["product"] for line in body["products"]] == ["p1"]
    assert owner.get("/api/stock?brand=main").json() == stock, "an invented order touches no real stock"
    assert ops.post("/api/shows/s/practice", json={}).status_code == 422, "it is over"


def test_afterwards_the_clock_goes_on(house: House) -> None:
    ops, owner = planned(house)
    sign(house, ops, owner)
    assert begin(ops).status_code == 201
    controls = house.web.state.services.practice
    controls.wait("r1")
    assert "r1" not in house.app.driven and not controls.rate("r1")
    assert house.app.capable.get("r1") is None
    last = house.app.pump.room_now("r1").result(10)
    assert last > START, "it stands at the end of the show"
    house.clock.advance(10_000)
    house.app.timer.tick()
    # The tick is told in one transaction, folded in a later one.
    asked = (house.app.pump.room_now("r1").result(10) for _ in range(100))
    now = next((at for at in asked if at != last), last)
    assert 9_000 <= now - last <= 11_000, "at the pace of the wall's"
    duty = ops.get("/api/rooms/r1/snapshot").json()["team"]["duty"]
    assert duty == [], "the simulated crew went home"


def test_what_cannot_run_so_is_refused(house: House) -> None:
    ops, owner = planned(house)
    sign(house, ops, owner)
    assert begin(ops, rate=100).status_code == 422
    assert house.client("host").post("/api/shows/s/practice", json={}).status_code == 403
    assert house.client("stranger").get("/api/shows/s/practice").status_code == 404
    assert ops.post("/api/shows/s/practice/rate", json={"rate": 2}).status_code == 422, "none runs"
    made = plan("real", segments=SEGMENTS, products=[CARD], starts_at=START + 86_400_000)
    assert ops.post("/api/rooms/air/commands", json=made).json()["applied"]
    assert ops.get("/api/shows/real/practice").json()["possible"] is False
    refused = begin(ops, "real")
    assert refused.status_code == 422 and "practice" in refused.json()["message"]
