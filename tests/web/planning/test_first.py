"""The first steps are read from what is kept: each is done when the thing is there."""

from tests.web.conftest import House
from tests.web.planning.test_calendar import plan
from tests.web.planning.test_rehearsal import CARD, SEGMENTS


def counts(house: House, person: str = "owner", brand: str = "main") -> dict[str, int]:
    found = house.client(person).get(f"/api/first-steps?brand={brand}")
    assert found.status_code == 200, found.text
    return {row["step"]: row["count"] for row in found.json()["steps"]}


def test_every_step_is_counted_from_what_is_there(house: House) -> None:
    before = counts(house)
    assert before["room"] == 1 and before["people"] == 2, "of this brand alone"
    assert not any(count for step, count in before.items() if step not in ("room", "people"))
    ops, owner = house.client("ops"), house.client("owner")
    assert owner.post("/api/catalog/products?brand=main", json={"card": CARD}).json()["applied"]
    made = plan(segments=SEGMENTS, products=[CARD])
    assert ops.post("/api/rooms/r1/commands", json=made).json()["applied"]
    after = counts(house)
    assert (after["products"], after["shows"]) == (1, 1)
    found = owner.get("/api/first-steps?brand=main").json()
    assert (found["room"], found["show"]) == ("r1", "s"), "where the next step of a show is done"
    assert ops.post("/api/shows/s/rehearsals", json={"rate": 0}).status_code == 201
    controls = house.web.state.services.rehearsals
    controls.wait("r1")
    assert counts(house)["rehearsal"] == 1
    assert counts(house)["run"] == 0, "a rehearsal is no show"
    assert counts(house)["room"] == 1, "nor is its room one of the team's"
    controls.close()


def test_another_brand_is_told_nothing(house: House) -> None:
    assert house.client("stranger").get("/api/first-steps?brand=main").status_code == 403
    assert counts(house, "stranger", "other")["room"] == 1
