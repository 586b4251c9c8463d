"""The permission ``money`` at every door: cost, commission and ad spend are hidden with the reason, never 0."""

import asyncio
from typing import Any

import msgspec
import pytest

from livecue.events import AdSpent, ClockTicked, PersonSaved, RoleGranted, ShowStarted
from livecue.web.money import HIDDEN, METRICS, Cutter, without_money
from livecue.web.rooms import _frames
from tests.loops import run
from tests.web.conftest import House

PRODUCT = {"card": {"product": "p", "name": "锅", "price": 100}, "cost": 40, "commission_bp": 2000}


@pytest.fixture
def priced(house: House) -> House:
    """A product with its cost, and somebody who keeps the catalogue without seeing money."""
    house.app.tell_house(
        PersonSaved(person="qc", org="main", name="质检"),
        RoleGranted(person="qc", role="qc", org="main", brand="main"),
    )
    assert house.client("ops").post("/api/catalog/products", json=PRODUCT).json()["applied"]
    return house


def product(house: House, person: str) -> dict[str, Any]:
    found: dict[str, Any] = house.client(person).get("/api/catalog/products").json()["products"][0]
    return found


def test_the_catalogue_hides_cost_and_commission(priced: House) -> None:
    seen, hidden = product(priced, "ops"), product(priced, "qc")
    assert (seen["cost"], seen["commission_bp"]) == (40, 2000)
    assert (hidden["cost"], hidden["commission_bp"], hidden["hidden"]) == (None, None, ["cost", "commission_bp"])
    assert hidden["card"]["price"] == 100


@pytest.mark.parametrize("sent", [{"cost": 1, "commission_bp": 1}, {"cost": None, "commission_bp": None}, {}])
def test_saving_without_the_permission_leaves_them_as_they_are(priced: House, sent: dict[str, Any]) -> None:
    changed = {"card": {"product": "p", "name": "大锅", "price": 120}, "hidden": ["cost"], **sent}
    assert priced.client("qc").post("/api/catalog/products", json=changed).json()["applied"]
    now = product(priced, "ops")
    assert (now["card"]["name"], now["cost"], now["commission_bp"]) == ("大锅", 40, 2000)


def test_an_import_without_the_permission_leaves_them_and_says_so(priced: House) -> None:
    sheet = "product,name,price,cost,commission\np,铁锅,1.30,0.10,1%\nq,盆,2,1,5%\n".encode()
    answered = priced.client("qc").post("/api/catalog/import", files={"file": ("a.csv", sheet)}).json()
    assert (answered["accepted"], answered["ignored"]) == (2, ["cost", "commission_bp"])
    rows = priced.client("ops").get("/api/catalog/products").json()["products"]
    assert [(row["card"]["name"], row.get("cost", 0), row.get("commission_bp", 0)) for row in rows] == [
        ("铁锅", 40, 2000),
        ("盆", 0, 0),
    ]


def test_the_audit_tells_the_edit_but_not_the_cost(priced: House) -> None:
    priced.app.tell_house(
        PersonSaved(person="law", org="main", name="法务"),
        RoleGranted(person="law", role="legal", org="main", brand="main"),
    )
    query = {"kind": "ProductSaved"}
    (row,) = priced.client("law").get("/api/audit", params=query).json()["rows"]
    assert "cost" not in row["detail"]
    (whole,) = priced.client("owner").get("/api/audit", params=query).json()["rows"]
    assert '"cost":40' in whole["detail"]


def figures(tiles: list[dict[str, Any]]) -> dict[str, tuple[Any, str]]:
    return {row["metric"]: (row["value"], row["why"]) for row in tiles if row["window"] == "show"}


def test_the_live_picture_and_its_frames_hide_ad_spend_and_leave_takings(house: House) -> None:
    now = house.clock.now_ms() // 250 * 250
    events = [ClockTicked(now=now), ShowStarted(key="s", command="s", show="s"), AdSpent(key="a", amount=500)]
    house.app.pump.post("r1", [*events, ClockTicked(now=now + 5_000)], source="test").result(60)
    seen = house.client("ops").get("/api/rooms/r1/snapshot").json()["metrics"]["tiles"]
    hidden = house.client("host").get("/api/rooms/r1/snapshot").json()["metrics"]["tiles"]
    assert figures(seen)["M51"] == (500, "")
    assert {figures(hidden)[metric] for metric in ("M51", "M52")} == {(None, HIDDEN)}
    assert figures(hidden)["M41"] == figures(seen)["M41"]

    async def first(cutter: Cutter | None) -> list[dict[str, Any]]:
        door = house.web.state.services
        frames = _frames(door, "r1", await asyncio.wrap_future(door.pump.frame("r1")), cutter)
        await anext(frames)
        text = (await anext(frames)).split(b"data: ")[1]
        await frames.aclose()  # type: ignore[attr-defined]
        tiles: list[dict[str, Any]] = msgspec.json.decode(text)["changed"]["metrics.tiles"]
        return tiles

    assert figures(run(first(Cutter())))["M51"] == (None, HIDDEN)
    assert figures(run(first(None)))["M51"] == (500, "")


def test_every_guarded_metric_is_hidden_with_its_variants_and_no_other() -> None:
    rows = [{"metric": m, "window": "show", "value": 1.0, "num": 1, "den": 1, "sample": 9, "why": ""} for m in METRICS]
    for row in without_money([*rows, {**rows[0], "metric": "M51.x"}]):
        assert (row["value"], row["num"], row["den"], row["sample"], row["why"]) == (None, None, None, 0, HIDDEN)
    kept = {**rows[0], "metric": "M41"}
    assert without_money([kept]) == [kept]
