"""The audit is searched on the server, page by page, within the caller's brands."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from livecue.kit import new_id
from tests.web.conftest import House


def search(house: House, by: str = "owner", client: TestClient | None = None, **query: Any) -> dict[str, Any]:
    answered = (client or house.client(by)).get("/api/audit", params=query)
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


@pytest.fixture
def busy(house: House) -> House:
    """A house in which some people did some things, a minute apart."""
    for day, who, name in ((1, "ops", "阈值 R001"), (2, "owner", "晚场_100%")):
        client = house.client(who)
        house.clock.advance(60_000)
        starts = day * 86_400_000
        planned = {"kind": "ShowPlanned", "show": new_id(), "title": name, "starts_at": starts, "goals": {"M41": 5}}
        assert client.post("/api/rooms/r1/commands", json=planned).json()["applied"]
        house.clock.advance(60_000)
        task = {"kind": "TaskAdded", "task": f"task_{who}", "title": "备样"}
        assert client.post("/api/rooms/r1/commands", json=task).json()["applied"]
    return house


def kinds(found: dict[str, Any]) -> list[str]:
    return [row["what"] for row in found["rows"]]


def test_each_filter_narrows(busy: House) -> None:
    assert kinds(search(busy, kind="TaskAdded")) == ["TaskAdded", "TaskAdded"]
    assert {row["who"] for row in search(busy, person="ops")["rows"]} == {"ops"}
    assert {row["room"] for row in search(busy, room="r1")["rows"]} == {"r1"}
    last = search(busy, kind="TaskAdded")["rows"][0]["at"]
    assert kinds(search(busy, since=last, kind="TaskAdded")) == ["TaskAdded"]
    assert search(busy, until=last, kind="TaskAdded")["rows"][0]["at"] < last
    assert search(busy, room="r2", kind="TaskAdded")["rows"] == []


def test_words_find_ids_names_and_kinds_and_signs_stand_for_themselves(busy: House) -> None:
    assert kinds(search(busy, text="TASK_OPS")) == ["TaskAdded"]
    assert kinds(search(busy, text="taskXops")) == []
    assert kinds(search(busy, text="%")) == []
    assert {row["who"] for row in search(busy, text="运营 taskadded")["rows"]} == {"ops"}
    assert set(kinds(search(busy, text="备", also="TaskAdded"))) == {"TaskAdded"}
    assert {row["name"] for row in search(busy, text="运营", kind="SignedIn")["rows"]} == {"运营"}


def test_a_show_and_a_removed_room_are_named(busy: House) -> None:
    removed = busy.client("owner").delete("/api/rooms/r1")
    assert removed.status_code == 200, removed.text
    rows = search(busy)["rows"]
    assert {row["subject_name"] for row in rows if row["what"] == "ShowPlanned"} == {"阈值 R001", "晚场_100%"}
    assert [bool(row["subject_name"]) for row in rows if row["what"] == "RoomRemoved"] == [True]


def test_pages_follow_each_other_without_gap_or_repeat(busy: House) -> None:
    client = busy.client("owner")
    whole = [row["number"] for row in search(busy, client=client, limit=500)["rows"]]
    page = search(busy, client=client, limit=3)
    assert page["broken_at"] is None
    assert "TaskAdded" in page["kinds"]
    assert {"person": "ops", "name": "运营"} in page["people"]
    seen = [row["number"] for row in page["rows"]]
    while page["next"] is not None:
        page = search(busy, client=client, limit=3, before=page["next"])
        assert "kinds" not in page, "told once"
        seen += [row["number"] for row in page["rows"]]
    assert seen == whole


def test_a_search_stays_within_the_callers_brands(busy: House) -> None:
    found = search(busy, "stranger", text="task")
    assert found["rows"] == []
    assert all(row["person"] != "ops" for row in found["people"])
    assert all(row["room"] != "r1" for row in found["rooms"])
