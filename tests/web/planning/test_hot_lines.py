"""What is asked often becomes a line of the talk, by a person's word; and a hint in the pool (R062, R080)."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from livecue.events import ClockTicked, CommentPosted
from tests.web.conftest import House
from tests.web.planning.test_calendar import plan

SEGMENT = {"segment": "a", "part": "pitch", "title": "讲篮", "duration_s": 600, "product": "p1", "talk_track": "好篮"}
CARD = {"product": "p1", "name": "竹篮", "price": 3990, "skus": ["p1-a"], "selling_points": ["手编"]}
START = 1_790_000_000_000
ADDRESS = "/api/hot-lines?brand=main"


@pytest.fixture
def owner(house: House) -> TestClient:
    """Six questions about the size of the basket, two about sending; a show is planned that presents it."""
    client = house.client("owner")
    assert client.post("/api/catalog/products?brand=main", json={"card": CARD}).json()["applied"]
    shown = plan(segments=[SEGMENT], products=[CARD])
    assert house.client("ops").post("/api/rooms/r1/commands", json=shown).json()["applied"]
    texts = ["竹篮有多大", "竹篮尺寸多大呀", "竹篮是什么尺码", "竹篮多大尺寸", "竹篮有大号吗", "竹篮尺码怎么选"]
    said = [CommentPosted(key=f"k{n}", text=text, user=f"u{n}") for n, text in enumerate(texts)]
    said += [CommentPosted(key=f"s{n}", text="竹篮什么时候发货", user=f"v{n}") for n in range(2)]
    house.app.pump.post("r1", [ClockTicked(now=START - 60_000), *said], source="t", arrived=START - 60_000).result(30)
    return client


def lines(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(ADDRESS).json()["rows"]
    return found


def test_a_line_goes_into_the_handbook_with_the_figures_it_was_decided_on(owner: TestClient, house: House) -> None:
    (row,) = lines(owner)
    assert (row["product"], row["topic"], row["asked"], row["state"]) == ("p1", "size_colour", 6, "open")
    assert row["share"] == 6 / 8 and row["demonstrate"] and row["before"] is None and row["examples"]
    wanted = {
        "product": "p1", "topic": "size_colour", "decision": "handbook", "question": "多大", "answer": "口径 30 厘米",
        "version": 1,
    }  # fmt: skip
    assert owner.post(ADDRESS, json={**wanted, "answer": " "}).json()["refused"]["code"] == "line_answer"
    assert owner.post(ADDRESS, json={**wanted, "version": 3}).json()["refused"]["code"] == "changed_meanwhile"
    assert lines(owner)[0]["state"] == "open", "what was refused decides nothing"
    assert owner.post(ADDRESS, json=wanted).json()["applied"]
    book = owner.get("/api/handbooks/p1?brand=main").json()["handbook"]
    assert book["version"] == 1 and book["body"]["answers"] == [{"question": "多大", "answer": "口径 30 厘米"}]
    assert [item["text"] for item in book["body"]["advantages"]] == ["手编"], "the proposal is not lost for it"
    (row,) = lines(owner)
    assert (row["state"], row["handbook"], row["decided"]["made_by"]) == ("handbook", 1, house.owner)
    assert (row["decided"]["asked"], row["decided"]["asked_all"]) == (6, 8)
    again = {**wanted, "answer": "口径 30、高 20 厘米", "version": 2}
    assert owner.post(ADDRESS, json=again).json()["applied"]
    book = owner.get("/api/handbooks/p1?brand=main").json()["handbook"]
    assert book["body"]["answers"] == [{"question": "多大", "answer": "口径 30、高 20 厘米"}], "one line, not two"


def test_a_line_is_put_to_the_script_of_a_planned_show(owner: TestClient, house: House) -> None:
    (place,) = lines(owner)[0]["places"]
    assert (place["room"], place["show"], place["segment"]) == ("r1", "s", "a")
    wanted = {"product": "p1", "topic": "size_colour", "decision": "script", "answer": "补一句：口径 30 厘米"}
    assert owner.post(ADDRESS, json={**wanted, "show": "s", "segment": "zz"}).status_code == 404
    assert owner.post(ADDRESS, json={**wanted, "show": "s", "segment": "a"}).json()["applied"]
    remarks = house.client("ops").get("/api/shows/s/review").json()["remarks"]
    assert [(r["segment"], r["text"], r["by"]) for r in remarks] == [("a", "补一句：口径 30 厘米", house.owner)]
    assert lines(owner)[0]["state"] == "script"


def test_what_is_asked_often_is_expected_before_a_show_with_the_product(owner: TestClient, house: House) -> None:
    def expected(show: str) -> list[dict[str, Any]]:
        found = house.client("ops").get(f"/api/calendar/meetings/preparation:{show}?brand=main").json()
        return [line for part in found["sections"] if part["title"] == "questions" for line in part["lines"]]

    asked = [(line["code"], {**line["facts"], "example": ""}) for line in expected("s")]
    assert asked == [
        ("question", {"name": "竹篮", "topic": "size_colour", "n": 6, "example": ""}),
        ("question", {"name": "竹篮", "topic": "logistics", "n": 2, "example": ""}),
    ]
    assert expected("s")[1]["facts"]["example"] == "竹篮什么时候发货"
    said = [CommentPosted(key=f"o{n}", text="竹篮镜头拉近一点吗", user=f"w{n}") for n in range(9)]
    house.app.pump.post("r1", said, source="t", arrived=START - 50_000).result(30)
    assert [line["facts"]["topic"] for line in expected("s")] == ["size_colour", "logistics"], "no topic, no question"
    without = plan("t", starts_at=START + 30 * 86_400_000, products=[{**CARD, "product": "p2"}])
    assert house.client("ops").post("/api/rooms/r1/commands", json=without).json()["applied"]
    assert expected("t") == [], "of products that a show does not have nothing is expected in it"


def test_a_refusal_has_a_reason_and_holds_for_a_while(owner: TestClient, house: House) -> None:
    wanted = {"product": "p1", "topic": "size_colour", "decision": "refused"}
    assert owner.post(ADDRESS, json=wanted).json()["refused"]["code"] == "line_reason"
    assert owner.post(ADDRESS, json={**wanted, "reason": "详情页有"}).json()["applied"]
    assert (lines(owner)[0]["state"], lines(owner)[0]["decided"]["reason"]) == ("refused", "详情页有")
    assert owner.get("/api/handbooks/p1?brand=main").json()["handbook"]["version"] == 0
    assert owner.post(ADDRESS, json={**wanted, "topic": "price", "reason": "x"}).status_code == 404, "nobody asked"
    # Four weeks later it is asked again as often: it is proposed again.
    house.clock.advance(29 * 24 * 3_600_000)
    later = START + 29 * 24 * 3_600_000 - 1_000
    said = [CommentPosted(key=f"l{n}", text="竹篮有多大", user=f"w{n}") for n in range(5)]
    house.app.pump.post("r1", [ClockTicked(now=later), *said], source="t", arrived=later).result(30)
    assert [row["state"] for row in lines(house.client("owner"))] == ["open"]


def test_who_may_not_write_handbooks_decides_nothing(owner: TestClient, house: House) -> None:
    host, stranger = house.client("host"), house.client("stranger")
    assert [row["product"] for row in lines(host)] == ["p1"], "the host sees what is asked"
    wanted = {"product": "p1", "topic": "size_colour", "decision": "refused", "reason": "x"}
    assert host.post(ADDRESS, json=wanted).status_code == 403
    assert stranger.get(ADDRESS).status_code == 403
    assert stranger.post(ADDRESS, json=wanted).status_code == 403


def test_what_is_asked_in_a_rehearsal_is_invented(owner: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livecue.web.planning.place.rehearsal_rooms", lambda *_: {"r1"})
    found = owner.get(ADDRESS).json()
    assert (found["total"], found["rows"]) == (0, [])


def test_the_pool_says_what_is_asked_about(owner: TestClient) -> None:
    pool = owner.get("/api/rooms/r1/selection").json()
    (row,) = pool["asked"]["rows"]
    assert pool["asked"]["total"] == 8
    assert (row["product"], row["name"], row["asked"], row["share"]) == ("p1", "竹篮", 8, 1.0)
    assert (row["topic"], row["topic_asked"], row["demonstrate"], row["offered"]) == ("size_colour", 6, True, True)
    known = {item["product"]: item["asked"] for item in pool["items"]}
    assert known.get("p1", 8) == 8
