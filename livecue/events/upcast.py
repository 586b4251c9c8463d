"""Old meanings become new ones here, one entry per (kind, version), so that old journals stay readable."""

from collections.abc import Callable
from typing import Any

Upcast = Callable[[dict[str, Any]], dict[str, Any]]

STEPS: dict[tuple[str, int], Upcast] = {}
"""(kind, version) to what makes the next version of the raw event; empty while every kind is at version 1."""


def upcast(raw: dict[str, Any]) -> dict[str, Any]:
    """Lift a raw event to the newest version of its kind."""
    while (step := STEPS.get((str(raw.get("kind")), int(raw.get("v", 1))))) is not None:
        raw = step(raw)
    return raw
