"""Every metric against a recomputation from the list of events by code that shares nothing with the ledger."""

import math
import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livecue.events import ClockTicked, Event
from livecue.metrics import DEFINITIONS, Metrics
from tests.metrics.naive import answers
from tests.metrics.naive_facts import Naive
from tests.metrics.streams import KINDS, PRODUCTS, ROOM, SEGMENTS, Silent, folded, stream

WINDOWS = ("1m", "5m", "15m", "segment", "show")


def differences(ledger: Metrics, events: Sequence[Event], scopes: Sequence[str], windows: Sequence[str]) -> list[str]:
    """Where the ledger and the plain recomputation disagree."""
    naive = Naive(events)
    picture = ledger.picture(naive.now)
    found = []
    for scope in scopes:
        for window in windows:
            if scope.startswith("segment:") and window not in ("show", "segment"):
                continue
            if early(naive, window, scope):
                continue
            for metric, (value, why) in answers(naive, window, scope).items():
                reading = picture.reading(metric, window, scope)
                if not same(reading.value, value) or (value is None and reading.why != why):
                    found.append(f"{metric} {window} {scope}: {reading.value} {reading.why!r}, not {value} {why!r}")
    return found


def early(naive: Naive, window: str, scope: str) -> bool:
    if scope.startswith("segment:"):
        return all(item.segment != scope[8:] for item in naive.intervals) and naive.segment != scope[8:]
    if window == "segment":
        return naive.stretch == 0
    return window != "show" and naive.now // 5000 <= naive.began // 5000


def same(have: Any, want: Any) -> bool:
    if have is None or want is None:
        return have is want
    return math.isclose(have, want, rel_tol=1e-9, abs_tol=1e-9)


SCOPES = (
    "room",
    *(f"segment:{name}" for name in SEGMENTS),
    *(f"product:{name}" for name in PRODUCTS),
    *(f"source:{via}" for via in ("feed", "video", "paid", "unknown")),
)


@given(
    seed=st.integers(0, 10**9),
    size=st.integers(0, 160),
    masked=st.sampled_from((0.0, 0.0, 0.03, 1.0)),
    gap=st.sampled_from((600, 8_000, 90_000)),
    shows=st.integers(0, 2),
    foreign=st.sampled_from((0.0, 0.3)),
    missing=st.sets(st.sampled_from(("enter", "enter2", "leave", "online", "segment", "pin", "refund", "create"))),
)
@settings(max_examples=60)
def test_every_metric_in_every_window_and_scope(
    seed: int, size: int, masked: float, gap: int, shows: int, foreign: float, missing: set[str]
) -> None:
    kinds = [name for name in KINDS if name not in missing]
    events = stream(seed, size, masked, gap, kinds, shows, foreign)
    assert differences(folded(events), events, SCOPES, WINDOWS) == []


@pytest.mark.parametrize("seed", range(3))
def test_at_any_moment(seed: int) -> None:
    """Asked at every tenth tick, so that windows are seen while they fill, pass and empty."""
    events = stream(seed, 500, longest_gap=20_000)
    ledger = Metrics(ROOM, None)
    unit = Silent()
    for place, event in enumerate(events):
        ledger.fold([event], unit)
        if isinstance(event, ClockTicked) and place % 40 == 0:
            assert differences(ledger, events[: place + 1], SCOPES[:5], WINDOWS) == []


@given(seed=st.integers(0, 10**9), masked=st.sampled_from((0.0, 0.1)), data=st.data())
@settings(max_examples=30)
def test_cuts_and_restarts_change_nothing(seed: int, masked: float, data: st.DataObject) -> None:
    events = stream(seed, 200, masked, 30_000, shows=2)
    straight = folded(events)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(events)), max_size=12)))
    ledger, unit = Metrics(ROOM, None), Silent()
    for start, end in zip([0, *cuts], [*cuts, len(events)], strict=True):
        ledger.fold(events[start:end], unit)
        if random.Random(seed + start).random() < 0.5:
            ledger = Metrics(ROOM, ledger.dump())
    assert ledger.dump() == straight.dump()
    now = max(event.now for event in events if isinstance(event, ClockTicked))
    one, other = ledger.picture(now), straight.picture(now)
    for metric in DEFINITIONS:
        for window in WINDOWS:
            assert one.reading(metric, window) == other.reading(metric, window)
