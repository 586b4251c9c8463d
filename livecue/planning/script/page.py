"""The script (F02) as a page that prints, or is saved as PDF: variables filled in, needs no script."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from livecue.events import ProductCard, SegmentPlan
from livecue.kit import Money
from livecue.planning.script.handbook import Handbook
from livecue.planning.script.sheets import PARTS
from livecue.planning.script.variables import spoken

_WORDS = {
    "head": ("直播脚本", "Script"), "room": ("直播间", "Room"), "time": ("开播", "Start"),
    "version": ("版本", "Version"),
    "state": ("审批", "Review"), "draft": ("草稿", "draft"), "in_review": ("审批中", "handed in"),
    "approved": ("已批准", "approved"), "returned": ("已退回", "returned"), "alone": ("自审", "self-approved"),
    "by": ("批准人", "Approved by"), "minutes": ("分钟", "min"), "product": ("商品", "Product"),
    "host": ("人员", "Person"), "light": ("灯光", "Light"), "screen": ("画面", "Screen"), "props": ("道具", "Props"),
    "stock_cue": ("库存提示", "Stock cue"), "target": ("目标", "Target"),
    "book": ("卖点手册", "Selling-point handbook"),
    "forbidden": ("禁止说", "Never say"), "proof": ("依据", "Proof"), "unproved": ("待核验", "unverified"),
    "answers": ("用户答疑", "Questions"), "demo": ("演示", "Demonstration"), "scenes": ("场景", "Scenes"),
}  # fmt: skip
_STYLE = """
@page { size: A4; margin: 14mm; }
body { margin: 24px auto; max-width: 900px; color: #1a1c20; font: 14px/1.6 system-ui, "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 22px 0 6px; }
.about, .facts { color: #555; font-size: 13px; } .about b, .facts b { color: #1a1c20; font-weight: 600; }
section { break-inside: avoid-page; padding: 10px 0; border-top: 1px solid #ccc; }
section h3 { margin: 0; font-size: 15px; } section h3 time { color: #555; font-variant-numeric: tabular-nums; }
.talk { margin: 6px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.long { break-inside: auto; } ul { margin: 4px 0; padding-left: 20px; }
@media print { body { margin: 0; max-width: none; } }
"""
_LONG = 1500
"""A talk track of more characters may run over the page."""


def script_page(
    title: str, room: str, start: int, zone: str, currency: str, segments: Sequence[SegmentPlan],
    cards: Mapping[str, ProductCard], stock: Mapping[str, int], names: Mapping[str, str],
    books: Mapping[str, Handbook], review: tuple[int, str, str, bool], language: str,
) -> str:  # fmt: skip
    """The page. ``review``: version, state, who approved ("" nobody), whether alone."""
    pick = language == "en"

    def say(word: str) -> str:
        return _WORDS[word][pick]

    def at(ms: float, form: str) -> str:
        return format(datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)), form)

    version, state, by, alone = review
    about = [(say("room"), room), (say("time"), at(start, "%Y-%m-%d %H:%M")), (say("version"), str(version))]
    about.append((say("state"), say(state) + (f" ({say('alone')})" if alone else "")))
    if by:
        about.append((say("by"), by))
    out = [
        f'<!doctype html><html lang="{"en" if pick else "zh-CN"}"><head><meta charset="utf-8">'
        f"<title>{escape(title)} · {say('head')}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)} · {say('head')}</h1><p class='about'>{_pairs(about)}</p>",
    ]
    for number, item in enumerate(segments, 1):
        card = cards.get(item.product)
        begins = start + item.offset_s * 1000
        times = f"{at(begins, '%H:%M:%S')} – {at(begins + item.duration_s * 1000, '%H:%M:%S')}"
        facts = [
            (say("product"), card.name if card else item.product), (say("host"), names.get(item.host, item.host)),
            (say("light"), item.light), (say("screen"), item.screen), (say("props"), item.props),
            (say("stock_cue"), item.stock_cue),
            (say("target"), str(Money(item.target_gmv, currency)) if item.target_gmv else ""),
        ]  # fmt: skip
        talk = spoken(item, card, stock, currency, language).text
        words = PARTS.get(item.part, (item.part, item.part))
        out.append(
            f"<section{' class=long' if len(talk) > _LONG else ''}><h3>{number}. {escape(item.title or words[pick])} "
            f"<small>{escape(words[pick])}</small> <time>{times}</time> {item.duration_s / 60:g} {say('minutes')}</h3>"
            f"<p class='facts'>{_pairs([pair for pair in facts if pair[1]])}</p>"
            f"<p class='talk'>{escape(talk)}</p></section>"
        )
    if books:
        out.append(f"<h2>{say('book')}</h2>")
        out += [_book(cards[product].name, book, say) for product, book in books.items() if product in cards]
    return "".join([*out, "</body></html>"])


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    return " · ".join(f"{escape(name)} <b>{escape(value)}</b>" for name, value in pairs)


def _book(name: str, book: Handbook, word: Callable[[str], str]) -> str:
    body = book.body
    lines = [
        f"<li>{escape(item.text)} <small>({word('proof')}: "
        f"{escape(f'{item.evidence} {item.evidence_date}'.strip() or word('unproved'))})</small></li>"
        for item in body.advantages
    ]
    lines += [f"<li><b>{escape(item.question)}</b> {escape(item.answer)}</li>" for item in body.answers]
    for title, texts in (
        ("forbidden", body.forbidden),
        ("scenes", body.scenes),
        ("demo", [body.demonstration] if body.demonstration else []),
    ):
        if texts:
            lines.append(f"<li>{word(title)}: {escape('；'.join(texts))}</li>")
    return f"<section><h3>{escape(name)}</h3><ul>{''.join(lines)}</ul></section>"
