"""What a rule of the debrief is given, and what it finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from livecue.debrief.body import DebriefBody, ProductLine, SegmentLine
from livecue.debrief.words import label
from livecue.metrics import Reading
from livecue.reference import Words


@dataclass(frozen=True)
class Found:
    """One thing a rule found. ``weight`` orders findings of the same rule, the heaviest first."""

    values: Mapping[str, str | int | Words]
    subject: str = ""
    weight: float = 0.0
    rule: str = ""
    """Instead of the preset's, for rules that speak of a cue's rule."""
    metrics: Sequence[str] = field(default_factory=tuple)
    """Besides the preset's."""


def value_of(figures: Sequence[Reading], metric: str) -> float | None:
    """The value of a figure, None where it is unknown or absent."""
    return next((reading.value for reading in figures if reading.metric == metric), None)


def reading_of(figures: Sequence[Reading], metric: str) -> Reading | None:
    """The figure, None where it is absent."""
    return next((reading for reading in figures if reading.metric == metric), None)


def titled(body: DebriefBody, line: SegmentLine) -> Words:
    """How a segment is called."""
    if line.title:
        return Words(line.title, line.title)
    part = label("part", line.part)
    name = body.name_of(line.product)
    return Words(f"{part.zh} {name}".strip(), f"{part.en} {name}".strip())


def role_of(line: ProductLine) -> Words:
    """What part a product plays."""
    return label("product_role", line.role)
