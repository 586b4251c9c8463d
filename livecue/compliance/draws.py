"""Prize draws planned in a segment, held against the law's limits before they are signed. Pure."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from livecue.events import DrawPlan, SegmentPlan

KINDS = frozenset({"goods", "coupon", "cash", "virtual", "chance"})


class DrawLimit(msgspec.Struct, frozen=True):
    """The highest prize, in minor units of ``currency``, since ``valid_from``; ``mark`` says whose rule it is."""

    valid_from: date
    currency: str
    cap: int
    mark: str


class DrawWords(msgspec.Struct, frozen=True):
    """Article and advice of one problem."""

    basis: str
    zh: str
    en: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    limit: list[DrawLimit]
    problem: dict[str, DrawWords]


@cache
def _read() -> _File:
    text = (files("livecue.compliance") / "data" / "draws.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _File)


def draw_words(problem: str) -> DrawWords:
    """What the law says of a problem, and what to do."""
    return _read().problem[problem]


def draw_bases() -> set[str]:
    """Every article that a problem rests on."""
    return {words.basis for words in _read().problem.values()}


def cap_on(day: str, currency: str) -> int | None:
    """The highest prize on a day (ISO) in minor units; None where no rule is written in that currency."""
    rows = [row for row in _read().limit if row.currency == currency and row.valid_from.isoformat() <= day]
    return max(rows, key=lambda row: row.valid_from).cap if rows else None


def draw_problems(item: SegmentPlan, day: str, currency: str) -> list[str]:
    """What is wrong with the draw of a segment, by the names of ``draws.toml``; none where there is no draw."""
    draw = item.draw
    if draw is None:
        return ["plan"] if item.part == "lucky_bag" else []
    found = [
        name
        for name, told in (
            ("kind", draw.kind in KINDS),
            ("prize", bool(draw.prize.strip())),
            ("number", draw.prizes > 0 or bool(draw.odds.strip())),
            ("value", draw.value > 0),
            ("conditions", bool(draw.conditions.strip())),
            ("method", bool(draw.method.strip())),
            ("time", 0 < draw.after_s <= item.duration_s),
            ("claim", bool(draw.claim.strip())),
            ("published", bool(draw.published.strip())),
        )
        if not told
    ]
    cap = cap_on(day, currency)
    if cap is not None and draw.value * max(1, draw.chances) > cap:
        found.append("cap")
    return found


def draw_text(draw: DrawPlan) -> str:
    """The draw as one text: it is read for words like any other, and a change of any figure is a change of it."""
    return "\n".join(
        f"{name}：{value}"
        for name, value in (
            ("奖项", draw.kind), ("奖品", draw.prize), ("数量", draw.prizes or ""), ("概率", draw.odds),
            ("每份价值", f"{draw.value / 100:.2f}" if draw.value else ""), ("每人中奖次数", draw.chances),
            ("条件", draw.conditions), ("方式", draw.method), ("口令", draw.word),
            ("开奖", f"{draw.after_s} s" if draw.after_s else ""), ("兑奖", draw.claim), ("公示", draw.published),
        )
        if value != ""
    )  # fmt: skip
