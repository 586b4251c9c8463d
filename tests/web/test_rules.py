"""Thresholds over HTTP: for whom, who wins, reset and undo; how often they would have fired."""

import time
from typing import Any

import pytest
from fastapi.testclient import TestClient

from livecue.cues import PRESETS
from livecue.events import BrandSaved, ClockTicked, PersonSaved, RoleGranted, RoomSaved, ShowPlanned, ShowStarted
from tests.web.conftest import House


@pytest.fixture
def more(house: House) -> House:
    """Two more rooms of the brand, one on another platform."""
    house.app.tell_house(
        RoomSaved(room="r3", org="main", brand="main", name="三号", platform="p", nature="rehearsed"),
        RoomSaved(room="r4", org="main", brand="main", name="四号", platform="q", nature="rehearsed"),
    )
    house.app.refresh_rooms()
    return house


def rule(client: TestClient, room: str, name: str = "R004") -> dict[str, Any]:
    found = client.get("/api/rules", params={"room": room}).json()["rules"]
    return next(row for row in found if row["rule"] == name)


def change(client: TestClient, room: str = "r1", name: str = "R004", **body: Any) -> dict[str, Any]:
    answered = client.post(f"/api/rules/{name}", params={"room": room}, json=body)
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


def test_what_is_set_for_many_rooms_reaches_each_and_the_closest_wins(more: House) -> None:
    ops = more.client("ops")
    wide = change(ops, scope="all", values={"below": 0.05})
    assert wide["applied"] and wide["others_refused"] == []
    change(ops, scope="platform", values={"below": 0.04})
    change(ops, room="r3", scope="room", values={"below": 0.03})
    change(ops, room="r3", scope="category", category="shoes", values={"below": 0.02})
    told = {room: rule(ops, room) for room in ("r1", "r3", "r4")}
    assert [(told[room]["values"]["below"], told[room]["values_by"]["below"]) for room in ("r1", "r3", "r4")] == [
        (0.04, "platform"),
        (0.03, "room"),
        (0.05, "all"),
    ]
    shoes = told["r3"]["categories"]["shoes"]
    assert (shoes["values"]["below"], shoes["values_by"]["below"]) == (0.02, "category")
    assert told["r3"]["layers"] == ["all", "platform", "room", "category:shoes"]
    assert told["r4"]["layers"] == ["all"]
    other = more.client("stranger")
    assert rule(other, "r2")["values_by"] == {}, "another brand's room hears nothing of it"


def test_reset_undo_and_the_trail_they_leave(more: House) -> None:
    ops = more.client("ops")
    change(ops, scope="all", values={"below": 0.05})
    mine = change(ops, scope="room", preset="seed", values={"below": 0.2}, off=True)
    now = rule(ops, "r1")
    assert (now["preset"], now["chosen_by"], now["off"], now["off_by"]) == ("seed", "room", True, "room")
    change(ops, scope="room", undoes=mine["command"])
    now = rule(ops, "r1")
    assert (now["preset"], now["values"]["below"], now["off"], now["layers"]) == ("calibrated", 0.05, False, ["all"])
    assert [(row["scope"], row["undone"], row["name"]) for row in now["changes"]] == [
        ("room", False, "运营"),
        ("room", True, "运营"),
        ("all", False, "运营"),
    ]
    change(ops, scope="all", reset=True)
    assert [rule(ops, room)["values_by"] for room in ("r1", "r3", "r4")] == [{}, {}, {}]
    rows = more.client("owner").get("/api/audit").json()["rows"]
    told = [row for row in rows if row["what"] == "ThresholdSet" and row["room"] == "r1"]
    assert len(told) == 4 and all(row["who"] == "ops" and row["subject"] == "R004" for row in told)
    assert '"undoes"' in told[1]["detail"] and '"reset"' in told[0]["detail"]


def test_a_new_room_hears_what_was_set_for_all(more: House) -> None:
    owner = more.client("owner")
    change(owner, scope="all", values={"below": 0.05})
    body = {"room": "r9", "name": "新", "brand": "main", "platform": "q", "nature": "rehearsed"}
    assert owner.post("/api/rooms", json=body).status_code < 300
    assert rule(owner, "r9")["values_by"] == {"below": "all"}
    stranger = {"room": "r8", "name": "新", "brand": "other", "platform": "q", "nature": "rehearsed"}
    assert owner.post("/api/rooms", json=stranger).status_code < 300
    assert rule(owner, "r8")["values_by"] == {}


