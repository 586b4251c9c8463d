"""The debrief of the hand-made show says what was worked out on paper (tests/debrief/show.py)."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from livecue.debrief import DebriefBody, list_debriefs, readings_of
from livecue.debrief.view.cells import Cell
from livecue.debrief.view.parts import parts_of
from livecue.events import (
    DebriefWritten,
    Event,
    ImprovementDecided,
    ImprovementProposed,
    Line,
    OpinionMoved,
    OrderPaid,
    ProductClicked,
    ShowCancelled,
    ShowEnded,
    ShowStarted,
    SpamNoticed,
)
from livecue.work import list_improvements
from tests.debrief.show import NASTY, SHOW, START, House, Step, at, plan, played, ticked, value

Ran = tuple[House, list[Event]]


def test_it_is_written_by_itself_five_seconds_after_the_end(ran: Ran) -> None:
    house, said = ran
    written = [event for event in said if isinstance(event, DebriefWritten)]
    assert [(event.show, event.when) for event in written] == [(SHOW, at(905))]
    rows = list_debriefs(house.reader, "r1")
    assert [(row.show, row.written_at, row.ended_at, row.improvements) for row in rows] == [
        (SHOW, at(905), at(900), len(written[0].improvements))
    ]
    assert (rows[0].org, rows[0].brand, rows[0].title) == ("o", "b", "日常场")


def test_segments_stand_against_their_plan(body: DebriefBody) -> None:
    a, b, c = body.segments
    assert (a.planned_start, a.planned_end, a.started_at, a.ended_at) == (START, at(300), START, at(540))
    assert [line.start_drift_ms for line in body.segments] == [0, 240_000, 60_000]
    assert [line.length_drift_ms for line in body.segments] == [240_000, -180_000, -60_000]
    assert (value(a.figures, "M41"), a.target_gmv, a.gmv_attained) == (100_000, 50_000, 2.0)
    assert (value(a.figures, "M41.orders"), a.target_orders, a.orders_attained) == (20, 10, 2.0)
    assert (value(b.figures, "M41"), b.gmv_attained, b.orders_attained) == (6_000, 0.1, None)
    assert (value(c.figures, "M41"), c.gmv_attained) == (15_840, None)
    assert (value(b.figures, "M34"), value(a.figures, "M03")) == (2 / 100, 400)


def test_hosts_add_up_their_segments(body: DebriefBody) -> None:
    lin, mei = body.hosts
    assert (lin.host, lin.segments, mei.host, mei.segments) == ("p-lin", ["a", "c"], "阿美", ["b"])
    assert (value(lin.figures, "M09"), value(lin.figures, "M41"), value(lin.figures, "M41.orders")) == (
        780,
        115_840,
        36,
    )
    assert (body.person_of(lin.host), body.person_of(mei.host)) == ("林晓", "阿美")
    assert value(lin.figures, "M50.hour") == 115_840 / 780 * 3600


def test_the_funnel_keeps_people_and_times_apart(body: DebriefBody) -> None:
    steps = {
        step.step: (step.times.value, step.people.value, step.rate.value if step.rate else None) for step in body.funnel
    }
    assert steps == {
        "impressions": (2000, 1000, None),
        "entries": (400, 400, 0.4),
        "exposures": (200, 200, 0.5),
        "clicks": (450, 175, 175 / 200),
        "created": (38, 38, 38 / 175),
        "paid": (38, 38, 1.0),
    }
    assert value(body.funnel_rates, "M34") == 38 / 450


def test_money_is_gross_that_night_and_net_with_its_date(body: DebriefBody) -> None:
    gross = {reading.metric: reading.value for reading in body.money}
    assert (gross["M40"], gross["M41"], gross["M41.orders"], gross["M41.units"]) == (121_840, 121_840, 38, 38)
    assert (gross["M44"], gross["M45"], gross["M46"]) == (304_600, 304.6, 121_840 / 38)
    assert (gross["M51"], gross["M52"], gross["M53"]) == (20_000, 6.092, 0.792)
    assert (value(body.net, "M42"), value(body.net, "M59")) == (120_850, 990 / 121_840)
    assert (body.return_days, body.net_until) == (7, at(900) + 7 * 86_400_000)


def test_sources_products_and_goals(body: DebriefBody) -> None:
    assert {line.via: (value(line.figures, "M12"), value(line.figures, "M41")) for line in body.sources} == {
        "feed": (0.75, 106_000),
        "paid": (0.25, 15_840),
    }
    basket, tea, soap = body.products
    assert (basket.name, basket.number, basket.price, value(basket.figures, "M28.clicks")) == ("手工竹篮", 1, 5000, 200)
    assert (tea.name, value(tea.figures, "M34")) == (NASTY, 0.02)
    assert (value(soap.figures, "M42"), soap.sold_out_at, soap.sold_out_listed_ms) == (14_850, at(715), 185_000)
    assert {line.metric: (line.target, line.attained) for line in body.goals} == {
        "M03": (400, 1.0),
        "M04": (500, 0.8),
        "M41": (200_000, 0.6092),
    }


def test_what_nobody_tells_is_unknown_and_never_zero(body: DebriefBody) -> None:
    unknown = {reading.metric: (reading.value, reading.why) for reading in readings_of(body) if reading.value is None}
    assert unknown["M19"] == (None, "no_source")
    assert unknown["M30"] == (None, "no_source")
    assert unknown["M58"] == (None, "no_source")


def test_cues_are_told_by_rule(body: DebriefBody) -> None:
    lines = {line.rule: line for line in body.cue_rules}
    helped, useless, silent, refused = lines["R001"], lines["R005"], lines["R012"], lines["R050"]
    # The cue that nobody answered and the one it was escalated to are one matter, and it was followed.
    assert (helped.given, helped.followed, helped.escalated, helped.verdicts) == (3, 3, 1, {"useful": 3})
    assert helped.effect == pytest.approx((0.2 / 0.1**2 * 2 + 0.3 / 0.15**2) / (2 / 0.1**2 + 1 / 0.15**2), abs=1e-6)
    assert helped.low is not None and helped.high is not None and 0.1 < helped.low < helped.high < 0.4
    assert (useless.followed, useless.verdicts) == (3, {"no_effect": 3})
    assert (silent.given, silent.unanswered, silent.effect) == (3, 3, None)
    assert (refused.dismissed, refused.reasons, refused.measured) == (1, ["正在讲价格"], 0)
    whole = body.cue_sums
    assert (whole.given, whole.followed, whole.dismissed, whole.unanswered, whole.useful) == (10, 6, 1, 3, 3)
    assert len(body.cues) == 11


def test_questions_complaints_and_incidents(body: DebriefBody) -> None:
    size, price = body.questions
    assert (size.topic, size.product, size.count, size.answered, size.share) == ("size_colour", "basket", 8, 2, 8 / 9)
    assert size.texts == ["多大的0？", "多大的1？"]
    assert price.texts == ["打我电话 ***"]
    assert [(line.topic, line.unanswered) for line in body.unanswered] == [("size_colour", 6), ("price", 1)]
    assert [(line.topic, line.count) for line in body.complaints] == [("logistics", 5)]
    assert body.incident_counts == {"stuttered": 3, "source_gone": 1, "blocked_word": 2, "stock_short": 1}
    assert body.stuttered_ms == 2400
    gap = next(line for line in body.incidents if line.kind == "source_gone")
    assert gap.until - gap.when == 45_000 and "45 秒" in gap.text.zh and "45 s" in gap.text.en
    assert sum(line.kind == "stuttered" for line in body.incidents) == 2


def test_incidents_name_posts_and_newcomers_in_both_languages(tmp_path: Path) -> None:
    told: list[Step] = [
        (510, OpinionMoved(case="c1", what="asked", state="suspected", level=2, note="legal")),
        (520, SpamNoticed(how="ring", users=("v1",), count=1)),
    ]
    house = House(tmp_path / "house.db")
    house.feed(ticked(sorted(played() + told, key=lambda step: step[0]), 930))
    texts = {line.kind: line.text for line in house.debrief().incidents}
    house.close()
    assert texts["opinion"].zh == "舆情 L2：无人定级，上报 合规法务"
    assert texts["opinion"].en == "public opinion L2: nobody set a level, passed on to Legal and compliance"
    # Whoever joins late what others began is one account with one comment.
    assert texts["spam"].zh == "认出刷屏账号 1 个（多个账号发同一条），此前发了 1 条"


def test_highlights_and_problems_carry_their_figures(body: DebriefBody) -> None:
    highlights = {(item.code, item.subject): item for item in body.highlights}
    assert "¥1,000.00" in highlights["best_product", "basket"].text.zh
    assert "¥111.11/分钟" in highlights["best_segment", "a"].text.zh
    assert "+21.8%" in highlights["cue_helped", "R001"].text.en
    problems = {(item.code, item.subject): item for item in body.problems}
    assert {code for code, _ in problems} == {
        "overrun", "weak_product", "sold_out_listed", "stock_short", "goal_missed", "unanswered", "complaints",
        "blocked_words", "cue_no_effect", "cue_unanswered", "stutter", "feed_gone",
    }  # fmt: skip
    assert problems["overrun", "a"].rule == "R123"
    assert "9 分" in problems["overrun", "a"].text.zh and "高山茶讲解、福利皂" in problems["overrun", "a"].text.zh
    assert problems["goal_missed", "M41"].metrics == ["M86", "M41"]


def test_improvements_have_owner_due_date_and_evidence(ran: Ran, body: DebriefBody) -> None:
    house, said = ran
    proposed = {event.improvement: event for event in said if isinstance(event, ImprovementProposed)}
    kept = {item.improvement: item for item in list_improvements(house.reader, "r1", SHOW)}
    for line in body.improvements:
        for told in (proposed[line.improvement], kept[line.improvement]):
            assert (told.title_zh, told.title_en) == (line.title.zh, line.title.en)
            assert (told.evidence_zh, told.evidence_en) == (line.evidence.zh, line.evidence.en)
    assert list(proposed) == [line.improvement for line in body.improvements] and proposed.keys() == kept.keys()
    by_code = {line.code: line for line in body.improvements}
    tea = by_code["weak_product"]
    assert (tea.role, tea.person, tea.person_name, tea.talk) == ("ops", "p-ops", "运营小王", True)
    assert tea.due_at == at(905) + 72 * 3_600_000
    assert "2.00%" in tea.evidence.en and "R020 M34 M28.clicks" in tea.evidence.en
    row = kept[tea.improvement]
    assert (row.state, row.rule, row.role, row.person, row.show) == ("proposed", "R020", "ops", "p-ops", SHOW)
    assert (row.title, row.evidence, row.due_at) == (tea.title.zh, tea.evidence.zh, tea.due_at)
    # Nobody on duty holds the role: it stands with the post alone.
    assert (by_code["stock_short"].role, by_code["stock_short"].person) == ("cs", "")


def test_the_next_plan_carries_the_list_and_its_debrief_says_so(tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    house.feed(ticked(played(), 930))
    proposed = {item.improvement for item in list_improvements(house.reader, "r1", SHOW)}
    house.feed(ticked([(1000.0, plan("show-2", 1100, tuple(sorted(proposed))))], 1010, since=935))
    carried = list_improvements(house.reader, "r1", "show-2")
    assert {item.improvement for item in carried} == proposed
    assert {(item.state, item.carried_to) for item in carried} == {("carried", "show-2")}
    second: list[Step] = [
        (1100.0, ShowStarted(command="start-2", show="show-2")),
        (1200.0, ShowEnded(command="end-2", show="show-2")),
    ]
    house.feed(ticked(second, 1230, since=1015))
    later = house.debrief("show-2")
    assert {line.improvement for line in later.carried} == proposed
    assert {line.state for line in later.carried} == {"carried"}
    assert [row.show for row in list_debriefs(house.reader, "r1")] == ["show-2", SHOW]
    house.close()


def test_an_item_says_how_it_stands_and_what_moved_in_the_show_that_took_it_up(tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    house.feed(ticked(played(), 930))
    lines = {line.code: line for line in house.debrief().improvements}
    assert {(line.state, line.effect) for line in lines.values()} == {("proposed", None)}
    tea, short = lines["weak_product"], lines["stock_short"]
    taken = tuple(sorted((tea.improvement, short.improvement)))
    house.feed(ticked([(1000.0, plan("show-2", 1100, taken))], 1010, since=935))
    lines = {line.code: line for line in house.debrief().improvements}
    assert {code for code, line in lines.items() if line.state == "carried"} == {"weak_product", "stock_short"}
    waits = lines["weak_product"].effect
    assert waits is not None and (waits.ended, waits.after.why) == (False, "no_source")
    assert waits.before.value == pytest.approx(0.02), "two orders of a hundred clicks on the tea"
    sale: list[Step] = [
        (1100.0, ShowStarted(command="start-2", show="show-2")),
        *((1110.0, ProductClicked(key=f"c{n}", product="tea", user=f"u{n}")) for n in range(10)),
        (
            1120.0,
            OrderPaid(
                key="o", order="o", amount=3000, user="u1", lines=(Line(sku="tea-1", product="tea", price=3000),)
            ),
        ),
        (1200.0, ShowEnded(command="end-2", show="show-2")),
        (1201.0, ImprovementDecided(command="d", improvement=tea.improvement, state="done")),
    ]
    house.feed(ticked(sale, 1230, since=1015))
    lines = {line.code: line for line in house.debrief().improvements}
    done = lines["weak_product"]
    assert done.state == "done" and done.effect is not None and done.effect.ended
    assert done.effect.before.metric == done.metrics[0]
    assert done.effect.after.value == pytest.approx(0.1)
    for language, row in (("zh", ["已完成", "2.00% → 10.00%"]), ("en", ["done", "2.00% → 10.00%"])):
        texts = [cell.text for cell in _row_of(house.debrief(), tea.improvement, language)]
        assert texts[5] == row[0] and texts[6].endswith(row[1])
    on = {language: _row_of(house.debrief(), short.improvement, language)[5].text for language in ("zh", "en")}
    assert on == {"zh": "已带入后续场次", "en": "carried into a later show"}
    # Weeks later the two shows are not among the newest of the room.
    house.run_again("show-2", 60)
    assert {line.code: line.effect for line in house.debrief().improvements}["weak_product"] == done.effect
    house.close()


def test_an_item_whose_later_show_was_called_off_says_so(tmp_path: Path) -> None:
    house = House(tmp_path / "house.db")
    house.feed(ticked(played(), 930))
    tea = next(line for line in house.debrief().improvements if line.code == "weak_product")
    called_off: list[Step] = [
        (1000.0, plan("show-2", 1100, (tea.improvement,))),
        (1001.0, ShowCancelled(command="off-2", show="show-2")),
    ]
    house.feed(ticked(called_off, 1010, since=935))
    effect = next(line.effect for line in house.debrief().improvements if line.code == "weak_product")
    assert effect is not None and (effect.ended, effect.called_off) == (False, True)
    texts = {language: _row_of(house.debrief(), tea.improvement, language)[6].text for language in ("zh", "en")}
    assert texts["zh"] == "待核验（带入的场次已取消，请带入别的场次）"
    assert texts["en"] == "unverified (the show that took it up was called off; take it into another)"
    house.feed(ticked([(1020.0, plan("show-3", 1100, (tea.improvement,)))], 1025, since=1015))
    effect = next(line.effect for line in house.debrief().improvements if line.code == "weak_product")
    assert effect is not None and not effect.called_off, "the plan that took it up next counts"
    house.close()


def _row_of(body: DebriefBody, improvement: str, language: str) -> Sequence[Cell]:
    place = [line.improvement for line in body.improvements].index(improvement)
    part = next(part for part in parts_of(body, language) if part.name == "improvements")
    return part.tables[0].rows[place]
