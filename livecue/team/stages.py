"""Which stage a team is in, by two scales that may disagree (R090, R091), and what follows from it.

The lower stage is recommended for spending on posts, the higher one for controls (domain, section 3.2: ours).
"""

import msgspec

STAGES = ("startup", "growth", "mature")
STARTUP_SHOWS, MATURE_SHOWS = 10, 30
"""Shows a month (001): up to and including ten is start-up, from thirty on mature; both bounds belong to two stages."""
STARTUP_SALES, MATURE_SALES = 10_000_000, 100_000_000
"""Sales a month in fen (002): below 100,000 yuan is start-up, above 1,000,000 mature."""

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
HEADCOUNT = {"startup": (1, 2), "growth": (3, 5), "mature": (6, 0)}
"""People by stage (R092); 0 is no upper end."""


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


class PostAdvice(msgspec.Struct, frozen=True):
    """A post the stage asks for: any of ``roles``, and who holds one of them."""

    roles: tuple[str, ...]
    holders: tuple[str, ...]


def stage_by_shows(shows: int) -> str:
    """R090."""
    return "startup" if shows <= STARTUP_SHOWS else "growth" if shows < MATURE_SHOWS else "mature"


def stage_by_sales(sales: int) -> str:
    """R091; ``sales`` in fen."""
    return "startup" if sales < STARTUP_SALES else "growth" if sales <= MATURE_SALES else "mature"


def stage_by_people(people: int) -> str:
    """R092."""
    return "startup" if people <= 2 else "growth" if people <= 5 else "mature"


def advise(shows: int, sales: int | None, roles: dict[str, set[str]]) -> Stage:
    """The stage by real volume and the posts it asks for. ``roles`` maps people to the roles they hold."""
    by_shows = stage_by_shows(shows)
    by_sales = "" if sales is None else stage_by_sales(sales)
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
        by_people=stage_by_people(len(roles)),
        posts_stage=told[0],
        controls_stage=told[-1],
        posts=posts,
        departments=DEPARTMENTS[told[0]],
    )
