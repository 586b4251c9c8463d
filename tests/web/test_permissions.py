"""Every route has a permission; one brand's people see nothing of another's."""

import pytest
from fastapi.routing import APIRoute, APIWebSocketRoute
from fastapi.testclient import TestClient

from livecue.errors import NotAllowed
from livecue.events import PersonSaved, RoleGranted, ShowPlanned, ShowStarted
from livecue.reference import ROLES
from livecue.team import Grant, Person, find_person, find_session
from livecue.web import every_route, guard_of
from livecue.web.auth import STAGE_ROUTES, Caller, Guard
from livecue.web.rooms import COMMANDS, STAGE_COMMANDS, _check
from tests.app.test_every_kind import sample
from tests.web.conftest import House


def test_every_route_names_its_permission(house: House) -> None:
    routes = [route for route in every_route(house.web) if isinstance(route, APIRoute)]
    assert len(routes) > 40
    bare = [route.path for route in routes if guard_of(route) is None]
    assert not bare
    public = {route.path for route in routes if guard_of(route).permission == "public"}
    assert public == {
        "/signin",
        "/api/session",
        "/api/pair",
        "/assets/{path:path}",
        "/api/{path:path}",
        "/{path:path}",
        "/bridge/v1/openapi.json",
        "/bridge/v1/asyncapi.json",
        "/healthz",
    }
    sockets = [route.path for route in every_route(house.web) if isinstance(route, APIWebSocketRoute)]
    assert all(path.startswith("/bridge/") for path in sockets)


def test_nobody_gets_in_without_signing_in(house: House) -> None:
    client = house.client()
    for route in every_route(house.web):
        if isinstance(route, APIRoute) and guard_of(route).permission not in ("public",):
            path = route.path.replace("{room}", "r1").replace("{show}", "s").replace("{person}", "p")
            path = path.replace("{name}", "n").replace("{hook}", "h")
            for method in route.methods - {"HEAD"}:
                answered = client.request(method, path)
                assert answered.status_code == 401, (method, path, answered.text)
                assert answered.json()["error"] in ("not_signed_in", "bad_token")


def test_another_brands_room_does_not_exist(house: House) -> None:
    stranger = house.client("stranger")
    assert [room["room"] for room in stranger.get("/api/rooms").json()] == ["r2"]
    for path in ("live", "snapshot", "comments", "shows", "improvements"):
        answered = stranger.get(f"/api/rooms/r1/{path}")
        assert answered.status_code == 404, path
    answered = stranger.post("/api/rooms/r1/commands", json={"kind": "ShowStarted", "show": "s"})
    assert answered.status_code == 404
    assert stranger.get("/api/catalog/products?brand=main").status_code == 403
    audit = stranger.get("/api/audit").json()["rows"]
    assert {row["brand"] for row in audit} <= {"other"}


def test_another_brands_show_and_actions_stay_hidden(house: House) -> None:
    planned = ShowPlanned(key="k", command="k", show="s1", title="秘密", starts_at=0)
    house.app.pump.post("r1", [planned, ShowStarted(key="k2", command="k2", show="s1")], source="test").result(10)
    assert house.client("ops").get("/api/shows/s1").status_code == 200
    stranger = house.client("stranger")
    assert stranger.get("/api/shows/s1").status_code == 404
    assert stranger.get("/api/shows/s1/debrief").status_code == 404
    assert "秘密" not in stranger.get("/api/health").text
    assert stranger.get("/api/actions").json() == []


@pytest.mark.parametrize(
    ("person", "command", "status"),
    [
        ("host", {"kind": "ShowStarted", "show": "s"}, 403),
        ("host", {"kind": "ThresholdSet", "rule": "R001"}, 403),
        ("host", {"kind": "DutyTaken", "person": "host", "role": "host"}, 200),
        ("host", {"kind": "DutyTaken", "person": "ops", "role": "host"}, 403),
        ("ops", {"kind": "ShowStarted", "show": "s"}, 200),
        ("ops", {"kind": "ActionAsked", "action": {"kind": "PinProduct", "product": "p"}}, 422),
        ("ops", {"kind": "PersonSaved", "person": "x", "org": "main", "name": "x"}, 422),
        ("ops", {"kind": "CueRaised", "cue": "x", "rule": "R001", "role": "host"}, 422),
    ],
)
def test_commands_ask_for_their_own_permission(
    house: House, person: str, command: dict[str, object], status: int
) -> None:
    answered = house.client(person).post("/api/rooms/r1/commands", json=command)
    assert answered.status_code == status, answered.text


