"""Rosters over HTTP: made, searched, changed, published; stage, doublings, hand-over."""

import time
from typing import Any

from livecue.events import ClockTicked, DutyTaken, PersonSaved, RoleGranted, TaskAdded
from tests.web.conftest import House

FIRST = "2026-12-07"
LINE = {"room": "r1", "start": 19 * 60, "end": 23 * 60, "roles": {"host": 1, "floor": 1}}


def staffed(house: House, *people: str) -> None:
    for person in people:
        house.app.tell_house(
            PersonSaved(person=person, org="main", name=person.upper()),
            RoleGranted(person=person, role=person[:-1], org="main", brand="main"),
        )


def made(house: House, **more: Any) -> str:
    body = {"title": "十二月", "first": FIRST, "days": 3, "lines": [LINE], **more}
    answered = house.client("ops").post("/api/rosters?brand=main", json=body)
    assert answered.status_code == 200, answered.text
    assert answered.json()["refused"] is None, answered.text
    return str(answered.json()["roster"])


def searched(house: House, roster: str) -> dict[str, Any]:
    client = house.client("ops")
    started = client.post(f"/api/rosters/{roster}/search?brand=main", json={"seconds": 20, "gap": 0})
    assert started.status_code == 200, started.text
    end = time.monotonic() + 60
    while True:
        state: dict[str, Any] = client.get(f"/api/rosters/{roster}/search?brand=main").json()
        if state["state"] not in ("running", "stopping") or time.monotonic() > end:
            return state


def test_a_roster_is_searched_accepted_changed_by_hand_and_published(house: House) -> None:
    staffed(house, "host1", "host2", "floor1")
    ops = house.client("ops")
    away = {"person": "floor1", "first": "2026-12-08", "last": "2026-12-08"}
    saved = ops.post("/api/roster/absences?brand=main", json=away)
    assert saved.json().get("applied"), saved.text
    roster = made(house)
    state = searched(house, roster)
    assert state["state"] == "done" and state["result"]["filled"] == 5, state
    assert ops.post(f"/api/rosters/{roster}/search/accept?brand=main").json()["applied"]
    shown = ops.get(f"/api/rosters/{roster}?brand=main").json()
    assert shown["violations"] == [] and shown["gap"] == 0 and shown["roster"]["bound"] == shown["penalty"]
    (empty,) = shown["empties"]
    assert empty["post"] == "l0d1-floor"
    assert empty["reasons"] == [{"rule": "away", "people": ["floor1"]}]

    # A change by hand is checked at once, and an old version is refused.
    post, version = "l0d1-floor", shown["roster"]["version"]
    (candidate,) = ops.get(f"/api/rosters/{roster}/posts/{post}?brand=main").json()
    assert [v["rule"] for v in candidate["violations"]] == ["away"]
    path = f"/api/rosters/{roster}/posts/{post}?brand=main"
    changed = ops.post(path, json={"person": "floor1", "version": version}).json()
    assert [v["rule"] for v in changed["violations"]] == ["away"]
    again = ops.post(path, json={"person": "", "version": version}).json()
    assert again["refused"]["code"] == "changed_meanwhile"
    refused = ops.post(f"/api/rosters/{roster}/publish?brand=main", json={"version": changed["version"]})
    assert (refused.status_code, refused.json()["error"]) == (403, "roster_broken")
    started = ops.post(f"/api/rosters/{roster}/search?brand=main", json={})
    assert started.json()["error"] == "roster_broken"
    emptied = ops.post(path, json={"person": "", "version": changed["version"]}).json()
    published = ops.post(f"/api/rosters/{roster}/publish?brand=main", json={"version": emptied["version"]}).json()
    assert published["applied"]
    mine = house.client("floor1").get("/api/roster/mine").json()
    assert [row["plan"]["day"] for row in mine] == [0, 2]


def test_public_holidays_are_shared_out_like_weekends(house: House) -> None:
    staffed(house, "host1", "floor1")
    roster = made(house, first="2026-09-24", days=10)
    free = house.client("ops").get(f"/api/rosters/{roster}?brand=main").json()["roster"]["settings"]["free_days"]
    # Mid-autumn (25 to 27 September) and National Day (1 to 7 October) as announced.
    assert free == [1, 2, 3, 7, 8, 9]


