"""Texts made plain many at a time are what they are one by one."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from livecue.desk.moderation import has_contact
from livecue.desk.moderation.crowd import all_contacts
from livecue.desk.moderation.shape import shape_of, shapes_of
from tests.desk.moderation.crowds import PRESET

HARD = (
    "哈哈哈", "６６６", "ＶＸ１２３", "Ａ．Ｂ\u3000Ｃ", "ﾊﾞ", "ﾞ", "가", "가", "ㅋㅋㅋ", "ㅏㄱ", "é",
    "e\u0301", "ß", "ﬃ", "℃", "①②", "㈱", "İ", "\u0345", "\u200b", "a_b", "_", "😀😀",
    "\U00020bb7", "\U00020bb7\U00020bb7", "支持主播支持主播", "qqq", "QQQ", "ǅ", "\uffff",
    "\ufffe", "\n", "", "½", "¨", "١١", "ひひ", "\u304b\u3099", "𝐀", "\U000e0041",
    "\ud800", "加微信 13812345678",
)  # fmt: skip
text = st.one_of(st.text(max_size=6), st.lists(st.sampled_from(HARD), max_size=5).map("".join))


@settings(max_examples=400, deadline=None)
@given(st.lists(text, min_size=8, max_size=14))
def test_together_as_alone(texts: list[str]) -> None:
    assert shapes_of(texts) == [shape_of(text) for text in texts]


def test_every_sign_beside_another() -> None:
    signs = [chr(sign) for sign in range(0x21000) if not 0xD800 <= sign < 0xE000]
    texts = [f"值{a}{b}x" for a, b in pairwise(signs)]
    assert shapes_of(texts) == [shape_of(text) for text in texts]


@given(
    st.lists(st.one_of(text, st.sampled_from(["加v信", "加微", "信号", "1381", "2345678", "13812345678"])), max_size=9)
)
def test_ways_off_the_platform(texts: list[str]) -> None:
    shapes = [shape_of(text) for text in texts]
    assert all_contacts(shapes, PRESET) == {n for n, shape in enumerate(shapes) if has_contact(shape, PRESET)}
