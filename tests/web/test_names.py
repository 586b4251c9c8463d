"""Ids on the screens have names for whoever may watch the room, and nothing else of a person."""

from livecue.events import DutyTaken
from tests.web.conftest import House


def test_whoever_watches_reads_names_and_roles_and_nothing_personal(house: House) -> None:
    found = house.client("host").get("/api/rooms/r1/people").json()
    assert {(row["person"], row["name"], tuple(row["roles"])) for row in found if row["person"] != house.owner} == {
        ("host", "主播", ("host",)),
        ("ops", "运营", ("ops",)),
    }
    assert all(row.keys() == {"person", "name", "roles"} for row in found)
    assert house.client("host").get("/api/team/people").status_code == 403


def test_another_brands_people_stay_unnamed(house: House) -> None:
    assert house.client("stranger").get("/api/rooms/r1/people").status_code == 404
    names = {row["name"] for row in house.client("stranger").get("/api/rooms/r2/people").json()}
    assert "主播" not in names
    assert "外人" in names


def test_who_was_on_duty_keeps_a_name_after_the_role_is_taken_back(house: House) -> None:
    owner = house.client("owner")
    taken = {"kind": "DutyTaken", "person": "host", "role": "host", "name": "Somebody Else"}
    assert house.client("host").post("/api/rooms/r1/commands", json=taken).json()["applied"]
    duty = owner.get("/api/rooms/r1/snapshot").json()["team"]["duty"]
    assert [row["name"] for row in duty] == ["主播"], "the name the team knows, not the one that was sent"
    change = {"role": "host", "brand": "main", "room": "r1", "grant": False}
    assert owner.post("/api/team/people/host/roles", json=change).status_code == 200
    row = next(row for row in owner.get("/api/rooms/r1/people").json() if row["person"] == "host")
    assert row == {"person": "host", "name": "主播", "roles": []}


def test_a_stage_device_reads_the_names_of_its_own_room(house: House) -> None:
    house.app.pump.post("r1", [DutyTaken(key="d", person="sim", role="host", name="林")], source="test").result(10)
    code = house.client("ops").post("/api/pairing", json={"room": "r1"}).json()["code"]
    device = house.client()
    assert device.post("/api/pair", json={"code": code}).status_code == 200
    assert {row["person"]: row["name"] for row in device.get("/api/rooms/r1/people").json()}["sim"] == "林"
    assert device.get("/api/rooms/r2/people").status_code == 404
