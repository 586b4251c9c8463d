"""A search in a process of its own: ``python -m livecue.planning.roster.worker``.

One JSON line in is the problem, a line ``stop`` (or the end of the input: the program that asked is gone) ends the
search with the best so far. Out come lines: progress, and last the roster or what is wrong. It lowers its own
priority: a room on air goes before a roster of next month.
"""

import contextlib
import os
import sys
import threading

import msgspec

from livecue.errors import BadInput
from livecue.planning.roster.problem import Problem, Roster
from livecue.planning.roster.searching import Progress, solve

NICE = 10


class Order(msgspec.Struct, frozen=True):
    """What to search."""

    problem: Problem
    gap: float
    seconds: float


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the search."""

    progress: Progress | None = None
    roster: Roster | None = None
    wrong: str = ""


def main() -> None:
    """Read an order, search, tell."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICE)
    encode = msgspec.json.Encoder().encode
    lines, out = sys.stdin.buffer, sys.stdout.buffer
    stop = threading.Event()

    def listen() -> None:
        lines.readline()
        stop.set()

    def say(said: Said) -> None:
        out.write(encode(said) + b"\n")
        out.flush()

    def told(progress: Progress) -> bool:
        say(Said(progress=progress))
        return not stop.is_set()

    order = msgspec.json.decode(lines.readline(), type=Order)
    threading.Thread(target=listen, daemon=True).start()
    try:
        say(Said(roster=solve(order.problem, order.gap, order.seconds, told)))
    except BadInput as error:
        say(Said(wrong=str(error)))


if __name__ == "__main__":
    main()
