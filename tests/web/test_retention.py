"""The doors to what is kept: who may look, hold, and erase, and what they are told."""

import contextlib

import zstandard

from livecue.events import CommentPosted, PersonSaved, RoleGranted
from livecue.store import broken_link, list_audit
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


GUEST = "欧阳小雨"
PLAN = {
    "title": "年货节", "starts_on": "2026-11-20", "ends_on": "2026-11-21", "goal": f"请 {GUEST} 讲器物",
    "steps": [{"at": "20:00", "what": f"{GUEST}登场", "who": GUEST}],
    "guests": [{"name": GUEST, "brings": "陶艺家，住江边路", "fee": 80_000, "state": "agreed"}, {"name": "另一位"}],
}  # fmt: skip


def _everything(house: House) -> str:
    """Every value of every table with the table's name, blobs unpacked."""
    store, found = house.app.store, []
    for table in store.tables():
        for row in house.app.reader.rows(f"SELECT * FROM {table}"):
            for value in row:
                raw = value if isinstance(value, bytes) else str(value).encode()
                with contextlib.suppress(zstandard.ZstdError):
                    raw = zstandard.ZstdDecompressor().decompress(raw, max_output_size=1 << 30)
                found.append(f"{table}: {raw.decode('utf-8', 'replace')}")
    return "\n".join(found)


def test_a_guest_of_an_activity_is_erased_by_name_and_the_plan_stays(house: House) -> None:
    owner = house.client("owner")
    made = owner.post("/api/activities?brand=main", json=PLAN).json()
    assert made["applied"], made
    again = {**PLAN, "activity": made["activity"], "title": "年货节 第二版", "version": 2}
    assert owner.post("/api/activities?brand=main", json=again).json()["applied"]
    assert GUEST in _everything(house)
    # Never in the chain, which nothing can be taken out of.
    assert GUEST not in str([row.detail for row in list_audit(house.app.reader, "main", ["", "main"])])

    asked = {"kind": "guest", "viewer": GUEST, "why": "written request of 29 November"}
    assert house.client("host").post("/api/retention/erasures", json=asked).status_code == 403
    for wrong in ({"viewer": "欧"}, {"why": f"{GUEST} asked"}):
        assert owner.post("/api/retention/erasures", json={**asked, **wrong}).status_code == 422
    seen = owner.post("/api/retention/erasures/preview", json=asked).json()
    assert seen == {"activities": 1, "brands": ["main"]}
    owner.post("/api/retention/holds", json={"why": "case"})
    assert owner.post("/api/retention/erasures", json=asked).status_code == 409
    (hold,) = owner.get("/api/retention").json()["holds"]
    owner.delete(f"/api/retention/holds/{hold['hold']}")
    assert owner.post("/api/retention/erasures", json=asked).status_code == 202
    house.app.archiving.now()

    (kept,) = owner.get("/api/retention").json()["erasures"]
    assert kept["state"] == "done" and kept["changed"] == {"activities": 1, "activity_guests": 1, "journal": 2}
    left = [line for line in _everything(house).split("\n") if GUEST in line or "江边路" in line]
    assert left == []
    (plan,) = owner.get("/api/activities?brand=main").json()["activities"]
    assert [row["fee"] for row in plan["guests"]] == [80_000, 0] and plan["guests"][1]["name"] == "另一位"
    assert plan["guests"][0]["name"].startswith("erased-") and plan["version"] == 2
    assert broken_link(house.app.reader) is None
    assert owner.post("/api/retention/erasures/preview", json=asked).json()["activities"] == 0


def test_names_of_guests_go_when_their_time_is_over(house: House) -> None:
    owner = house.client("owner")
    old = {**PLAN, "starts_on": "2020-03-01", "ends_on": "2020-03-02", "goal": "", "steps": []}
    assert owner.post("/api/activities?brand=main", json=old).json()["applied"]
    due = {row["id"]: row["rows"] for row in owner.get("/api/retention").json()["due"]}
    assert due["guest"] == {"activity_guests.name": 2, "activity_guests.brings": 1}
    assert due["advert"] == {"activities": 1, "activity_guests": 2}
