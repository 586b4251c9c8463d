"""A rehearsal runs this very rundown in a room of its own, touches no stock, is scored, and stands for R075."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi.testclient import TestClient

from livecue.events import ClockTicked
from livecue.planning.script import Timed, gate_of, score_of
from tests.web.conftest import House
from tests.web.planning.test_calendar import START, plan

HOUR = 3_600_000
SEGMENTS = [
    {"segment": "a", "part": "warm_up", "title": "开场", "duration_s": 40},
    {"segment": "b", "part": "pitch", "title": "讲篮", "offset_s": 40, "duration_s": 80, "product": "p1",
     "talk_track": "{名称} {价格}"},
    {"segment": "c", "part": "goodbye", "title": "收尾", "offset_s": 120, "duration_s": 20},
]  # fmt: skip
CARD = {"product": "p1", "name": "竹篮", "price": 3990, "skus": ["p1-a"], "selling_points": ["手编"]}


def begin(client: TestClient, **given: object) -> Any:
    return client.post("/api/shows/s/rehearsals", json={"rate": 0, **given})


def step_of(client: TestClient) -> Any:
    """The step "rehearsal" of the show's preparation."""
    tasks = client.get("/api/rooms/r1/tasks?show=s").json()
    return next(task for task in tasks if task["task"] == "s/rehearsal")


def shows_of(client: TestClient, year: int) -> set[str]:
    """The shows that count in the brand's goals of a year."""
    quarters = client.get(f"/api/goals?brand=main&year={year}").json()["root"]["children"]
    shows = [show for quarter in quarters for month in quarter["children"] for show in month["children"]]
    return {str(show["period"]).removeprefix("show:") for show in shows}


def test_a_rehearsal_runs_the_rundown_and_is_scored(house: House) -> None:
    ops, owner = house.client("ops"), house.client("owner")
    assert owner.post("/api/catalog/products?brand=main", json={"card": CARD}).json()["applied"]
    stock = {"brand": "main", "sku": "p1-a", "quantity": 40}
    owner.post("/api/stock/openings", json=stock)
    assert ops.post("/api/rooms/r1/commands", json=plan(segments=SEGMENTS, products=[CARD])).json()["applied"]
    before = owner.get("/api/stock?brand=main").json()
    now = house.clock.now_ms()
    house.app.pump.post("r1", [ClockTicked(now=now)], source="clock", arrived=now).result(10)
    assert ops.get("/api/shows/s/rehearsals").json()["gate"]["deadline"] == START - 48 * HOUR
    made = begin(ops)
    assert made.status_code == 201, made.text
    controls = house.web.state.services.rehearsals
    controls.wait("r1")
    found = ops.get("/api/shows/s/rehearsals").json()
    row = found["rows"][0]
    assert (row["status"], row["current"], row["whole"]) == ("ended", True, True)
    assert row["rehearsal"]["by"] == "ops" and row["rehearsal"]["room"] == made.json()["room"]
    marks = {mark["part"]: mark for mark in row["score"]["marks"]}
    assert marks["timing"]["of"] == 3 and marks["timing"]["value"] is not None
    assert 0 <= row["score"]["points"] <= 100
    step = step_of(ops)
    assert (step["state"], step["closed_by"]) == ("done", "ops"), "the step of the preparation is ticked by itself"
    assert step["note"] == f"rehearsed:{row['score']['points']}" and step["closed_at"] == now
    shown = owner.get(f"/api/shows/{made.json()['show']}").json()
    assert [s["title"] for s in shown["segments"]] == ["开场", "讲篮", "收尾"]
    assert shown["segments"][1]["talk_track"] == "{名称} {价格}"
    room = next(r for r in owner.get("/api/rooms").json() if r["room"] == made.json()["room"])
    assert (room["nature"], room["platform"]) == ("rehearsed", "simulator")
    assert owner.get("/api/stock?brand=main").json() == before, "an invented order touches no real stock"
    day = datetime.fromtimestamp(shown["started_at"] / 1000, UTC).date()
    calendar = ops.get(
        f"/api/calendar?brand=main&first={day - timedelta(days=1)}&last={day + timedelta(days=1)}"
    ).json()
    assert [one["room"] for one in calendar["rooms"]] == ["r1"], "nobody plans for the room of rehearsals"
    assert made.json()["show"] not in {one["show"] for one in calendar["shows"]}
    year = datetime.fromtimestamp(shown["started_at"] / 1000, UTC).year
    assert made.json()["show"] not in shows_of(owner, year) and "s" in shows_of(owner, 2026), "it is no show to reach"
    changed = {"kind": "RundownChanged", "show": "s", "version": 2, "segments": SEGMENTS[:2]}
    assert ops.post("/api/rooms/r1/commands", json=changed).json()["applied"]
    assert ops.get("/api/shows/s/rehearsals").json()["rows"][0]["current"] is False
    assert house.client("stranger").get("/api/shows/s/rehearsals").status_code == 404
    assert house.client("host").post("/api/shows/s/rehearsals", json={}).status_code == 403
    controls.close()


