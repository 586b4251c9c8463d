"""The debrief's routes: JSON, workbook, page; only for those who may read it."""

import asyncio
import contextlib
import io
from collections.abc import Iterator

import msgspec
import pytest
from python_calamine import CalamineWorkbook

from livecue.debrief import DAYS_AFTER, DebriefBody
from livecue.debrief.tables import SAVE, debrief_row
from livecue.events import PersonSaved, RoleGranted, ShowPlanned
from livecue.store import Reader
from livecue.web import debrief
from tests.debrief.show import House as Show
from tests.debrief.show import played, ticked
from tests.web.conftest import House


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DebriefBody]:
    """The debrief of the hand-made show as it is kept."""
    show = Show(tmp_path_factory.mktemp("show") / "house.db")
    show.feed(ticked(played(), 930))
    found = show.debrief()
    net = [line for line in found.net if line.metric not in DAYS_AFTER]
    yield msgspec.structs.replace(found, org="main", brand="main", show="s1", title='日常场; 第一"场', net=net)
    show.close()


@pytest.fixture
def office(house: House, body: DebriefBody) -> House:
    """A house in which the show s1 of room r1 has its debrief, and s2 has none yet."""
    app = house.web
    if not any(getattr(route, "path", "").endswith("/debrief/print") for route in app.routes):
        app.router.routes[:0] = debrief.router.routes
    for name in ("s1", "s2"):
        planned = ShowPlanned(key=name, command=name, show=name, title=body.title, starts_at=0)
        house.app.pump.post("r1", [planned], source="test").result(60)
    house.app.pump.run(lambda writer: writer.write(SAVE, debrief_row(body))).result(60)
    house.app.tell_house(
        PersonSaved(person="analyst", org="main", name="分析", language="en"),
        RoleGranted(person="analyst", role="analyst", org="main", brand="main"),
    )
    return house


def test_the_list_and_the_data(office: House, body: DebriefBody) -> None:
    client = office.client("ops")
    listed = client.get("/api/rooms/r1/debriefs").json()
    assert [(row["show"], row["improvements"]) for row in listed] == [("s1", len(body.improvements))]
    found = client.get("/api/shows/s1/debrief")
    told = msgspec.json.decode(found.content, type=DebriefBody)
    assert {line.why for line in told.net if line.metric in DAYS_AFTER} == {"no_source"}, "no orders lie here"
    night = [line for line in told.net if line.metric not in DAYS_AFTER]
    assert msgspec.structs.replace(told, net=night) == body


def test_page_and_workbook_in_the_asked_language(office: House, body: DebriefBody) -> None:
    client = office.client("ops")
    page = client.get("/api/shows/s1/debrief/print?lang=en")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert 'lang="en"' in page.text and "Improvement list" in page.text
    assert "改进清单" in client.get("/api/shows/s1/debrief/print?lang=zh").text
    book = client.get("/api/shows/s1/debrief.xlsx?lang=zh")
    assert book.headers["content-disposition"].startswith('attachment; filename="debrief.xlsx"; filename*=UTF-8')
    assert CalamineWorkbook.from_filelike(io.BytesIO(book.content)).sheet_names[0] == "数据复盘表"
    assert client.get("/api/shows/s1/debrief.xlsx?lang=fr").status_code == 422
    # Without a wish it is the reader's own language.
    assert "Improvement list" in office.client("analyst").get("/api/shows/s1/debrief/print").text


def test_rows_are_read_beside_the_loop(office: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a debrief reads may take a while: nobody else waits for it."""
    found, held = debrief.find_debrief, list[bool]()

    def read(db: Reader, show: str, room: str) -> DebriefBody | None:
        with contextlib.suppress(RuntimeError):
            held.append(asyncio.get_running_loop().is_running())
        return found(db, show, room)

    monkeypatch.setattr(debrief, "find_debrief", read)
    client = office.client("ops")
    for path in ("debrief", "debrief.xlsx", "debrief/print"):
        assert client.get(f"/api/shows/s1/{path}").status_code == 200
    assert held == []


def test_without_the_permission_ad_spend_is_hidden_in_every_form(office: House, body: DebriefBody) -> None:
    office.app.tell_house(
        PersonSaved(person="mentor", org="main", name="导师"),
        RoleGranted(person="mentor", role="mentor", org="main", brand="main"),
    )
    client = office.client("mentor")
    found = msgspec.json.decode(client.get("/api/shows/s1/debrief").content, type=DebriefBody)
    rows = {reading.metric: reading for reading in found.money}
    assert (rows["M51"].value, rows["M51"].why) == (None, "no_permission")
    assert rows["M41"] == next(reading for reading in body.money if reading.metric == "M41")
    page = client.get("/api/shows/s1/debrief/print?lang=zh").text
    assert "不可见（需要“查看金额”的权限）" in page
    assert "不可见" not in office.client("ops").get("/api/shows/s1/debrief/print?lang=zh").text
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/api/shows/s1/debrief.xlsx?lang=zh").content))
    cells = [str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    assert any("不可见" in cell for cell in cells)


def test_before_it_is_written_it_is_not_there(office: House) -> None:
    client = office.client("ops")
    for path in ("debrief", "debrief.xlsx", "debrief/print"):
        answered = client.get(f"/api/shows/s2/{path}")
        assert answered.status_code == 404 and "no debrief yet" in answered.json()["message"]
        assert client.get(f"/api/shows/nothing/{path}").status_code == 404


def test_others_may_not_read_it(office: House) -> None:
    paths = ["/api/shows/s1/debrief", "/api/shows/s1/debrief.xlsx", "/api/shows/s1/debrief/print"]
    for path in paths:
        assert office.client("stranger").get(path).status_code == 404, path
        assert office.client("host").get(path).status_code == 403, path
        assert office.client().get(path).status_code == 401, path
    assert office.client("stranger").get("/api/rooms/r1/debriefs").status_code == 404
    assert office.client("host").get("/api/rooms/r1/debriefs").status_code == 403


def test_a_show_of_the_same_id_in_another_brand_stays_apart(office: House, body: DebriefBody) -> None:
    other = msgspec.structs.replace(body, brand="other", room="r2", title="别家")
    office.app.pump.run(lambda writer: writer.write(SAVE, debrief_row(other))).result(10)
    assert office.client("ops").get("/api/shows/s1/debrief").json()["title"] == body.title
