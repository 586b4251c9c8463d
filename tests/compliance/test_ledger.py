"""The ledger: what is checked, held against which facts, announced once, kept, and the same after a restart."""

import random
from pathlib import Path

import msgspec
import pytest

from livecue.compliance import Compliance, engine_of, list_flags
from livecue.errors import BadInput
from livecue.events import (
    ClockTicked,
    CommentPosted,
    Event,
    LineupChanged,
    ProductCard,
    ProductPinned,
    ProductUnpinned,
    RundownChanged,
    SegmentPlan,
    SegmentStarted,
    ShowPlanned,
    SpeechHeard,
    StockChanged,
    TextFlagged,
)
from livecue.flow import RoomInfo
from tests.folding import ROOM, TestUnit


@pytest.fixture
def unit(tmp_path: Path) -> TestUnit:
    return TestUnit(tmp_path / "db")


def card(product: str, **facts: str) -> ProductCard:
    return ProductCard(product=product, name=f"毛衣{product}", category="服装", facts=facts)


def plan(*tracks: str, products: tuple[ProductCard, ...] = (), title: str = "周五晚场") -> ShowPlanned:
    segments = tuple(
        SegmentPlan(segment=f"s{n}", part="pitch", product=f"p{n}", talk_track=text) for n, text in enumerate(tracks)
    )
    return ShowPlanned(show="show", title=title, starts_at=1, segments=segments, products=products, by="lin")


def told(unit: TestUnit) -> list[tuple[str, str, str, str]]:
    found = [(e.where, e.subject, e.entry, e.severity) for e in unit.said(TextFlagged)]
    unit.announced.clear()
    return found


def test_a_viewer_is_held_to_other_rules_than_the_host(unit: TestUnit) -> None:
    ledger = Compliance(ROOM, None)
    texts = ["最好看的一件", "加我微信看货", "质量太差了", "傻逼主播"]
    ledger.fold([CommentPosted(key=f"c{n}", text=text, user=f"u{n}") for n, text in enumerate(texts)], unit)
    assert told(unit) == [("comment", "c1", "N", "warn"), ("comment", "c3", "R", "warn")]
    ledger.fold([CommentPosted(key="c9", text="这是最好的一件", by_host=True)], unit)
    assert told(unit) == [("reply", "c9", "A1", "block")]
    ledger.fold([SpeechHeard(key="h1", text="全网最低价，效果第一", speaker="lin")], unit)
    assert told(unit) == [("speech", "h1", "A1", "block")] * 2


def test_what_is_announced_says_why_and_by_which_rules(unit: TestUnit) -> None:
    ledger = Compliance(ROOM, None)
    ledger.fold([SpeechHeard(key="h1", text="家人们这是zui低价", speaker="lin", at=999_000)], unit)
    (event,) = unit.said(TextFlagged)
    assert (event.word, event.rule, event.view, event.when) == ("zui低价", "A1.cheapest", "pinyin", 1_000_000)
    assert event.basis.startswith("广告法 第九条(三)") and event.advice and event.version == engine_of(ROOM).version
    assert event.text == "家人们这是zui低价"
    picture = ledger.picture(unit.now)
    assert picture.version == event.version
    assert [(view.word, view.entry, view.rule) for view in picture.flags] == [("zui低价", "A1", "A1.cheapest")]
    (row,) = list_flags(unit, "o", "b", "r1", 2_000_000, 10)
    assert (row.where, row.subject, row.who, row.at) == ("speech", "h1", "lin", 999_000)
    assert row.text[row.first : row.past] == row.word == "zui低价"
    assert list_flags(unit, "o", "other", "r1", 2_000_000, 10) == []


def test_advice_is_in_the_language_of_the_room_and_in_english(unit: TestUnit) -> None:
    ledger = Compliance(msgspec.structs.replace(ROOM, language="en"), None)
    ledger.fold([SpeechHeard(text="全网最低价")], unit)
    assert unit.said(TextFlagged)[0].advice.isascii()
    unit.announced.clear()
    ledger = Compliance(ROOM, None)
    ledger.fold([SpeechHeard(text="全网最低价")], unit)
    said = unit.said(TextFlagged)[0]
    assert not said.advice.isascii() and said.advice_en.isascii() and said.advice_en
    assert [flag.advice_en for flag in ledger.picture(0).flags] == [said.advice_en]


