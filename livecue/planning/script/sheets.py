"""直播脚本 (F02) and 直播排期表 (F01) as workbooks, out and in, with the columns of the domain."""

import io
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
import xlsxwriter

from livecue.events import SegmentPlan
from livecue.kit import Money, stable_id
from livecue.planning.calendar import ShowEntry
from livecue.planning.script.table import Cell, cells_of, moment_of, money_of, seconds_of, text_of
from livecue.sheets import BadTable, Cells, RowError, Value

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
T = TypeVar("T")

SCRIPT: dict[str, tuple[str, ...]] = {
    "number": ("环节编号", "No."),
    "time": ("时间节点", "Time"),
    "minutes": ("时长（分钟）", "时长", "Minutes"),
    "part": ("部分", "Part"),
    "title": ("环节名称", "标题", "Title"),
    "product": ("商品编号", "商品", "Product"),
    "talk_track": ("话术", "Talk track"),
    "stock_cue": ("库存提示", "Stock cue"),
    "screen": ("画面动作", "Screen action"),
    "light": ("灯光场景", "灯光", "Light scene"),
    "props": ("道具", "Props"),
    "host": ("人员", "Person"),
    "target": ("目标GMV（元）", "目标GMV", "目标", "Target GMV (yuan)"),
    "compliance": ("合规结果", "Compliance"),
}
SCHEDULE: dict[str, tuple[str, ...]] = {
    "show": ("场次编号", "Show"),
    "title": ("场次", "Title"),
    "room": ("直播间", "Room"),
    "platform": ("平台", "Platform"),
    "account": ("账号", "Account"),
    "start": ("开始时间", "时段", "Start"),
    "minutes": ("时长（分钟）", "时长", "Minutes"),
    "theme": ("主题类型", "Theme"),
    "hosts": ("主播", "Hosts"),
    "cohosts": ("助播", "Assistants"),
    "floor": ("场控", "Floor control"),
    "structure": ("产品结构", "Product structure"),
    "welfare": ("福利策略", "Welfare tactics"),
    "studio": ("场地", "Studio"),
    "kits": ("设备", "Kit"),
    "lights": ("灯光", "Lights"),
    "target": ("目标GMV（元）", "目标GMV", "目标", "Target GMV (yuan)"),
    "views": ("目标流量（观看人次）", "目标流量", "目标观看人次", "Target traffic (views)"),
    "budget": ("投流预算（元）", "投流预算", "预算", "Ad budget (yuan)"),
    "status": ("状态", "Status"),
}
ONLY_OUT = ("platform", "account", "cohosts", "floor", "structure", "status")
"""Columns of the schedule that are told and never read: the room, the roster and the lineup say them."""
PARTS = {
    "warm_up": ("预热", "warm-up"), "pitch": ("产品讲解", "product talk"), "interaction": ("互动", "interaction"),
    "close": ("互动逼单", "closing"), "deal": ("福利发放", "reward"), "lucky_bag": ("福袋", "lucky bag"),
    "goodbye": ("收尾", "goodbye"),
}  # fmt: skip
THEMES = {
    "daily": ("日常场", "daily"), "special": ("专场", "special"), "cobrand": ("品牌联名场", "co-branded"),
    "members": ("会员场", "members"),
}  # fmt: skip
ROLES = {
    "hook": ("引流款", "hook"), "deal": ("福利款", "deal"), "profit": ("利润款", "profit"),
    "prestige": ("形象款", "prestige"), "rising": ("潜力款", "rising"), "hit": ("爆款", "hit"),
}  # fmt: skip


_SCRIPT_NAMES = ("title", "product")
_SCRIPT_TEXTS = ("host", "talk_track", "stock_cue", "screen", "light", "props")


class ReadScript(msgspec.Struct, frozen=True):
    """Segments, each beginning where the one before ends, and what was wrong: then nothing may be saved."""

    segments: list[SegmentPlan]
    wrong: list[RowError]


class ScheduledShow(msgspec.Struct, frozen=True):
    """A show as the schedule tells it; people by name, ``roles`` how many products of each, ``budget`` None unsaid."""

    entry: ShowEntry
    platform: str = ""
    account: str = ""
    cohosts: list[str] = []
    floor: list[str] = []
    roles: dict[str, int] = {}
    views: int = 0
    budget: int | None = None


class PlannedRow(msgspec.Struct, frozen=True):
    """A row of the schedule. ``start`` ms UTC; ``show`` "" is a new one; ``hosts`` by name or id as written.

    ``told`` are the fields that the sheet has a column for: what it does not mention stays as it is. ``target``,
    ``views`` and ``budget`` are None where the cell is empty: unsaid, which is not 0.
    """

    row: int
    show: str
    title: str
    room: str
    start: int
    seconds: int
    theme: str
    hosts: list[str]
    welfare: str
    studio: str
    kits: list[str]
    lights: list[str]
    target: int | None
    views: int | None
    budget: int | None
    told: frozenset[str]


class ReadSchedule(msgspec.Struct, frozen=True):
    """The rows that can be planned, what is wrong in the others, and the headings of columns that are not read."""

    rows: list[PlannedRow]
    wrong: list[RowError]
    unread: list[str]


