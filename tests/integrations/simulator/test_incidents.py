"""Each planted incident happens at its time and does what it says."""

from collections.abc import Sequence

import msgspec
import pytest

from livecue.events import (
    CommentPosted,
    DrawEnded,
    DrawStarted,
    Event,
    LikeGiven,
    OfferEnded,
    OfferStarted,
    OrderCreated,
    OrderPaid,
    OrderRefunded,
    ProductClicked,
    ProductPinned,
    SourceBack,
    SourceGone,
    SpeechHeard,
    StockOpened,
    StreamStuttered,
    ViewerEntered,
)
from livecue.integrations.simulator import (
    DEMO_OPENS_S,
    BannedWord,
    ComplaintFlood,
    DrawRuns,
    FeedGap,
    OfferRuns,
    RefundWave,
    RudeComments,
    SellOut,
    Slump,
    Stutter,
    TrafficDrop,
    TrafficSurge,
    big_show,
    default_demo,
    plain_show,
)
from livecue.integrations.simulator.scenario import AnyIncident
from tests.integrations.simulator.made import START, demo, of, run


def between(events: Sequence[Event], from_s: float, to_s: float) -> list[Event]:
    return [event for event in events if START + from_s * 1000 <= event.at < START + to_s * 1000]


def show(*incidents: AnyIncident, seed: int = 8) -> list[Event]:
    return run(plain_show(seed, START, 900, incidents))[0]


def test_a_traffic_drop_takes_what_the_platform_pushes() -> None:
    plain, dropped = show(), show(TrafficDrop(at_s=300, duration_s=200, factor=0.1))
    pushed, others = {"feed", "square", "video"}, {"follow", "search", "paid", "outside"}

    def entries(events: list[Event], sources: set[str], from_s: float, to_s: float) -> int:
        return sum(event.via in sources for event in of(between(events, from_s, to_s), ViewerEntered))

    assert entries(dropped, pushed, 300, 500) < 0.25 * entries(plain, pushed, 300, 500)
    assert entries(dropped, others, 300, 500) > 0.7 * entries(plain, others, 300, 500)
    assert entries(dropped, pushed, 505, 800) > 0.75 * entries(plain, pushed, 505, 800)
    assert [e for e in plain if e.at < START + 300_000] == [e for e in dropped if e.at < START + 300_000]


def test_a_surge_brings_more() -> None:
    plain, more = show(), show(TrafficSurge(at_s=300, duration_s=200, factor=2))
    assert len(of(between(more, 300, 500), ViewerEntered)) > 1.4 * len(of(between(plain, 300, 500), ViewerEntered))


def test_a_slump_leaves_people_but_takes_orders_and_talk() -> None:
    plain = show(seed=8)
    slump = show(Slump(at_s=200, duration_s=600, orders=0.1, talk=0.3))
    for kind, most in ((OrderCreated, 0.45), (LikeGiven, 0.5)):
        assert len(of(between(slump, 220, 800), kind)) < most * len(of(between(plain, 220, 800), kind))
    said, more = (
        [e for e in of(between(one, 220, 800), CommentPosted) if "抽" not in e.text] for one in (slump, plain)
    )
    assert len(said) < 0.5 * len(more)
    assert len(of(between(slump, 200, 800), ViewerEntered)) == len(of(between(plain, 200, 800), ViewerEntered))
    assert len(of(between(slump, 200, 800), ProductClicked)) > 0.9 * len(of(between(plain, 200, 800), ProductClicked))


def test_a_sell_out_sells_the_last_piece_in_time() -> None:
    events = show(SellOut(at_s=300, product="p07", over_s=80))
    stock = {e.sku: e.quantity for e in of(events, StockOpened) if e.product == "p07"}
    for event in between(events, 0, 390):
        if isinstance(event, OrderPaid):
            for line in event.lines:
                if line.sku in stock:
                    stock[line.sku] -= line.quantity
        elif isinstance(event, OrderRefunded) and event.sku in stock and event.restock:
            stock[event.sku] += event.quantity
    assert set(stock.values()) == {0}
    later = [e for e in of(between(events, 390, 900), OrderCreated) if e.lines[0].product == "p07"]
    assert later == []


def test_a_banned_word_is_heard_at_its_second() -> None:
    text = "这是全网最低价"
    heard = [event for event in of(show(BannedWord(at_s=123.5, text=text)), SpeechHeard) if event.text == text]
    assert [event.at for event in heard] == [START + 123_500]
    assert heard[0].speaker == "sim-lin"


def test_a_complaint_flood_comes_from_many_people() -> None:
    events = show(ComplaintFlood(at_s=400, product="p04", topic="delay", people=15, duration_s=60))
    flood = [
        e for e in of(between(events, 400, 460), CommentPosted) if "发" in e.text or "退款" in e.text or "骗" in e.text
    ]
    assert len(flood) >= 13
    assert len({event.user for event in flood}) >= 12


