"""The row of one past scene: no more of the room than the rules look at, and nobody's words."""

from typing import Literal, TypeAlias

import msgspec

from livecue.cues.presets import PRESETS
from livecue.cues.scene import SOURCES

Figure: TypeAlias = tuple[float | None, int, str]
"""Value, sample and why it is unknown."""


class Word(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """What was said at room time ``when``, without its text. ``about``: the comment, or the flagged text's id."""

    when: int
    kind: Literal["question", "complaint", "abuse", "flag", "answered"]
    about: str = ""
    topic: str = ""
    product: str = ""
    where: str = ""
    severity: str = ""
    entry: str = ""


class Running(msgspec.Struct, frozen=True, array_like=True):
    """The running segment; room ms."""

    segment: str
    part: str
    product: str
    planned_start: int
    planned_end: int
    started_at: int
    expected_end: int


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """The show and the lineup as the rules look at them."""

    started_at: int
    pinned: str
    pinned_at: int
    segment_started_at: int
    running: Running | None
    planned: int
    """Number of segments in the rundown."""
    bags: bool
    """The rundown has a draw."""
    drawing: bool
    last_draw_at: int
    listed: tuple[str, ...]
    products: tuple[tuple[str, str, str], ...]
    """Product, role, category."""
    offers: tuple[tuple[str, str, int], ...]
    """Offer, product, end."""
    stream: str


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """One scene. What is None is as in the scene before."""

    figures: dict[str, Figure] = {}
    shown: Shown | None = None
    stock: dict[str, int | None] | None = None
    """Free pieces by product; None where no balance is known."""
    minutes: dict[str, list[float | None]] | None = None
    words: tuple[Word, ...] = ()
    spoken: bool = False
    """Somebody told by now what the host says."""
    speech_at: int = 0
    """When last; 0 in rows of before this was kept."""


ROOM, PITCHED = "room", "product"

FIGURES: tuple[tuple[str, str, str], ...] = tuple(
    sorted(
        {
            *(
                (metric, preset.window, scope)
                for presets in PRESETS.values()
                for preset in presets
                for metric in preset.metrics
                for scope in ((ROOM, PITCHED) if preset.scope == PITCHED else (ROOM,))
            ),
            # The rise of takings is the last minute over five.
            *(
                (metric, preset.against, preset.scope)
                for presets in PRESETS.values()
                for preset in presets
                if preset.against
                for metric in preset.metrics
            ),
            ("M25.comments", "show", ROOM),
            # Sources are held against the show (R022, R023).
            *(("M44", "show", f"source:{via}") for via in SOURCES),
            ("M51", "show", ROOM),
            ("M52", "show", ROOM),
        }
    )
)
"""Metric, window and scope of every figure that some preset of some rule looks at."""
MINUTES = ("M03", "M06", "M25", "M25.comments")
"""The series some rule looks at."""
SPAN = 36
"""Minutes of a series that are kept: the longest look back is 35."""

encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Body).decode

SCENE_SAVED = (
    "INSERT INTO past_scenes (org, brand, room, show, at, body) VALUES (?,?,?,?,?,?)"
    " ON CONFLICT (room, show, at) DO NOTHING"
)
