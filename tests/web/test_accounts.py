"""Roles limited to a platform account: its rooms and nothing of any other, whatever the door."""

import re
from typing import Any

import pytest
from fastapi.routing import APIRoute

from livecue.events import (
    CommentPosted,
    OrderCreated,
    PersonSaved,
    ProductCard,
    ProductSaved,
    RoleGranted,
    RoomSaved,
    SegmentPlan,
    ShowPlanned,
    ShowStarted,
    TaskAdded,
)
from livecue.web import every_route
from tests.web.conftest import House

MARK = "乙号机密"
"""Stands in everything that belongs to account B."""


@pytest.fixture
def two(house: House) -> House:
    """Two accounts of one brand, a show on air in each; somebody who may do everything, for account A alone."""
    rooms = [
        RoomSaved(room=room, org="main", brand="main", name=name, platform="p", nature="rehearsed", account=account)
        for room, name, account in (("ra", "甲一", "甲号"), ("ra2", "甲二", "甲号"), ("rb", MARK, "乙号"))
    ]
    card = ProductCard(product="sp", name="竹篮", price=100)
    house.app.tell_house(
        *rooms,
        PersonSaved(person="an", org="main", name="安"),
        ProductSaved(org="main", brand="main", card=card, cost=1),
    )
    house.app.refresh_rooms()
    for role in ("director", "cs", "legal"):
        given = {"role": role, "brand": "main", "account": "p/甲号"}
        answered = house.client("owner").post("/api/team/people/an/roles", json=given)
        assert answered.json()["applied"], answered.text
    for room, title in (("ra", "甲号晚场"), ("rb", f"{MARK}晚场")):
        segments = (SegmentPlan(segment=f"g{room}", part="pitch", title=title, talk_track=title, duration_s=600),)
        events: list[Any] = [
            ShowPlanned(key=f"p{room}", command=f"p{room}", by="ops", show=f"s{room}", title=title, segments=segments,
                        starts_at=house.clock.now_ms(), products=(card,), needs_review=True),
            ShowStarted(key=f"b{room}", command=f"b{room}", show=f"s{room}"),
            CommentPosted(key=f"c{room}", user=f"u{room}", name=title, text=f"{title}还有货吗"),
            OrderCreated(key=f"o{room}", order=f"{title}-1", user=f"u{title}", amount=100),
            TaskAdded(key=f"t{room}", command=f"t{room}", task=f"t{room}", title=title, show=f"s{room}"),
        ]  # fmt: skip
        house.app.pump.post(room, events, source="test").result(30)
    return house


def test_one_sees_the_rooms_of_the_account_and_no_other(two: House) -> None:
    an = two.client("an")
    assert [row["room"] for row in an.get("/api/rooms").json()] == ["ra", "ra2"]
    me = an.get("/api/session").json()
    assert {row["room"] for row in me["roles"]} == {"ra", "ra2"}
    # A room that comes to the account comes to the person.
    more = RoomSaved(
        room="ra3", org="main", brand="main", name="甲三", platform="p", nature="rehearsed", account="甲号"
    )
    two.app.tell_house(more)
    two.app.refresh_rooms()
    assert [row["room"] for row in an.get("/api/rooms").json()] == ["ra", "ra2", "ra3"]


SKIPPED = {
    ("/api/session", "DELETE"): "it signs out", ("/api/session", "POST"): "it signs in",
    ("/api/session/password", "POST"): "it ends the session",
    ("/api/service/live", "GET"): "it streams without end, of the rooms that /api/service/inbox tells",
}  # fmt: skip
PARAMETERS = {
    "show": "srb", "segment": "grb", "comment": "crb", "order": "nrb", "number": "nrb", "task": "trb", "person": "ops",
    "conversation": "urb", "case": "x", "cue": "x", "product": "sp",
}  # fmt: skip


