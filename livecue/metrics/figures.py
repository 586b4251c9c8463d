"""Every live metric over one window of one scope, asked for by a screen or a program; the frames hold a choice only."""

from urllib.parse import quote, unquote

import msgspec

from livecue.metrics.reading import WINDOWS_MS, Reading
from livecue.metrics.talks import Showcase

WINDOWS = (*WINDOWS_MS, "segment", "show")
"""What can be asked for."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """``figures`` has every metric of ``DEFINITIONS``, in their order. Times are room ms.

    ``segments``, ``products`` and ``sources`` are what scopes there are. ``showcase`` is M39 of a product, None for
    other scopes and before its first talk.
    """

    now: int
    show: str = ""
    began_at: int = 0
    ended_at: int = 0
    window: str
    scope: str
    segments: list[str] = []
    products: list[str] = []
    sources: list[str] = []
    figures: list[Reading] = []
    showcase: Showcase | None = None


def figures_question(window: str, scope: str) -> str:
    """The question to a room that ``Figures`` are the answer to; ids may hold any sign."""
    return f"metrics/{window}/{quote(scope, safe='')}"


def read_question(words: str) -> tuple[str, str]:
    """Window and scope of a question, without the name of the part."""
    window, _, scope = words.partition("/")
    return window, unquote(scope)
