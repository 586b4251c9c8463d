"""Page and workbook: every figure, both languages, and nothing that people typed is taken for markup or a formula."""

import io
import re
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from python_calamine import CalamineWorkbook

from livecue.debrief import DebriefBody, figure, page_of, readings_of, workbook_of
from livecue.reference import DOCUMENTS
from tests.debrief.show import NASTY, House, played, ticked

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


class Reader(HTMLParser):
    """Tags and texts of a page; fails on a tag that is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in ("meta", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@LANGUAGES
def test_the_page_says_every_figure(body: DebriefBody, language: str) -> None:
    cells = Reader(page_of(body, language)).texts
    for reading in readings_of(body):
        words = figure(reading, body.currency)
        assert (words.en if language == "en" else words.zh) in cells, reading
    whole = "\n".join(cells)
    for item in [*body.highlights, *body.problems]:
        assert (item.text.en if language == "en" else item.text.zh) in whole
    for line in body.improvements:
        assert (line.title.en if language == "en" else line.title.zh) in whole


def test_what_people_typed_is_never_markup(body: DebriefBody) -> None:
    page = page_of(body, "zh")
    read = Reader(page)
    assert "script" not in read.tags and escape(NASTY) in page and NASTY not in page
    assert any(NASTY in text for text in read.texts)
    assert read.links == ["?lang=en"], "nothing is loaded from anywhere"


def test_the_english_page_is_english(body: DebriefBody) -> None:
    names = {body.title, body.room_name, "运营小王", "场控小李", "林晓", "中文", "最有效", "正在讲价格"}
    names |= (
        {line.title for line in body.segments} | {line.host for line in body.hosts} | {p.name for p in body.products}
    )
    names |= {text for line in [*body.questions, *body.complaints] for text in line.texts}
    text = unescape(re.sub(r"<style>.*?</style>", "", page_of(body, "en"), flags=re.S))
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    assert CHINESE.findall(re.sub(r"<[^>]*>", "", text)) == []


@LANGUAGES
def test_a_made_up_show_says_so(body: DebriefBody, language: str) -> None:
    assert body.nature == "simulated"
    mark = "simulated: these are no real results" if language == "en" else "模拟数据，不是真实业绩"
    assert mark in page_of(body, language)
    assert mark in str(sheets(body, language))
    real = msgspec.structs.replace(body, nature="real")
    assert mark not in page_of(real, language) and mark not in str(sheets(real, language))


def sheets(body: DebriefBody, language: str) -> dict[str, list[list[Any]]]:
    """The workbook read back."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_of(body, language)))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


@LANGUAGES
def test_the_workbook_opens_with_the_data_review_table(body: DebriefBody, language: str) -> None:
    found = sheets(body, language)
    document = DOCUMENTS["F05"]
    assert next(iter(found)) == (document.en if language == "en" else document.zh)
    rows = next(iter(found.values()))
    heads = [column.en if language == "en" else column.zh for column in document.columns]
    place = next(number for number, row in enumerate(rows) if row[: len(heads)] == heads)
    gmv, rate, shares, talk, *_ = rows[place + 1]
    assert (gmv, rate) == (1218.40, pytest.approx(38 / 175))
    assert shares == ("feed 75.00%\npaid 25.00%" if language == "en" else "推荐 75.00%\n付费 25.00%")
    assert isinstance(talk, str) and len(talk.splitlines()) == sum(line.talk for line in body.improvements) == 3
    assert "最有效" in talk and NASTY in talk


def test_the_workbook_holds_numbers_as_numbers(body: DebriefBody) -> None:
    found = sheets(body, "zh")
    assert list(found) == [
        "数据复盘表", "亮点与问题", "改进清单", "目标与实际", "环节–计划与实际", "漏斗", "金额", "流量", "商品", "提示",
        "逐条提示", "咨询热点", "异常", "定义",
    ]  # fmt: skip
    figures = {row[0]: row[2] for row in found["数据复盘表"] if isinstance(row[0], str) and row[0].startswith("M")}
    assert (figures["M41"], figures["M03"], figures["M05"], figures["M52"]) == (1218.40, 400, 0.4, 6.092)
    assert figures["M19"] == "待核验（没有数据来源）"
    improvements = found["改进清单"]
    assert improvements[1] == ["事项", "责任岗位", "人员", "截止时间", "依据", "状态", "效果", "规则", "相关文档"]
    assert len([row for row in improvements if str(row[7]).startswith("R")]) == len(body.improvements)
    assert [row[0] for row in found["逐条提示"][2:]] and len(found["逐条提示"]) == 2 + len(body.cues)
    rules = {str(row[0])[:4]: row for row in found["提示"]}
    assert rules["R001"][1:3] == [3, 3] and rules["R001"][8] == pytest.approx(0.218182)
    assert rules["R012"][8] == "数据不足（已评估 0 条，至少 3 条）"


def test_a_name_that_looks_like_a_formula_stays_a_text(body: DebriefBody) -> None:
    evil = '=HYPERLINK("http://x","y")'
    products = [msgspec.structs.replace(line, name=evil) for line in body.products]
    found = sheets(msgspec.structs.replace(body, products=products, title=evil), "zh")
    assert any(evil in row for row in found["商品"])


@LANGUAGES
def test_an_empty_show_has_a_page_and_a_workbook(language: str, tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    house.feed(ticked([step for step in played(planned=False) if "Show" in type(step[1]).__name__], 930))
    body = house.debrief()
    house.close()
    texts = Reader(page_of(body, language)).texts
    assert ("none" if language == "en" else "无") in texts
    assert any(("unverified" if language == "en" else "待核验") in text for text in texts)
    assert len(sheets(body, language)) == 14


def test_masked_people_are_unverified_on_page_and_sheet(tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    house.feed(ticked(played(masked=True), 930))
    body = house.debrief()
    house.close()
    mark = "待核验（平台隐藏了用户身份，无法按人计数）"
    assert mark in page_of(body, "zh")
    figures = {row[0]: row[2] for row in sheets(body, "zh")["数据复盘表"] if row[0] in ("M04", "M45", "M41")}
    assert figures == {"M04": mark, "M45": mark, "M41": 1218.40}


def test_notes_say_their_numbers_within_the_sentence(body: DebriefBody) -> None:
    many = msgspec.structs.replace(body, questions_let_go=1_234, incident_counts={"stuttered": 3})
    chinese, english = ("\n".join(Reader(page_of(many, language)).texts) for language in ("zh", "en"))
    assert "提问太多，有 1,234 个没有跟到下播，之后的回答没有计入" in chinese and "合计：" in chinese
    assert "later answers to 1,234 of them are not counted" in english and "In all: " in english
