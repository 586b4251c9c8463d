"""Scenarios ready to run: the demo show, and a plain one for proofs."""

from collections.abc import Sequence

import msgspec

from livecue.events import SegmentPlan
from livecue.integrations.simulator.catalogue import shop
from livecue.integrations.simulator.scenario import (
    AnyIncident,
    BannedWord,
    ComplaintFlood,
    FeedGap,
    OfferRuns,
    Oversell,
    Person,
    PlantedEffect,
    RefundWave,
    RudeComments,
    Scenario,
    ScriptedAnswer,
    SellOut,
    Slump,
    Stutter,
    TrafficDrop,
    TrafficSurge,
)

DEMO_OPENS_S = 2400
"""The demo is shown from this second on; what lies before is history that was pumped through the same loop."""

CREW = (
    Person(person="sim-zhou", name="周岚（模拟）", roles=("director",), follows=0.75, pace_s=25.0),
    Person(person="sim-chen", name="陈朗（模拟）", roles=("ops", "lead"), follows=0.8, pace_s=18.0),
    Person(person="sim-lin", name="林小满（模拟）", roles=("host",), follows=0.8, dismisses=0.1, pace_s=11.0),
    Person(person="sim-zhao", name="赵一宁（模拟）", roles=("cohost",), follows=0.75, pace_s=12.0),
    Person(person="sim-he", name="何川（模拟）", roles=("floor",), follows=0.8, pace_s=14.0),
    Person(person="sim-su", name="苏青（模拟）", roles=("console", "shop_ops"), follows=0.85, pace_s=10.0),
    Person(person="sim-sun", name="孙悦（模拟）", roles=("cs",), follows=0.8, pace_s=10.0),
    Person(person="sim-ma", name="马骁（模拟）", roles=("adbuyer",), follows=0.7, pace_s=25.0),
    Person(person="sim-xu", name="许知秋（模拟）", roles=("selector", "supply"), follows=0.7, pace_s=30.0),
    Person(person="sim-gu", name="顾言（模拟）", roles=("analyst",), follows=0.6, pace_s=30.0),
    Person(person="sim-deng", name="邓航（模拟）", roles=("tech",), follows=0.85, pace_s=15.0),
)
"""Invented people; every role that a cue of the first rules may go to is held by somebody."""

_RUNDOWN = (
    ("warm_up", 0, 480, "", "开场暖场，说流程"),
    ("pitch", 480, 360, "p01", "洗脸巾 引流"),
    ("lucky_bag", 840, 180, "", "福袋一"),
    ("pitch", 1020, 420, "p04", "洁面乳"),
    ("deal", 1440, 330, "p03", "锅巴 福利"),
    ("pitch", 1770, 420, "p06", "油污净"),
    ("pitch", 2190, 420, "p05", "燕麦脆"),
    ("pitch", 2610, 450, "p08", "补水面膜"),
    ("close", 3060, 180, "p08", "补水面膜 收尾"),
    ("pitch", 3240, 360, "p10", "炒锅"),
    ("deal", 3600, 300, "p07", "保鲜盒 福利"),
    ("lucky_bag", 3900, 240, "", "福袋二"),
    ("pitch", 4140, 480, "p09", "银耳羹"),
    ("pitch", 4620, 420, "p12", "洗衣凝珠"),
    ("pitch", 5040, 480, "p11", "乳胶枕"),
    ("interaction", 5520, 180, "", "答疑互动"),
    ("pitch", 5700, 360, "p02", "洗碗巾"),
    ("pitch", 6060, 360, "p04", "洁面乳 返场"),
    ("deal", 6420, 360, "p01", "洗脸巾 返场福利"),
    ("goodbye", 6780, 420, "", "感谢与下场预告"),
)
_RUNDOWN_S = 7200
_DEMO_GMV = 2_600_000


