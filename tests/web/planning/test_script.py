"""Script and schedule as workbooks both ways, skeletons, versions; mistakes told by row and column."""

import io
from collections.abc import Sequence

import pytest
import xlsxwriter
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook

from livecue.planning.script import SCHEDULE
from tests.web.conftest import House
from tests.web.planning.test_calendar import START, plan

LATER = START + 9 * 86_400_000
SEGMENTS = [
    {"segment": "a", "part": "warm_up", "title": "开场", "duration_s": 600},
    {
        "segment": "b", "part": "pitch", "title": "讲篮", "offset_s": 600, "duration_s": 750, "product": "p1",
        "target_gmv": 12_345, "props": "水杯", "light": "暖光", "screen": "近景", "stock_cue": "剩 50 提醒",
    },
]  # fmt: skip


LONE = {name: value for name, value in SEGMENTS[1].items() if name != "offset_s"}


def workbook(*rows: Sequence[object]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def send(client: TestClient, address: str, content: bytes) -> dict[str, object]:
    answered = client.post(address, files={"file": ("表.xlsx", content)})
    assert answered.status_code == 200, answered.text
    found: dict[str, object] = answered.json()
    return found


@pytest.fixture
def ops(house: House) -> TestClient:
    client = house.client("ops")
    made = plan(
        segments=SEGMENTS,
        products=[{"product": "p1", "name": "竹{篮}", "price": 3990, "skus": ["p1-a"], "selling_points": ["手编"]}],
    )
    assert client.post("/api/rooms/r1/commands", json=made).json()["applied"]
    return client


def test_a_script_goes_out_and_comes_back_the_same(ops: TestClient) -> None:
    before = ops.get("/api/shows/s").json()
    for language in ("zh", "en"):
        content = ops.get(f"/api/shows/s/script.xlsx?lang={language}").content
        assert send(ops, "/api/shows/s/script", content) == {"accepted": 2, "rejected": [], "refused": None}
        after = ops.get("/api/shows/s").json()
        assert after["segments"] == before["segments"]
    assert [row["version"] for row in ops.get("/api/shows/s/versions").json()] == [3, 2, 1]


def test_times_flow_from_lengths(ops: TestClient) -> None:
    sheet = workbook(
        ("部分", "时长", "环节名称"), ("预热", 5, "开场"), ("产品讲解", "12:30", "讲篮"), ("福利发放", 8, "福利")
    )
    assert send(ops, "/api/shows/s/script", sheet)["accepted"] == 3
    found = ops.get("/api/shows/s").json()["segments"]
    assert [(s.get("offset_s", 0), s["duration_s"]) for s in found] == [(0, 300), (300, 750), (1050, 480)]
    assert found[0]["segment"] == "a", "the same title, part and product is the same segment"
    newest = ops.get("/api/shows/s/versions").json()[0]
    assert {(c["what"], c["title"]) for c in newest["changes"]} >= {("changed", "开场"), ("added", "福利")}


def test_versions_are_told_apart_to_the_character(ops: TestClient, house: House) -> None:
    first, second = SEGMENTS
    third = {"segment": "c", "part": "lucky_bag", "title": "福袋", "duration_s": 300, "draw": {"prize": "竹篮"}}
    for version, segments in (
        (2, [first, {**second, "talk_track": "今天 39 元"}, third]),
        (3, [third, {**second, "talk_track": "今天 29 元", "duration_s": 600}]),
        (4, [{**second, "talk_track": "今天 19 元", "duration_s": 600}, third]),
    ):
        told = {"kind": "RundownChanged", "show": "s", "version": version, "segments": segments}
        assert ops.post("/api/rooms/r1/commands", json=told).json()["applied"]
    found = ops.get("/api/shows/s/versions/3").json()
    assert (found["old"], found["new"]) == (2, 3)
    assert [(one["segment"], one["what"], one["place"], one["was"]) for one in found["segments"]] == [
        ("c", "moved", 1, 3),
        ("b", "changed", 2, 0),
        ("a", "removed", 1, 0),
    ]
    length, talk = found["segments"][1]["fields"]
    assert (length["field"], length["before"], length["after"]) == ("duration_s", 750, 600)
    assert [(one["how"], one["text"]) for one in talk["pieces"]] == [
        ("kept", "今天 "), ("removed", "3"), ("added", "2"), ("kept", "9 元"),
    ]  # fmt: skip
    # Put elsewhere and edited: both are told, in the list and side by side; it moves no other.
    (both,) = ops.get("/api/shows/s/versions/4").json()["segments"]
    assert (both["segment"], both["what"], both["was"], both["place"]) == ("b", "changed", 2, 1)
    assert [one["field"] for one in both["fields"]] == ["talk_track"]
    listed = {row["version"]: row["changes"] for row in ops.get("/api/shows/s/versions").json()}
    assert [(one["what"], one["title"]) for one in listed[4]] == [("changed", "讲篮"), ("moved", "讲篮")]
    # Whichever is named first: the older stands before, the newer after.
    assert ops.get("/api/shows/s/versions/3?against=4").json() == ops.get("/api/shows/s/versions/4").json()
    whole = ops.get("/api/shows/s/versions/3?against=1").json()
    assert {(one["segment"], one["what"]) for one in whole["segments"]} == {
        ("c", "added"), ("b", "changed"), ("a", "removed"),
    }  # fmt: skip
    assert ("draw.prize", "竹篮") in {(f["field"], f["after"]) for f in whole["segments"][0]["fields"]}
    assert len(ops.get("/api/shows/s/versions/1?against=0").json()["segments"]) == 2
    assert ops.get("/api/shows/s/versions/9").status_code == 404
    assert house.client("stranger").get("/api/shows/s/versions/3").status_code == 404


def test_versions_tell_what_became_of_time_goals_and_products(ops: TestClient) -> None:
    cards = [{"product": "p1", "name": "竹篮", "price": 3990}, {"product": "p2", "name": "果盘", "price": 990}]
    first = plan("v", starts_at=LATER, ends_at=LATER + 750_000, segments=[LONE], products=cards, goals={"M41": 5000})
    assert ops.post("/api/rooms/r1/commands", json=first).json()["applied"]
    cards = [{"product": "p1", "name": "竹篮", "price": 2990}, {"product": "p3", "name": "竹筷", "price": 490}]
    again = {
        **first,
        "title": "改了名",
        "starts_at": LATER + 60_000,
        "products": cards,
        "goals": {"M03": 12},
        "version": 2,
    }
    again.pop("command", None)
    assert ops.post("/api/rooms/r1/commands", json=again).json()["applied"]
    found = ops.get("/api/shows/v/versions/2").json()
    assert found["segments"] == []
    assert [(one["field"], one["before"], one["after"]) for one in found["plan"]] == [
        ("title", first["title"], "改了名"), ("starts_at", LATER, LATER + 60_000),
        ("ends_at", LATER + 750_000, LATER + 810_000), ("goal.M03", 0, 12), ("goal.M41", 5000, 0),
    ]  # fmt: skip
    assert [(one["product"], one["what"], one["before"], one["after"]) for one in found["products"]] == [
        ("p1", "changed", 3990, 2990), ("p3", "added", 0, 490), ("p2", "removed", 990, 0),
    ]  # fmt: skip
    assert found["products"][2]["name"] == "果盘"


@pytest.mark.parametrize(
    ("head", "row", "code"),
    [
        (("部分", "时长", "目标GMV"), ("预热", 5, 1200), "no_unit"),
        (("部分", "时长"), ("跳舞", 5), "bad_part"),
        (("部分", "时长"), ("预热", "一会儿"), "bad_length"),
        (("部分", "时长"), ("预热", -5), "bad_length"),
        (("部分", "时长", "话术"), ("预热", 5, "讲" * 10_001), "text_long"),
        (("部分", "时长", "目标GMV（元）"), ("预热", 5, "很多"), "not_money"),
    ],
)
def test_a_mistake_changes_nothing(ops: TestClient, head: Sequence[str], row: Sequence[object], code: str) -> None:
    found = send(ops, "/api/shows/s/script", workbook(head, ("预热", 5), row))
    assert found["accepted"] == 0
    assert [(w["row"], w["code"]) for w in found["rejected"]] == [(3, code)]  # type: ignore[attr-defined]
    assert ops.get("/api/shows/s").json()["version"] == 1


def test_yuan_and_fen_are_told_apart(ops: TestClient) -> None:
    for head, cell, minor in (
        ("目标GMV（元）", 12.5, 1250),
        ("目标GMV（分）", 1250, 1250),
        ("目标GMV", "¥12.50", 1250),
        ("目标GMV", "1250分", 1250),
        ("目标GMV", 0, 0),
        ("目标GMV", "0.00", 0),
    ):
        assert send(ops, "/api/shows/s/script", workbook(("部分", "时长", head), ("预热", 5, cell)))["accepted"] == 1
        assert ops.get("/api/shows/s").json()["segments"][0].get("target_gmv", 0) == minor, head


def test_a_script_of_two_hundred_pages_is_kept_whole(ops: TestClient) -> None:
    pages = [("产品讲解", "1.5", f"第 {page} 页 {half}", "讲" * 800) for page in range(1, 201) for half in (1, 2)]
    head = ("部分", "时长", "环节名称", "话术")
    assert send(ops, "/api/shows/s/script", workbook(head, *pages))["accepted"] == 400
    before = ops.get("/api/shows/s").json()["segments"]
    assert len(before) == 400 and before[-1]["offset_s"] == 399 * 90
    content = ops.get("/api/shows/s/script.xlsx").content
    assert send(ops, "/api/shows/s/script", content)["accepted"] == 400
    assert ops.get("/api/shows/s").json()["segments"] == before
    changed = [{**item, "talk_track": "短"} if number == 7 else item for number, item in enumerate(before)]
    told = {"kind": "RundownChanged", "show": "s", "version": 4, "segments": changed}
    assert ops.post("/api/rooms/r1/commands", json=told).json()["applied"]
    assert [c["title"] for c in ops.get("/api/shows/s/versions").json()[0]["changes"]] == ["第 4 页 2"]


def test_what_is_no_script_is_refused(ops: TestClient) -> None:
    rows = [("产品讲解", 1)] * 5000
    answered = ops.post("/api/shows/s/script", files={"file": ("长.xlsx", workbook(("部分", "时长"), *rows))})
    assert (answered.status_code, answered.json()["error"]) == (422, "script_long")
    for content, code in ((b"no workbook", "table_sheet"), (workbook(("部分",), ("预热",)), "table_columns")):
        answered = ops.post("/api/shows/s/script", files={"file": ("x.xlsx", content)})
        assert (answered.status_code, answered.json()["error"]) == (422, code)


def test_skeletons_hold_variables_of_the_catalogue(ops: TestClient) -> None:
    first, second = ops.get("/api/shows/s/talk-tracks?lang=zh").json()
    assert first["text"].startswith("【欢迎】")
    assert "{名称}" in second["text"] and "{价格}" in second["text"] and "{卖点}" in second["text"]
    assert second["gaps"] == []
    values = ops.get("/api/shows/s/variables?lang=zh").json()["values"]["p1"]
    assert values == {
        "name": "竹{篮}", "price": "39.90 CNY", "stock": "", "skus": "p1-a", "points": "手编", "number": "",
    }  # fmt: skip


def test_a_schedule_plans_shows(ops: TestClient, house: House) -> None:
    head = ("场次", "直播间", "开始时间", "时长", "主题类型", "主播", "福利策略", "目标GMV（元）")
    rows = [
        ("周四", "一号", "2026-11-26 20:00", 120, "会员场", "主播", "满减", 5000),
        ("周五", "一号", "11-27 20:00", 120, "", "", "", ""),
        ("周六", "二号", "2026-11-28 20:00", 120, "", "", "", ""),
        ("撞车", "一号", "2026-11-26 21:00", 60, "", "", "", ""),
    ]
    found = send(ops, "/api/calendar/schedule?brand=main", workbook(head, *rows))
    assert found["accepted"] == 1
    assert [(w["row"], w["code"]) for w in found["rejected"]] == [(3, "no_year"), (4, "no_room"), (5, "room_taken")]  # type: ignore[attr-defined]
    shows = ops.get("/api/calendar?brand=main&first=2026-11-01&last=2026-11-30").json()["shows"]
    thursday = next(show for show in shows if show["title"] == "周四")
    assert (thursday["start"], thursday["theme"], thursday["goal"], thursday["hosts"]) == (
        START + 86_400_000,
        "members",
        500_000,
        ["host"],
    )
    content = ops.get("/api/calendar/schedule.xlsx?brand=main&first=2026-11-01&last=2026-11-30").content
    again = send(ops, "/api/calendar/schedule?brand=main", content)
    assert (again["accepted"], again["rejected"]) == (len(shows), []), "what was exported changes nothing"
    assert (
        house.client("host").post("/api/calendar/schedule?brand=main", files={"file": ("x.xlsx", content)}).status_code
        == 403
    )


def test_what_a_schedule_does_not_mention_stays(ops: TestClient) -> None:
    more = {
        "theme": "special",
        "hosts": ["host"],
        "kits": ["机位一"],
        "lights": ["暖光"],
        "studio": "A",
        "welfare": "满减",
    }
    segments = [{**LONE, "talk_track": "现在 {价格}", "draw": {"prize": "竹篮"}}]
    planned = plan("t", starts_at=LATER, ends_at=LATER + 750_000, segments=segments, **more)
    assert ops.post("/api/rooms/r1/commands", json=planned).json()["applied"]
    before = ops.get("/api/shows/t").json()
    head = ("场次编号", "场次", "直播间", "开始时间", "时长")
    row = ("t", "改了名", "一号", "2026-12-04 21:00", 12.5)
    assert send(ops, "/api/calendar/schedule?brand=main", workbook(head, row))["accepted"] == 1
    after = ops.get("/api/shows/t").json()
    assert after["title"] == "改了名"
    assert {name: after[name] for name in (*more, "segments")} == {name: before[name] for name in (*more, "segments")}
    # A script without the column of talk tracks takes none away.
    sheet = workbook(("部分", "时长", "环节名称", "商品编号"), ("产品讲解", 20, "讲篮", "p1"))
    assert send(ops, "/api/shows/t/script", sheet)["accepted"] == 1
    (segment,) = ops.get("/api/shows/t").json()["segments"]
    assert segment == {**segments[0], "duration_s": 1200}


def test_the_schedule_has_the_columns_of_the_trade(ops: TestClient, house: House) -> None:
    roles = ("hook", "profit", "profit", "")
    cards = [{"product": f"q{n}", "name": f"品{n}", "price": 990, "role": role} for n, role in enumerate(roles)]
    planned = plan("t", starts_at=LATER, ends_at=LATER + 750_000, products=cards)
    assert ops.post("/api/rooms/r1/commands", json=planned).json()["applied"]
    address = "/api/calendar/schedule.xlsx?brand=main&first=2026-12-01&last=2026-12-31"
    (row,) = table_of(ops.get(address).content)
    assert list(row) == [words[0] for words in SCHEDULE.values()]
    assert (row["平台"], row["产品结构"], row["目标流量（观看人次）"]) == ("p", "引流款 1、利润款 2、其他 1", "")
    row |= {"目标流量（观看人次）": "12000", "投流预算（元）": "800", "助播": "谁"}
    found = send(ops, "/api/calendar/schedule?brand=main", workbook(list(row), list(row.values())))
    assert (found["accepted"], found["rejected"]) == (1, [])
    assert found["unread"] == ["平台", "账号", "助播", "场控", "产品结构", "状态"]
    assert ops.get("/api/shows/t").json()["goals"]["M03"] == 12_000
    assert ops.get("/api/shows/t/ads").json()["plan"]["budget"] == 80_000
    (again,) = table_of(ops.get(address).content)
    assert (again["目标流量（观看人次）"], again["投流预算（元）"], again["助播"]) == ("12000", "800.00", "")
    # An empty cell says nothing, a typed 0 asks for nothing, with or without a unit.
    empty = row | {"目标GMV（元）": "", "目标流量（观看人次）": "", "投流预算（元）": ""}
    assert send(ops, "/api/calendar/schedule?brand=main", workbook(list(empty), list(empty.values())))["accepted"] == 1
    assert ops.get("/api/shows/t").json()["goals"]["M03"] == 12_000
    assert ops.get("/api/shows/t/ads").json()["plan"]["budget"] == 80_000
    none = row | {"目标流量（观看人次）": "0", "投流预算（元）": 0}
    assert send(ops, "/api/calendar/schedule?brand=main", workbook(list(none), list(none.values())))["accepted"] == 1
    assert "M03" not in ops.get("/api/shows/t").json()["goals"]
    assert ops.get("/api/shows/t/ads").json()["plan"]["budget"] == 0
    # A number that is none is told; a budget of somebody who may not see money is told too, and the column left out.
    row["目标流量（观看人次）"] = "很多"
    found = send(ops, "/api/calendar/schedule?brand=main", workbook(list(row), list(row.values())))
    assert [(one["row"], one["code"]) for one in found["rejected"]] == [(2, "not_count")]  # type: ignore[attr-defined]
    host = table_of(house.client("host").get(address).content)
    assert "投流预算（元）" not in host[0]


def table_of(content: bytes) -> list[dict[str, str]]:
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [{str(name): str(cell) for name, cell in zip(head, row, strict=True)} for row in rows]
