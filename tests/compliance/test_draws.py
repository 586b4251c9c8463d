"""Prize draws planned in a segment: what must be told, and the highest prize."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from livecue.compliance import cap_on, draw_problems, draw_text, draw_words
from livecue.events import DrawPlan, SegmentPlan

DAY = "2026-12-01"
TOLD = DrawPlan(
    kind="goods", prize="竹篮一只（30 cm）", prizes=3, value=9_900, conditions="满 18 周岁，评论口令",
    method="随机抽取", after_s=120, claim="7 天内私信客服", published="开播起贴片公示",
)  # fmt: skip


def segment(draw: DrawPlan | None, part: str = "lucky_bag") -> SegmentPlan:
    return SegmentPlan(segment="s", part=part, duration_s=300, draw=draw)


def test_a_draw_that_tells_everything_has_no_problem() -> None:
    assert draw_problems(segment(TOLD), DAY, "CNY") == []
    assert draw_problems(segment(TOLD, "interaction"), DAY, "CNY") == []
    assert draw_problems(segment(None, "pitch"), DAY, "CNY") == []


def test_a_lucky_bag_without_rules_lacks_them() -> None:
    assert draw_problems(segment(None), DAY, "CNY") == ["plan"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"kind": ""}, "kind"), ({"kind": "luck"}, "kind"), ({"prize": " "}, "prize"), ({"prizes": 0}, "number"),
        ({"value": 0}, "value"), ({"conditions": ""}, "conditions"), ({"method": ""}, "method"),
        ({"after_s": 0}, "time"), ({"after_s": 301}, "time"), ({"claim": ""}, "claim"),
        ({"published": ""}, "published"), ({"value": 5_000_001}, "cap"), ({"value": 1_700_000, "chances": 3}, "cap"),
    ],
)  # fmt: skip
def test_each_thing_that_lacks_is_named_with_its_article(change: dict[str, object], problem: str) -> None:
    assert draw_problems(segment(msgspec.structs.replace(TOLD, **change)), DAY, "CNY") == [problem]
    words = draw_words(problem)
    assert words.basis and words.zh and words.en


def test_odds_stand_for_a_number_that_is_not_fixed() -> None:
    assert draw_problems(segment(msgspec.structs.replace(TOLD, prizes=0, odds="1/1000")), DAY, "CNY") == []


def test_the_cap_is_that_of_the_day_and_of_its_currency() -> None:
    assert cap_on(DAY, "CNY") == 5_000_000
    assert cap_on("2019-01-01", "CNY") is None and cap_on(DAY, "USD") is None
    assert draw_problems(segment(msgspec.structs.replace(TOLD, value=9_000_000)), DAY, "USD") == []


@given(value=some.integers(1, 10**9), chances=some.integers(1, 50))
def test_the_highest_prize_counts_every_win_of_one_person(value: int, chances: int) -> None:
    draw = msgspec.structs.replace(TOLD, value=value, chances=chances)
    assert ("cap" in draw_problems(segment(draw), DAY, "CNY")) == (value * chances > 5_000_000)


def test_every_figure_stands_in_the_text_that_is_signed() -> None:
    for change in (
        {"value": 9_901},
        {"prizes": 4},
        {"chances": 2},
        {"after_s": 121},
        {"odds": "1/9"},
        {"word": "篮子"},
    ):
        assert draw_text(msgspec.structs.replace(TOLD, **change)) != draw_text(TOLD)