def test_rude_comments_come() -> None:
    events = show(RudeComments(at_s=200, people=3))
    plain = show()
    more = len(of(between(events, 200, 220), CommentPosted)) - len(of(between(plain, 200, 220), CommentPosted))
    assert more == 3


def test_an_offer_says_when_it_ends_and_ends_then() -> None:
    events = show(OfferRuns(at_s=100, title="满99减15", duration_s=300, quantity=50))
    (started,), (ended,) = of(events, OfferStarted), of(events, OfferEnded)
    assert started.at == START + 100_000 and started.ends_at == START + 400_000 == ended.at
    assert started.offer == ended.offer and started.title == "满99减15" and started.quantity == 50


def test_a_draw_counts_those_who_wrote_its_word() -> None:
    events = show(DrawRuns(at_s=400, word="抽一份", prizes=3, duration_s=120))
    started = next(event for event in of(events, DrawStarted) if event.at == START + 400_000)
    ended = next(event for event in of(events, DrawEnded) if event.draw == started.draw)
    assert ended.at == started.ends_at == START + 520_000
    wrote = {event.user for event in of(between(events, 400, 520), CommentPosted) if event.text == "抽一份"}
    assert ended.entrants == len(wrote) > 20 and ended.winners == 3


def test_a_stutter_is_told() -> None:
    stutters = of(show(Stutter(at_s=250, ms=2000, times=3)), StreamStuttered)
    assert len(stutters) == 3 and all(1000 < event.ms < 3000 for event in stutters)
    assert stutters[0].at >= START + 250_000 and stutters[-1].at < START + 290_000


@pytest.mark.parametrize("step_ms", [250, 10**9])
def test_a_gone_feed_brings_nothing_and_says_so_once(step_ms: int) -> None:
    events, simulation = run(plain_show(8, START, 600, [FeedGap(at_s=200, duration_s=40)]), step_ms, until_s=500)
    (gone,), (back,) = of(events, SourceGone), of(events, SourceBack)
    assert (gone.at, back.at, back.gap_ms) == (START + 200_000, START + 240_000, 40_000)
    assert gone.feed == back.feed == "interaction"
    silent = between(events, 200, 240)
    assert of(silent, CommentPosted) == [] and of(silent, LikeGiven) == []
    assert len(of(silent, ViewerEntered)) > 20
    assert simulation.books().lost > 10


def test_a_wave_of_refunds_takes_back_a_share_of_what_was_paid_and_nothing_twice() -> None:
    wave = RefundWave(at_s=500, product="p04", share=0.5, duration_s=200)
    busy = msgspec.structs.replace(plain_show(8, START, 900, traffic=2.0), buying=9.0)
    plain, waved = run(busy)[0], run(msgspec.structs.replace(busy, incidents=(wave,)))[0]
    paid = {event.order for event in of(between(plain, 0, 500), OrderPaid) if event.lines[0].product == "p04"}
    back = [event for event in of(between(waved, 500, 701), OrderRefunded) if event.order in paid]
    assert len(paid) > 8 and 0.2 * len(paid) < len(back) < 0.85 * len(paid)
    refunds = [event.refund for event in of(waved, OrderRefunded)]
    assert len(set(refunds)) == len(refunds)


def test_talk_and_buying_scale_what_is_said_and_ordered_and_nobody_else_s_luck() -> None:
    plain = plain_show(8, START, 900, traffic=2.0)
    loud, keen = msgspec.structs.replace(plain, talk=4.0), msgspec.structs.replace(plain, buying=4.0)
    before, said, bought = (run(one)[1].books() for one in (plain, loud, keen))
    # Words for the draws are as many as before.
    assert 1.8 * before.comments < said.comments < 4 * before.comments and said.entered == before.entered
    assert 2 * before.orders_created < bought.orders_created and bought.entered == before.entered


def test_the_night_of_a_sale_has_what_it_promises() -> None:
    books = run(big_show(starts_at=START))[1].books()
    assert books.comments >= 50_000 and books.orders_paid >= 5_000 and books.orders_refunded >= 150
    assert books.oversold == 0 and min(books.stock.values()) >= 0
    for sku in ("p02-30", "p03-6", "p03-3", "p07-b", "p07-g"):
        assert books.stock[sku] == 0, "sold to the last piece"


def test_the_demo_opens_with_something_to_see_and_goes_on_with_it() -> None:
    events, _ = demo()
    opens = DEMO_OPENS_S
    banned = [e for e in of(between(events, opens, opens + 60), SpeechHeard) if "最低价" in e.text]
    assert len(banned) == 1
    scenario = default_demo(7, START)
    ends = [segment.offset_s + segment.duration_s for segment in scenario.segments]
    assert any(opens < end - 180 < opens + 60 for end in ends), (
        "the cue of a segment switch falls into the first minute"
    )
    times = sorted(incident.at_s for incident in scenario.incidents if incident.at_s > opens)
    gaps = [later - earlier for earlier, later in zip([opens, *times], [*times, 7200.0], strict=True)]
    assert max(gaps) < 900
    assert len({event.product for event in of(between(events, 0, 7200), ProductPinned)}) == 12
