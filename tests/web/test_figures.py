"""`/api/rooms/{room}/figures`: every live metric, its age, why one is unknown; and who may see what."""

from typing import Any

import pytest

from livecue.events import (
    AdSpent,
    ClockTicked,
    Event,
    LikeGiven,
    Line,
    OrderPaid,
    ProductPinned,
    ShowStarted,
    ViewerEntered,
)
from livecue.metrics import DEFINITIONS, NOT_LIVE
from livecue.web.money import HIDDEN
from tests.web.conftest import House

LINES = (Line(sku="p-1", product="p", price=900),)


@pytest.fixture
def showing(house: House) -> House:
    """A show of a minute: an order for what is pinned, ad spend, likes."""
    now = house.clock.now_ms() // 5_000 * 5_000
    events: list[Event] = [ClockTicked(now=now), ShowStarted(key="s", command="s", show="s")]
    events += [ViewerEntered(key="v", user="u", via="feed"), ProductPinned(key="p", product="p")]
    events += [ClockTicked(now=now + 25_000), OrderPaid(key="o", order="o", amount=900, user="u", lines=LINES)]
    events += [AdSpent(key="a", amount=300), LikeGiven(key="l", count=7, user="u"), ClockTicked(now=now + 60_000)]
    house.app.pump.post("r1", events, source="test").result(60)
    return house


def told(house: House, person: str = "ops", room: str = "r1", **query: str) -> dict[str, Any]:
    answered = house.client(person).get(f"/api/rooms/{room}/figures", params=query)
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


def by_metric(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["metric"]: row for row in body["figures"]}


@pytest.mark.parametrize("window", ["1", "5", "15", "1m", "5m", "15m", "segment", "show"])
def test_every_live_metric_in_every_window(showing: House, window: str) -> None:
    body = told(showing, window=window)
    assert body["window"] == (window if not window.isdigit() else f"{window}m")
    assert list(by_metric(body)) == list(DEFINITIONS)
    for row in body["figures"]:
        assert (row["value"] is None) == bool(row["why"]), row
        assert row["unit"] and (row["age_ms"] is None) == (row["at"] == 0)
    assert {row["metric"]: row["why"] for row in body["not_live"]} == NOT_LIVE


def test_a_figure_says_its_age_and_an_unknown_one_its_reason(showing: House) -> None:
    rows = by_metric(told(showing, window="show"))
    likes = rows["M25.likes"]
    assert (likes["value"], likes["age_ms"], likes["source"]) == (7, 35_000, "test")
    assert (rows["M59"]["value"], rows["M59"]["why"]) == (None, "no_source")
    assert rows["M36"]["why"] == "" and rows["M36"]["value"] == 1
    assert by_metric(told(showing, window="segment"))["M25.likes"]["value"] == 7, "what is pinned is the stretch"


def test_scopes_are_named_and_can_be_asked_for(showing: House) -> None:
    body = told(showing, window="show", scope="product:p")
    assert (body["products"], body["sources"], body["segments"]) == (["p"], ["feed"], [])
    assert by_metric(body)["M41"]["value"] == 900
    assert by_metric(body)["M25.likes"]["why"] == "not_defined"
    assert (body["showcase"]["talks"], body["showcase"]["from_start"][2]) == (1, 1)
    assert by_metric(told(showing, window="show", scope="source:feed"))["M12"]["value"] == 1
    nothing = told(showing, window="show", scope="product:" + "没有/ %")
    assert (by_metric(nothing)["M41"]["value"], nothing["showcase"]) == (0, None)


@pytest.mark.parametrize(
    "query",
    [{"window": "7"}, {"window": ""}, {"scope": "product"}, {"scope": "person:x"}, {"scope": "product:" + "x" * 300}],
)
def test_what_cannot_be_asked_is_refused_with_what_can(showing: House, query: dict[str, str]) -> None:
    answered = showing.client("ops").get("/api/rooms/r1/figures", params=query)
    assert answered.status_code == 422
    assert "is" in answered.json()["message"] and next(iter(query)) in answered.json()["message"]


def test_money_is_hidden_from_whoever_may_not_see_it(showing: House) -> None:
    seen, hidden = by_metric(told(showing, window="show")), by_metric(told(showing, "host", window="show"))
    assert (seen["M51"]["value"], seen["M54"]["why"]) == (300, "no_source")
    for metric in ("M51", "M52", "M53", "M54", "M58"):
        assert (hidden[metric]["value"], hidden[metric]["num"], hidden[metric]["why"]) == (None, None, HIDDEN)
    assert hidden["M41"] == seen["M41"]


def test_another_brands_room_is_not_there(showing: House) -> None:
    assert showing.client("stranger").get("/api/rooms/r1/figures").status_code == 404
    assert showing.client("ops").get("/api/rooms/none/figures").status_code == 404
    assert showing.client().get("/api/rooms/r1/figures").status_code == 401


def test_a_room_that_nobody_told_anything_knows_nothing(house: House) -> None:
    rows = told(house, "owner")["figures"]
    assert {row["value"] for row in rows} == {None}
    assert all(row["why"] for row in rows)