def rundown(duration_s: int = _RUNDOWN_S, host: str = "sim-lin") -> tuple[SegmentPlan, ...]:
    """The rundown of the demo, stretched or shrunk to ``duration_s`` seconds."""
    scale = duration_s / _RUNDOWN_S
    products = {product.card.product: product for product in shop()}
    segments = []
    for number, (part, offset, length, product, title) in enumerate(_RUNDOWN, start=1):
        card = products[product].card if product else None
        segments.append(
            SegmentPlan(
                segment=f"s{number:02d}",
                part=part,
                title=title,
                offset_s=round(offset * scale),
                duration_s=round((offset + length) * scale) - round(offset * scale),
                product=product,
                host=host,
                talk_track="；".join(card.selling_points) if card else "",
                target_gmv=_target(card.price, length * scale) if card else 0,
            )
        )
    return tuple(segments)


def _target(price: int, length_s: float) -> int:
    """Fen that a talk should bring; the goals of the plan, not a promise of the simulator."""
    return int(length_s * (250 + price * 0.05) / 100) * 100


def _up_to(segments: Sequence[SegmentPlan], gmv: int) -> tuple[SegmentPlan, ...]:
    """The targets of the talks stretched until they make the show's."""
    share = gmv / sum(segment.target_gmv for segment in segments)
    return tuple(
        msgspec.structs.replace(segment, target_gmv=int(segment.target_gmv * share / 100) * 100) for segment in segments
    )


_DEMO_INCIDENTS: tuple[AnyIncident, ...] = (
    TrafficSurge(at_s=240, duration_s=240, factor=1.35),
    TrafficDrop(at_s=1080, duration_s=330, factor=0.05),
    ComplaintFlood(at_s=1230, product="p04", topic="delay", people=12),
    SellOut(at_s=1620, product="p03", over_s=75),
    Oversell(at_s=1702, sku="p03-3", quantity=1),
    TrafficDrop(at_s=1780, duration_s=340, factor=0.03),
    Slump(at_s=2390, duration_s=420, orders=0.1, talk=0.3),
    BannedWord(at_s=2424, text="这款燕麦脆是全网最低价，而且效果第一。"),
    RudeComments(at_s=2520, people=2),
    OfferRuns(at_s=2700, title="跨品满99减15", duration_s=1200, quantity=300),
    TrafficSurge(at_s=2640, duration_s=300, factor=1.5),
    ComplaintFlood(at_s=3150, product="p08", topic="damage", people=16),
    SellOut(at_s=3720, product="p07", over_s=80),
    FeedGap(at_s=4320, duration_s=45),
    Stutter(at_s=4560, ms=1800, times=3),
    TrafficDrop(at_s=4800, duration_s=360, factor=0.05),
    Slump(at_s=5160, duration_s=420, orders=0.1, talk=0.3),
    BannedWord(at_s=5820, text="洗碗巾用了它，百分之百去油，全国第一。"),
    SellOut(at_s=5880, product="p02", over_s=90),
    ComplaintFlood(at_s=6180, product="p04", topic="price", people=14),
    TrafficSurge(at_s=6430, duration_s=240, factor=1.5),
    RudeComments(at_s=6660, people=2),
)

_DEMO_EFFECTS = tuple(
    PlantedEffect(rule=rule, lift=lift)
    for rule, lift in {
        "R001": 0.3,
        "R004": 0.2,
        "R005": 0.3,
        "R007": 0.3,
        "R011": 0.1,
        "R012": 0.2,
        "R013": 0.3,
        "R014": 0.2,
        "R015": 0.1,
        "R018": 0.0,
        "R019": 0.1,
        "R025": 0.0,
        "R031": 0.2,
        "R122": 0.3,
    }.items()
)
"""What following these cues does in the demo. Invented: it shows how a judge works, not how cues work."""


def default_demo(
    seed: int = 7, starts_at: int = 1_790_000_000_000, room: str = "demo", duration_s: int = _RUNDOWN_S
) -> Scenario:
    """The demo show: 2 h, an incident every few minutes, after ``DEMO_OPENS_S`` a banned word at once."""
    return Scenario(
        seed=seed,
        starts_at=starts_at,
        duration_s=duration_s,
        room=room,
        products=shop(),
        segments=_up_to(rundown(duration_s), _DEMO_GMV),
        crew=CREW,
        incidents=tuple(one for one in _DEMO_INCIDENTS if one.at_s < duration_s),
        effects=_DEMO_EFFECTS,
        goals={"M41": _DEMO_GMV, "M03": 22_000, "M07": 700},
        letters=1.2,
    )


