"""Reviews: the newest word by its own time counts in whatever order it comes, and files are read row by row."""

import itertools
from pathlib import Path

import pytest

from livecue.events import ReviewPosted
from livecue.sales import Sales, count_reviews, list_reviews, read_reviews
from livecue.sheets import BadTable
from tests.folding import ROOM, TestUnit

WORDS = (
    ReviewPosted(review="a", score=5, product="p", at=100, text="好"),
    ReviewPosted(review="a", score=2, product="p", at=200, text="追评：坏了"),
    ReviewPosted(review="a", score=3, product="p", at=200, text="同一时刻"),
    ReviewPosted(review="b", score=4, product="q", at=150, source="店铺导出.csv"),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_newest_word_counts_in_any_order_and_any_number_of_times(order: tuple[int, ...], tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    ledger = Sales(ROOM, None)
    ledger.fold([WORDS[place] for place in order], unit)
    ledger.fold([WORDS[order[0]]], unit)
    assert unit.rows("SELECT review, score FROM product_reviews ORDER BY review") == [("a", 2), ("b", 4)]
    found = count_reviews(unit, [ROOM.room], 4, 0, 1_000)
    assert [(row.product, row.source, row.good, row.of, row.newest) for row in found] == [
        ("p", "", 0, 1, 200),
        ("q", "店铺导出.csv", 1, 1, 150),
    ]
    assert [row.review for row in list_reviews(unit, [ROOM.room], 0, 1_000)] == ["a", "b"]
    assert count_reviews(unit, [ROOM.room], 4, 0, 150) == []
    assert count_reviews(unit, ["elsewhere"], 4, 0, 1_000) == []


NOW = 1_790_000_000_000


def test_a_file_is_read_row_by_row_and_twice_is_once() -> None:
    content = (
        "评价编号,评价时间,评价等级,商品编号,订单号,评价内容\n"
        "r1,2026-09-01 10:00:00,好评,p1,o1,很好\n"
        ",2026-09-02 11:00:00,五星,p1,o2,喜欢\n"
        "r3,2026-09-03 12:00:00,1,p2,o3,坏的\n"
        "r4,昨天,5,p2,o4,\n"
        "r5,2026-09-03 12:00:00,6,p2,o5,\n"
        "r6,2026-09-03 12:00:00,,p2,o6,\n"
        "r7,2036-09-03 12:00:00,4.0,p2,o7,\n"
    ).encode()
    found = read_reviews(content, "评价.csv", "Asia/Shanghai", NOW)
    assert [(row.review[:2], row.score, row.product, row.source) for row in found.events[::2]] == [
        ("r1", 5, "p1", "评价.csv"),
        ("r3", 1, "p2", "评价.csv"),
    ]
    assert found.events[1].score == 5 and found.events[1].review and found.events[1].order == "o2"
    assert [(error.row, error.column, error.code) for error in found.errors] == [
        (5, "评价时间", "not_time"),
        (6, "评分", "not_score"),
        (7, "评分", "empty"),
        (8, "评价时间", "in_future"),
    ]
    again = read_reviews(content, "评价.csv", "Asia/Shanghai", NOW)
    assert [event.key for event in again.events] == [event.key for event in found.events]


def test_a_file_without_times_is_no_table_of_reviews() -> None:
    with pytest.raises(BadTable):
        read_reviews("评分,商品\n5,p\n".encode(), "评价.csv", "Asia/Shanghai", NOW)
