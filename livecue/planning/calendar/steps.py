"""The steps of a show that the SOP asks for (domain section 5), with owner and deadline."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from livecue.reference import ROLES, RULES

MINUTE_MS = 60_000


class Step(msgspec.Struct, frozen=True):
    """A step; due ``minutes`` behind the start or the end (``origin``), below zero before it."""

    id: str
    zh: str
    en: str
    role: str
    origin: str
    minutes: int
    after: tuple[str, ...]
    rule: str
    mark: str

    def due(self, start: int, end: int) -> int:
        """Its deadline, ms UTC."""
        return (start if self.origin == "start" else end) + self.minutes * MINUTE_MS


def title_of(cause: str, title: str, language: str) -> str:
    """A task's title: a step of the SOP has it in both languages, what a person wrote stands as it is."""
    step = next((step for step in steps() if cause == f"sop:{step.id}"), None)
    if step is None or title not in (step.zh, step.en):
        return title
    return step.en if language == "en" else step.zh


@cache
def steps() -> tuple[Step, ...]:
    """Every step in the order of the file. Raises ``ValueError`` when the file names what is not there."""
    text = files("livecue.planning.calendar").joinpath("data", "sop.toml").read_text(encoding="utf-8")
    found = tuple(
        Step(
            id=raw["id"], zh=raw["zh"], en=raw["en"], role=raw["role"], origin=raw["from"], minutes=raw["minutes"],
            after=tuple(raw["after"]), rule=raw["rule"], mark=raw["mark"],
        )
        for raw in tomllib.loads(text)["step"]
    )  # fmt: skip
    known: set[str] = set()
    for step in found:
        # Only steps above it may come first: so the file cannot run in a circle.
        if not known.issuperset(step.after) or step.role not in ROLES or step.origin not in ("start", "end"):
            raise ValueError(f"sop.toml: {step.id}")
        if step.rule and step.rule not in RULES:
            raise ValueError(f"sop.toml: {step.id} names {step.rule}")
        known.add(step.id)
    return found
