"""A small show made of a seed: what is sent, and what must come out, reckoned without any part of the program."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from livecue.events import (
    ActionAsked,
    BrandSaved,
    ChangePrice,
    CommentPosted,
    Event,
    LikeGiven,
    Line,
    OrderPaid,
    PinProduct,
    ReplyToComment,
    RoomSaved,
    ShowPlanned,
    ShowStarted,
    StockOpened,
    UnpinProduct,
    ViewerEntered,
)

ROOM = "faults"
SHOW = "the-show"
START = 1_790_000_000_000
STOCK = 100_000
HOUSE = (
    BrandSaved(org="main", brand="main", name="main"),
    RoomSaved(room=ROOM, org="main", brand="main", name="Faults", platform="simulator", nature="simulated"),
)
OPENING: tuple[Event, ...] = (
    StockOpened(key="opened", sku="s1", product="p1", quantity=STOCK),
    ShowPlanned(key="planned", command="planned", show=SHOW, title="Faults", starts_at=START),
    ShowStarted(key="started", command="started", show=SHOW),
)
WORDS = ("黑色还有吗", "多少钱", "什么时候发货", "扣1", "主播好", "全网最低价吗", "骗人的吧", "怎么买")
REPEATABLE = ("PinProduct", "UnpinProduct")
CONFIRMED = ("ReplyToComment",)


@dataclass
class Expected:
    """What the rows must say when all was sent."""

    comments: set[str] = field(default_factory=set)
    orders: dict[str, int] = field(default_factory=dict)
    pieces: int = 0
    likes: int = 0
    entries: int = 0
    asked: dict[str, str] = field(default_factory=dict)
    """Command to kind of action."""


def command_of(kind: str, seed: int, number: int) -> ActionAsked:
    """An action that can be told by its content, since its id is the program's own."""
    mark = f"{seed}-{number}"
    action: PinProduct | UnpinProduct | ReplyToComment | ChangePrice
    if kind == "PinProduct":
        action = PinProduct(product=mark)
    elif kind == "UnpinProduct":
        action = UnpinProduct(product=mark)
    elif kind == "ReplyToComment":
        action = ReplyToComment(comment=mark, text="有货")
    else:
        action = ChangePrice(product=mark, price=100)
    return ActionAsked(key=f"ask-{mark}", command=f"ask-{mark}", by="floor", action=action)


def batches_of(seed: int, count: int) -> tuple[list[list[Event]], Expected]:
    """``count`` batches in the order they happened, and what they amount to."""
    rng = random.Random(seed)
    expected = Expected()
    batches: list[list[Event]] = []
    for number in range(count):
        batch: list[Event] = []
        for place in range(rng.randint(2, 7)):
            key = f"{seed}.{number}.{place}"
            what = rng.random()
            if what < 0.4:
                likes = rng.randint(1, 9)
                expected.likes += likes
                batch.append(LikeGiven(key=key, user=f"u{rng.randrange(50)}", count=likes))
            elif what < 0.6:
                expected.entries += 1
                batch.append(ViewerEntered(key=key, user=f"u{rng.randrange(50)}", via="feed"))
            elif what < 0.85:
                expected.comments.add(key)
                batch.append(CommentPosted(key=key, user=f"u{rng.randrange(50)}", text=rng.choice(WORDS)))
            else:
                pieces, amount = rng.randint(1, 3), rng.randint(100, 9_900)
                expected.orders[key] = amount
                expected.pieces += pieces
                line = Line(product="p1", sku="s1", quantity=pieces)
                batch.append(OrderPaid(key=f"paid-{key}", order=key, amount=amount, user="u1", lines=(line,)))
        if number % 4 == 1:
            kind = rng.choice((*REPEATABLE, *CONFIRMED, "ChangePrice", "ReplyToComment", "ChangePrice"))
            asked = command_of(kind, seed, number)
            expected.asked[asked.command] = kind
            batch.append(asked)
        batches.append(batch)
    return batches, expected


def keys_of(batch: Sequence[Event]) -> list[str]:
    """The keys of a batch."""
    return [event.key for event in batch]
