"""Meetings and advice on the calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from livecue.events import ProductCard, RoomSaved, StockOpened
from livecue.planning.calendar import ShowEntry, Times, advice_for, meetings_of
from livecue.planning.calendar.meetings import _totals
from livecue.shows import find_room
from tests.web.conftest import House
from tests.web.planning.test_calendar import START, plan

ZONE = ZoneInfo("Asia/Shanghai")


def entry(**more: object) -> ShowEntry:
    given: dict[str, object] = {
        "room": "r1", "room_name": "一号", "show": "s", "title": "晚场", "status": "planned", "start": START,
        "end": START + 7_200_000, "time_zone": "Asia/Shanghai", "currency": "CNY", "theme": "", "hosts": [], "kits": [],
        "lights": [], "studio": "", "welfare": "", "version": 1, "segments": 0, "products": 0, "goal": 0,
        "attained": None, "reached": None, "final": False, "booked": True, **more,
    }  # fmt: skip
    return ShowEntry(**given)  # type: ignore[arg-type]


def test_meetings_follow_the_clock_and_the_shows() -> None:
    found = meetings_of(Times(), [entry()], date(2026, 11, 23), date(2026, 11, 29))
    morning = [m for m in found if m.kind == "morning"]
    assert len(morning) == 7
    assert datetime.fromtimestamp(morning[0].start / 1000, ZONE).strftime("%a %H:%M") == "Mon 09:00"
    (weekly,) = [m for m in found if m.kind == "weekly"]
    assert weekly.meeting == "weekly:2026-11-23"
    (before,) = [m for m in found if m.kind == "preparation"]
    (after,) = [m for m in found if m.kind == "review"]
    assert before.start == START - 7_200_000
    assert after.end <= START + 7_200_000 + 3_600_000, "within the hour (R077)"
    assert (
        meetings_of(Times(morning="", weekly=""), [entry(status="cancelled")], date(2026, 11, 23), date(2026, 11, 29))
        == []
    )


def test_agendas_are_written_from_the_data(house: House) -> None:
    house.clock.set(START - 3 * 3_600_000)
    ops, host, stranger = house.client("ops"), house.client("host"), house.client("stranger")
    card = ProductCard(product="p1", name="篮", price=1000, skus=("p1-a",))
    house.app.pump.post("r1", [StockOpened(sku="p1-a", product="p1", quantity=12)], source="test").result(10)
    made = plan(
        products=[{"product": "p1", "name": "篮", "price": 1000, "skus": list(card.skus)}],
        goals={"M41": 10_000, "M03": 5_000},
    )
    assert ops.post("/api/rooms/r1/commands", json=made).json()["applied"]
    found = ops.get("/api/calendar/meetings/morning:2026-11-25?brand=main").json()
    lines = {part["title"]: part["lines"] for part in found["sections"]}
    assert lines["today"][0]["facts"]["goal"] == 10_000
    assert any(line["code"] == "task" and line["bad"] for line in lines["late"]), "the rehearsal is late"
    assert lines["today"][0]["facts"]["views"] == 5_000
    assert [line["facts"] for line in lines["risks"]] == [{"product": "p1", "name": "篮", "left": 12}]
    bound = {"scope": "room", "values": {"below": 10, "recover": 20}}
    assert ops.post("/api/rules/R030?room=r1", json=bound).json()["applied"]
    found = ops.get("/api/calendar/meetings/morning:2026-11-25?brand=main").json()
    assert "risks" not in {part["title"] for part in found["sections"]}, "this room calls twelve pieces enough"
    hosts = host.get("/api/calendar/meetings/preparation:s?brand=main").json()
    assert "goal" not in str(hosts["sections"]), "no money for whoever may not see it"
    assert host.post("/api/calendar/meetings/preparation:s?brand=main", json={"minutes": "先讲篮"}).json()["applied"]
    assert ops.get("/api/calendar/meetings/preparation:s?brand=main").json()["minutes"] == "先讲篮"
    for wrong in ("morning:heute", "party:s", "review:none"):
        assert ops.get(f"/api/calendar/meetings/{wrong}?brand=main").status_code == 404
    assert stranger.get("/api/calendar/meetings/preparation:s?brand=main").status_code == 403
    times = {"morning": "08:30", "weekly_day": 5, "weekly": ""}
    assert ops.post("/api/calendar/meeting-times?brand=main", json=times).json()["applied"]
    assert ops.get("/api/calendar?brand=main").json()["meeting_times"]["morning"] == "08:30"


def test_a_week_is_told_as_a_whole_and_a_product_once(house: House) -> None:
    house.clock.set(START)
    ops = house.client("ops")
    house.app.pump.post("r1", [StockOpened(sku="p1-a", product="p1", quantity=12)], source="test").result(10)
    products = [{"product": "p1", "name": "篮", "price": 1000, "skus": ["p1-a"]}]
    for at, show in enumerate(("t", "u")):
        later = plan(show, starts_at=START + (at + 5) * 86_400_000, products=products)
        assert ops.post("/api/rooms/r1/commands", json=later).json()["applied"]
    monday = ops.get("/api/calendar/meetings/weekly:2026-11-30?brand=main").json()
    lines = {part["title"]: part["lines"] for part in monday["sections"]}
    assert [line["facts"]["name"] for line in lines["supply"]] == ["篮"], "both shows present it"


def test_the_total_of_a_week_is_made_of_what_is_known() -> None:
    over = {"status": "ended", "goal": 1_000, "final": True}
    known = entry(**over, attained=800), entry(**over, show="t", attained=1_400)
    (line,) = _totals([*known, entry(show="u", status="ended", attained=9_000)])
    assert line.code == "total"
    assert line.facts == {"n": 2, "goal": 2_000, "sold": 2_200, "reached": 1.1}
    (line,) = _totals([*known, entry(**over, show="v")])
    assert line.code == "total_unknown"
    assert line.facts == {"n": 3, "goal": 3_000, "unknown": 1}
    assert _totals([]) == []


def test_advice_says_where_it_is_from(house: House) -> None:
    house.app.tell_house(
        RoomSaved(room="r1", org="main", brand="main", name="一号", platform="p", nature="rehearsed", category="美妆")
    )
    room = find_room(house.app.reader, "r1")
    assert room is not None
    span = (date(2026, 11, 1), date(2026, 12, 31))
    found = advice_for(house.app.reader, {"r1": room}, [entry(theme="members", start=START - 10 * 86_400_000)], *span)
    assert [(s.start // 60, s.end // 60, s.kind) for s in found.slots] == [
        (20, 22, "golden"),
        (10, 12, "second"),
        (14, 16, "second"),
    ]
    assert all(slot.mark == "E" and slot.per_hour is None for slot in found.slots)
    assert [(m.day, m.planned) for m in found.members] == [("2026-11-15", True), ("2026-12-15", False)]
