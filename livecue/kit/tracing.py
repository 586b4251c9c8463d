"""Spans for whoever wants to see where time goes; nothing at all unless somebody asks for them (``trace_with``)."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

Fact = str | int | float | bool


class OpenSpan(Protocol):
    """A span that is told what was not known when it was opened (OpenTelemetry's ``Span``)."""

    def set_attribute(self, key: str, value: Any) -> None:
        """Keep one more fact; the key with ``livecue.`` before it."""


Open = Callable[[str, dict[str, Fact]], AbstractContextManager[OpenSpan]]

_NONE: AbstractContextManager[None] = nullcontext()
_open: Open | None = None


def trace_with(opener: Open | None) -> None:
    """Open spans by ``opener`` from now on; None stops it."""
    global _open
    _open = opener


def span(name: str, **facts: Fact) -> AbstractContextManager[OpenSpan | None]:
    """A span around a block: a cycle, a commit, a call; never an event (40 µs each). None while nobody asks for spans.

    ``facts`` are ids, kinds and counts: nothing of a person, and no text that anybody wrote.
    """
    return _NONE if _open is None else _open(name, facts)