def test_a_search_can_be_cancelled(house: House) -> None:
    staffed(house, "host1")
    roster, ops = made(house), house.client("ops")
    assert ops.post(f"/api/rosters/{roster}/search?brand=main", json={}).json()["state"] == "running"
    assert ops.delete(f"/api/rosters/{roster}/search?brand=main").json() == {"state": "none"}
    assert ops.post(f"/api/rosters/{roster}/search/accept?brand=main").status_code == 422


def test_rosters_of_another_brand_do_not_exist(house: House) -> None:
    roster, stranger = made(house), house.client("stranger")
    assert stranger.get("/api/rosters?brand=main").status_code == 403
    assert stranger.get(f"/api/rosters/{roster}?brand=other").status_code == 404
    assert (
        stranger.post(
            "/api/rosters?brand=other", json={"title": "x", "first": FIRST, "days": 1, "lines": [LINE]}
        ).status_code
        == 404
    )
    assert house.client("host").get("/api/rosters?brand=main").status_code == 403


def test_what_cannot_be_a_roster_is_refused_with_words(house: House) -> None:
    ops = house.client("ops")
    for more in ({"first": "7.12."}, {"days": 99}, {"lines": [], "shows": False}):
        body = {"title": "x", "first": FIRST, "days": 2, "lines": [LINE], **more}
        assert ops.post("/api/rosters?brand=main", json=body).status_code == 422
    limits = {"title": "x", "first": FIRST, "days": 2, "lines": [LINE], "limits": {"rest_minutes": 600}}
    roster = str(ops.post("/api/rosters?brand=main", json=limits).json()["roster"])
    shown = ops.get(f"/api/rosters/{roster}?brand=main").json()
    assert shown["roster"]["settings"]["limits"]["rest_minutes"] == 600
    assert shown["empties"][0]["reasons"][0]["rule"] in ("free", "nobody", "skill")


def test_the_stage_shows_both_scales_and_forbids_what_a_mature_team_must_not_double(house: House) -> None:
    director = house.client("owner")
    answered = director.get("/api/team/stage?brand=main").json()
    assert (answered["stage"]["by_shows"], answered["stage"]["by_sales"]) == ("startup", "startup")
    assert director.post("/api/team/people/ops/roles", json={"role": "floor", "brand": "main"}).json()["applied"]
    house.app.pump.run(
        lambda writer: [
            writer.write(
                "INSERT INTO shows (org, brand, room, show, title, status, starts_at, started_at, ended_at, version,"
                " plan) VALUES ('main','main','real',?,'x','ended',1,1,?,1,'{}')",
                (f"s{n}", house.clock.now_ms() - 1000),
            )
            for n in range(30)
        ]
    ).result(10)
    from livecue.events import RoomSaved

    house.app.tell_house(RoomSaved(room="real", org="main", brand="main", name="真", platform="p"))
    stage = director.get("/api/team/stage?brand=main").json()
    assert stage["stage"]["by_shows"] == "mature" and stage["stage"]["posts_stage"] == "startup"
    assert stage["doublings"]["ops"][0]["rule"] == "R093"
    refused = director.post("/api/team/people/ops/roles", json={"role": "console", "brand": "main"})
    assert (refused.status_code, refused.json()["error"]) == (403, "doubling_forbidden")
    said = director.get("/api/team/people/host/doublings?brand=main&role=cs").json()
    assert [line["verdict"] for line in said["doublings"]] == ["doubtful"]


def test_open_duties_are_handed_over(house: House) -> None:
    staffed(house, "host1", "host2")
    roster, ops, owner = made(house), house.client("ops"), house.client("owner")
    shown = ops.get(f"/api/rosters/{roster}?brand=main").json()
    ops.post(f"/api/rosters/{roster}/posts/l0d0-host?brand=main", json={"person": "host1", "version": 1})
    ops.post(f"/api/rosters/{roster}/posts/l0d2-host?brand=main", json={"person": "host1", "version": 2})
    assert shown["roster"]["version"] == 1
    told = [
        ClockTicked(now=house.clock.now_ms()),
        DutyTaken(key="d", command="d", person="host1", role="host", name="H"),
        TaskAdded(key="t", command="t", task="t1", title="彩排", person="host1"),
    ]
    house.app.pump.post("r1", told, source="test").result(10)
    left = owner.get("/api/team/people/host1/open").json()
    assert [len(left[name]) for name in ("duty", "tasks", "shifts")] == [1, 1, 2]
    done = owner.post("/api/team/people/host1/handover", json={"to": "host2"}).json()
    assert done["refused"] == [] and done["handed"] == {"duty": 1, "tasks": 1, "shifts": 2}
    assert owner.get("/api/team/people/host1/open").json() == {"duty": [], "tasks": [], "shifts": []}
    heir = owner.get("/api/team/people/host2/open").json()
    assert [len(heir[name]) for name in ("duty", "tasks", "shifts")] == [1, 1, 2]


