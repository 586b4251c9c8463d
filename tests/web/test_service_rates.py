"""R070, M80, M81, M83, M84: equal to a recount out of the journal, unknown where no source told."""

from collections.abc import Sequence
from typing import Any

import pytest

from livecue.events import (
    AfterSaleTold,
    ClockTicked,
    Event,
    Line,
    MessageReceived,
    OrderCreated,
    OrderPaid,
    OrderRefunded,
    ParcelMoved,
    PersonSaved,
    ReviewPosted,
    RoleGranted,
    RoomSaved,
    decode_events,
)
from livecue.kit import new_id
from tests.web.conftest import House

HOUR = 3_600_000
DAY = 24 * HOUR


class Counter:
    """A room whose time is the clock of the house, and a person who answers its customers."""

    def __init__(self, house: House) -> None:
        self.house = house
        house.app.tell_house(
            PersonSaved(person="an", org="main", name="小安"),
            RoleGranted(person="an", role="cs", org="main", brand="main"),
        )
        self.an = house.client("an")
        self.start = house.clock.now_ms()
        self.pass_on(250)

    @property
    def now(self) -> int:
        return self.house.clock.now_ms()

    def post(self, *events: Event) -> None:
        self.house.app.pump.post("r1", list(events), source="test").result(10)

    def pass_on(self, ms: int) -> None:
        self.house.clock.advance(ms)
        self.post(ClockTicked(now=self.now))

    def write(self, text: str, who: str, order: str = "") -> None:
        self.post(MessageReceived(conversation=f"k-{who or new_id()}", text=text, user=who, order=order, key=new_id()))

    def buy(self, order: str, who: str) -> None:
        told: dict[str, Any] = {"order": order, "amount": 1000, "user": who, "lines": (Line(sku="s", product="p"),)}
        self.post(OrderCreated(key=new_id(), **told), OrderPaid(key=new_id(), **told))

    def case(self, order: str, case: str, status: str, reason: str = "") -> None:
        told = AfterSaleTold(
            order=order, case=case, status=status, type="refund_only", reason=reason, at=self.now, key=new_id()
        )
        self.post(told)

    def rates(self, room: str = "r1", **span: int) -> dict[str, dict[str, Any]]:
        asked: dict[str, Any] = {"room": room, "since": self.start, "until": self.now + 1, **span}
        found = self.an.get("/api/service/rates", params=asked)
        assert found.status_code == 200, found.text
        return {row["name"]: row for row in found.json()["rates"]}


@pytest.fixture
def counter(house: House) -> Counter:
    return Counter(house)


def test_nothing_told_is_unknown_and_not_zero(counter: Counter) -> None:
    found = counter.rates()
    assert {name: row["why"] for name, row in found.items()} == {
        "R070": "no_source", "M80": "no_source", "M81": "no_reviews", "M83": "no_enquirers", "M84.during": "no_refunds",
        "M84.after": "no_refunds",
    }  # fmt: skip
    assert all(row["value"] is None for row in found.values())
    assert found["R070"]["bound"] == 0.003 and found["R070"]["until"] - found["R070"]["since"] == 30 * DAY + 1
    counter.write("在吗", "u1")
    assert counter.rates()["R070"]["why"] == "no_orders", "complaints could be told now, but nobody has paid"


def _serve(counter: Counter) -> None:
    """Ten customers over some days: questions, orders, complaints, refunds, reviews."""
    for place in range(8):
        counter.write("这个有货吗", f"u{place}")
        counter.pass_on(HOUR)
        if place % 2 == 0:
            counter.buy(f"o{place}", f"u{place}")
    counter.buy("o20", "u20")
    counter.write("你们骗人，质量太差，我要投诉！", "u20")
    counter.write("谢谢，解决了", "u20")
    counter.write("衣服破了，垃圾，投诉你们", "u2", order="o2")
    counter.write("请问什么时候发货", "u0", order="o0")
    counter.write("有没有黑色", "")
    counter.pass_on(HOUR)
    counter.case("o2", "c2", "applied", "质量问题")
    counter.case("o4", "c4", "applied", "不想要了")
    counter.case("o6", "c6", "applied", "发错货")
    counter.pass_on(5 * HOUR)
    counter.case("o6", "c6", "platform_case")
    counter.case("o4", "c4", "refunded")
    counter.post(ParcelMoved(order="o2", parcel="x", status="delivered", at=counter.now - 10 * HOUR, key=new_id()))
    counter.pass_on(7 * HOUR)
    counter.case("o2", "c2", "refunded")
    counter.post(OrderRefunded(order="o0", refund="f0", amount=100, reason="差价", key=new_id()))
    for place, score in enumerate((5, 5, 4, 3, 1)):
        counter.post(
            ReviewPosted(
                review=f"v{place}", score=score, product="p", at=counter.now, text="电话 13812345678", key=new_id()
            )
        )
    counter.write("还在卖吗", "u40")
    counter.pass_on(2 * DAY)
    counter.write("上次问的还有吗", "u40")
    counter.pass_on(2 * HOUR)
    counter.buy("o40", "u40")
    counter.pass_on(DAY)
    counter.write("还有货吗", "u30")


