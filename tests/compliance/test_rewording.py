"""What is offered instead is checked in its place: it is not flagged again."""

import pytest

from livecue.compliance import NO_FACTS, Facts, check_draft, load_packs, reworded, rewordings, verdict
from tests.compliance.reading import Line, engine, lines


@pytest.mark.parametrize(
    ("text", "facts", "first"),
    [
        ("这是最好的精华", NO_FACTS, "这是很受欢迎的精华"),
        ("仅剩3件，抓紧", Facts(stock=7), "还剩7件，抓紧"),
        ("仅剩3件，抓紧", NO_FACTS, "库存有限，以页面显示为准，抓紧"),
        ("今天只要89元", Facts(price=9_900), "今天到手价99元"),
        ("今天只要89元", Facts(price=9_950), "今天到手价99.50元"),
        ("不退不换", NO_FACTS, "支持七天无理由退货"),
    ],
)
def test_the_first_wording(text: str, facts: Facts, first: str) -> None:
    hit = engine().check([text], "cosmetics", facts)[0][0]
    wordings = rewordings(engine(), text, hit, "cosmetics", facts)
    assert reworded(text, hit, wordings[0]) == first


def test_taking_a_word_out_takes_one_mark_with_it() -> None:
    text = "早上好，国宴特供，便宜"
    hit = engine().check([text])[0][0]
    assert reworded(text, hit, "") in ("早上好，便宜", "早上好，特供，便宜")


def _hits() -> list[tuple[Line, str]]:
    return [(line, name) for name in ("block.tsv", "warn.tsv", "disguised.tsv") for line in lines(name)]


def test_nothing_offered_is_flagged_again_and_nearly_all_is_offered_something() -> None:
    without = 0
    for line, _ in _hits():
        found = check_draft(engine(), line.text, line.category, door="speech")
        for hit, told in zip(engine().check([line.text], line.category, door="speech")[0], found.hits, strict=True):
            if hit.severity == "silent":
                continue
            without += not told.instead
            for wording in told.instead:
                changed = reworded(line.text, hit, wording)
                end = hit.start + len(wording)
                loud = [h for h in engine().check([changed], line.category, door="speech")[0] if h.severity != "silent"]
                assert not any(h.start < end and h.end > hit.start for h in loud), (line.text, wording)
    assert without <= 10


def test_every_rule_for_what_the_team_says_has_a_wording() -> None:
    for pack in load_packs():
        for entry in pack.entries:
            if "script" in (entry.doors or pack.doors):
                assert entry.reword, entry.id


def test_a_draft_is_told_the_article_and_a_long_one_stays_quick() -> None:
    found = check_draft(engine(), "全网最低价", "cosmetics")
    assert found.verdict == "block" and found.hits[0].law.startswith("（三）使用“国家级”")
    script = "今天给大家看一款锅。" * 15_000 + "全网最低价"
    found = check_draft(engine(), script, "home")
    assert found.verdict == "block" and found.hits[-1].instead and found.more == 0
    flood = check_draft(engine(), "全网最低价，" * 500, "home")
    assert len(flood.hits) == 200 and flood.more == 300
    assert verdict([]) == check_draft(engine(), "", "home").verdict == "silent"


def test_of_a_long_script_the_gravest_are_shown() -> None:
    """What 200 pages hold of exempted words does not hide the breach on the last of them."""
    script = "第一步先洁面。" * 300 + "这个全网最低价。"
    found = check_draft(engine(), script, "cosmetics")
    assert (found.verdict, len(found.hits), found.more) == ("block", 200, 101)
    assert [hit.severity for hit in found.hits] == ["silent"] * 199 + ["block"]
    last = found.hits[-1]
    assert script[last.start : last.end] == last.word and last.instead
    assert [hit.start for hit in found.hits] == sorted(hit.start for hit in found.hits)