def test_limits_and_wishes_are_entered_kept_and_answered_for(house: House) -> None:
    staffed(house, "host1", "floor1")
    ops, host = house.client("ops"), house.client("host1")
    limits = {"tier": "potential", "week_hours": 8, "streak_days": 2}
    assert house.client("owner").post("/api/roster/people/host1?brand=main", json=limits).json()["applied"]
    for wrong in ({"week_hours": 200}, {"streak_days": -1}):
        refused = house.client("owner").post("/api/roster/people/host1?brand=main", json=wrong).json()["refused"]
        assert refused["code"] == "bad_limits"
    assert house.client("owner").post("/api/roster/people/nobody?brand=main", json={}).status_code == 404
    (row,) = [p for p in ops.get("/api/roster/people?brand=main").json()["people"] if p["person"] == "host1"]
    assert (row["week_hours"], row["streak_days"]) == (8, 2)

    # One's own wish; nobody else's without the right to plan; nothing that contradicts itself or lacks its year.
    off = {"person": "host1", "day": FIRST, "last": "2026-12-08", "weight": 20}
    made_wish = host.post("/api/roster/wishes?brand=main", json=off).json()
    assert made_wish["applied"]
    for change, code in (
        ({"on": True, "day": "2026-12-08", "last": ""}, "wish_against"),
        ({"day": "12-09", "last": ""}, "bad_wish"),
        ({"day": "2026-12-09", "last": "2026-12-08"}, "bad_span"),
        ({"day": "2026-12-09", "last": "", "start": 600, "end": 600}, "bad_wish"),
    ):
        answered = host.post("/api/roster/wishes?brand=main", json={**off, **change}).json()
        assert answered["refused"]["code"] == code, (change, answered)
    assert host.post("/api/roster/wishes?brand=main", json={**off, "person": "floor1"}).status_code in (403, 404)
    taken = {**off, "wish": made_wish["wish"], "person": "floor1"}
    assert ops.post("/api/roster/wishes?brand=main", json=taken).status_code == 404
    assert [w["day"] for w in host.get("/api/roster/mine/wishes?brand=main").json()["wishes"]] == [FIRST]
    assert house.client("floor1").get("/api/roster/mine/wishes?brand=main").json()["wishes"] == []

    # The search keeps the limit (8 hours in seven days: two of three evenings) and says which wish it could not meet.
    roster = made(house)
    assert searched(house, roster)["state"] == "done"
    assert ops.post(f"/api/rosters/{roster}/search/accept?brand=main").json()["applied"]
    shown = ops.get(f"/api/rosters/{roster}?brand=main").json()
    worked = [post["day"] for post in shown["posts"] if post["person"] == "host1"]
    assert len(worked) == 2 and 2 in worked
    assert shown["wishes"]["all"] == 2
    (lost,) = shown["wishes"]["ungranted"]
    assert (lost["person"], lost["on"], lost["reason"]) == ("host1", False, "dearer")
    assert lost["post"] == f"l0d{lost['day']}-host"

    # Taken back by its owner only, or by who plans; each step stands in the audit.
    assert house.client("floor1").delete(f"/api/roster/wishes/{made_wish['wish']}?brand=main").status_code == 403
    assert host.delete(f"/api/roster/wishes/{made_wish['wish']}?brand=main").json()["applied"]
    told = [row["what"] for row in house.client("owner").get("/api/audit").json()["rows"]]
    assert {"WishSaved", "WishRemoved", "RosterPersonSaved"} <= set(told)