def test_a_grant_cannot_be_given_beyond_ones_own(house: House) -> None:
    ops = house.client("ops")
    assert ops.post("/api/team/people/host/roles", json={"role": "director", "brand": "main"}).status_code == 403
    director = house.client("stranger")
    assert director.post("/api/team/people/host/roles", json={"role": "host", "brand": "main"}).status_code == 403
    assert director.post("/api/team/people/host/roles", json={"role": "owner", "brand": "other"}).status_code == 403
    assert director.post("/api/team/people/host/roles", json={"role": "host", "brand": "other"}).status_code == 200


def test_a_stage_device_sees_its_room_and_answers_cues_only(house: House) -> None:
    made = house.client("ops").post("/api/pairing", json={"room": "r1"}).json()
    assert "<svg" in made["qr_svg"]
    assert made["plain_http"] is True
    device = house.client()
    assert device.post("/api/pair", json={"code": made["code"]}).json() == {"room": "r1"}
    assert device.post("/api/pair", json={"code": made["code"]}).status_code == 403
    assert [room["room"] for room in device.get("/api/rooms").json()] == ["r1"]
    answered = device.post("/api/rooms/r1/commands", json={"kind": "CueAnswerGiven", "cue": "none", "answer": "done"})
    assert answered.status_code == 200
    assert answered.json()["refused"] is not None
    for command in ({"kind": "ShowStarted", "show": "s"}, {"kind": "DutyTaken", "person": "ops", "role": "host"}):
        assert device.post("/api/rooms/r1/commands", json=command).status_code == 403
    assert device.get("/api/team/people").status_code == 403
    assert device.post("/api/session/password", json={"password": "long enough one"}).status_code == 403


def paired(house: House) -> TestClient:
    """A stage device of r1, paired by somebody who may do nearly everything there."""
    code = house.client("owner").post("/api/pairing", json={"room": "r1"}).json()["code"]
    device = house.client()
    assert device.post("/api/pair", json={"code": code}).status_code == 200
    return device


def test_a_stage_device_is_shut_out_of_every_route_but_its_own(house: House) -> None:
    device, open_to_it = paired(house), set()
    for route in every_route(house.web):
        if not isinstance(route, APIRoute) or guard_of(route).permission == "public":
            continue
        if not isinstance(guard_of(route), Guard) or route.path.endswith("/live"):
            # The bridge's tokens are no sessions; the live push never ends.
            continue
        path = route.path.replace("{room}", "r1")
        for method in sorted(route.methods - {"HEAD"}):
            if (method, route.path) in STAGE_ROUTES:
                open_to_it.add((method, route.path))
                if method == "GET":
                    assert device.get(path).status_code == 200, path
            else:
                assert device.request(method, path).status_code == 403, (method, path)
    assert open_to_it | {("GET", "/api/rooms/{room}/live")} == STAGE_ROUTES, "a route of the stage is gone"
    assert house.client("ops").get("/api/rooms/r1/comments").status_code == 200


def test_a_stage_device_asks_for_no_other_command(house: House) -> None:
    device = paired(house)
    token = device.cookies["livecue"]
    door = house.web.state.services
    session = find_session(door.reader, token, house.clock.now_ms())
    assert session is not None and session.scope == "stage"
    person = find_person(door.reader, session.person)
    assert person is not None
    caller = Caller(person, session, token)
    for kind in COMMANDS:
        if kind in STAGE_COMMANDS:
            continue
        with pytest.raises(NotAllowed, match="stage device"):
            _check(sample(kind), door.rooms()["r1"], caller, door)
    answered = {"kind": "QuestionAnswered", "comment": "c", "how": "host"}
    assert device.post("/api/rooms/r1/commands", json=answered).status_code == 200
    for other in ({"how": "reply"}, {"how": "ignored"}, {"how": "host", "text": "x"}):
        assert device.post("/api/rooms/r1/commands", json={**answered, **other}).status_code == 403


def test_who_stands_before_the_camera_says_that_they_answered(house: House) -> None:
    """The host and the assistant, and nobody else who merely answers cues."""
    for role in ("cohost", "trainee", "props"):
        house.app.tell_house(
            PersonSaved(person=role, org="main", name=role),
            RoleGranted(person=role, role=role, org="main", brand="main", room="r1"),
        )
    answered = {"kind": "QuestionAnswered", "comment": "c", "how": "host"}
    for person, status in (("host", 200), ("cohost", 200), ("ops", 200), ("trainee", 403), ("props", 403)):
        assert house.client(person).post("/api/rooms/r1/commands", json=answered).status_code == status, person
    assert house.client("host").post("/api/rooms/r1/commands", json={**answered, "how": "reply"}).status_code == 403