_BIG_S = 14_400
_BIG_GMV = 50_000_000
BIG_OPENS_S = 20
"""The big show is shown from its beginning."""

_BIG_INCIDENTS: tuple[AnyIncident, ...] = (
    TrafficSurge(at_s=480, duration_s=480, factor=1.35),
    OfferRuns(at_s=2100, title="跨品满99减15", duration_s=2400, quantity=600),
    SellOut(at_s=3240, product="p03", over_s=120),
    RudeComments(at_s=4500, people=3),
    ComplaintFlood(at_s=5460, product="p08", topic="damage", people=70, duration_s=300),
    RefundWave(at_s=5700, product="p08", share=0.3, duration_s=1500),
    SellOut(at_s=7440, product="p07", over_s=120),
    TrafficDrop(at_s=8700, duration_s=900, factor=0.03),
    RefundWave(at_s=9300, product="p04", share=0.2, duration_s=1200),
    BannedWord(at_s=10_200, text="洗衣凝珠全网最低价，百分之百不留残渣。"),
    Slump(at_s=10_500, duration_s=420, orders=0.2, talk=0.4),
    SellOut(at_s=11_760, product="p02", over_s=150),
    ComplaintFlood(at_s=12_300, product="p04", topic="delay", people=40, duration_s=240),
    TrafficSurge(at_s=12_900, duration_s=480, factor=1.5),
)
_BIG_ANSWERS = (
    ScriptedAnswer(action="SendMessage", nth=9, outcome="unknown", why="应答丢失", happens=True),
    ScriptedAnswer(action="SendMessage", nth=24, outcome="later", why="调用过于频繁", retry_after_s=2.0),
    ScriptedAnswer(action="SendMessage", nth=41, outcome="unknown", why="连接中断"),
    ScriptedAnswer(action="ChangePrice", nth=2, outcome="later", why="调用过于频繁", retry_after_s=2.0),
    ScriptedAnswer(action="PinProduct", nth=3, outcome="unknown", why="应答丢失", happens=True),
)
_SCARCE = frozenset({"p02", "p03", "p07"})
"""What a rush buys up."""


def big_show(seed: int = 11, starts_at: int = 1_790_000_000_000, room: str = "demo") -> Scenario:
    """The night of a sale: 4 h, 50,000 comments and 5,000 orders at the least, customers who write in private,
    sell-outs, two waves of refunds, two floods of complaints, a drop of traffic, late and lost answers of the platform.
    """
    products = tuple(
        msgspec.structs.replace(
            item,
            stock={sku: pieces * (3 if item.card.product in _SCARCE else 6) for sku, pieces in item.stock.items()},
        )
        for item in shop()
    )
    return Scenario(
        seed=seed,
        starts_at=starts_at,
        duration_s=_BIG_S,
        room=room,
        title="小镇好物 大促四小时场（模拟）",
        traffic=2.0,
        products=products,
        segments=_up_to(rundown(_BIG_S), _BIG_GMV),
        crew=CREW,
        incidents=_BIG_INCIDENTS,
        effects=_DEMO_EFFECTS,
        answers=_BIG_ANSWERS,
        goals={"M41": _BIG_GMV, "M03": 100_000, "M07": 1_500},
        letters=0.8,
        talk=4.0,
        buying=10.0,
    )


def plain_show(
    seed: int,
    starts_at: int = 1_790_000_000_000,
    duration_s: int = 3600,
    incidents: Sequence[AnyIncident] = (),
    effects: Sequence[PlantedEffect] = (),
    traffic: float = 1.0,
    room: str = "simulated",
) -> Scenario:
    """A show in which nothing happens but what is given: for proofs over many seeds."""
    return Scenario(
        seed=seed,
        starts_at=starts_at,
        duration_s=duration_s,
        room=room,
        traffic=traffic,
        products=shop(),
        segments=rundown(duration_s),
        crew=CREW,
        incidents=tuple(incidents),
        effects=tuple(effects),
    )
