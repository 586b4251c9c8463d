"""Which stage a team is in, by two scales that may disagree (R090, R091), and what follows from it.

The lower stage is recommended for spending on posts, the higher one for controls (domain, section 3.2: ours).
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from livecue.errors import BadInput
from livecue.events import ThresholdSet
from livecue.reference import STAGE, StageBounds, StageInUse, Threshold, checked_stage, stage_in_use
from livecue.team import tables

Ask = Callable[[str, Sequence[Any]], Sequence[Sequence[Any]]]
STAGES = ("startup", "growth", "mature")
FEN = 100

POSTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "startup": (("lead", "ops"), ("host",)),
    "growth": (("ops",), ("host",), ("floor", "cohost"), ("selector",), ("analyst", "adbuyer")),
    "mature": (
        ("director",), ("ops",), ("selector",), ("host",), ("cohost",), ("floor",), ("console",), ("cs",),
        ("analyst",), ("video",), ("supply",), ("warehouse",), ("legal",), ("ip",), ("design",),
    ),
}  # fmt: skip
"""Least posts of a stage; any one role of a group fills it (domain, section 3.3)."""

DEPARTMENTS: dict[str, tuple[str, ...]] = {
    "startup": ("live_group", "shop_group", "video_group"),
    "growth": ("live_group", "shop_group", "video_group"),
    "mature": ("marketing", "content", "service", "analysis", "operations", "warehouse", "goods"),
}


class Stage(msgspec.Struct, frozen=True):
    """Both scales and what they say; a scale without figures is "" and counts for nothing."""

    shows: int
    sales: int | None
    """Fen in the same days; None where it is not known in yuan."""
    people: int
    by_shows: str
    by_sales: str
    by_people: str
    posts_stage: str
    controls_stage: str
    posts: tuple["PostAdvice", ...]
    departments: tuple[str, ...]
    bounds: StageBounds
    """By what it was told."""


class PostAdvice(msgspec.Struct, frozen=True):
    """A post the stage asks for: any of ``roles``, and who holds one of them."""

    roles: tuple[str, ...]
    holders: tuple[str, ...]


def stage_by_shows(shows: int, bounds: StageBounds) -> str:
    """R090."""
    return "startup" if shows <= bounds.startup_shows else "growth" if shows < bounds.mature_shows else "mature"


def stage_by_sales(sales: int, bounds: StageBounds) -> str:
    """R091; ``sales`` in fen."""
    low, high = bounds.startup_sales * FEN, bounds.mature_sales * FEN
    return "startup" if sales < low else "growth" if sales <= high else "mature"


def stage_by_people(people: int, bounds: StageBounds) -> str:
    """R092."""
    return "startup" if people <= bounds.startup_people else "growth" if people <= bounds.growth_people else "mature"


def stage_for_controls(people: int, shows: int, bounds: StageBounds) -> str:
    """The higher of the two scales: for controls the careful one counts."""
    return max((stage_by_people(people, bounds), stage_by_shows(shows, bounds)), key=STAGES.index)


def bounds_of_brand(ask: Ask, org: str, brand: str, now: int) -> StageInUse:
    """What holds for a brand at ``now`` (ms UTC); ``ask`` reads rows."""
    items = [msgspec.json.decode(row[0], type=Threshold) for row in ask(tables.STAGE_BOUNDS, (org, brand))]
    return stage_in_use(items, now)


def kept_bounds(event: ThresholdSet, at: int) -> Threshold | None:
    """What was set, if it is about the stages and can be used. Who keeps every threshold answers."""
    if event.rule != STAGE:
        return None
    item = Threshold(
        rule=event.rule, values=tuple(sorted(event.values.items())), preset=event.preset, category=event.category,
        off=event.off, valid_from=event.valid_from or at,
        scope=event.scope,  # type: ignore[arg-type]  # checked below
        platform=event.platform, reset=event.reset, undoes=event.undoes, command=event.command,
    )  # fmt: skip
    try:
        return checked_stage(item)
    except BadInput:
        return None


def advise(shows: int, sales: int | None, roles: dict[str, set[str]], use: StageInUse) -> Stage:
    """The stage by real volume and the posts it asks for. ``roles`` maps people to the roles they hold."""
    bounds = use.bounds
    by_shows = stage_by_shows(shows, bounds)
    by_sales = "" if sales is None else stage_by_sales(sales, bounds)
    told = sorted((stage for stage in (by_shows, by_sales) if stage), key=STAGES.index)
    posts = tuple(
        PostAdvice(group, tuple(sorted(person for person, held in roles.items() if held & set(group))))
        for group in POSTS[told[0]]
    )
    return Stage(
        shows=shows,
        sales=sales,
        people=len(roles),
        by_shows=by_shows,
        by_sales=by_sales,
        by_people=stage_by_people(len(roles), bounds),
        posts_stage=told[0],
        controls_stage=told[-1],
        posts=posts,
        departments=DEPARTMENTS[told[0]],
        bounds=bounds,
    )
