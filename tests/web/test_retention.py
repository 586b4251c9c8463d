"""The doors to what is kept: who may look, hold, and erase, and what they are told."""

from livecue.events import CommentPosted, PersonSaved, RoleGranted
from livecue.store import list_audit
from tests.web.conftest import House


def test_holds_are_placed_and_lifted_by_whoever_answers_for_the_whole(house: House) -> None:
    house.app.tell_house(
        PersonSaved(person="law", org="main", name="法务"), RoleGranted(person="law", role="legal", org="main")
    )
    law, host, ops = house.client("law"), house.client("host"), house.client("ops")
    assert host.get("/api/retention").status_code == 403
    # Somebody of one brand does not decide for all.
    assert ops.get("/api/retention").status_code == 403
    found = law.get("/api/retention").json()
    assert {row["id"] for row in found["classes"]} >= {"live", "transaction", "comment", "evidence", "access"}
    assert found["holds"] == [] and found["erasures"] == []
    assert "people" in found["unclassed"]
    assert law.post("/api/retention/holds", json={"why": "x", "room": "nowhere"}).status_code == 404
    assert law.post("/api/retention/holds", json={"why": ""}).status_code == 422
    made = law.post("/api/retention/holds", json={"why": "市监局调查", "room": "r1"})
    assert made.status_code == 201 and made.json()["brand"] == "main"
    hold = made.json()["hold"]
    assert host.delete(f"/api/retention/holds/{hold}").status_code == 403
    assert law.delete(f"/api/retention/holds/{hold}").status_code == 200
    assert law.delete(f"/api/retention/holds/{hold}").status_code == 409
    assert law.delete("/api/retention/holds/unknown").status_code == 404
    told = [(row.what, row.who) for row in list_audit(house.app.reader, "main", ["", "main"])]
    assert ("HoldPlaced", "law") in told and ("HoldLifted", "law") in told


def test_a_viewer_is_previewed_and_erased(house: House) -> None:
    said = CommentPosted(key="c1", user="viewer-77", name="小李", text="我在江边路三号等快递")
    house.app.pump.post("r1", [said], source="bridge:t").result(30)
    owner = house.client("owner")
    asked = {"viewer": "viewer-77", "why": "written request"}
    assert house.client("host").post("/api/retention/erasures", json=asked).status_code == 403
    assert owner.post("/api/retention/erasures", json={"viewer": "v", "why": "x"}).status_code == 422
    seen = owner.post("/api/retention/erasures/preview", json=asked).json()
    assert seen["comments"] == 1 and seen["rooms"] == ["r1"] and seen["held"] == []
    owner.post("/api/retention/holds", json={"why": "case"})
    assert owner.post("/api/retention/erasures", json=asked).status_code == 409
    (hold,) = owner.get("/api/retention").json()["holds"]
    owner.delete(f"/api/retention/holds/{hold['hold']}")
    made = owner.post("/api/retention/erasures", json=asked)
    assert made.status_code == 202
    house.app.archiving.now()
    (kept,) = owner.get("/api/retention").json()["erasures"]
    assert kept["erasure"] == made.json()["erasure"] and kept["state"] == "done" and kept["changed"]["comments"] == 1
    assert "viewer-77" not in owner.get("/api/retention").text
    assert owner.post("/api/retention/erasures/preview", json=asked).json()["comments"] == 0
    screen = house.app.pump.screen("r1").result(30).decode()
    assert "小李" not in screen and "江边路" not in screen and "viewer-77" not in screen
