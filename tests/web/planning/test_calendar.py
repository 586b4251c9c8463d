"""The calendar over HTTP: who sees what, what is refused and how, feeds by token."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from livecue.events import RoomSaved
from tests.web.conftest import House

HOUR = 3_600_000
START = int(datetime(2026, 11, 25, 20, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
MONTH = "first=2026-11-01&last=2026-11-30"


def plan(show: str = "s", **more: object) -> dict[str, object]:
    return {"kind": "ShowPlanned", "show": show, "title": f"场 {show}", "starts_at": START, **more}


def ics_events_of(text: str) -> list[dict[str, str]]:
    """The entries of a calendar: value by name without parameters, lines unfolded (RFC 5545, 3.1)."""
    found: list[dict[str, str]] = []
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line != "END:VEVENT":
            found[-1][name.partition(";")[0]] = value.replace("\\,", ",").replace("\\;", ";")
    return found


@pytest.fixture
def two(house: House) -> House:
    house.app.tell_house(RoomSaved(room="r1b", org="main", brand="main", name="一号乙", platform="p"))
    return house


def test_a_plan_without_an_end_gets_that_of_its_rundown(two: House) -> None:
    ops = two.client("ops")
    segments = [{"segment": "a", "part": "pitch", "duration_s": 5400}]
    assert ops.post("/api/rooms/r1/commands", json=plan(segments=segments)).json()["applied"]
    (show,) = ops.get(f"/api/calendar?brand=main&{MONTH}").json()["shows"]
    assert (show["start"], show["end"], show["booked"]) == (START, START + 5_400_000, True)
    empty = plan("t", starts_at=START + 5 * HOUR)
    assert ops.post("/api/rooms/r1/commands", json=empty).json()["applied"]
    assert ops.get("/api/shows/t").json()["ends_at"] == START + 7 * HOUR


def test_a_clash_is_refused_and_the_other_show_named(two: House) -> None:
    ops = two.client("ops")
    held = {"hosts": ["host"], "kits": ["便携 1 号"]}
    assert ops.post("/api/rooms/r1/commands", json=plan(**held)).json()["applied"]
    answered = ops.post("/api/rooms/r1b/commands", json=plan("t", **held)).json()
    assert answered["refused"]["code"] == "host_taken"
    assert answered["refused"]["about"]["title"] == "场 s"
    assert answered["refused"]["about"]["room_name"] == "一号"
    assert "t" not in [show["show"] for show in ops.get(f"/api/calendar?brand=main&{MONTH}").json()["shows"]]
    assert ops.post("/api/rooms/r1/commands", json={"kind": "ShowCancelled", "show": "s"}).json()["applied"]
    assert ops.post("/api/rooms/r1b/commands", json=plan("t", **held)).json()["applied"]
    assert ops.get(f"/api/calendar?brand=main&{MONTH}").json()["resources"]["kit"] == ["便携 1 号"]


def test_everybody_sees_the_rooms_they_may_watch(two: House) -> None:
    ops, host, stranger = two.client("ops"), two.client("host"), two.client("stranger")
    for room in ("r1", "r1b"):
        assert ops.post(f"/api/rooms/{room}/commands", json=plan(room)).json()["applied"]
    seen = lambda client: {s["show"] for s in client.get(f"/api/calendar?{MONTH}").json()["shows"]}  # noqa: E731
    assert seen(ops) == {"r1", "r1b"}
    assert seen(host) == {"r1"}
    assert seen(stranger) == set()
    assert stranger.get(f"/api/calendar?brand=main&{MONTH}").status_code == 403
    assert host.post("/api/rooms/r1/commands", json=plan("x")).status_code == 403


def test_contents_are_entered_and_removed(two: House) -> None:
    ops, host = two.client("ops"), two.client("host")
    entry = {"title": "成分月", "what": "theme", "starts_on": "2026-11-01", "ends_on": "2026-11-30", "source": "周会"}
    made = ops.post("/api/calendar/contents?brand=main", json=entry).json()
    assert made["applied"]
    found = ops.get(f"/api/calendar?brand=main&{MONTH}").json()["contents"]
    assert [item["title"]["zh"] for item in found if item["own"]] == ["成分月"]
    assert {item["what"] for item in found} >= {"theme", "platform"}
    assert host.post("/api/calendar/contents?brand=main", json=entry).status_code == 403
    wrong = ops.post("/api/calendar/contents?brand=main", json={**entry, "starts_on": "11月1日"}).json()
    assert wrong["refused"]["code"] == "bad_day"
    stranger = two.client("stranger")
    assert stranger.delete(f"/api/calendar/contents/{made['content']}?brand=main").status_code == 403
    assert ops.delete(f"/api/calendar/contents/{made['content']}?brand=main").json()["applied"]
    assert ops.get("/api/calendar?brand=main&first=2026-11-30&last=2026-11-01").status_code == 422
    assert ops.get("/api/calendar?brand=main&first=2020-01-01&last=2026-11-01").status_code == 422
    assert ops.get("/api/calendar?brand=main&first=22.11.").status_code == 422


def test_a_feed_shows_what_its_owner_may_watch_until_it_is_taken_back(two: House) -> None:
    ops, host = two.client("ops"), two.client("host")
    for room in ("r1", "r1b"):
        assert ops.post(f"/api/rooms/{room}/commands", json=plan(room, starts_at=two.clock.now_ms() + HOUR)).json()[
            "applied"
        ]
    made = host.post("/api/calendar/feeds", json={"name": "手机"})
    assert made.status_code == 201, made.text
    address = made.json()["url"].removeprefix("http://testserver")
    anybody = two.client()
    answered = anybody.get(address)
    assert answered.status_code == 200
    assert answered.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:一号 · 场 r1\r\n" in answered.text
    assert "一号乙" not in answered.text, "the host may watch r1 alone"
    assert "DTSTART;TZID=Asia/Shanghai:" in answered.text
    assert "SUMMARY:晨会\r\n" in answered.text
    assert "筹备会 · 场 r1\r\n" in answered.text and "UID:meeting-review:" in answered.text
    # What is theirs to do, by role or by name, says until when; what is another's does not stand there.
    entries = ics_events_of(answered.text)
    due = {entry["UID"]: entry for entry in entries if entry.get("CATEGORIES") == "task"}
    rehearsal = due["task-r1-r1/rehearsal@livecue"]
    assert rehearsal["SUMMARY"] == "截止: 彩排（过品） · 场 r1"
    assert rehearsal["TRANSP"] == "TRANSPARENT", "a deadline takes nobody's time"
    assert {uid.removeprefix("task-r1-").partition("/")[0] for uid in due} == {"r1"}
    roles = {task["task"]: task["role"] for task in ops.get("/api/rooms/r1/tasks?show=r1").json()}
    assert {roles[uid.removeprefix("task-r1-").removesuffix("@livecue")] for uid in due} == {"host"}
    assert set(roles.values()) > {"host"}
    assert len({entry["UID"] for entry in entries}) == len(entries)
    quiet = {"morning": "", "weekly_day": 3, "weekly": "", "time_zone": "Asia/Shanghai"}
    assert ops.post("/api/calendar/meeting-times?brand=main", json=quiet).json()["applied"]
    later = anybody.get(address).text
    assert "晨会" not in later and "周会" not in later and "筹备会" in later
    owner = two.client("owner")
    assert owner.post("/api/calendar/feeds", json={"name": "手机", "brand": "nowhere"}).status_code == 403
    assert owner.post("/api/calendar/feeds", json={"name": "手机", "brand": "other"}).status_code == 201
    (row,) = host.get("/api/calendar/feeds").json()
    assert "token" not in row and row["name"] == "手机"
    assert ops.delete(f"/api/calendar/feeds/{row['feed']}").status_code == 404, "only its owner takes it back"
    assert host.delete(f"/api/calendar/feeds/{row['feed']}").status_code == 204
    assert anybody.get(address).status_code == 401
    assert anybody.get("/api/calendar/feed/ics_wrong.ics").status_code == 401
