"""Two versions side by side: what was kept, taken out and put in makes both texts again."""

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from livecue.planning.script import pieces_of

TEXT = st.text("这款竹篮今天只要三十九\n{价格}ab ", max_size=60)


@given(TEXT, TEXT)
def test_the_pieces_make_both_texts(before: str, after: str) -> None:
    pieces = pieces_of(before, after)
    assert "".join(one.text for one in pieces if one.how != "added") == before
    assert "".join(one.text for one in pieces if one.how != "removed") == after
    assert all(one.text for one in pieces)
    assert all(a.how != b.how for a, b in pairwise(pieces)), "neighbours of a kind are one"


def test_a_changed_word_is_told_and_not_its_line() -> None:
    pieces = pieces_of("欢迎来到直播间\n这款今天 39 元\n谢谢", "欢迎来到直播间\n这款今天 29 元\n谢谢")
    assert [(one.how, one.text) for one in pieces] == [
        ("kept", "欢迎来到直播间\n这款今天 "),
        ("removed", "3"),
        ("added", "2"),
        ("kept", "9 元\n谢谢"),
    ]


def test_pages_of_one_character_are_told_whole_and_soon() -> None:
    for page in ("讲" * 10_000, "\n" * 10_000):
        begun = time.process_time()
        pieces = pieces_of(page, page[:-1] + "完")
        assert {one.how for one in pieces} == {"removed", "added"}
        assert time.process_time() - begun < 1.0
