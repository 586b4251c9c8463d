"""An activity on paper: a page that prints or is saved as PDF, and a workbook."""

import io
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import xlsxwriter

from livecue.kit import Money
from livecue.planning.activity.house import Activity
from livecue.planning.activity.sums import Sums
from livecue.planning.calendar import ShowEntry

_WORDS = {
    "head": ("活动方案", "Activity plan"), "theme": ("主题", "Theme"), "goal": ("目标", "Goal"),
    "sales_goal": ("销售目标", "Sales goal"), "days": ("日期", "Days"), "owner": ("负责人", "Owner"),
    "state": ("状态", "State"), "draft": ("草稿", "draft"), "ready": ("已定", "ready"), "done": ("已结束", "done"),
    "cancelled": ("已取消", "cancelled"), "asked": ("洽谈中", "asked"), "agreed": ("已确认", "agreed"),
    "declined": ("已谢绝", "declined"), "steps": ("流程", "Flow"), "at": ("时间", "When"), "what": ("内容", "What"),
    "who": ("谁", "Who"), "guests": ("嘉宾", "Guests"), "name": ("名称", "Name"), "brings": ("带来什么", "Brings"),
    "fee": ("费用", "Fee"), "partners": ("合作品牌", "Partner brands"), "pays": ("出资", "Pays"),
    "resources": ("资源", "Resources"), "budget": ("预算", "Budget"), "planned": ("计划", "Planned"),
    "spent": ("实际", "Spent"), "unknown": ("待核验", "unverified"), "shows": ("场次", "Shows"),
    "room": ("直播间", "Room"), "start": ("开播", "Start"), "sold": ("成交", "Sold"), "sum": ("合计", "Sum"),
    "summary": ("活动总结", "Summary"), "reached": ("完成度", "Reached"),
}  # fmt: skip
_STYLE = """
@page { size: A4; margin: 14mm; }
body { margin: 24px auto; max-width: 900px; color: #1a1c20; font: 14px/1.6 system-ui, "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 22px 0 6px; }
.about { color: #555; font-size: 13px; } .about b { color: #1a1c20; font-weight: 600; }
table { width: 100%; border-collapse: collapse; font-size: 13px; break-inside: avoid-page; }
th, td { padding: 5px 8px; border: 1px solid #ccc; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } p.long { white-space: pre-wrap; }
@media print { body { margin: 0; max-width: none; } }
"""
Table = tuple[str, list[str], list[list[Any]]]
"""Title, headings, lines; an amount is an int of minor units in a column of money."""
_MONEY = frozenset({"fee", "pays", "planned", "spent", "sold"})


def _sayer(pick: int) -> Callable[[str], str]:
    def say(word: str) -> str:
        return _WORDS[word][pick]

    return say


def _tables(activity: Activity, shows: Sequence[ShowEntry], starts: Mapping[str, str], money: bool) -> list[Table]:
    found: list[Table] = [
        ("steps", ["at", "what", "who"], [[row.at, row.what, row.who] for row in activity.steps]),
        ("guests", ["name", "brings", "fee", "state"], [[r.name, r.brings, r.fee, r.state] for r in activity.guests]),
        (
            "partners",
            ["name", "brings", "pays", "state"],
            [[r.name, r.brings, r.pays, r.state] for r in activity.partners],
        ),
        ("resources", ["name"], [[text] for text in activity.resources]),
        (
            "shows",
            ["start", "name", "room", "sold"],
            [[starts.get(row.show, ""), row.title, row.room_name, row.attained] for row in shows],
        ),
    ]
    if money:
        lines = [[row.what, row.planned, row.spent if row.spent >= 0 else None] for row in activity.budget]
        found.append(("budget", ["what", "planned", "spent"], lines))
    cut = [
        (title, [name for name in heads if money or name not in _MONEY],
         [[cell for name, cell in zip(heads, line, strict=True) if money or name not in _MONEY] for line in lines])
        for title, heads, lines in found
    ]  # fmt: skip
    return [row for row in cut if row[2]]


