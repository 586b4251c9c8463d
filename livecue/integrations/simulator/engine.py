"""The engine of a simulated show: a queue in room time, and the events that come out of it."""

import heapq
import math
import random
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

import msgspec

from livecue.events import Event
from livecue.kit import stable_id

GRID_MS = 250
"""Inputs take effect on this grid, so that a show does not depend on how finely it is stepped."""

Work = Callable[[int, Any], None]


def seeded(*parts: object) -> random.Random:
    """A random source of its own for a purpose: what one part draws never moves what another draws."""
    return random.Random(stable_id("simulator", *parts))


def wave(source: random.Random, bins: int, bin_s: float, sd: float, tau_s: float) -> list[float]:
    """Slow noise around 1: the exponential of an Ornstein-Uhlenbeck walk, mean 1, one value per bin."""
    keep = math.exp(-bin_s / tau_s)
    push = sd * math.sqrt(1 - keep * keep)
    level = source.gauss(0, sd)
    values = []
    for _ in range(bins):
        values.append(math.exp(level - sd * sd / 2))
        level = keep * level + push * source.gauss(0, 1)
    return values


class Engine:
    """Queue of work by room time (ms UTC) and the list of events it has made.

    Work of the same millisecond runs in the order in which it was put in.
    """

    def __init__(self, prefix: str) -> None:
        self.out: list[Event] = []
        self._queue: list[tuple[int, int, Work, Any]] = []
        self._put = 0
        self._prefix = prefix
        self._keys = 0
        self._muted: tuple[type[Event], ...] = ()
        self._mute_mark = 0
        self.lost = 0
        """Events that a gone feed never brought."""

    def at(self, when: int, work: Work, what: Any = None) -> None:
        """Do ``work(when, what)`` at room time ``when``."""
        self._put += 1
        heapq.heappush(self._queue, (when, self._put, work, what))

    def key(self) -> str:
        """The next key: unique in the show and the same in every run of it."""
        self._keys += 1
        return f"{self._prefix}{self._keys}"

    def emit(self, now: int, event: Event) -> None:
        """Put out an event made elsewhere, with its key and moment."""
        self.out.append(msgspec.structs.replace(event, key=self.key(), at=now))

    def run(self, until: int) -> None:
        """Do all work before ``until``."""
        queue, pop = self._queue, heapq.heappop
        while queue and queue[0][0] < until:
            when, _, work, what = pop(queue)
            work(when, what)

    def mute(self, kinds: tuple[type[Event], ...]) -> None:
        """From now on events of these kinds are lost; () ends it."""
        self._drop_muted()
        self._muted = kinds
        self._mute_mark = len(self.out)

    def take(self) -> list[Event]:
        """The events since the last call, in order."""
        self._drop_muted()
        events, self.out = self.out, []
        self._mute_mark = 0
        return events

    def _drop_muted(self) -> None:
        if self._muted:
            before = len(self.out)
            late = self.out[self._mute_mark :]
            self.out[self._mute_mark :] = [event for event in late if not isinstance(event, self._muted)]
            self.lost += before - len(self.out)
            self._mute_mark = len(self.out)


def pick(cumulated: list[float], draw: float) -> int:
    """Index of a weighted choice: ``cumulated`` ends with the total, ``draw`` lies in [0, 1)."""
    return min(bisect_left(cumulated, draw * cumulated[-1]), len(cumulated) - 1)


def spread(source: random.Random, mean: float) -> float:
    """An exponential waiting time."""
    return -mean * math.log(1.0 - source.random())