def script_workbook(
    segments: Sequence[SegmentPlan], start: int, zone: str, currency: str, flagged: Mapping[str, str], language: str
) -> bytes:
    """The script as .xlsx. ``flagged``: segment to what compliance found in it."""
    pick = 1 if language == "en" else 0
    rows = []
    for number, item in enumerate(segments, 1):
        begins = datetime.fromtimestamp(start / 1000 + item.offset_s, ZoneInfo(zone))
        words = PARTS.get(item.part, (item.part, item.part))
        rows.append(
            [
                str(number), f"{begins:%H:%M:%S}", _minutes(item.duration_s), words[pick], item.title, item.product,
                item.talk_track, item.stock_cue, item.screen, item.light, item.props, item.host,
                _plain(item.target_gmv, currency), flagged.get(item.segment, ""),
            ]
        )  # fmt: skip
    return _workbook("直播脚本", [_head(words, pick) for words in SCRIPT.values()], rows, {6: 60, 4: 22})


def read_script(content: bytes, name: str, known: Sequence[SegmentPlan], currency: str) -> ReadScript:
    """Segments of a script. Raises ``BadTable``.

    One like a known one keeps its id and what the workbook has no column for (a draw, say): alike by title, part and
    product as far as there are columns for them, of several that are alike each one of its own, in their order.
    """
    table = cells_of(content, name, SCRIPT, ("part", "minutes"))
    named = [field for field in _SCRIPT_NAMES if field in table.headings]
    alike: dict[tuple[str, ...], deque[SegmentPlan]] = {}
    for item in known:
        alike.setdefault((item.part, *(getattr(item, field) for field in named)), deque()).append(item)
    segments: list[SegmentPlan] = []
    wrong: list[RowError] = []
    used = {item.segment for item in known}
    offset = 0
    for number, row in table.rows:
        read = _Row(number, row, table, SCRIPT, wrong)
        part = read.take("part", _part, "")
        told: dict[str, str | int] = {field: read.text(field) for field in _SCRIPT_TEXTS if field in table.headings}
        told |= {field: read.text(field) for field in named}
        told["duration_s"] = read.take("minutes", _length, 0)
        if "target" in table.headings:
            told["target_gmv"] = read.money("target", currency)
        if found := alike.get((part, *(str(told[field]) for field in named))):
            was = found.popleft()
        else:
            was = SegmentPlan(
                segment=_new_segment(used, name, number, part, *(told[field] for field in named)), part=part
            )
            used.add(was.segment)
        segments.append(msgspec.structs.replace(was, offset_s=offset, **told))
        offset += int(told["duration_s"])
    if not segments and not wrong:
        raise BadTable("table_empty", f"{name} holds no segment")
    return ReadScript(segments, wrong)


def _new_segment(used: Collection[str], *words: object) -> str:
    """An id of its own, the same for the same row of the same file."""
    again = 0
    while (made := "x-" + stable_id(*words, *([again] if again else []))) in used:
        again += 1
    return made