def test_only_three_left_is_held_against_the_stock_of_what_is_pinned(unit: TestUnit) -> None:
    ledger = Compliance(ROOM, None)
    only = SpeechHeard(key="h", text="这件仅剩3件了")
    unit.feed(ledger, [plan("讲毛衣", products=(card("p0"), card("p1"))), only])
    assert told(unit) == [("speech", "h", "A2", "warn")]
    stock = [
        StockChanged(sku="a", product="p0", on_hand=4, reserved=2),
        StockChanged(sku="b", product="p0", on_hand=1, reserved=0),
    ]
    unit.feed(ledger, [ProductPinned(product="p0"), *stock, ClockTicked(now=1_000_250), only])
    assert told(unit) == []
    unit.feed(ledger, [StockChanged(sku="b", product="p0", on_hand=9, reserved=0), ClockTicked(now=1_000_500), only])
    assert told(unit) == [("speech", "h", "A2", "block")]
    unit.feed(ledger, [ProductUnpinned(product="p0"), only, SegmentStarted(show="show", segment="s0"), only])
    assert told(unit) == [("speech", "h", "A2", "warn"), ("speech", "h", "A2", "block")]


def test_papers_and_price_record_come_from_the_card(unit: TestUnit) -> None:
    ledger = Compliance(ROOM, None)
    said = SpeechHeard(key="h", text="原价199，面料100%棉")
    unit.feed(ledger, [plan("讲", products=(card("p0", lowest_7d="19900", labels="composition"),))])
    told(unit)
    unit.feed(ledger, [ProductPinned(product="p0"), said])
    assert told(unit) == []
    unit.feed(ledger, [LineupChanged(show="show", products=(card("p0", lowest_7d="9900"),)), said])
    assert told(unit) == [("speech", "h", "P", "block"), ("speech", "h", "A1", "warn")]


def test_scripts_titles_and_cards_are_checked_once(unit: TestUnit) -> None:
    ledger = Compliance(ROOM, None)
    products = (ProductCard(product="p0", name="顶级羊绒衫", selling_points=("软", "国家级面料")),)
    unit.feed(ledger, [plan("这件全网最低价", "普通的话", products=products, title="全国第一场")])
    assert told(unit) == [
        ("title", "show", "A1", "block"),
        ("title", "p0", "A1", "block"),
        ("title", "p0", "A1", "block"),
        ("script", "s0", "A1", "block"),
    ]
    assert [row.who for row in list_flags(unit, "o", "b", "r1", 2_000_000, 10)] == ["lin"] * 4
    unit.feed(ledger, [plan("这件全网最低价", "普通的话", products=products, title="全国第一场")])
    assert told(unit) == []
    segments = (
        SegmentPlan(segment="s0", part="pitch", talk_track="这件全网最低价"),
        SegmentPlan(segment="s1", part="pitch", talk_track="不退不换"),
    )
    unit.feed(ledger, [RundownChanged(show="show", version=2, segments=segments, by="lin")])
    assert told(unit) == [("script", "s1", "M", "block")]


def test_a_script_that_lacks_what_it_must_say(unit: TestUnit) -> None:
    ledger = Compliance(msgspec.structs.replace(ROOM, category="保健食品"), None)
    unit.feed(ledger, [plan("每天两粒")])
    assert told(unit) == [("script", "show", "F1", "block")]
    unit.feed(ledger, [plan("每天两粒，本品不能代替药物")])
    assert told(unit) == []


def test_the_same_text_for_the_third_time_within_a_minute(unit: TestUnit) -> None:
    ledger = Compliance(ROOM, None)

    def post(number: int, user: str = "u") -> CommentPosted:
        return CommentPosted(key=f"c{number}", text="主播看看我的评论", user=user)

    unit.feed(ledger, [post(1), post(2), post(3, "other"), post(4, ""), post(5, ""), post(6, "")])
    assert told(unit) == []
    unit.feed(ledger, [post(7), post(8)])
    assert told(unit) == [("comment", "c7", "R", "warn")]
    unit.feed(ledger, [unit.tick(60_000), post(9), post(10)])
    assert told(unit) == []


