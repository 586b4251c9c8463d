"""What the screens show: true figures, both languages, both themes, names for everything, and soon."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from bench.screens import FIRST, first_content_ms, stamped
from tests.browser.conftest import PATIENCE_MS, Enter
from tests.browser.looks import NOTHING, Data, data_of, faint, nameless, unexplained, untranslated
from tests.browser.pages import address, every_page
from tests.browser.recount import Recount
from tests.browser.server import PAUSED, Desk, LiveServer
from tests.browser.shown import UNKNOWN, is_shown, read

Shoot = Callable[[Page, str], None]
FIRST_CONTENT_MS = 5_000
"""Promised are 2 s (`python -m bench start` measures it, see docs/*/performance.md); here others share the machine."""
STEP_MS = 50
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}

ELSEWHERE = {"office-debrief": "test_show: there is none before the show is over"}
"""Pages that are looked at where their content comes from."""


@pytest.fixture(scope="module", autouse=True)
def standing_still(desk: Desk) -> None:
    """The show waits, so that every page and the journal speak of the same moment."""
    desk.rate(PAUSED)


@pytest.fixture(scope="module")
def data(desk: Desk, parts: dict[str, str]) -> Data:
    """What is nobody's to translate."""
    return data_of(desk)


_SHEET = """() => {
  const figure = (cell) => cell.querySelector('.lc-num, .lc-unknown')?.innerText ?? ''
  return {
  number: Number(document.querySelector('[data-testid=journal-number]').dataset.number),
  rows: [...document.querySelectorAll('[data-testid^=metric-row-]')].map(row => [
    row.dataset.testid.replace('metric-row-', ''),
    ...[...row.querySelectorAll('td.num')].slice(0, 2).map(figure),
  ]),
  tiles: [...document.querySelectorAll('[data-testid=tiles] [data-metric][data-window]')].map(tile => [
    tile.dataset.metric, tile.dataset.window, tile.querySelector('.value').innerText,
  ]),
}}"""


def differences(shown: list[tuple[str, str, str]], counted: dict[str, dict[str, Any]]) -> tuple[list[str], int]:
    """Where (metric, window, text) is not what was counted; and how many could be compared."""
    wrong, compared = [], 0
    for metric, window, text in shown:
        if not text or metric not in counted[window]:
            continue
        figure, right = read(text), counted[window][metric]
        compared += 1
        if not is_shown(figure, right):
            wrong.append(f"{metric} {window}: shown {text!r}, the journal says {right and float(right)}")
    return wrong, compared


def test_figures_are_those_of_the_journal(enter: Enter, server: LiveServer) -> None:
    page = enter()
    page.goto("/console/demo")
    page.get_by_test_id("all-metrics").click()
    expect(page.get_by_test_id("metric-row-M41")).to_be_visible()
    seen = page.evaluate(_SHEET)
    recount = Recount(server.database, "demo", upto=seen["number"])
    counted = {window: recount.figures(window) for window in ("show", "5m")}
    sheet = [
        (metric, window, text)
        for metric, *texts in seen["rows"]
        for window, text in zip(("show", "5m"), texts, strict=True)
    ]
    wrong, compared = differences(sheet, counted)
    assert wrong == []
    assert compared >= 75, f"only {compared} figures of the sheet were compared"
    wrong, compared = differences([tuple(tile) for tile in seen["tiles"]], counted)
    assert wrong == []
    assert compared >= 15, f"only {compared} tiles were compared"


_FIGURES = """() => [...document.querySelectorAll('[data-testid^=figure-row-]')].map((row) => {
  const [name, value, words, , source] = [...row.cells].map((cell) => cell.innerText.trim())
  return {
    metric: row.dataset.testid.replace('figure-row-', ''), why: row.dataset.why, name, words, source, value,
    text: row.cells[1].querySelector('.lc-num, .lc-unknown')?.innerText ?? '',
  }
})"""


def all_figures(page: Page, span: str = "") -> list[dict[str, str]]:
    """The rows of the tab as they stand, over ``span`` where one is named."""
    if span:
        with page.expect_response(lambda told: f"/figures?window={span}&" in told.url):
            page.get_by_test_id("figures-window").select_option(span)
    expect(page.get_by_test_id("figures")).to_have_attribute("aria-busy", "false")
    rows: list[dict[str, str]] = page.evaluate(_FIGURES)
    return rows


def test_all_figures_are_those_of_the_journal_in_every_window(enter: Enter, server: LiveServer) -> None:
    page = enter()
    page.goto("/console/demo")
    page.get_by_test_id("all-metrics").click()
    page.get_by_test_id("sheet-all").click()
    expect(page.get_by_test_id("figure-row-M41")).to_be_visible()
    number = int(page.get_by_test_id("journal-number").get_attribute("data-number") or 0)
    recount = Recount(server.database, "demo", upto=number)
    for span, least in (("1m", 30), ("15m", 35), ("show", 45), ("5m", 40)):
        rows = all_figures(page, span)
        counted = {span: recount.figures(span)}
        wrong, compared = differences([(row["metric"], span, row["text"]) for row in rows], counted)
        assert wrong == []
        assert compared >= least, f"only {compared} figures over {span} were compared"
        for row in rows:
            assert row["name"] and row["words"] and row["source"], row
            unknown = read_or_none(row["text"]) is None
            assert unknown == bool(row["why"]), row
            # An unknown one says why: beside its value, or beside its definition where no show tells it.
            assert not unknown or len(row["value"]) > len(row["text"]) or row["why"] == "not_live", row
    assert {"M60"} <= {row["metric"] for row in all_figures(page) if row["why"] == "not_live"}
    page.get_by_test_id("metric-find").fill("M41")
    assert {row["metric"].partition(".")[0] for row in all_figures(page)} == {"M41"}
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("metric-sheet")).to_have_count(0)


def read_or_none(text: str) -> object:
    """What a cell shows that need not be a figure, such as a moment; None where it says unverified."""
    return None if text in UNKNOWN else text


def test_all_figures_of_a_product_are_those_of_the_journal(enter: Enter, server: LiveServer) -> None:
    page = enter()
    page.goto("/console/demo")
    expect(page.get_by_test_id("product-row")).to_have_count(12)
    number = int(page.get_by_test_id("journal-number").get_attribute("data-number") or 0)
    recount = Recount(server.database, "demo", upto=number)
    sold = 0
    for row in page.get_by_test_id("product-row").all()[:4]:
        product = row.get_attribute("data-product") or ""
        row.get_by_test_id("product-figures").click()
        expect(page.get_by_test_id("figures-scope")).to_have_value(f"product:{product}")
        expect(page.get_by_test_id("figures-window")).to_have_value("show")
        expect(page.get_by_test_id("showcase")).to_be_visible()
        shown = {told["metric"]: told["text"] for told in all_figures(page)}
        for metric, right in recount.product(product).items():
            assert is_shown(read(shown[metric]), right), (
                f"{product} {metric}: {shown[metric]}, the journal says {right}"
            )
        sold += bool(recount.product(product)["M41"])
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("metric-sheet")).to_have_count(0)
    assert sold >= 2


def test_products_and_stock_are_those_of_the_journal(enter: Enter, server: LiveServer) -> None:
    page = enter()
    page.goto("/console/demo")
    rows = page.get_by_test_id("product-row")
    expect(rows).to_have_count(12)
    number = int(page.get_by_test_id("journal-number").get_attribute("data-number") or 0)
    recount = Recount(server.database, "demo", upto=number)
    for row in rows.all():
        product = row.get_attribute("data-product") or ""
        click, buy, gmv = (read(text) for text in row.locator("td.num").all_inner_texts()[:3])
        for metric, figure in (("M28", click), ("M33", buy), ("M41", gmv)):
            right = recount.product(product)[metric]
            assert is_shown(figure, right), f"{product} {metric}: shown {figure}, the journal says {right}"
    page.get_by_test_id("tab-stock").click()
    skus = page.get_by_test_id("stock-row")
    assert len(recount.stock) > 12
    expect(skus).to_have_count(len(recount.stock))
    for row in skus.all():
        sku = row.get_attribute("data-sku") or ""
        have, promised = recount.stock[sku], recount.reserved(sku)
        texts = row.locator("td.num").all_inner_texts()
        free = max(0, have - promised)
        assert texts == [f"{have:,}", f"{promised:,}", f"{free:,}" if free else "售罄"], sku


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.faults)])
def test_every_figure_says_what_it_means_and_where_it_comes_from(enter: Enter, language: str) -> None:
    page = enter(language=language)
    page.goto("/console/demo")
    expect(page.get_by_test_id("product-row")).to_have_count(12)
    assert unexplained(page, 25) == []
    page.get_by_test_id("tab-stock").click()
    expect(page.get_by_test_id("stock-row").first).to_be_visible()
    assert unexplained(page, 25) == []
    # A person comes to a tile by Tab and reads it there.
    page.get_by_test_id("tile-M06").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("metric-tip")).to_be_visible()
    page.get_by_test_id("all-metrics").click()
    expect(page.get_by_test_id("metric-row-M41")).to_be_visible()
    assert unexplained(page, 25) == []
    page.goto("/service/board")
    page.get_by_test_id("board-by").select_option("all")
    expect(page.get_by_test_id("board-row").first).to_be_visible()
    assert unexplained(page, 9) == []
    page.goto("/service/hot")
    expect(page.get_by_test_id("hot-spots")).to_be_visible()
    assert unexplained(page, 4) == []


class Eyes:
    """Looks at pages in both languages and themes, and keeps what is wrong with them."""

    def __init__(self, page: Page, data: Data, shoot: Shoot) -> None:
        self.page, self.data, self._shoot = page, data, shoot
        self.wrong: dict[str, list[str]] = {}
        self._asked: set[Request] = set()
        page.on("request", self._begun)
        page.on("requestfinished", self._over)
        page.on("requestfailed", self._over)

    def _begun(self, request: Request) -> None:
        # The live stream never ends.
        if not request.url.endswith("/live"):
            self._asked.add(request)

    def _over(self, request: Request) -> None:
        self._asked.discard(request)

    def settle(self) -> None:
        """Wait until nothing is being asked for, and nothing follows from what was answered."""
        quiet = 0
        for _ in range(PATIENCE_MS // STEP_MS):
            self.page.wait_for_timeout(STEP_MS)
            quiet = 0 if self._asked else quiet + 1
            if quiet == 2:
                break
        expect(self.page.get_by_text(re.compile("^(正在加载…|Loading…)$"))).to_have_count(0)

    def go(self, path: str) -> None:
        """To a page, by the navigation where it is there, as a person goes."""
        link = self.page.locator(f"nav a[href='{path}']")
        if link.count():
            link.first.click()
        else:
            self.page.goto(path)
        self.settle()

    def look(self, place: str, *lights: tuple[str, str]) -> None:
        """As it is in each (language, theme); a picture of the first and, where all are looked at, of each."""
        for turn, (language, theme) in enumerate(lights):
            self._speak(language)
            if ("dark" in self._theme()) is not (theme == "dark"):
                self.page.get_by_test_id("theme-switch").click()
            self._note(f"{place} in {language}", untranslated(self.page, self.data, language))
            self._note(f"{place}: faint when {theme}", faint(self.page))
            if turn == 0 or lights == EVERY_LIGHT:
                self._shoot(self.page, f"{place}-{theme}")
        self._note(f"{place}: without a name", nameless(self.page))

    def _theme(self) -> str:
        return str(self.page.evaluate("document.documentElement.className"))

    def _speak(self, language: str) -> None:
        """One click to the other language, where it is not spoken already."""
        if self.page.locator("html").get_attribute("lang") != LANGUAGES[language]:
            self.page.get_by_test_id("lang-switch").click()
        expect(self.page.locator("html")).to_have_attribute("lang", LANGUAGES[language])

    def _note(self, what: str, found: list[str]) -> None:
        if found:
            self.wrong[what] = sorted({*self.wrong.get(what, []), *found})


def lights(turn: int) -> tuple[tuple[str, str], tuple[str, str]]:
    """Each language in one theme, the other way round on the next page; all four are what `make faults` looks at."""
    return (("en", "dark"), ("zh", "light")) if turn % 2 else (("zh", "dark"), ("en", "light"))


EVERY_LIGHT = (("en", "dark"), ("en", "light"), ("zh", "light"), ("zh", "dark"))


@pytest.fixture(scope="module")
def parts(desk: Desk, standing_still: None) -> dict[str, str]:
    """What fills the parts of addresses."""
    shows = desk.get("/api/rooms/demo/shows")
    return {
        "room": "demo",
        "show": shows[0]["show"],
        "activity": an_activity(desk, shows[0]["show"]),
        "rest": "nothing",
    }


def an_activity(desk: Desk, show: str) -> str:
    """One with something in every list."""
    today = datetime.now(UTC).date()
    plan = {
        "title": "双十二家居节", "theme": "暖冬", "goal": "老客回来", "sales_goal": 5_000_000,
        "starts_on": f"{today}", "ends_on": f"{today + timedelta(days=2)}", "owner": desk.owner, "shows": [show],
        "steps": [{"at": "20:00", "what": "嘉宾开场"}], "resources": ["开屏"],
        "guests": [{"name": "家居设计师", "fee": 80_000, "state": "agreed"}],
        "partners": [{"name": "竹坊", "pays": 30_000, "state": "asked"}],
        "budget": [{"what": "投流", "planned": 200_000}],
    }  # fmt: skip
    return str(desk.post("/api/activities?brand=main", plan)["activity"])


PAGES = every_page()
OPEN = ("signin", "pair", "missing")
"""Those that nobody needs to sign in for."""


def of(*beginnings: str) -> list[str]:
    """The pages whose names begin so."""
    return [name for name in PAGES if name.startswith(beginnings) and name not in ELSEWHERE]


REST = [name for name in PAGES if name not in {*OPEN, *of("office", "service"), *ELSEWHERE}]


def look_at(names: Iterable[str], eyes: Eyes, parts: Mapping[str, str]) -> None:
    for turn, name in enumerate(names):
        eyes.go(address(PAGES[name], parts))
        eyes.look(name, *lights(turn))
    assert eyes.wrong == {}, told(eyes)


def told(eyes: Eyes) -> str:
    return json.dumps(eyes.wrong, ensure_ascii=False, indent=1)


def test_rooms_console_and_stage_speak_both_languages(
    enter: Enter, data: Data, parts: dict[str, str], shoot: Shoot
) -> None:
    assert {"home", "console", "stage"} <= {*REST}
    eyes = Eyes(enter(), data, shoot)
    look_at(REST, eyes, parts)
    page = eyes.page
    page.goto("/console/demo")
    page.get_by_test_id("all-metrics").click()
    expect(page.get_by_test_id("metric-row-M41")).to_be_visible()
    assert nameless(page) == []
    page.goto("/stage/demo")
    page.get_by_test_id("stage-voice").click()
    expect(page.get_by_test_id("voice-panel")).to_be_visible()
    assert nameless(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_figures_are_told_in_both_languages_of_room_and_source(
    enter: Enter, data: Data, shoot: Shoot, language: str
) -> None:
    page = enter(language=language)
    page.goto("/console/demo")
    page.get_by_test_id("all-metrics").click()
    page.get_by_test_id("sheet-all").click()
    for scope in ("room", "source:feed", "segment:s01"):
        page.get_by_test_id("figures-scope").select_option(scope)
        assert len(all_figures(page)) > 80
        assert untranslated(page, data, language) == [], scope
        assert nameless(page) == [], scope
        for _theme in range(2):
            assert faint(page) == [], scope
            page.evaluate("document.documentElement.classList.toggle('dark')")
    shoot(page, "all-figures")


def test_the_office_speaks_both_languages(enter: Enter, data: Data, parts: dict[str, str], shoot: Shoot) -> None:
    assert len(of("office")) > 25
    look_at(of("office"), Eyes(enter(), data, shoot), parts)


def test_the_service_desk_speaks_both_languages(enter: Enter, data: Data, parts: dict[str, str], shoot: Shoot) -> None:
    assert len(of("service")) >= 5
    look_at(of("service"), Eyes(enter(), data, shoot), parts)


def test_the_front_door_speaks_both_languages(enter: Enter, parts: dict[str, str], shoot: Shoot) -> None:
    look_at(OPEN, Eyes(enter(link=""), NOTHING, shoot), parts)


@pytest.mark.faults
@pytest.mark.parametrize("name", [name for name in PAGES if name not in {*OPEN, *ELSEWHERE}])
def test_every_page_in_every_light_with_every_tab(
    enter: Enter, data: Data, parts: dict[str, str], shoot: Shoot, name: str
) -> None:
    eyes = Eyes(enter(), data, shoot)
    eyes.go(address(PAGES[name], parts))
    eyes.look(name, *EVERY_LIGHT)
    tabs = eyes.page.locator("main [role=tab], main .o-tabs button")
    for place in range(tabs.count()):
        tabs.nth(place).click()
        eyes.settle()
        eyes.look(f"{name}-{place}", *EVERY_LIGHT)
    assert eyes.wrong == {}, told(eyes)


def test_a_person_comes_in_their_own_language(enter: Enter, desk: Desk) -> None:
    made = desk.post("/api/team/people", {"name": "Ann", "language": "en"})["person"]
    desk.post(f"/api/team/people/{made}/roles", {"role": "floor", "brand": "main", "room": "", "grant": True})
    page = enter(made)
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    expect(page.get_by_test_id("page-title").or_(page.locator("h1")).first).to_have_text("Rooms")


@pytest.mark.parametrize("face", FIRST)
def test_first_content_comes_soon(enter: Enter, record_property: Callable[[str, object], None], face: str) -> None:
    address, selector = FIRST[face]
    page = stamped(enter().context, selector)
    first, again = (first_content_ms(page, address) for _ in range(2))
    record_property(f"first content of the {face}, ms", round(again))
    print(f"first content of the {face}: {first:.0f} ms at the first visit, {again:.0f} ms at the next")
    assert max(first, again) < FIRST_CONTENT_MS