DECISIONS: list[dict[str, object]] = [
    {"kind": "OpinionDecided", "level": 2},
    {"kind": "OpinionDismissed", "case": "c", "why": "x"},
    {"kind": "OpinionStepTaken", "case": "c", "step": "private", "waived": True, "note": "x"},
    {"kind": "StatementWritten", "case": "c", "facts": "a", "measures": "b", "contact": "c"},
    {"kind": "StatementApproved", "case": "c", "digest": "d"},
    {"kind": "OpinionPauseAsked", "case": "c", "resume": True},
    {"kind": "OpinionAfterCare", "case": "c"},
    {"kind": "OpinionClosed", "case": "c", "outcome": "x"},
    {"kind": "TrafficVerified", "emergency": "e", "real": False, "note": "x"},
    {"kind": "TrafficStepAsked", "emergency": "e", "step": "s", "move": "begin"},
]


def test_cases_and_emergencies_are_not_decided_by_who_answers_cues(house: House) -> None:
    """Roles that hold no more than ``answer`` decide nothing (domain 10.5, 10.7)."""
    roles = [code for code, row in ROLES.items() if set(row.permissions) == {"watch", "answer"}]
    assert {"host", "cohost", "trainee", "props"} <= set(roles)
    for role in roles:
        house.app.tell_house(
            PersonSaved(person=f"x-{role}", org="main", name=role),
            RoleGranted(person=f"x-{role}", role=role, org="main", brand="main", room="r1"),
        )
        client = house.client(f"x-{role}")
        for command in DECISIONS:
            answered = client.post("/api/rooms/r1/commands", json=command)
            assert answered.status_code == 403, (role, command["kind"])
        # That a step of theirs is done they may say; whether it is theirs, the desk knows.
        said = client.post("/api/rooms/r1/commands", json={"kind": "OpinionStepTaken", "case": "c", "step": "private"})
        assert said.status_code == 200 and not said.json()["applied"], role
    assert all(house.client("ops").post("/api/rooms/r1/commands", json=one).status_code != 403 for one in DECISIONS)


class Demo:
    """What the demo's buttons do, noted."""

    rooms = frozenset({"r1"})

    def __init__(self) -> None:
        self.done: list[str] = []

    def set_rate(self, room: str, rate: float) -> None:
        self.done.append(f"rate {rate}")

    def end(self, room: str) -> None:
        self.done.append("end")

    def take_over(self, role: str) -> None:
        self.done.append(f"as {role}")


def test_a_role_of_the_demo_is_taken_by_owners_and_by_who_holds_it(house: House) -> None:
    demo = house.web.state.services.demo = Demo()
    host, owner = house.client("host"), house.client("owner")
    threshold = {"kind": "ThresholdSet", "rule": "R001"}
    assert host.post("/api/session/act-as", json={"role": "director"}).status_code == 403
    assert host.post("/api/rooms/r1/commands", json=threshold).status_code == 403
    assert host.post("/api/session/act-as", json={"role": "host"}).status_code == 204
    assert owner.post("/api/session/act-as", json={"role": "host"}).status_code == 204
    assert owner.post("/api/rooms/r1/commands", json=threshold).status_code == 403
    assert owner.post("/api/session/act-as", json={"role": ""}).status_code == 204
    device = house.client()
    code = house.client("ops").post("/api/pairing", json={"room": "r1"}).json()["code"]
    assert device.post("/api/pair", json={"code": code}).status_code == 200
    before = list(demo.done)
    assert device.post("/api/demo/r1/rate", json={"rate": 30}).status_code == 403
    assert device.post("/api/demo/r1/end").status_code == 403
    assert device.post("/api/session/act-as", json={"role": "director"}).status_code == 403
    assert demo.done == before


def test_acting_widens_no_role_held_elsewhere() -> None:
    """A host of one room and director of another does not become director of the first by looking as director."""
    grants = (Grant("host", "o", "b", "r1"), Grant("director", "o", "b", "r2"))
    person = Person("p", "o", "p", "p", "zh", True, grants)
    assert person.permissions("o", "b", "r1", "director") == frozenset()
    assert person.permissions("o", "b", "r2", "director") == person.permissions("o", "b", "r2")


def test_foreign_hosts_and_origins_are_refused(house: House) -> None:
    client = house.client("ops")
    assert client.get("/api/rooms", headers={"host": "evil.example"}).status_code == 421
    answered = client.post(
        "/api/rooms/r1/commands", json={"kind": "ShowStarted", "show": "s"}, headers={"origin": "http://evil.example"}
    )
    assert answered.status_code == 403
    headers = client.get("/api/rooms").headers
    assert headers["x-frame-options"] == "DENY"
    assert "default-src 'self'" in headers["content-security-policy"]