def _recount(events: Sequence[Event], now: int) -> dict[str, Any]:
    """The same out of the journal's outside events, by other means: people first, then what became of them."""
    at = 0
    paid: dict[str, tuple[str, int]] = {}
    asked: dict[str, list[int]] = {}
    angry_orders: set[str] = set()
    angry_people: set[str] = set()
    cases: dict[str, tuple[str, int]] = {}
    arrived: dict[str, int] = {}
    times: dict[bool, list[int]] = {False: [], True: []}
    scores: dict[str, int] = {}
    for event in events:
        if isinstance(event, ClockTicked):
            at = event.now
        elif isinstance(event, MessageReceived):
            angry = "投诉" in event.text
            if angry and event.order:
                angry_orders.add(event.order)
            elif angry:
                angry_people.add(event.user)
            if event.user and not event.order:
                asked.setdefault(event.user, []).append(at)
        elif isinstance(event, OrderPaid):
            paid[event.order] = event.user, at
        elif isinstance(event, ParcelMoved):
            arrived[event.order] = event.at
        elif isinstance(event, AfterSaleTold):
            order, opened = cases.setdefault(event.case, (event.order, event.at))
            if "质量" in event.reason or event.status == "platform_case":
                angry_orders.add(order)
            if event.status == "refunded":
                times[order in arrived and arrived[order] <= opened].append(event.at - opened)
        elif isinstance(event, ReviewPosted):
            scores[event.review] = event.score
    angry_people -= {paid[order][0] for order in angry_orders}
    ripe = {who: moments for who, moments in asked.items() if moments[-1] + DAY <= now}
    # A customer whose conversation later named an order asked about that order: not an enquiry.
    named = {e.user for e in events if isinstance(e, MessageReceived) and e.order}
    ripe = {who: when for who, when in ripe.items() if who not in named}
    # From the payment back: had its buyer asked something in the day before it?
    bought = {who for who, t in paid.values() if any(t - DAY <= when <= t for when in ripe.get(who, ()))}
    return {
        "M80": (len(angry_orders) + len(angry_people), len(paid)),
        "M81": (sum(score >= 4 for score in scores.values()), len(scores)),
        "M83": (len(bought), len(ripe)),
        "M84.during": times[False],
        "M84.after": times[True],
    }


def test_the_rates_agree_with_a_recount_of_the_journal(counter: Counter) -> None:
    _serve(counter)
    found = counter.rates()
    reader = counter.house.app.reader
    journal = [
        event
        for (blob,) in reader.rows("SELECT blob FROM journal WHERE room = 'r1' ORDER BY number")
        for event in decode_events(blob)
    ]
    told = _recount(journal, counter.now)
    for name in ("M80", "M81", "M83"):
        assert (found[name]["part"], found[name]["of"]) == told[name], name
        assert found[name]["value"] == pytest.approx(told[name][0] / told[name][1])
    for name in ("M84.during", "M84.after"):
        assert found[name]["of"] == len(told[name]) == 1
        assert found[name]["value"] == pytest.approx(sum(told[name]) / len(told[name]))
    assert (found["M84.during"]["value"], found["M84.after"]["value"]) == (5 * HOUR, 12 * HOUR)
    assert found["M80"]["part"] == 3 and found["R070"]["value"] > found["R070"]["bound"]
    assert found["M84.during"]["aside"] == {"no_case": 1}, "a refund nobody applied for has no beginning"
    assert found["M83"]["part"] == 4, "u40 bought after the second time"
    assert found["M83"]["aside"] == {"about_order": 2, "nameless": 1, "open": 1}
    assert found["M81"]["sources"] == {"": 5} and found["M81"]["newest"] > counter.start


def _room(counter: Counter, room: str, nature: str) -> None:
    told = RoomSaved(room=room, org="main", brand="main", name=room, platform="p", nature=nature)
    counter.house.app.tell_house(told)


def _paid(counter: Counter, room: str, *events: Event) -> None:
    told: dict[str, Any] = {"order": f"o-{room}", "amount": 1000, "user": "u", "lines": (Line(sku="s", product="p"),)}
    start = ClockTicked(now=counter.now)
    both = OrderCreated(key=new_id(), **told), OrderPaid(key=new_id(), **told)
    counter.house.app.pump.post(room, [start, *both, *events], source="test").result(10)


