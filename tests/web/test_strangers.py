"""Who works for another brand: no door shows them anything of ours, and no door lets them change our people."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from livecue.events import (
    ClockTicked,
    CommentPosted,
    PersonSaved,
    ProductCard,
    ProductSaved,
    RoleGranted,
    ShowPlanned,
    ShowStarted,
)
from livecue.web import every_route, guard_of
from tests.web.conftest import House

SECRET = "绝密一号"
NAMED = {
    "room": "r1", "show": "s1", "person": "host", "product": "SEC1", "sku": "SEC1-a", "brand": "main", "org": "main",
}  # fmt: skip
ENDLESS = ("/live", "/changes")
OWN = ("/api/session", "/api/session/password")
"""What one does to oneself: to sign out, to set one's password."""


@pytest.fixture
def ours(house: House) -> House:
    """Brand main has a product, a show on air and a comment; everything is called by one secret name."""
    card = ProductCard(product="SEC1", name=SECRET, price=100, skus=("SEC1-a",))
    house.app.tell_house(ProductSaved(org="main", brand="main", card=card))
    now = house.clock.now_ms()
    planned = ShowPlanned(key="k", command="k", show="s1", title=SECRET, starts_at=now + 3_600_000)
    started = ShowStarted(key="k2", command="k2", show="s1")
    comment = CommentPosted(key="c1", text=SECRET, user="u1")
    house.app.pump.post("r1", [planned, started, comment, ClockTicked(now=now)], source="t").result(30)
    return house


def doors(house: House) -> Iterator[tuple[str, str]]:
    """Method and path of every route that wants a sign-in, filled in with what is ours."""
    for route in every_route(house.web):
        if not isinstance(route, APIRoute) or guard_of(route).permission.startswith(("public", "token")):
            continue
        path = re.sub(r"\{(\w+)(:\w+)?\}", lambda name: NAMED.get(name[1], "x"), route.path)
        for method in route.methods - {"HEAD"}:
            if path not in OWN and not path.endswith(ENDLESS):
                yield method, path


def test_no_door_shows_a_stranger_anything_of_ours(ours: House) -> None:
    stranger, owner, asked, seen = ours.client("stranger"), ours.client("owner"), 0, 0
    for method, path in doors(ours):
        if method == "GET":
            for query in ("", "?brand=main", "?room=r1&brand=main&show=s1"):
                asked += 1
                answered = stranger.get(path + query)
                assert answered.status_code < 500, (path + query, answered.text)
                for ours_alone in (SECRET, "SEC1", '"r1"'):
                    assert ours_alone not in answered.text, (path + query, answered.text[:300])
            seen += SECRET in owner.get(path + "?brand=main&room=r1&show=s1").text
    for endless in ("/api/rooms/r1/live", "/api/shows/s1/changes"):
        assert stranger.get(endless).status_code == 404
    assert asked > 200
    assert seen > 10, "the owner sees it in few places: the crawl would prove little"


def test_no_door_lets_a_stranger_change_anything_of_ours(ours: House) -> None:
    stranger, body = (
        ours.client("stranger"),
        {"brand": "main", "room": "r1", "show": "s1", "person": "host", "name": "x"},
    )
    before = ours.app.reader.rows("SELECT COUNT(*) FROM audit WHERE brand = 'main'")
    people = ours.app.reader.rows("SELECT person, name, login, active FROM people ORDER BY person")
    for method, path in doors(ours):
        if method == "GET":
            continue
        for sent in ({}, body):
            answered = stranger.request(method, path + "?brand=main&room=r1", json=sent)
            assert answered.status_code < 500, (method, path, answered.text)
            assert SECRET not in answered.text, (method, path)
    assert ours.app.reader.rows("SELECT COUNT(*) FROM audit WHERE brand = 'main'") == before
    assert ours.app.reader.rows("SELECT person, name, login, active FROM people ORDER BY person") == people


def signs_in_as(house: House, by: TestClient, person: str) -> Any:
    return by.post(f"/api/team/people/{person}/link").status_code


def test_people_are_governed_where_all_their_roles_lie(house: House) -> None:
    house.app.tell_house(
        PersonSaved(person="director", org="main", name="总监"),
        RoleGranted(person="director", role="director", org="main", brand="main"),
        PersonSaved(person="both", org="main", name="两家"),
        RoleGranted(person="both", role="host", org="main", brand="main"),
        RoleGranted(person="both", role="host", org="main", brand="other"),
        PersonSaved(person="new", org="main", name="新人"),
    )
    ours, theirs = house.client("director"), house.client("stranger")
    assert [signs_in_as(house, ours, who) for who in ("host", "ops", "new")] == [200, 200, 200]
    assert [signs_in_as(house, ours, who) for who in ("stranger", "both", house.owner)] == [404, 403, 404]
    assert [signs_in_as(house, theirs, who) for who in ("host", "ops", "both", house.owner)] == [404, 404, 403, 404]
    for who, code in (("host", 404), ("both", 403), (house.owner, 404), ("nobody", 404)):
        saved = {"person": who, "name": "改名", "login": "taken", "active": False}
        answered = theirs.post("/api/team/people", json=saved)
        assert answered.status_code == (200 if who == "nobody" else code), (who, answered.text)
    for way in ("open", "handover"):
        method = "GET" if way == "open" else "POST"
        assert theirs.request(method, f"/api/team/people/host/{way}", json={}).status_code == 404
        assert theirs.request(method, f"/api/team/people/both/{way}", json={}).status_code == 200


def test_the_last_owner_stays(house: House) -> None:
    owner = house.client("owner")
    saved = {"person": house.owner, "name": "所有者", "active": False}
    refused = owner.post("/api/team/people", json=saved).json()["refused"]
    assert refused["code"] == "last_owner"
    grant = {"role": "owner", "grant": False}
    assert owner.post(f"/api/team/people/{house.owner}/roles", json=grant).json()["refused"]["code"] == "last_owner"
    assert owner.post("/api/team/people/ops/roles", json={"role": "owner"}).json()["applied"]
    assert owner.post(f"/api/team/people/{house.owner}/roles", json=grant).json()["applied"]