def schedule_workbook(shows: Sequence[ScheduledShow], names: Mapping[str, str], language: str, money: bool) -> bytes:
    """The schedule as .xlsx; without ``money`` the column of the budget is left out."""
    pick = 1 if language == "en" else 0
    columns = {field: words for field, words in SCHEDULE.items() if money or field != "budget"}
    rows = []
    for told in shows:
        show = told.entry
        begins = datetime.fromtimestamp(show.start / 1000, ZoneInfo(show.time_zone))
        cells = {
            "show": show.show, "title": show.title, "room": show.room_name, "platform": told.platform,
            "account": told.account, "start": f"{begins:%Y-%m-%d %H:%M}",
            "minutes": _minutes((show.end - show.start) // 1000),
            "theme": THEMES.get(show.theme, (show.theme, show.theme))[pick],
            "hosts": "、".join(names.get(h, h) for h in show.hosts), "cohosts": "、".join(told.cohosts),
            "floor": "、".join(told.floor), "structure": _structure(told, pick), "welfare": show.welfare,
            "studio": show.studio, "kits": "、".join(show.kits), "lights": "、".join(show.lights),
            "target": _plain(show.goal, show.currency), "views": str(told.views or ""),
            "budget": _plain(told.budget or 0, show.currency), "status": show.status,
        }  # fmt: skip
        rows.append([cells[field] for field in columns])
    wide = {"title": 26, "start": 18, "structure": 24, "welfare": 30}
    places = {place: wide[field] for place, field in enumerate(columns) if field in wide}
    return _workbook("直播排期表", [_head(words, pick) for words in columns.values()], rows, places)


def _structure(told: ScheduledShow, pick: int) -> str:
    """How many products there are of each role, in the order of the trade."""
    parts = [f"{words[pick]} {told.roles[role]}" for role, words in ROLES.items() if told.roles.get(role)]
    rest = told.entry.products - sum(told.roles.get(role, 0) for role in ROLES)
    if rest > 0:
        parts.append(f"{('其他', 'other')[pick]} {rest}")
    return ("、", ", ")[pick].join(parts)


def read_schedule(
    content: bytes, name: str, rooms: Mapping[str, tuple[str, str]], currencies: Mapping[str, str]
) -> ReadSchedule:
    """Rows of a schedule. ``rooms``: name or id to (id, time zone). Raises ``BadTable``."""
    table = cells_of(content, name, SCHEDULE, ("title", "room", "start", "minutes"))
    found: list[PlannedRow] = []
    wrong: list[RowError] = []
    for number, row in table.rows:
        before = len(wrong)
        read = _Row(number, row, table, SCHEDULE, wrong)
        room, zone = read.take("room", lambda v: _room(v, rooms), ("", "UTC"))
        moment = read.take("start", moment_of, datetime(2000, 1, 1))
        planned = PlannedRow(
            row=number, show=read.text("show"), title=read.take("title", _needed, ""), room=room,
            start=int(moment.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000),
            seconds=read.take("minutes", _length, 0), theme=read.take("theme", _theme, "daily"),
            hosts=_list(read.text("hosts")), welfare=read.text("welfare"), studio=read.text("studio"),
            kits=_list(read.text("kits")), lights=_list(read.text("lights")),
            target=read.money("target", currencies.get(room, "CNY")) if read.says("target") else None,
            views=read.take("views", _count, 0) if read.says("views") else None,
            budget=read.money("budget", currencies.get(room, "CNY")) if read.says("budget") else None,
            told=frozenset(table.headings),
        )  # fmt: skip
        if len(wrong) == before:
            found.append(planned)
    return ReadSchedule(found, wrong, [table.headings[field] for field in ONLY_OUT if field in table.headings])


class _Row:
    """One row while it is read: what cannot be is noted with its row and column."""

    def __init__(
        self, number: int, row: Mapping[str, Value], table: Cells, columns: Mapping[str, Sequence[str]],
        wrong: list[RowError],
    ) -> None:  # fmt: skip
        self._number, self._row, self._table, self._columns, self._wrong = number, row, table, columns, wrong

    def says(self, field: str) -> bool:
        """Whether the cell is filled in."""
        return str(self._row.get(field, "")).strip() != ""

    def money(self, field: str, currency: str) -> int:
        heading = self._table.headings.get(field, "")
        return self.take(field, lambda value: money_of(value, heading, currency), 0)

    def take(self, field: str, read: Callable[[Value], T], otherwise: T) -> T:
        if field not in self._row:
            return otherwise
        try:
            return read(self._row[field])
        except Cell as error:
            self._wrong.append(RowError(self._number, self._columns[field][0], str(error), error.code))
            return otherwise

    def text(self, field: str) -> str:
        return self.take(field, text_of, "")


def _needed(value: Value) -> str:
    text = text_of(value)
    if not text:
        raise Cell("empty", "must not be empty")
    return text


def _word(value: Value, words: Mapping[str, Sequence[str]], code: str) -> str:
    text = text_of(value).lower()
    for name, known in words.items():
        if text == name or text in [word.lower() for word in known]:
            return name
    raise Cell(code, f"{value!s} is not known; use one of {'、'.join(known[0] for known in words.values())}")


def _part(value: Value) -> str:
    return _word(value, {**PARTS, "pitch": (*PARTS["pitch"], "讲解"), "deal": (*PARTS["deal"], "福利")}, "bad_part")


def _theme(value: Value) -> str:
    return _word(value, THEMES, "bad_kind") if text_of(value) else "daily"


def _length(value: Value) -> int:
    seconds = seconds_of(value)
    if not 0 < seconds <= 24 * 3600:
        raise Cell("bad_length", "a length lies above 0 and within 24 hours")
    return seconds


def _count(value: Value) -> int:
    text = text_of(value).replace(",", "").replace("，", "")
    if text and (not text.isdecimal() or len(text) > 12):
        raise Cell("not_count", f"{text} is no whole number; write 12000")
    return int(text or 0)


def _room(value: Value, rooms: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    text = text_of(value)
    if text not in rooms:
        raise Cell("no_room", f"there is no room {text!r} in which you plan")
    return rooms[text]


def _list(text: str) -> list[str]:
    for mark in "，,；;\n":
        text = text.replace(mark, "、")
    return list(dict.fromkeys(part.strip() for part in text.split("、") if part.strip()))


def _minutes(seconds: int) -> str:
    return f"{seconds / 60:g}"


def _plain(amount: int, currency: str) -> str:
    return str(Money(amount, currency)).replace(",", "").rpartition(" ")[0] if amount else ""


def _head(words: Sequence[str], pick: int) -> str:
    return words[-1] if pick else words[0]


def _workbook(name: str, head: Sequence[str], rows: Sequence[Sequence[str]], wide: Mapping[int, int]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(name)
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for place, text in enumerate(head):
        sheet.set_column(place, place, wide.get(place, 14))
        sheet.write_string(0, place, text, bold)
    for number, row in enumerate(rows, 1):
        for place, text in enumerate(row):
            sheet.write_string(number, place, text, wrap)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