def test_no_door_shows_or_does_anything_of_another_account(two: House) -> None:
    """Every route there is: asked for room B it does not exist, asked without a room it does not tell of B."""
    an, asked = two.client("an"), 0
    leaks: list[tuple[str, str, str]] = []
    for route in every_route(two.web):
        if not isinstance(route, APIRoute) or not route.path.startswith("/api/") or "{path:path}" in route.path:
            continue
        names = re.findall(r"{(\w+)", route.path)
        path = re.sub(r"{(\w+)(:\w+)?}", lambda m: "rb" if m[1] == "room" else PARAMETERS.get(m[1], "x"), route.path)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            if (route.path, method) in SKIPPED:
                continue
            body = None if method == "GET" else {"room": "rb", "show": "srb", "brand": "main"}
            if "room" in names:
                answered = an.request(method, path, json=body)
                if answered.status_code != 404:
                    leaks.append((method, path, f"{answered.status_code} {answered.text[:120]}"))
            else:
                for query in ("", "?brand=main", "?brand=main&room=rb", "?room=rb&show=srb"):
                    answered = an.request(method, path + query, json=body, headers={"accept": "application/json"})
                    if MARK in answered.text or answered.status_code >= 500:
                        leaks.append((method, path + query, _around(answered.text)))
            asked += 1
    assert leaks == []
    assert asked > 150


def _around(text: str) -> str:
    at = max(0, text.find(MARK))
    return text[max(0, at - 200) : at + 60]


@pytest.mark.parametrize(
    "command",
    [
        {"kind": "ShowEnded", "show": "srb"},
        {"kind": "RundownChanged", "show": "srb", "version": 2, "segments": []},
        {"kind": "ModerationAsked", "action": {"kind": "ReplyToComment", "comment": "crb", "text": "好"}},
        {"kind": "LiveActionAsked", "action": {"kind": "PinProduct", "product": "sp"}},
        {"kind": "SignOffGiven", "show": "srb"},
    ],
)
def test_no_command_reaches_another_account(two: House, command: dict[str, Any]) -> None:
    an = two.client("an")
    assert an.post("/api/rooms/rb/commands", json=command).status_code == 404
    # The same person does it in the room of the account (what is refused there is refused for another reason).
    here = {**command, **({"show": "sra"} if "show" in command else {})}
    assert an.post("/api/rooms/ra/commands", json=here).status_code not in (403, 404)


def test_taken_back_it_holds_nothing_more_and_both_stand_in_the_audit(two: House) -> None:
    owner, an = two.client("owner"), two.client("an")
    for role in ("director", "cs", "legal"):
        body = {"role": role, "brand": "main", "account": "p/甲号", "grant": False}
        assert owner.post("/api/team/people/an/roles", json=body).json()["applied"]
    assert an.get("/api/rooms").status_code == 403
    rows = [row for row in owner.get("/api/audit").json()["rows"] if row["subject"] == "an" and "Role" in row["what"]]
    assert [row["what"] for row in rows].count("RoleGranted") == 3
    assert all("p/甲号" in row["detail"] for row in rows)


def test_an_account_nobody_has_and_a_scope_of_two_kinds_are_refused(two: House) -> None:
    owner = two.client("owner")
    unknown = {"role": "host", "brand": "main", "account": "p/丙号"}
    assert owner.post("/api/team/people/an/roles", json=unknown).status_code == 404
    both = {"role": "host", "brand": "main", "room": "ra", "account": "p/甲号"}
    assert owner.post("/api/team/people/an/roles", json=both).json()["refused"]["code"] == "bad_scope"
    # Who governs one account governs nobody's roles for the brand, nor for another account.
    assert two.client("an").post("/api/team/people/an/roles", json={**unknown, "account": "p/乙号"}).status_code == 403
    for account in ("甲/乙", "长" * 101):
        room = {"room": "rz", "brand": "main", "name": "z", "platform": "p", "nature": "rehearsed", "account": account}
        assert owner.post("/api/rooms", json=room).json()["refused"]["code"] == "bad_account"


def test_a_renamed_account_holds_nothing_until_it_is_granted_anew(two: House) -> None:
    for room, name in (("ra", "甲一"), ("ra2", "甲二")):
        two.app.tell_house(
            RoomSaved(room=room, org="main", brand="main", name=name, platform="p", nature="rehearsed", account="新号")
        )
    two.app.refresh_rooms()
    assert two.client("an").get("/api/rooms").status_code == 403
    two.app.tell_house(RoleGranted(person="an", role="host", org="main", brand="main", account="p/新号"))
    assert [row["room"] for row in two.client("an").get("/api/rooms").json()] == ["ra", "ra2"]