def test_one_that_was_cut_short_leaves_its_step_open(house: House) -> None:
    ops = house.client("ops")
    assert ops.post("/api/rooms/r1/commands", json=plan(segments=SEGMENTS, products=[CARD])).json()["applied"]
    assert begin(ops, rate=5).status_code == 201
    controls = house.web.state.services.rehearsals
    while not controls.running("r1"):
        house.app.pump.room_now("r1").result(10)
    assert ops.post("/api/shows/s/rehearsals/end").status_code == 204
    assert ops.post("/api/shows/s/rehearsals/rate", json={"rate": 60}).status_code == 204
    controls.wait("r1")
    (row,) = ops.get("/api/shows/s/rehearsals").json()["rows"]
    assert (row["status"], row["whole"]) == ("ended", False)
    assert step_of(ops)["state"] == "open"
    controls.close()


def test_what_cannot_be_rehearsed_is_refused(house: House) -> None:
    ops = house.client("ops")
    assert ops.post("/api/rooms/r1/commands", json=plan(segments=[], products=[CARD])).json()["applied"]
    assert begin(ops).status_code == 422
    changed = {"kind": "RundownChanged", "show": "s", "version": 2, "segments": SEGMENTS}
    assert ops.post("/api/rooms/r1/commands", json=changed).json()["applied"]
    assert ops.post("/api/rooms/r1/commands", json={"kind": "LineupChanged", "show": "s"}).json()["applied"]
    assert begin(ops).status_code == 422
    assert begin(ops, rate=100).status_code == 422
    assert ops.post("/api/shows/s/rehearsals/end").status_code == 404


def test_what_was_not_measured_is_left_out() -> None:
    good = Timed(0, 60_000, 5_000, 70_000)
    late = Timed(60_000, 120_000, 200_000, 260_000)
    assert score_of([good], 0, 0, None, None).points == 100
    assert score_of([good, late], 0, 0, None, None).points == 50
    assert score_of([], 0, 0, None, None).points is None
    full = score_of([good, late], 4, 3, (0.5, 8), 1)
    assert [mark.value for mark in full.marks] == [0.5, 0.75, 0.5, 0.5]
    assert full.points == round(0.4 * 50 + 0.3 * 75 + 0.2 * 50 + 0.1 * 50)


def test_the_gate_stands_two_days_ahead() -> None:
    start = 100 * HOUR
    assert gate_of(start, [], 10 * HOUR).state == "due"
    assert gate_of(start, [], 60 * HOUR).state == "missing"
    assert gate_of(start, [60 * HOUR], 61 * HOUR).state == "late"
    assert gate_of(start, [52 * HOUR, 60 * HOUR], 61 * HOUR).state == "done"
