"""A script that comes back from Excel finds its segments again, whatever columns the workbook has."""

import msgspec
import pytest

from livecue.events import DrawPlan, SegmentPlan
from livecue.planning.script import read_script, script_workbook

DRAW = DrawPlan(kind="goods", prize="锅", prizes=1)
KNOWN = [
    SegmentPlan(segment="a", part="warm_up", title="开场", offset_s=0, duration_s=60, talk_track="大家好"),
    SegmentPlan(
        segment="b", part="pitch", title="讲解", offset_s=60, duration_s=120, product="p1", talk_track="这口锅",
        target_orders=7,
    ),
    SegmentPlan(
        segment="c", part="pitch", title="讲解", offset_s=180, duration_s=120, product="p1", talk_track="再说一遍",
        draw=DRAW,
    ),
    SegmentPlan(segment="d", part="pitch", title="讲解", offset_s=300, duration_s=60, product="p2", target_gmv=990),
]  # fmt: skip


def test_what_went_out_comes_back_the_same_with_equal_segments_each_time() -> None:
    segments = KNOWN
    for _ in range(2):
        content = script_workbook(segments, 1_790_000_000_000, "Asia/Shanghai", "CNY", {}, "zh")
        found = read_script(content, "x.xlsx", segments, "CNY")
        assert (found.wrong, found.segments) == ([], KNOWN)
        segments = found.segments


@pytest.mark.parametrize("left_out", [("title",), ("product",), ("title", "product"), ("title", "product", "talk")])
def test_a_column_that_is_not_there_takes_nothing_away(left_out: tuple[str, ...]) -> None:
    words = {"part": "部分", "minutes": "时长（分钟）", "title": "环节名称", "product": "商品编号", "talk": "话术"}
    cells = {
        "part": ["预热", "产品讲解", "产品讲解", "产品讲解"], "minutes": ["1", "2", "2", "1"],
        "title": [item.title for item in KNOWN], "product": [item.product for item in KNOWN],
        "talk": [item.talk_track for item in KNOWN],
    }  # fmt: skip
    names = [name for name in words if name not in left_out]
    rows = [",".join(words[name] for name in names), *map(",".join, zip(*(cells[name] for name in names), strict=True))]
    found = read_script("\n".join(rows).encode(), "x.csv", KNOWN, "CNY")
    assert (found.wrong, found.segments) == ([], KNOWN)


def test_one_more_than_are_known_is_a_new_segment_of_its_own() -> None:
    rows = ["部分,时长（分钟）,环节名称,商品编号", *["产品讲解,1,讲解,p1"] * 4]
    content = "\n".join(rows).encode()
    first = read_script(content, "x.csv", KNOWN, "CNY").segments
    assert [item.segment for item in first[:2]] == ["b", "c"]
    assert len({item.segment for item in first}) == 4
    assert read_script(content, "x.csv", first, "CNY").segments == first
    named = [msgspec.structs.replace(item, title="改名") for item in first]
    again = read_script(content, "x.csv", named, "CNY").segments
    assert not {item.segment for item in again} & {item.segment for item in named}, "no id is given twice"
