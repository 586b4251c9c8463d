"""Makes ``tests/recordings/quiet_room.jsonl``: 40 minutes of a healthy room in which no rule has anything to say.

Every figure a rule looks at is known and good, so that silence means something. The recording is written by
``python -m tests.cues.quiet``; a test holds that the file is what this makes.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from livecue.events import (
    CommentPosted,
    Event,
    LikeGiven,
    OnlineCounted,
    OrderPaid,
    ProductCard,
    ProductClicked,
    ProductExposed,
    ProductListed,
    ProductPinned,
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


def _opening() -> list[Event]:
    card = ProductCard(
        product="p1", name="洗脸巾", role="hook", category="home", number=1, price=29_900, skus=("p1-a",)
    )
    segment = SegmentPlan(segment="a", part="pitch", title="洗脸巾", duration_s=3600, product="p1")
    plan = ShowPlanned(
        command="k1", show="quiet", title="平稳的一场", starts_at=START, segments=(segment,), products=(card,)
    )
    return [
        plan,
        StockOpened(sku="p1-a", product="p1", quantity=5_000),
        ShowStarted(command="k2", show="quiet"),
        SegmentStarted(command="k3", show="quiet", segment="a"),
        ProductListed(product="p1", number=1),
        ProductPinned(product="p1"),
    ]


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
    events.append(ProductExposed(product="p1", user=f"u{place * 4}", count=60, at=at))
    events.append(ProductClicked(product="p1", user=f"u{place * 4}", count=3, at=at))
    if place % 18 == 9:
        line = Line(sku="p1-a", product="p1", quantity=1, price=29_900)
        events.append(OrderPaid(order=f"o{place}", amount=29_900, user=f"u{place * 4}", lines=(line,), at=at))
    if place % 6 == 3:
        events.append(SpeechHeard(text=_SPOKEN[place // 6 % len(_SPOKEN)], confidence=0.9, at=at))
    return events


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