def test_who_may_edit_one_room_may_not_edit_all(more: House) -> None:
    more.app.tell_house(
        BrandSaved(org="main", brand="main", name="主"),
        RoleGranted(person="host", role="ops", org="main", brand="main", room="r1"),
    )
    host = more.client("host")
    assert change(host, scope="room", values={"below": 0.1})["applied"]
    for scope in ("all", "platform"):
        answered = host.post("/api/rules/R004", params={"room": "r1"}, json={"scope": scope, "values": {"below": 0.1}})
        assert answered.status_code == 403, answered.text
    answered = host.post("/api/rules/R004", params={"room": "r3"}, json={"values": {"below": 0.1}})
    assert answered.status_code in (403, 404)
    stranger = more.client("stranger")
    assert stranger.post("/api/rules/R004", params={"room": "r1"}, json={}).status_code == 404


def test_the_past_is_counted_off_the_loop_and_tried(more: House) -> None:
    pump, ops = more.app.pump, more.client("ops")
    start = more.clock.now_ms() // 5000 * 5000
    planned = ShowPlanned(key="k", command="k", show="s1", title="一", starts_at=start)
    pump.post("r1", [ClockTicked(now=start), planned, ShowStarted(key="k2", command="k2", show="s1")], source="t")
    pump.post("r1", [ClockTicked(now=start + n * 250) for n in range(1, 100)], source="t").result(10)

    def settled(ask: Any) -> dict[str, Any]:
        for _ in range(200):
            found: dict[str, Any] = ask()
            if found["counting"]["done"] == found["counting"]["of"]:
                return found
            time.sleep(0.01)
        raise AssertionError("never counted")

    found = settled(lambda: ops.get("/api/rules", params={"room": "r1"}).json())
    assert [(show["show"], show["title"], show["on_air"]) for show in found["shows"]] == [("s1", "一", True)]
    fired = {row["rule"]: row["fired"][0] for row in found["rules"]}
    assert len(fired) == len(PRESETS)
    assert (fired["R001"]["count"], fired["R001"]["why"], fired["R001"]["metric"]) == (None, "no_source", "M45")
    assert (fired["R034"]["count"], fired["R034"]["why"]) == (0, "no_offers")
    body = {"values": {"below": 1}, "preset": "seed"}
    tried = settled(lambda: ops.post("/api/rules/R030/fired", params={"room": "r1"}, json=body).json())
    assert tried["fired"][0]["why"] == "no_stock"
    assert ops.post("/api/rules/R999/fired", params={"room": "r1"}, json={}).status_code == 404


def test_a_room_ahead_of_our_clock_shows_what_holds_there(more: House) -> None:
    ops = more.client("ops")
    ahead = more.clock.now_ms() + 3_600_000
    more.app.pump.post("r1", [ClockTicked(now=ahead)], source="t").result(10)
    change(ops, values={"below": 0.05})
    assert rule(ops, "r1")["values_by"] == {"below": "room"}
    change(ops, reset=True)
    assert (rule(ops, "r1")["values_by"], rule(ops, "r1")["layers"]) == ({}, [])


def test_the_desks_bounds_are_set_and_taken_back_as_a_rules_are(more: House) -> None:
    ops = more.client("ops")

    def desk(room: str) -> dict[str, Any]:
        found: dict[str, Any] = ops.get("/api/rules", params={"room": room}).json()["desk"]
        return found

    first = desk("r1")
    assert first["values"]["hide_from"] == 0.8 and first["mark"] == "D" and first["values_by"] == {}
    assert set(first["values"]) == set(first["value_names"])
    change(ops, name="desk", scope="all", values={"hide_from": 0.9})
    mine = change(ops, name="desk", room="r3", scope="room", values={"hide_from": 0.7, "hot_least": 3})
    assert [desk(room)["values"]["hide_from"] for room in ("r1", "r3", "r4")] == [0.9, 0.7, 0.9]
    assert desk("r3")["values_by"] == {"hide_from": "room", "hot_least": "room"}
    assert desk("r3")["layers"] == ["all", "room"]
    change(ops, name="desk", room="r3", scope="room", undoes=mine["command"])
    assert desk("r3")["values_by"] == {"hide_from": "all"} and desk("r3")["changes"][1]["undone"]
    refused = change(ops, name="desk", scope="room", values={"hide_from": 2})
    assert "at most 1" in refused["refused"]["why"]
    assert desk("r1")["values"]["hide_from"] == 0.9
    assert ops.post("/api/rules/desk/fired", params={"room": "r1"}, json={}).status_code == 404


