"""Who is on the published roster takes duty when the show begins: of that room, that shift, and still in the team."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from livecue.events import ClockTicked, DutyLeft, DutyTaken, PersonSaved, RoleGranted, RoomSaved
from tests.web.conftest import House
from tests.web.planning.test_practice import begin, planned, sign
from tests.web.planning.test_script import table_of

FIRST = "2026-12-07"
NIGHT = int(datetime(2026, 12, 9, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
"""Half past midnight behind the last day of the roster: in the shift that began on it."""
LATE = {"start": 22 * 60, "end": 2 * 60}
PEOPLE = ("host1", "host2", "host3", "floor1")


def staffed(house: House) -> None:
    """Two rooms and their people."""
    for room in ("one", "two"):
        house.app.tell_house(
            RoomSaved(room=room, org="main", brand="main", name=room, platform="p", nature="simulated")
        )
    for person in PEOPLE:
        house.app.tell_house(
            PersonSaved(person=person, org="main", name=person.upper()),
            RoleGranted(person=person, role=person[:-1], org="main", brand="main"),
        )
    house.app.refresh_rooms()


def rostered(house: House, chosen: dict[str, str], publish: bool = True, **more: Any) -> None:
    """A roster of two nights in both rooms with ``chosen`` (place to person)."""
    ops = house.client("ops")
    lines = [
        {"room": "one", "roles": {"host": 1, "floor": 1}, **LATE},
        {"room": "two", "roles": {"host": 1}, **LATE},
    ]
    body = {"title": "两晚", "first": FIRST, "days": 2, "lines": lines, **more}
    made = ops.post("/api/rosters?brand=main", json=body).json()
    roster, version = made["roster"], 1
    for post, person in chosen.items():
        path = f"/api/rosters/{roster}/posts/{post}?brand=main"
        answered = ops.post(path, json={"person": person, "version": version}).json()
        assert answered["applied"], answered
        version = answered["version"]
    if publish:
        told = ops.post(f"/api/rosters/{roster}/publish?brand=main", json={"version": version})
        assert told.json().get("applied"), told.text


def start(house: House, room: str, starts_at: int = NIGHT) -> None:
    """Plan a show of the room and begin it, as a person does."""
    ops = house.client("ops")
    plan = {"kind": "ShowPlanned", "show": f"s-{room}", "title": "夜场", "starts_at": starts_at}
    for command in (plan, {"kind": "ShowStarted", "show": f"s-{room}"}):
        answered = ops.post(f"/api/rooms/{room}/commands", json=command)
        assert answered.json()["applied"], answered.text


def on_duty(house: House, room: str) -> list[tuple[str, str, str]]:
    """(person, name, role) of who holds a role in the room now."""
    duty = house.client("ops").get(f"/api/rooms/{room}/snapshot").json()["team"]["duty"]
    return sorted((one["person"], one["name"], one["role"]) for one in duty)


def test_the_shift_over_midnight_of_each_room_takes_duty(house: House) -> None:
    staffed(house)
    rostered(house, {"l0d0-host": "host3", "l0d1-host": "host1", "l0d1-floor": "floor1", "l1d1-host": "host2"})
    start(house, "one")
    assert on_duty(house, "one") == [("floor1", "FLOOR1", "floor"), ("host1", "HOST1", "host")]
    assert on_duty(house, "two") == [], "the other room has not begun"
    start(house, "two")
    assert on_duty(house, "two") == [("host2", "HOST2", "host")]
    # The schedule (F01) names them, each show its own.
    days = "first=2026-12-09&last=2026-12-09"
    rows = table_of(house.client("ops").get(f"/api/calendar/schedule.xlsx?brand=main&{days}").content)
    assert {(row["直播间"], row["场控"]) for row in rows} == {("one", "FLOOR1"), ("two", "")}


def test_who_has_left_the_team_is_not_put_on_duty(house: House) -> None:
    staffed(house)
    rostered(house, {"l0d1-host": "host1", "l0d1-floor": "floor1"})
    # Once on duty here, and known by name ever since.
    events = [
        DutyTaken(key="d", command="d", name="FLOOR1", person="floor1", role="floor"),
        DutyLeft(key="e", command="e", person="floor1", role="floor"),
    ]
    house.app.pump.post("one", [ClockTicked(now=NIGHT - 86_400_000), *events], source="test").result(10)
    house.app.tell_house(PersonSaved(person="floor1", org="main", name="FLOOR1", active=False))
    start(house, "one")
    assert on_duty(house, "one") == [("host1", "HOST1", "host")]


def test_a_draft_and_another_time_put_nobody_on_duty(house: House) -> None:
    staffed(house)
    rostered(house, {"l0d1-host": "host1"}, publish=False)
    rostered(house, {"l0d1-host": "host3"})
    start(house, "one", NIGHT + 2 * 3_600_000)
    assert on_duty(house, "one") == [], "the shift ended at two, and the other roster is a draft"


def test_a_practised_show_puts_on_duty_only_the_roles_that_people_play(house: House) -> None:
    ops, owner = planned(house)
    for person in ("host1", "floor1"):
        house.app.tell_house(
            PersonSaved(person=person, org="main", name=person.upper()),
            RoleGranted(person=person, role=person[:-1], org="main", brand="main"),
        )
    sign(house, ops, owner)
    body = {"title": "彩排", "first": "2026-11-25", "days": 1, "show_roles": {"host": 1, "floor": 1}}
    made = ops.post("/api/rosters?brand=main", json=body).json()
    version = 1
    for role in ("host", "floor"):
        path = f"/api/rosters/{made['roster']}/posts/ss-{role}?brand=main"
        told = ops.post(path, json={"person": f"{role}1", "version": version}).json()
        assert told["applied"], told
        version = told["version"]
    published = ops.post(f"/api/rosters/{made['roster']}/publish?brand=main", json={"version": version})
    assert published.json().get("applied"), published.text
    assert begin(ops, roles=["host"]).status_code == 201
    duty = on_duty(house, "r1")
    house.web.state.services.practice.close()
    assert ("host1", "HOST1", "host") in duty
    assert all(person != "floor1" for person, _, _ in duty), "the script plays the floor"
