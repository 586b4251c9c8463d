"""Roles one person should not hold together, by the team's stage (R093 to R096 and the seeds' advice)."""

from collections.abc import Iterable
from typing import Literal

import msgspec

EXECUTING = frozenset({"ops", "selector", "host", "cohost", "floor", "console", "cs", "analyst"})
"""The executing layer of a mature team (001)."""
FULL_POSTS = frozenset({"selector", "ops", "host", "analyst"})
"""Posts that a growing team fills with one person each (001)."""
ASSESSED = frozenset({"ops", "host", "selector", "analyst", "floor", "cs"})
"""Roles with a standard of assessment (R097 to R102)."""
UNASSESSED_OK = frozenset({"owner", "hr", "finance", "lead", "director", "guest", "trainee", "mentor", "virtual_host"})
"""Who governs, learns or visits is not measured by a duty's standard."""


class Doubling(msgspec.Struct, frozen=True):
    """What is said against a person's roles: ``rule`` names the row of the reference tables, or the advice."""

    rule: Literal["R093", "R094", "R095", "R096", "full_posts", "ops_alone", "executing_layer"]
    verdict: Literal["forbidden", "doubtful"]
    roles: tuple[str, ...]


def check_doublings(stage: str, roles: Iterable[str]) -> list[Doubling]:
    """What the stage says against these roles in one hand; the forbidden first."""
    held = frozenset(roles)
    found: list[Doubling] = []
    if stage == "mature":
        if "ops" in held and held & {"floor", "console"}:
            # Seed 001 treats floor control and control desk as one post, so the ban reaches both.
            found.append(Doubling("R093", "forbidden", ("ops", *sorted(held & {"floor", "console"}))))
        elif "ops" in held and len(held & EXECUTING) > 1:
            found.append(Doubling("ops_alone", "doubtful", tuple(sorted(held & EXECUTING))))
        elif len(held & EXECUTING) > 1:
            found.append(Doubling("executing_layer", "doubtful", tuple(sorted(held & EXECUTING))))
    if stage == "growth":
        if ("floor" in held) != ("ops" in held):
            found.append(Doubling("R094", "doubtful", ("floor",) if "floor" in held else ("ops",)))
        if len(held & FULL_POSTS) > 1:
            found.append(Doubling("full_posts", "doubtful", tuple(sorted(held & FULL_POSTS))))
    bare = sorted(held - ASSESSED - UNASSESSED_OK)
    if bare and stage != "startup":
        found.append(Doubling("R096", "doubtful", tuple(bare)))
    return found


def check_team(stage: str, roles: Iterable[str]) -> list[Doubling]:
    """What the stage says against the team as a whole: short video without an owner (R095)."""
    return [] if "video" in set(roles) or stage == "startup" else [Doubling("R095", "doubtful", ("video",))]
