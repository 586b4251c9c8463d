"""Remarks, review and handbook: of one exact text, by two people, and a missing variable stops both."""

import json

import pytest
from fastapi.testclient import TestClient

from livecue.events import PersonSaved, RoleGranted
from tests.loops import run
from tests.web.conftest import House
from tests.web.planning.test_calendar import plan

SEGMENT = {"segment": "a", "part": "pitch", "title": "讲篮", "duration_s": 600, "product": "p1", "talk_track": "好篮"}
CARD = {"product": "p1", "name": "竹篮", "price": 3990, "skus": ["p1-a"], "selling_points": ["手编"]}


@pytest.fixture
def ops(house: House) -> TestClient:
    client = house.client("ops")
    assert client.post("/api/rooms/r1/commands", json=plan(segments=[SEGMENT], products=[CARD])).json()["applied"]
    return client


def talk(client: TestClient, text: str, version: int) -> None:
    event = {"kind": "RundownChanged", "show": "s", "version": version, "segments": [{**SEGMENT, "talk_track": text}]}
    assert client.post("/api/rooms/r1/commands", json=event).json()["applied"]


def step(client: TestClient, state: str, version: int, note: str = "") -> str:
    """The code of the refusal, "" when it was applied."""
    answered = client.post("/api/shows/s/review", json={"state": state, "version": version, "note": note})
    assert answered.status_code in (200, 403, 409), answered.text
    if answered.status_code != 200:
        return str(answered.json()["error"])
    refused = answered.json()["refused"]
    return str(refused["code"]) if refused else ""


def standing(client: TestClient) -> tuple[str, bool]:
    found = client.get("/api/shows/s/review").json()["standing"]
    return found["state"], found["edited"]


def test_a_script_is_approved_by_another_and_an_edit_makes_it_a_draft(ops: TestClient, house: House) -> None:
    owner = house.client("owner")
    assert standing(ops) == ("draft", False)
    assert step(owner, "approved", 1) == "not_in_review"
    assert step(ops, "in_review", 1) == "" and standing(ops) == ("in_review", False)
    assert step(ops, "in_review", 1) == "handed_in"
    assert step(owner, "returned", 1) == "no_reason"
    assert step(owner, "returned", 1, "价格没说") == "" and standing(ops) == ("returned", False)
    talk(ops, "好篮，三十九块九", 2)
    assert step(ops, "in_review", 1) == "conflict", "an old version cannot be handed in"
    assert step(ops, "in_review", 2) == ""
    assert step(owner, "approved", 2) == "" and standing(ops) == ("approved", False)
    talk(ops, "好篮，九块九", 3)
    assert standing(ops) == ("draft", True), "what was approved is not what stands"
    talk(ops, "好篮，三十九块九", 4)
    assert standing(ops) == ("approved", False), "the approved text again"
    steps = ops.get("/api/shows/s/review").json()["standing"]["steps"]
    assert [(s["state"], s["version"], s["alone"]) for s in steps] == [
        ("approved", 2, False), ("in_review", 2, False), ("returned", 1, False), ("in_review", 1, False),
    ]  # fmt: skip


def test_nobody_approves_their_own_unless_nobody_else_may(ops: TestClient, house: House) -> None:
    owner = house.client("owner")
    assert step(owner, "in_review", 1) == ""
    assert owner.get("/api/shows/s/review").json()["alone"]
    assert step(owner, "approved", 1) == ""
    assert owner.get("/api/shows/s/review").json()["standing"]["steps"][0]["alone"], "kept as self-approved"
    house.app.tell_house(
        PersonSaved(person="boss", org="main", name="总监"),
        RoleGranted(person="boss", role="director", org="main", brand="main"),
    )
    talk(ops, "新", 2)
    assert step(owner, "in_review", 2) == ""
    assert step(owner, "approved", 2) == "own_work"
    assert step(house.client("boss"), "approved", 2) == ""


def test_a_variable_without_value_stops_the_review_and_says_which(ops: TestClient, house: House) -> None:
    talk(ops, "现货 {库存} 件，{价钱}", 2)
    found = ops.get("/api/shows/s/review").json()["missing"]
    assert [(m["variable"], m["why"]) for m in found] == [("库存", "not_known"), ("价钱", "unknown_variable")]
    assert step(ops, "in_review", 2) == "variables"
    talk(ops, "{名称}，{价格}", 3)
    assert step(ops, "in_review", 3) == ""