def test_a_flood_of_hits_in_one_text_is_bounded(unit: TestUnit) -> None:
    ledger = Compliance(ROOM, None)
    unit.feed(ledger, [SpeechHeard(key="h", text="国家级，" * 400)])
    assert len(told(unit)) == 8
    rows = list_flags(unit, "o", "b", "r1", 2_000_000, 100)
    assert len(rows) == 8
    assert all(len(row.text) <= 400 and row.text[row.first : row.past] == row.word for row in rows)
    for number in range(30):
        unit.feed(ledger, [SpeechHeard(key=f"h{number}", text="国家级")])
    assert len(ledger.picture(unit.now).flags) == 20


def some_events(seed: int) -> list[Event]:
    rng = random.Random(seed)
    texts = ["最好", "黑色还有吗", "加微信", "傻逼", "主播看看我的评论", "仅剩3件", "国家级", "s b"]
    events: list[Event] = [plan("仅剩3件", "第一名", products=(card("p0"), card("p1")))]
    now = 1_000_000
    for number in range(120):
        kind = rng.randrange(8)
        product = rng.choice(["p0", "p1"])
        if kind < 3:
            text, user = rng.choice(texts), rng.choice(["", "u1", "u2"])
            events.append(CommentPosted(key=f"c{number}", text=text, user=user, by_host=rng.random() < 0.1))
        elif kind == 3:
            events.append(SpeechHeard(key=f"h{number}", text=rng.choice(texts)))
        elif kind == 4:
            events.append(
                StockChanged(sku=f"k{rng.randrange(2)}", product=product, on_hand=rng.choice([2, 3, 4]), reserved=0)
            )
        elif kind == 5:
            events.append(ProductPinned(product=product))
        elif kind == 6:
            events.append(SegmentStarted(show="show", segment=rng.choice(["s0", "s1"])))
        else:
            now += 250
            events.append(ClockTicked(now=now))
    return events


@pytest.mark.parametrize("seed", range(6))
def test_old_state_and_events_are_the_fresh_state(seed: int, unit: TestUnit) -> None:
    events = some_events(seed)
    whole = Compliance(ROOM, None)
    unit.feed(whole, events)
    first = [event for event in unit.announced]
    unit.announced.clear()
    unit.now = 1_000_000
    cut = Compliance(ROOM, None)
    for at in range(0, len(events), 17):
        cut = Compliance(ROOM, cut.dump())
        unit.feed(cut, events[at : at + 17])
    assert cut.dump() == whole.dump()
    assert unit.announced == first


@pytest.mark.parametrize("seed", range(6))
def test_no_cut_of_the_stream_shows(seed: int, unit: TestUnit) -> None:
    """Stock is announced in the round after the events of its run, so it may be told earlier or later within a tick."""
    events = some_events(seed)
    rng = random.Random(seed)

    def fold(most: int) -> list[Event]:
        ledger, run = Compliance(ROOM, None), list[Event]()
        unit.announced.clear()
        unit.now = 1_000_000

        def flush() -> None:
            stock = [event for event in run if isinstance(event, StockChanged)]
            rest = [event for event in run if not isinstance(event, StockChanged)]
            for part in (rest, stock):
                if part:
                    ledger.fold(part, unit)
            run.clear()

        for event in events:
            if isinstance(event, ClockTicked):
                flush()
                unit.now = event.now
            else:
                run.append(event)
                if len(run) >= rng.randint(1, most):
                    flush()
        flush()
        return list(unit.announced)

    assert fold(1) == fold(3) == fold(50)


def test_a_damaged_snapshot_and_an_unknown_pack_are_told(unit: TestUnit) -> None:
    with pytest.raises(BadInput, match="compliance"):
        Compliance(ROOM, b"\xc1nonsense")
    with pytest.raises(BadInput, match="no such rule pack: nonsense"):
        Compliance(RoomInfo(room="r", org="o", brand="b", packs=("nonsense",)), None)
