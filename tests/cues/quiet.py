"""Makes ``tests/recordings/quiet_room.jsonl``: 40 minutes of a healthy room in which no rule has anything to say.

Every figure a rule looks at is known and good, and what a rule watches happens and is handled well, so that silence
means something: a deal item that is delisted while there is stock, an offer that ends before its last ten minutes,
draws within their interval, segments switched before the reminder, takings that do not rise at the end of a pitch,
complaints and questions answered in time, a grave case that a person decided before any figure asked for it. The
recording is written by ``python -m tests.cues.quiet``; a test holds that the file is what this makes.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from livecue.events import (
    CommentPosted,
    DrawEnded,
    DrawStarted,
    Event,
    LikeGiven,
    OfferEnded,
    OfferStarted,
    OnlineCounted,
    OpinionDecided,
    OrderPaid,
    ProductCard,
    ProductClicked,
    ProductDelisted,
    ProductExposed,
    ProductListed,
    ProductPinned,
    QuestionAnswered,
    SegmentPlan,
    SegmentStarted,
    ShowPlanned,
    ShowStarted,
    SpeechHeard,
    StockOpened,
    ViewerEntered,
    ViewerLeft,
    encode_event,
)
from livecue.events.base import Line

FILE = Path(__file__).parent.parent / "recordings" / "quiet_room.jsonl"
START = 1_795_000_200_000
MINUTES = 40
_STEP_S = 10
_SAID = ("主播今天状态真好", "颜色好看", "已经下单啦", "支持支持", "来了来了", "上次买的很好用")
_SPOKEN = ("这款洗脸巾摸起来很柔软", "大家可以看看边上的细节", "一包八十抽，家里放着方便")


DEAL, OFFER, DECIDED_BY = "d1", "o1", "ops-1"
_PITCH = "洗脸巾"
SEGMENTS = (
    # Planned and real length in seconds: each is switched before a reminder of its end is due.
    SegmentPlan(segment="a", part="pitch", title=_PITCH, duration_s=900, product="p1"),
    SegmentPlan(segment="b", part="pitch", title="福利预告", duration_s=170, product="p1"),
    SegmentPlan(segment="c", part="pitch", title="最后一波", duration_s=100, product="p1"),
    SegmentPlan(segment="d", part="lucky_bag", title="福袋", duration_s=900),
    SegmentPlan(segment="e", part="pitch", title=_PITCH, duration_s=3600, product="p1"),
)
_STARTS = {"b": 710, "c": 750, "d": 840, "e": 1540}
_COMPLAINTS = {
    1010: "洗脸巾掉毛，质量太差了",
    1130: "洗脸巾质量不好，一擦就破",
    1250: "上次买的洗脸巾破了，质量真差",
    1370: "洗脸巾有异味，质量差",
}


def _opening() -> list[Event]:
    cards = (
        ProductCard(product="p1", name=_PITCH, role="hook", category="home", number=1, price=29_900, skus=("p1-a",)),
        ProductCard(product=DEAL, name="棉签", role="deal", category="home", number=2, price=990, skus=("d1-a",)),
    )
    plan = ShowPlanned(
        command="k1", show="quiet", title="平稳的一场", starts_at=START, segments=SEGMENTS, products=cards
    )
    return [
        plan,
        StockOpened(sku="p1-a", product="p1", quantity=5_000),
        StockOpened(sku="d1-a", product=DEAL, quantity=120),
        ShowStarted(command="k2", show="quiet"),
        SegmentStarted(command="k3", show="quiet", segment="a"),
        ProductListed(product="p1", number=1),
        ProductPinned(product="p1"),
    ]


def _handled(s: int) -> list[Event]:
    """What a team does well, ``s`` seconds after the start."""
    events: list[Event] = []
    for segment, start in _STARTS.items():
        if s == start:
            events.append(SegmentStarted(command=f"k-{segment}", show="quiet", segment=segment))
    if s == 300:
        events.append(ProductListed(product=DEAL, number=2))
        events.append(OfferStarted(offer=OFFER, title="第二件半价", product=DEAL, ends_at=START + 1_800_000))
    if 300 < s <= 900 and s % 60 == 0:
        line = Line(sku="d1-a", product=DEAL, quantity=1, price=990)
        events.append(OrderPaid(order=f"d{s}", amount=990, user=f"d{s}", lines=(line,), at=START + s * 1000))
    if s == 1_100:
        events += [OfferEnded(offer=OFFER), ProductDelisted(product=DEAL)]
    if s in (480, 1_400):
        events.append(DrawStarted(draw=f"w{s}", title="福袋", prizes=3, ends_at=START + (s + 60) * 1000))
    if s in (540, 1_460):
        events.append(DrawEnded(draw=f"w{s - 60}", entrants=40, winners=3))
    if s in _COMPLAINTS:
        events.append(_comment(f"bad{s}", _COMPLAINTS[s], f"critic{s}", s))
    if s - 10 in _COMPLAINTS:
        events.append(QuestionAnswered(command=f"k-bad{s}", comment=f"bad{s - 10}", how="reply", by="cs-1"))
    if s % 200 == 50:
        events.append(_comment(f"ask{s}", "请问洗脸巾怎么洗", f"asker{s}", s))
    if s % 200 == 60:
        events.append(QuestionAnswered(command=f"k-ask{s}", comment=f"ask{s - 10}", how="host", by="host-1"))
    if s == 1_600:
        events.append(
            OpinionDecided(command="k-case", level=3, topic="quality", product="p1", why="供应商召回", by=DECIDED_BY)
        )
    return events


def _comment(key: str, text: str, user: str, s: int) -> CommentPosted:
    return CommentPosted(key=key, text=text, user=user, name="观众", at=START + s * 1000)


def _step(place: int) -> list[Event]:
    """What happens in ten seconds."""
    at = START + (place + 1) * _STEP_S * 1000
    events: list[Event] = [ViewerEntered(user=f"u{place * 4 + n}", via="feed", at=at) for n in range(4)]
    # Of those who came, one leaves after 100 s, one after 300 s, one after 600 s, one stays on.
    for after, which in ((10, 0), (30, 1), (60, 2)):
        if place >= after:
            user = f"u{(place - after) * 4 + which}"
            events.append(ViewerLeft(user=user, stay_s=after * _STEP_S, at=at))
    events.append(OnlineCounted(online=200 + place // 2, at=at))
    events.append(LikeGiven(user=f"u{place * 4}", count=6, at=at))
    for which in (1, 2):
        text = _SAID[(place + which) % len(_SAID)]
        events.append(
            CommentPosted(key=f"c{place}-{which}", text=text, user=f"u{place * 4 + which}", name="观众", at=at)
        )
    events.append(ProductExposed(product="p1", user=f"u{place * 4}", count=960, at=at))
    events.append(ProductClicked(product="p1", user=f"u{place * 4}", count=48, at=at))
    # An order per 48 clicks: neither so few that the pitch is weak nor so many that more time is worth it.
    line = Line(sku="p1-a", product="p1", quantity=1, price=29_900)
    events.append(OrderPaid(order=f"o{place}", amount=29_900, user=f"u{place * 4}", lines=(line,), at=at))
    if place % 6 == 3:
        events.append(SpeechHeard(text=_SPOKEN[place // 6 % len(_SPOKEN)], confidence=0.9, at=at))
    return [*events, *_handled((place + 1) * _STEP_S)]


def lines() -> Iterator[bytes]:
    """The recording, line by line."""
    steps = [(START, "livecue", _opening())]
    steps += [
        (START + (place + 1) * _STEP_S * 1000, "simulator", _step(place)) for place in range(MINUTES * 60 // _STEP_S)
    ]
    header = {
        "livecue_recording": 1,
        "room": "quiet",
        "name": "平稳的一场",
        "nature": "simulated",
        "started_at": START,
        "source": "simulator",
        "terms": "written for the tests; free to pass on",
    }
    yield msgspec.json.encode(header) + b"\n"
    for when, source, events in steps:
        body = b",".join(map(encode_event, events))
        yield b'{"t":%d,"source":"%b","events":[%b]}\n' % (when, source.encode(), body)
    yield b'{"end":%d,"events":%d}\n' % (len(steps), sum(len(events) for _, _, events in steps))


if __name__ == "__main__":
    FILE.write_bytes(b"".join(lines()))