def test_the_bounds_of_the_stages_are_the_brand_s_and_move_the_stage(more: House) -> None:
    ops, owner = more.client("ops"), more.client("owner")

    def stage(room: str = "r1") -> dict[str, Any]:
        found: dict[str, Any] = ops.get("/api/rules", params={"room": room}).json()["stage"]
        return found

    def team() -> dict[str, Any]:
        found: dict[str, Any] = owner.get("/api/team/stage", params={"brand": "main"}).json()["stage"]
        return found

    first = stage()
    assert (first["values"]["startup_shows"], first["values"]["mature_sales"], first["mark"]) == (10, 1_000_000, "S")
    assert set(first["values"]) == set(first["value_names"])
    people = team()["people"]
    assert 0 < people <= 5 and team()["by_people"] == ("startup" if people <= 2 else "growth")
    for wrong, why in (
        ({"scope": "room", "values": {"growth_people": 4}}, "for all rooms"),
        ({"scope": "all", "values": {"mature_shows": 5}}, "at least 21"),
        ({"scope": "all", "values": {"heads": 5}}, "no value"),
        ({"scope": "all", "off": True}, "cannot be switched off"),
    ):
        assert why in change(ops, name="stage", **wrong)["refused"]["why"]
    assert team()["bounds"] == first["values"]
    mine = change(ops, name="stage", scope="all", values={"startup_people": 1, "growth_people": 4})
    assert not mine["others_refused"]
    assert [stage(room)["values_by"] for room in ("r1", "r3", "r4")] == [
        {"startup_people": "all", "growth_people": "all"}
    ] * 3
    assert team()["by_people"] == ("startup" if people <= 1 else "growth" if people <= 4 else "mature")
    assert more.app.reader.rows("SELECT COUNT(*) FROM stage_bounds") == [(1,)], "told to every room, kept once"
    change(ops, name="stage", scope="all", undoes=mine["command"])
    assert team()["bounds"] == first["values"] and stage()["changes"][1]["undone"]


def test_the_bounds_of_the_stages_hold_from_the_time_of_the_house(more: House) -> None:
    owner, ahead = more.client("owner"), more.clock.now_ms() + 30 * 24 * 3_600_000
    more.app.pump.post("r1", [ClockTicked(now=ahead)], source="clock").result(5)

    def bound() -> float:
        found = owner.get("/api/team/stage", params={"brand": "main"}).json()["stage"]["bounds"]
        return float(found["growth_people"])

    change(owner, name="stage", scope="all", values={"growth_people": 7})
    assert bound() == 7, "the room runs ahead, the brand does not"
    more.clock.advance(1000)
    change(owner, room="r3", name="stage", scope="all", values={"growth_people": 8})
    assert bound() == 8
    more.clock.advance(1000)
    told = {"kind": "ThresholdSet", "rule": "stage", "scope": "all", "values": {"growth_people": 9}, "command": "c1"}
    assert owner.post("/api/rooms/r1/commands", json=told).json()["applied"]
    assert bound() == 9


def test_who_may_change_one_room_does_not_change_the_brand_by_its_door(more: House) -> None:
    more.app.tell_house(
        PersonSaved(person="lead", org="main", name="组长"),
        RoleGranted(person="lead", role="ops", org="main", brand="main", room="r1"),
    )
    lead = more.client("lead")
    told = {"kind": "ThresholdSet", "rule": "stage", "scope": "all", "values": {"startup_people": 1}, "command": "c9"}
    assert lead.post("/api/rooms/r1/commands", json=told).status_code == 403
    assert more.app.reader.rows("SELECT COUNT(*) FROM stage_bounds") == [(0,)]


def test_a_rule_says_what_it_watches_and_why_it_has_no_sample(more: House) -> None:
    told = rule(more.client("ops"), "r1", "R065")
    assert told["metrics"] == [] and told["watches"]["zh"] and set(told["without"]) == {"sample", "recover"}
    assert rule(more.client("ops"), "r1", "R004")["watches"] is None
