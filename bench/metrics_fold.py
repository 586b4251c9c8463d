"""How long the metrics ledger takes per event, on the mix of the issue; run alone: ``python -m bench.metrics_fold``.

55 % likes, 20 % entries, 12 % comments, 8 % clicks, 3 % gifts and follows, 2 % orders and payments, with a tick every
250 ms of room time. Events are made before the clock starts. Prints microseconds per event, the cost of the picture
per tick, memory, and the size and time of a dump.
"""

import argparse
import random
import resource
import time
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from livecue.events import (
    ClockTicked,
    CommentPosted,
    Event,
    GiftSent,
    LikeGiven,
    Line,
    OrderCreated,
    OrderPaid,
    ProductClicked,
    SegmentStarted,
    ShowStarted,
    UserFollowed,
    ViewerEntered,
    decode_events,
    encode_events,
)
from livecue.flow import RoomInfo
from livecue.metrics import Metrics

START = 1_790_000_000_000
VIAS = ("feed", "follow", "video", "square", "search", "paid", "")


class NoUnit:
    """Takes rows and drops them: the ledger alone is measured."""

    room, number, source, rebuilding = "room", 1, "bench", False
    now = 0
    recorded: Sequence[Event] | None = None

    def write(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Drop."""

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Drop."""

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Nothing."""
        return []

    def announce(self, *events: Event) -> None:
        """Drop."""

    def act(self, *actions: Any) -> None:
        """Drop."""


def make(count: int, people: int, products: int, seed: int) -> list[Event]:
    """Events of the mix; people come back as in a real room, a few often and most seldom."""
    chance = random.Random(seed)
    made: list[Event] = []
    order = 0
    while len(made) < count:
        user = f"u{int(people * chance.random() ** 2):019d}"
        dice = chance.random()
        if dice < 0.55:
            made.append(LikeGiven(user=user, count=chance.randint(1, 9)))
        elif dice < 0.75:
            made.append(ViewerEntered(user=user, name="观众", via=chance.choice(VIAS)))
        elif dice < 0.87:
            made.append(CommentPosted(user=user, name="观众", text="黑色还有吗"))
        elif dice < 0.95:
            made.append(ProductClicked(user=user, product=f"p{chance.randrange(products)}"))
        elif dice < 0.98:
            made.append(GiftSent(user=user, coins=10) if chance.random() < 0.5 else UserFollowed(user=user))
        else:
            order += 1
            product = f"p{chance.randrange(products)}"
            price = chance.randint(990, 29_900)
            name, lines = f"o{order:019d}", (Line(sku=product + "-1", product=product, price=price),)
            made.append(OrderCreated(order=name, amount=price, user=user, lines=lines))
            made.append(OrderPaid(order=name, amount=price, user=user, lines=lines))
    return decode_events(encode_events(made[:count]))


def measure(count: int, rate: int, people: int, products: int, batch: int) -> None:
    """Fold ``count`` events that come ``rate`` a second of room time and print what it took."""
    ledger = Metrics(RoomInfo(room="room", org="o", brand="b"), None)
    unit = NoUnit()
    ledger.fold([ClockTicked(now=START)], unit)
    ledger.fold([ShowStarted(show="s")], unit)
    now, due, spent, ticking, ticks, done = START, 0.0, 0.0, 0.0, 0, 0
    seed = 0
    while done < count:
        events = make(min(100_000, count - done), people, products, seed)
        seed += 1
        for start in range(0, len(events), batch):
            part = events[start : start + batch]
            begun = time.process_time()
            ledger.fold(part, unit)
            spent += time.process_time() - begun
            due += len(part) / rate * 1000
            while due >= 250:
                due -= 250
                now += 250
                begun = time.process_time()
                ledger.fold([ClockTicked(now=now)], unit)
                picture = ledger.picture(now)
                for metric in ("M45", "M28", "M33", "M25", "M44", "M06"):
                    picture.reading(metric, "5m")
                    picture.reading(metric, "show")
                ticking += time.process_time() - begun
                ticks += 1
                if ticks % 1_200 == 0:
                    ledger.fold([SegmentStarted(show="s", segment=f"g{ticks}")], unit)
        done += len(events)
    begun = time.process_time()
    blob = ledger.dump()
    dumped = time.process_time() - begun
    begun = time.process_time()
    size = len(msgspec.json.encode(ledger.picture(now).screen()))
    drawn = time.process_time() - begun
    print(f"events {count:,}  people {people:,}  products {products}  events/s of room time {rate:,}  batch {batch}")
    print(f"fold      {spent / count * 1e6:8.3f} µs/event   {count / spent:,.0f} events/s")
    print(f"ticks     {ticking / max(ticks, 1) * 1e6:8.1f} µs/tick    {ticks:,} ticks")
    print(f"together  {(spent + ticking) / count * 1e6:8.3f} µs/event")
    print(f"dump      {dumped * 1e3:8.1f} ms         {len(blob) / 1e6:.2f} MB")
    print(f"screen    {drawn * 1e3:8.2f} ms         {size / 1e3:.1f} kB")
    print(f"memory    {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB peak of this process")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rate", type=int, default=5_000, help="events per second of room time")
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--products", type=int, default=30)
    parser.add_argument("--batch", type=int, default=500)
    given = parser.parse_args()
    measure(given.events, given.rate, given.people, given.products, given.batch)


if __name__ == "__main__":
    main()
