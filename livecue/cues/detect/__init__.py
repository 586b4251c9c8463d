"""The rules, one pure function each, in the order they are asked; every function bears its rule's id."""

from collections.abc import Callable
from typing import Literal, TypeAlias

import msgspec

from livecue.cues.detect.paid import r002, r022, r023
from livecue.cues.detect.people import r001, r007, r011, r012, r013, r015, r122
from livecue.cues.detect.pitch import r004, r005, r014, r018, r019, r025
from livecue.cues.detect.rhythm import r050, r051, r053
from livecue.cues.detect.stock import r030, r031, r033, r034
from livecue.cues.detect.words import r056, r063, r064, r065, r066
from livecue.cues.presets import Preset
from livecue.cues.scene import Finding, Scene

Detect: TypeAlias = Callable[[Scene, Preset], list[Finding]]

Pace: TypeAlias = Literal["tick", "words", "stock", "metric"]
"""When a rule is asked: every tick; when somebody said something or something said before may have grown old;
when stock moved; only when room time crosses a 5 s boundary (where all of them are asked)."""


class Detector(msgspec.Struct, frozen=True):
    """A rule and its function."""

    rule: str
    pace: Pace
    detect: Detect


DETECTORS: tuple[Detector, ...] = (
    Detector("R065", "words", r065),
    Detector("R033", "stock", r033),
    Detector("R064", "words", r064),
    Detector("R050", "tick", r050),
    Detector("R034", "tick", r034),
    Detector("R051", "tick", r051),
    Detector("R063", "words", r063),
    Detector("R066", "words", r066),
    Detector("R007", "metric", r007),
    Detector("R001", "metric", r001),
    Detector("R031", "metric", r031),
    Detector("R025", "metric", r025),
    Detector("R014", "metric", r014),
    Detector("R015", "metric", r015),
    Detector("R005", "metric", r005),
    Detector("R018", "metric", r018),
    Detector("R004", "metric", r004),
    Detector("R012", "metric", r012),
    Detector("R013", "metric", r013),
    Detector("R011", "metric", r011),
    Detector("R002", "metric", r002),
    Detector("R022", "metric", r022),
    Detector("R023", "metric", r023),
    Detector("R053", "metric", r053),
    Detector("R056", "metric", r056),
    Detector("R030", "metric", r030),
    Detector("R019", "metric", r019),
    Detector("R122", "metric", r122),
)
"""More important rules first: of two signals of one tick with the same priority, the first one is served."""

__all__ = ["DETECTORS", "Detect", "Detector", "Pace"]
