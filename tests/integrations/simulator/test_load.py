"""The load generator's lines are real lines, counted, unique and fast."""

import time
from collections import Counter
from itertools import islice

import pytest

from livecue.errors import BadInput
from livecue.events import (
    CommentPosted,
    Event,
    LikeGiven,
    OrderCreated,
    OrderPaid,
    StockOpened,
    decode_line,
)
from livecue.integrations.simulator import LoadBlock, LoadMix, load_lines, load_opening
from tests.integrations.simulator.made import START, of


def blocks(count: int, seed: int = 1, lines: int = 2000) -> list[LoadBlock]:
    return list(islice(load_lines(seed, 5000, start_ms=START, lines=lines), count))


def events_of(block: LoadBlock) -> list[Event]:
    return [decode_line(line) for line in block.body.splitlines()]


def test_every_line_is_understood_and_the_mix_is_that_of_the_issue() -> None:
    block = blocks(1)[0]
    events = events_of(block)
    assert len(events) == block.lines == 2000
    shares = {kind: count / block.unique for kind, count in block.kinds.items()}
    wanted = {"LikeGiven": 0.55, "ViewerEntered": 0.20, "CommentPosted": 0.12, "ProductClicked": 0.08}
    for kind, share in wanted.items():
        assert shares[kind] == pytest.approx(share, abs=0.01)
    assert shares["GiftSent"] + shares["UserFollowed"] == pytest.approx(0.03, abs=0.005)
    assert shares["OrderCreated"] + shares["OrderPaid"] == pytest.approx(0.02, abs=0.005)


def test_one_line_in_a_hundred_repeats_an_earlier_one_of_its_block() -> None:
    for block in blocks(9):
        lines = block.body.splitlines()
        assert len(lines) - len(set(lines)) == block.lines - block.unique == 20
        keys = Counter(event.key for event in events_of(block))
        assert len(keys) == block.unique


def test_keys_comments_and_orders_never_come_again_in_other_blocks() -> None:
    keys: set[str] = set()
    texts: set[str] = set()
    orders: set[str] = set()
    made = blocks(40, lines=500)
    for block in made:
        first = {event.key: event for event in events_of(block)}
        keys |= set(first)
        texts |= {event.text for event in of(list(first.values()), CommentPosted)}
        orders |= {event.order for event in of(list(first.values()), OrderCreated)}
    assert len(keys) == sum(block.unique for block in made)
    assert len(texts) == sum(block.kinds["CommentPosted"] for block in made)
    assert len(orders) == sum(block.kinds["OrderCreated"] for block in made)
    assert 8 < sum(map(len, texts)) / len(texts) < 25


def test_the_block_tells_what_must_be_counted() -> None:
    for block in blocks(3):
        first = list({event.key: event for event in events_of(block)}.values())
        assert Counter(type(event).__name__ for event in first) == block.kinds
        assert sum(event.count for event in of(first, LikeGiven)) == block.likes
        assert sum(event.amount for event in of(first, OrderPaid)) == block.gmv
        made: dict[str, OrderCreated] = {}
        for event in first:
            if isinstance(event, OrderCreated):
                made[event.order] = event
            elif isinstance(event, OrderPaid):
                assert made[event.order].lines == event.lines and made[event.order].user == event.user


def test_moments_follow_the_rate_and_seeds_the_bytes() -> None:
    first, again, other = blocks(2), blocks(2), blocks(2, seed=2)
    assert [block.body for block in first] == [block.body for block in again]
    assert first[0].body != other[0].body
    moments = [event.at for event in events_of(first[1])]
    assert min(moments) >= START + 1980 / 5000 * 1000 - 1 and max(moments) <= START + 2 * 1980 / 5000 * 1000


def test_what_is_sent_first_opens_a_stock_that_does_not_end() -> None:
    events = [decode_line(line) for line in load_opening(START).splitlines()]
    opened = {event.sku for event in of(events, StockOpened)}
    sold = {line.sku for event in of(events_of(blocks(1)[0]), OrderCreated) for line in event.lines}
    assert sold <= opened and all(event.quantity > 10**9 for event in of(events, StockOpened))


def test_a_generator_is_faster_than_what_it_loads() -> None:
    made = load_lines(1, 120_000, start_ms=START)
    next(made)
    started = time.perf_counter()
    lines = sum(block.lines for block in islice(made, 60))
    assert lines / (time.perf_counter() - started) > 150_000


def test_a_load_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(BadInput, match="must make 1"):
        LoadMix(likes=0.9)
    with pytest.raises(BadInput, match="at least 200"):
        next(load_lines(1, 0, start_ms=START))
