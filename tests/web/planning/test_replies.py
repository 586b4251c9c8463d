"""Replies to unfavourable comments (F19) over HTTP: written whole, checked, on the checklist."""

from typing import Any

import pytest

from livecue.events import PersonSaved, RoleGranted
from tests.web.compliance.test_reviews import plan, real, send
from tests.web.conftest import House

ROW = {
    "trigger": "说发货慢",
    "text": "抱歉让您久等，仓库今天加急。",
    "ask": "请私信订单号和收到时的情况。",
    "escalate": "cs",
}


def put(house: House, *rows: dict[str, Any], version: int = 0, person: str = "floor1") -> dict[str, Any]:
    answered = house.client(person).put(
        "/api/negative-replies?brand=main", json={"replies": list(rows), "version": version}
    )
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


@pytest.fixture
def floor(house: House) -> House:
    house.app.tell_house(
        PersonSaved(person="floor1", org="main", name="场控"),
        RoleGranted(person="floor1", role="floor", org="main", brand="main"),
        PersonSaved(person="floor2", org="main", name="一号场控"),
        RoleGranted(person="floor2", role="floor", org="main", brand="main", room="r1"),
    )
    return house


def test_a_set_is_kept_whole_by_version_and_stands_in_the_audit(floor: House) -> None:
    client = floor.client("floor1")
    assert client.get("/api/negative-replies?brand=main").json()["version"] == 0
    assert put(floor, ROW, version=1)["applied"]
    assert put(floor, ROW, {**ROW, "trigger": "说尺码不准"}, version=1)["refused"]["code"] == "changed_meanwhile"
    assert put(floor, ROW, {**ROW, "trigger": "说尺码不准", "escalate": ""}, version=2)["applied"]
    found = client.get("/api/negative-replies?brand=main").json()
    assert (found["version"], [row["trigger"] for row in found["replies"]]) == (2, ["说发货慢", "说尺码不准"])
    assert found["replies"][0] == ROW
    told = floor.client("owner").get("/api/audit").json()["rows"]
    assert [row["what"] for row in told].count("ReplySetSaved") == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"trigger": " "}, "reply_incomplete"), ({"text": ""}, "reply_incomplete"), ({"ask": ""}, "reply_incomplete"),
        ({"text": "长" * 501}, "too_long"), ({"escalate": "boss"}, "no_role"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_words(floor: House, change: dict[str, str], code: str) -> None:
    assert put(floor, {**ROW, **change})["refused"]["code"] == code
    assert floor.client("floor1").get("/api/negative-replies?brand=main").json()["version"] == 0


def test_the_same_case_twice_and_too_many_are_refused(floor: House) -> None:
    assert put(floor, ROW, ROW)["refused"]["code"] == "reply_twice"
    many = [{**ROW, "trigger": str(number)} for number in range(101)]
    assert put(floor, *many)["refused"]["code"] == "too_many"


def test_who_may(floor: House) -> None:
    body = {"replies": [ROW]}
    assert floor.client("host").put("/api/negative-replies?brand=main", json=body).status_code == 403
    # The set is that of every room: somebody of one room does not write it, and reads it.
    assert floor.client("floor2").put("/api/negative-replies?brand=main", json=body).status_code == 403
    assert floor.client("floor2").get("/api/negative-replies?brand=main").status_code == 200
    assert floor.client("stranger").get("/api/negative-replies?brand=main").status_code == 403


def test_the_checklist_knows_whether_they_are_there(floor: House) -> None:
    real(floor)
    ops = floor.client("ops")
    assert send(ops, **plan())["applied"]

    def line() -> dict[str, Any]:
        return next(item for item in ops.get("/api/shows/s/checklist").json() if item["item"] == "replies")

    assert line()["state"] == "open"
    put(floor, ROW)
    assert (line()["state"], line()["about"]) == ("ok", {"n": 1})
