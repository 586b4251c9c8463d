"""A million events do not grow the state: it holds people and orders, never events."""

from livecue import events as ev
from livecue.events import ClockTicked, Event, Line
from livecue.metrics import Metrics
from tests.metrics.streams import ROOM, START, Silent


def test_a_million_events_by_the_same_people() -> None:
    block: list[Event] = []
    for n in range(10_000):
        user = f"u{n % 2_000}"
        kind = n % 100
        if kind < 55:
            block.append(ev.LikeGiven(user=user, count=2))
        elif kind < 75:
            block.append(ev.ViewerEntered(user=user, via="feed"))
        elif kind < 87:
            block.append(ev.CommentPosted(user=user, text="有吗"))
        elif kind < 95:
            block.append(ev.ProductClicked(user=user, product=f"p{n % 30}"))
        elif kind < 98:
            block.append(ev.UserFollowed(user=user))
        else:
            line = (Line(sku="s", product=f"p{n % 30}", price=9),)
            block.append(ev.OrderPaid(order=f"o{n}", user=user, amount=9, lines=line))
    ledger, unit = Metrics(ROOM, None), Silent()
    now = START
    ledger.fold([ClockTicked(now=now)], unit)
    sizes: list[int] = []
    for turn in range(100):
        ledger.fold(block, unit)
        for _ in range(20):
            now += 1_000
            ledger.fold([ClockTicked(now=now)], unit)
        if turn % 10 == 9:
            sizes.append(len(ledger.dump()))
    assert ledger.picture(now).reading("M25.likes", "show").value == 100 * 5_500 * 2
    assert ledger.picture(now).reading("M41.orders", "show").value == 200
    viewers = len({event.user for event in block if isinstance(event, ev.ViewerEntered)})
    assert ledger.picture(now).reading("M04", "show").value == viewers
    # The windows are full after fifteen minutes (45 turns); from then on only the minutes of the chart grow, to 120.
    assert max(sizes[5:]) - sizes[5] < 800 * 20 + 40_000
    assert max(sizes) < 800_000