def test_remarks_are_answered_and_closed(ops: TestClient, house: House) -> None:
    host, stranger = house.client("host"), house.client("stranger")
    post = "/api/shows/s/remarks"
    assert host.post(post, json={"text": "太长", "segment": "a"}).json()["applied"]
    first = ops.get("/api/shows/s/review").json()["remarks"][0]
    assert ops.post(post, json={"text": "改短了", "reply_to": first["comment"]}).json()["applied"]
    assert ops.post(post, json={"text": "?", "reply_to": "none"}).json()["refused"]["code"] == "no_comment"
    assert stranger.post(post, json={"text": "?"}).status_code == 404
    assert house.client("host").post(f"{post}/{first['comment']}", json={}).json()["applied"]
    rows = ops.get("/api/shows/s/review").json()["remarks"]
    assert [(r["text"], r["by"], r["closed_by"]) for r in rows] == [("太长", "host", "host"), ("改短了", "ops", "")]
    now = house.clock.now_ms()
    assert [(r["at"], r["closed_at"]) for r in rows] == [(now, now), (now, 0)], "said, and closed, by the house's time"
    assert ops.post(f"{post}/{first['comment']}", json={"closed": False}).json()["applied"]
    assert ops.get("/api/shows/s/review").json()["remarks"][0]["closed_at"] == 0


def test_a_handbook_keeps_proof_and_versions(house: House) -> None:
    owner, stranger = house.client("owner"), house.client("stranger")
    assert owner.post("/api/catalog/products?brand=main", json={"card": {**CARD, "product": "p9"}}).json()["applied"]
    first = owner.get("/api/handbooks/p9?brand=main").json()
    assert (first["handbook"]["version"], first["handbook"]["unproved"]) == (0, 1)
    book = {
        "advantages": [{"text": "手编", "evidence": "GX-2026-11", "evidence_date": "2026-11-02"}, {"text": "  "}],
        "answers": [{"question": "会发霉吗", "answer": "晾干再收"}],
        "forbidden": ["全网最低"], "scenes": ["野餐"], "demonstration": "装满水果提起来", "version": 1,
    }  # fmt: skip
    address = "/api/handbooks/p9?brand=main"
    assert owner.put(address, json=book).json()["applied"]
    assert owner.put(address, json=book).json()["refused"]["code"] == "changed_meanwhile"
    wrong = {**book, "version": 2, "advantages": [{"text": "手编", "evidence_date": "11-02"}]}
    assert owner.put(address, json=wrong).json()["refused"]["code"] == "bad_day"
    found = owner.get("/api/handbooks?brand=main").json()
    mine = next(item["handbook"] for item in found if item["product"] == "p9")
    assert (mine["version"], mine["unproved"], len(mine["body"]["advantages"])) == (1, 0, 1)
    assert (mine["made_by"], mine["made_at"]) == (house.owner, house.clock.now_ms())
    assert house.client("host").put(address, json={**book, "version": 2}).status_code == 403
    assert stranger.get(address).status_code in (403, 404)


def test_others_hear_of_a_change_at_once(ops: TestClient, house: House) -> None:
    import asyncio

    from livecue.shows import find_show
    from livecue.web.planning.review import _news

    row = find_show(house.app.reader, "s")
    assert row is not None
    door = house.web.state.services

    async def listen() -> list[dict[str, str]]:
        news = _news(door, row, lambda: True)
        assert await anext(news) == b"retry: 1000\n\n"
        waiting = asyncio.ensure_future(anext(news))
        await asyncio.sleep(0)
        await asyncio.to_thread(talk, ops, "换一句", 2)
        first = await waiting
        await asyncio.to_thread(step, ops, "in_review", 2)
        second = await anext(news)
        await news.aclose()
        return [json.loads(part.split(b"data: ")[1]) for part in (first, second)]

    assert run(listen()) == [{"what": "plan", "by": "ops"}, {"what": "review", "by": "ops"}]
