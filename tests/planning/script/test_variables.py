"""Variables in talk tracks: filled in when read, named when nobody knows their value, harmless otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecue.events import ProductCard, SegmentPlan
from livecue.planning.script import spoken

CARD = ProductCard(product="p", name="竹{价格}篮", price=3990, skus=("a", "b"), selling_points=("手编",), number=3)


def said(text: str, card: ProductCard | None = CARD, stock: dict[str, int] | None = None, lang: str = "zh") -> str:
    return spoken(SegmentPlan(segment="s", part="pitch", talk_track=text), card, stock or {}, "CNY", lang).text


def test_both_languages_may_be_written() -> None:
    stock = {"a": 7, "b": 5}
    assert said("{链接号}号{名称}，{价格}，剩{库存}", stock=stock) == "3号竹{价格}篮，39.90 CNY，剩12"
    assert said("{ stock } of {name}", stock=stock, lang="en") == "12 of 竹{价格}篮"


@pytest.mark.parametrize(
    ("text", "card", "why"),
    [("{库存}", CARD, "not_known"), ("{价钱}", CARD, "unknown_variable"), ("{价格}", None, "no_product")],
)
def test_what_has_no_value_is_named(text: str, card: ProductCard | None, why: str) -> None:
    found = spoken(SegmentPlan(segment="s", part="pitch", talk_track=text), card, {"a": 7}, "CNY", "zh")
    assert [(m.segment, "{" + m.variable + "}", m.why) for m in found.missing] == [("s", text, why)]
    assert "待核验" in found.text and "7" not in found.text


@given(st.text(max_size=200))
def test_other_text_is_left_alone(text: str) -> None:
    plain = text.replace("{", "").replace("}", "")
    assert said(plain) == plain
    # A product's own braces are never filled in again.
    assert said(plain + "{名称}") == plain + "竹{价格}篮"