def _about(activity: Activity, sums: Sums, owner: str, money: bool, pick: int) -> list[tuple[str, str]]:
    say = _sayer(pick)
    found = [
        (say("theme"), activity.theme), (say("days"), f"{activity.starts_on} – {activity.ends_on}"),
        (say("owner"), owner), (say("state"), say(activity.state)),
    ]  # fmt: skip
    if money:

        def cash(minor: int | None) -> str:
            return say("unknown") if minor is None else str(Money(minor, activity.currency))

        found += [
            (say("sales_goal"), cash(activity.sales_goal) if activity.sales_goal else ""),
            (f"{say('budget')} · {say('planned')}", cash(sums.planned)),
            (f"{say('budget')} · {say('spent')}", cash(sums.spent)),
            (say("pays"), cash(sums.paid_in) if sums.paid_in else ""),
            (say("sold"), cash(sums.sold) if sums.sold is not None else ""),
            (say("reached"), f"{sums.reached:.1%}" if sums.reached is not None else ""),
        ]  # fmt: skip
    return [pair for pair in found if pair[1]]


def activity_page(
    activity: Activity, sums: Sums, shows: Sequence[ShowEntry], starts: Mapping[str, str], owner: str, language: str,
    money: bool,
) -> str:  # fmt: skip
    """The page. ``starts``: show to its beginning in words; without ``money`` no amount stands on it."""
    pick = int(language == "en")
    say = _sayer(pick)
    about = " · ".join(
        f"{escape(name)} <b>{escape(value)}</b>" for name, value in _about(activity, sums, owner, money, pick)
    )
    out = [
        f'<!doctype html><html lang="{"en" if pick else "zh-CN"}"><head><meta charset="utf-8">'
        f"<title>{escape(activity.title)} · {say('head')}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(activity.title)} · {say('head')}</h1><p class='about'>{about}</p>",
    ]
    if activity.goal:
        out.append(f"<h2>{say('goal')}</h2><p class='long'>{escape(activity.goal)}</p>")
    for title, heads, lines in _tables(activity, shows, starts, money):
        cells = "".join(f"<th{' class=n' if name in _MONEY else ''}>{say(name)}</th>" for name in heads)
        out.append(f"<h2>{say(title)}</h2><table><tr>{cells}</tr>")
        for line in lines:
            out.append("<tr>")
            for name, cell in zip(heads, line, strict=True):
                text = _text(name, cell, activity.currency, pick)
                out.append(f"<td{' class=n' if name in _MONEY else ''}>{escape(text)}</td>")
            out.append("</tr>")
        out.append("</table>")
    if activity.summary:
        out.append(f"<h2>{say('summary')}</h2><p class='long'>{escape(activity.summary)}</p>")
    return "".join([*out, "</body></html>"])


def _text(name: str, cell: Any, currency: str, pick: int) -> str:
    if name in _MONEY:
        return _WORDS["unknown"][pick] if cell is None else str(Money(cell, currency))
    return _WORDS[cell][pick] if name == "state" else str(cell)


def activity_workbook(
    activity: Activity, sums: Sums, shows: Sequence[ShowEntry], starts: Mapping[str, str], owner: str, language: str,
    money: bool,
) -> bytes:  # fmt: skip
    """The same as .xlsx: one sheet for what it is, one for each list; amounts in whole units of the currency."""
    pick = int(language == "en")
    say = _sayer(pick)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    cash = book.add_format({"num_format": "#,##0.00"})
    first = book.add_worksheet(say("head"))
    first.set_column(0, 0, 16)
    first.set_column(1, 1, 70)
    facts = [(say("name"), activity.title), *_about(activity, sums, owner, money, pick)]
    facts += [(say("goal"), activity.goal), (say("summary"), activity.summary)]
    for number, (name, value) in enumerate(facts):
        first.write_string(number, 0, name, bold)
        first.write_string(number, 1, value)
    for title, heads, lines in _tables(activity, shows, starts, money):
        sheet = book.add_worksheet(say(title))
        for place, name in enumerate(heads):
            sheet.write_string(0, place, say(name), bold)
            sheet.set_column(place, place, 20)
        for number, line in enumerate(lines, 1):
            for place, (name, cell) in enumerate(zip(heads, line, strict=True)):
                if name in _MONEY:
                    if cell is not None:
                        sheet.write_number(number, place, cell / 100, cash)
                else:
                    sheet.write_string(number, place, _text(name, cell, activity.currency, pick))
        sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