def test_a_room_nobody_can_complain_of_does_not_water_the_rate_down(counter: Counter) -> None:
    _room(counter, "real1", "real")
    _room(counter, "real2", "real")
    angry = MessageReceived(conversation="k", text="质量太差，我要投诉！", user="u", order="o-real1", key=new_id())
    _paid(counter, "real1", angry)
    _paid(counter, "real2")
    for name in ("R070", "M80"):
        found = counter.rates("")[name]
        assert (found["part"], found["of"], found["value"]) == (1, 1, 1.0)
        assert found["aside"] == {"cases": 1, "untold_rooms": 1}
    assert counter.rates("real2")["M80"]["why"] == "no_source"


def test_rehearsed_rooms_are_counted_only_by_themselves(counter: Counter) -> None:
    _serve(counter)
    _room(counter, "real1", "real")
    review = ReviewPosted(review="v", score=5, product="p", at=counter.now, key=new_id())
    _paid(counter, "real1", MessageReceived(conversation="k", text="在吗", user="u", key=new_id()), review)
    every = counter.rates("")
    assert (every["M80"]["part"], every["M80"]["of"], every["M81"]["of"]) == (0, 1, 1)
    assert every["M84.during"]["why"] == "no_refunds"
    assert counter.rates("r1")["M80"]["part"] == 3
    assert [row["of"] for row in counter.an.get("/api/service/reviews").json()["products"]] == [1]


def test_a_refund_whose_application_nobody_told_is_set_aside(counter: Counter) -> None:
    for order in ("o1", "o2", "o3", "o4", "o5"):
        counter.buy(order, "u1")
    told: dict[str, Any] = {"type": "refund_only"}

    def tell(case: str, status: str, at: int) -> AfterSaleTold:
        return AfterSaleTold(order=f"o{case}", case=f"c{case}", status=status, at=at, key=new_id(), **told)

    counter.post(tell("1", "refunded", counter.now))
    counter.post(tell("2", "applied", 0), tell("2", "refunded", counter.now))
    found = counter.rates()["M84.during"]
    assert (found["value"], found["of"], found["aside"]) == (None, 0, {"no_application": 2}), "0 h would be a guess"
    counter.post(tell("3", "applied", counter.now), tell("4", "applied", 0), tell("5", "applied", counter.now))
    counter.pass_on(3 * HOUR)
    counter.post(tell("3", "refunded", counter.now), tell("4", "refunded", counter.now), tell("5", "refunded", 0))
    found = counter.rates()["M84.during"]
    assert (found["value"], found["of"], found["aside"]) == (3 * HOUR, 3, {"no_application": 2})


def test_r070_looks_back_thirty_days_and_m81_ninety(counter: Counter) -> None:
    _serve(counter)
    counter.pass_on(31 * DAY)
    counter.an = counter.house.client("an")  # the session of a month ago is over
    counter.buy("late", "u99")
    found = counter.rates()
    assert (found["R070"]["part"], found["R070"]["of"], found["R070"]["value"]) == (0, 1, 0.0)
    assert found["M80"]["part"] == 3 and found["M81"]["of"] == 5
    counter.pass_on(60 * DAY)
    counter.an = counter.house.client("an")
    assert counter.rates(since=counter.now - DAY)["M81"]["why"] == "no_reviews"


def test_reviews_come_by_file_and_bridge_and_nobody_else_sees_them(counter: Counter) -> None:
    content = "评价编号,评价时间,评分,商品编号,评价内容\nf1,2026-09-01 10:00:00,5,p,好\nf2,2026-09-01 10:00:00,9,p,\n"
    send = {"file": ("九月评价.csv", content.encode(), "text/csv")}
    first = counter.an.post("/api/rooms/r1/reviews/import", files=send).json()
    assert (first["reviews"], first["new"], first["rejected_count"]) == (1, 1, 1)
    assert first["rejected"][0]["row"] == 3 and first["rejected"][0]["code"] == "not_score"
    assert counter.an.post("/api/rooms/r1/reviews/import", files=send).json()["new"] == 0
    bridge = counter.house.client()
    bridge.headers["Authorization"] = f"Bearer {counter.house.token()}"
    line = (
        f'{{"kind":"ReviewPosted","review":"b1","score":2,"product":"p","user":"u1","at":{counter.now},'
        '"text":"打 13812345678 没人接"}'
    )
    sent = bridge.post("/bridge/v1/rooms/r1/events", content=line)
    assert sent.status_code in (200, 202), sent.text
    seen = counter.an.get("/api/service/reviews", params={"room": "r1"}).json()
    assert [(row["product"], row["good"], row["of"]) for row in seen["products"]] == [("p", 1, 2)]
    assert [(row["score"], row["source"]) for row in seen["newest"]] == [(2, ""), (5, "九月评价.csv")]
    assert "13812345678" not in seen["newest"][0]["said"]
    assert counter.rates()["M81"]["sources"] == {"": 1, "九月评价.csv": 1}
    stranger = counter.house.client("stranger")
    assert stranger.post("/api/rooms/r1/reviews/import", files=send).status_code == 404
    assert stranger.get("/api/service/reviews").json()["newest"] == []
