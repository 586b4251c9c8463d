"""What is planned before a show: the calendar, meetings, goals, budgets. They travel in the stream ``house``."""

import msgspec

from livecue.events.show import CommandAsked


class ContentSaved(CommandAsked, frozen=True, kw_only=True):
    """An entry of the content calendar (F15): a theme, a holiday, a platform's event, an activity."""

    org: str
    brand: str
    content: str
    title: str
    what: str = "content"
    """theme, holiday, platform or content."""
    starts_on: str
    """First day, as 2026-11-22."""
    ends_on: str
    """Last day, itself included."""
    room: str = ""
    """The room it concerns; "" is every room of the brand."""
    note: str = ""
    source: str = ""
    """Where this is known from."""
    source_date: str = ""
    """Day on which the source was read."""


class ContentRemoved(CommandAsked, frozen=True, kw_only=True):
    """An entry of the content calendar is taken away."""

    org: str
    brand: str
    content: str


class MeetingsSet(CommandAsked, frozen=True, kw_only=True):
    """When the brand meets (R076, R079): times of day as 09:00, in ``time_zone``."""

    org: str
    brand: str
    morning: str = "09:00"
    """"" is no morning meeting."""
    weekly_day: int = 1
    """1 is Monday, 7 Sunday."""
    weekly: str = "10:00"
    """"" is no weekly meeting."""
    time_zone: str = "Asia/Shanghai"


class MeetingNoted(CommandAsked, frozen=True, kw_only=True):
    """The minutes of a meeting, whole; ``meeting`` is its id on the calendar."""

    org: str
    brand: str
    meeting: str
    minutes: str


class GoalSet(CommandAsked, frozen=True, kw_only=True):
    """A target of paid sales (M41) for a period, in minor units of ``currency`` (R088).

    A year is the root; a quarter, month or show with a target of its own keeps it, whatever is split anew.
    """

    org: str
    brand: str
    period: str
    """2026, 2026Q4, 2026-11 or show:<id>."""
    target: int = -1
    """-1: no target of its own, it takes its share."""
    weight: int = 0
    """Its share among its neighbours against theirs; 0 is by days, for a show by planned minutes."""
    currency: str = "CNY"
    version: int = 0
    """That of the tree it was made from, plus one: refused when somebody else was faster; 0 does not look."""


class BudgetSaved(CommandAsked, frozen=True, kw_only=True):
    """What a show is planned to sell and to cost (M95). Amounts in minor units of the room's currency."""

    org: str
    brand: str
    room: str
    show: str
    units: dict[str, int] = {}
    """Product to pieces planned to be paid."""
    pieces_per_order_milli: int = 1000
    """Pieces in one order, in thousandths (M49)."""
    return_bp: int = 0
    """Share of paid money that comes back, in basis points (M59)."""
    restock_bp: int = 10_000
    """Share of returned goods that can be sold again, in basis points."""
    ads: int = 0
    freight: int = 0
    """For one order."""
    return_freight: int = 0
    """For one order that comes back."""
    labour: int = 0
    other: int = 0
    version: int = 0
    """That of the budget it was made from, plus one; 0 does not look."""


class ActivityStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of an activity's flow (F28); ``at`` in words or as 2026-12-12 20:00."""

    at: str = ""
    what: str
    who: str = ""


class ActivityGuest(msgspec.Struct, frozen=True, kw_only=True):
    """A guest; ``fee`` in minor units of the activity's currency; ``show`` "" is the whole activity."""

    name: str
    brings: str = ""
    """Why this guest: what he or she stands for, which viewers come along."""
    fee: int = 0
    state: str = "asked"
    """asked, agreed or declined."""
    show: str = ""


class ActivityPartner(msgspec.Struct, frozen=True, kw_only=True):
    """A partner brand; ``pays`` in minor units: what it puts in."""

    name: str
    brings: str = ""
    pays: int = 0
    state: str = "asked"
    """asked, agreed or declined."""


class BudgetLine(msgspec.Struct, frozen=True, kw_only=True):
    """A cost; minor units. ``spent`` -1: not known yet."""

    what: str
    planned: int = 0
    spent: int = -1


class ActivitySaved(CommandAsked, frozen=True, kw_only=True):
    """An activity (F28), whole: theme, flow, guests, partner brands, resources, budget, and the shows it is made of."""

    org: str
    brand: str
    activity: str
    title: str
    theme: str = ""
    goal: str = ""
    """What is to be reached, in words."""
    sales_goal: int = 0
    """Paid sales over its shows in minor units; 0 is none."""
    currency: str = "CNY"
    starts_on: str
    ends_on: str
    """Days with their year, the last included."""
    owner: str = ""
    """The person who answers for it."""
    state: str = "draft"
    """draft, ready, done or cancelled."""
    steps: tuple[ActivityStep, ...] = ()
    guests: tuple[ActivityGuest, ...] = ()
    partners: tuple[ActivityPartner, ...] = ()
    resources: tuple[str, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    shows: tuple[str, ...] = ()
    summary: str = ""
    """What came of it, written afterwards."""
    version: int = 0
    """That of the plan it was made from, plus one: refused when somebody else was faster; 0 does not look."""


class AdSlot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A stretch of the show in which traffic is bought: seconds from its start, for whom, for how much."""

    slot: str
    title: str = ""
    """The name of the campaign: rows of an export find their slot by it."""
    from_s: int = 0
    until_s: int = 0
    audience: str = ""
    budget: int = 0
    """Minor units."""
    product: str = ""
    """The product it is bought for, "" the room."""


class AdPlanSaved(CommandAsked, frozen=True, kw_only=True):
    """What traffic a show buys (投流计划), whole. Amounts in minor units of the room's currency."""

    org: str
    brand: str
    room: str
    show: str
    slots: tuple[AdSlot, ...] = ()
    budget: int = 0
    """For the whole show; 0 is the sum of the slots."""
    margin_bp: int = 0
    """Gross margin after refunds in basis points: break-even ROI (M56) is one over it; 0 is unknown."""
    version: int = 0
    """That of the plan it was made from, plus one; 0 does not look."""


class AdSpendRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of an export: what a campaign spent from ``at`` on; -1 is "not told"."""

    campaign: str
    at: int
    spent: int
    gmv: int = -1
    """Takings that the platform attributes to it."""
    orders: int = -1


class AdSpendSaved(CommandAsked, frozen=True, kw_only=True):
    """Spend of a show out of a file. A row of the same campaign and moment replaces the one before."""

    org: str
    brand: str
    room: str
    show: str
    attribution: str
    """How takings were attributed, in the platform's words: "7-day click", "same live" ..."""
    file: str = ""
    rows: tuple[AdSpendRow, ...] = ()
