"""What a room knows of its shows, and the picture it gives of them."""

import msgspec

from livecue.events import DrawPlan, ProductCard, SegmentPlan


class SegmentTimes(msgspec.Struct):
    """When a segment really ran; room ms, 0 is not yet."""

    started_at: int = 0
    ended_at: int = 0


class Offer(msgspec.Struct, frozen=True):
    """A running offer; ``ends_at`` 0 is open end."""

    offer: str
    title: str
    product: str
    ends_at: int
    off: int = -1
    """Minor units less; -1 unknown."""
    threshold: int = 0


class Draw(msgspec.Struct, frozen=True):
    """A running prize draw."""

    draw: str
    title: str
    ends_at: int


class Plan(msgspec.Struct):
    """A show as planned, and what became of it."""

    show: str
    title: str
    starts_at: int
    segments: list[SegmentPlan] = []
    products: list[ProductCard] = []
    goals: dict[str, int] = {}
    carried: list[str] = []
    version: int = 1
    status: str = "planned"
    started_at: int = 0
    ended_at: int = 0
    segment: str = ""
    times: dict[str, SegmentTimes] = {}
    ends_at: int = 0
    theme: str = ""
    hosts: list[str] = []
    kits: list[str] = []
    lights: list[str] = []
    studio: str = ""
    welfare: str = ""
    held: list[str] = []
    """What keeps it off the air as far as its texts go (``ShowHeld``)."""


class ShowsState(msgspec.Struct):
    """Everything ``Shows`` remembers of a room."""

    plans: dict[str, Plan] = {}
    current: str = ""
    pinned: str = ""
    pinned_at: int = 0
    listed: dict[str, int] = {}
    offers: dict[str, Offer] = {}
    draws: dict[str, Draw] = {}
    last_draw_at: int = 0
    stream: str = "unknown"
    feeds: dict[str, str] = {}


class SegmentState(msgspec.Struct, frozen=True):
    """One line of the rundown: planned, actual and expected times in room ms, 0 is none."""

    segment: str
    part: str
    title: str
    product: str
    host: str
    planned_start: int
    planned_end: int
    started_at: int
    ended_at: int
    expected_start: int
    expected_end: int
    target_gmv: int
    target_orders: int
    talk_track: str
    draw: DrawPlan | None = None


class ShowsPicture(msgspec.Struct, frozen=True):
    """The room's show for deciders and screens. ``status``: none, planned, on_air or ended."""

    show: str
    title: str
    status: str
    starts_at: int
    started_at: int
    ended_at: int
    segment: str
    segment_started_at: int
    version: int
    segments: list[SegmentState]
    pinned: str
    pinned_at: int
    listed: dict[str, int]
    products: list[ProductCard]
    offers: list[Offer]
    draws: list[Draw]
    last_draw_at: int
    goals: dict[str, int]
    stream: str
    feeds: dict[str, str]
    carried: list[str]


def segment_states(plan: Plan, now: int) -> list[SegmentState]:
    """The rundown with expected times: what runs now ends no earlier than now, the rest follows it."""
    start = plan.started_at or plan.starts_at
    expected = start
    out = []
    for item in plan.segments:
        times = plan.times.get(item.segment, SegmentTimes())
        length = item.duration_s * 1000
        planned = plan.starts_at + item.offset_s * 1000
        if times.started_at:
            expected_start = times.started_at
            if times.ended_at:
                expected_end = times.ended_at
            else:
                expected_end = (
                    max(now, times.started_at + length) if plan.status == "on_air" else times.started_at + length
                )
        else:
            expected_start = max(expected, now) if plan.status == "on_air" else expected
            expected_end = expected_start + length
        expected = expected_end
        out.append(
            SegmentState(
                segment=item.segment,
                part=item.part,
                title=item.title,
                product=item.product,
                host=item.host,
                planned_start=planned,
                planned_end=planned + length,
                started_at=times.started_at,
                ended_at=times.ended_at,
                expected_start=expected_start,
                expected_end=expected_end,
                target_gmv=item.target_gmv,
                target_orders=item.target_orders,
                talk_track=item.talk_track,
                draw=item.draw,
            )
        )
    return out


def picture_of(state: ShowsState, now: int) -> ShowsPicture:
    """The current show: on air, else the next planned one, else the last."""
    plan = state.plans.get(state.current) or _next_plan(state) or Plan(show="", title="", starts_at=0, status="none")
    times = plan.times.get(plan.segment, SegmentTimes())
    return ShowsPicture(
        show=plan.show,
        title=plan.title,
        status=plan.status,
        starts_at=plan.starts_at,
        started_at=plan.started_at,
        ended_at=plan.ended_at,
        segment=plan.segment,
        segment_started_at=times.started_at,
        version=plan.version,
        segments=segment_states(plan, now),
        pinned=state.pinned,
        pinned_at=state.pinned_at,
        listed=dict(state.listed),
        products=list(plan.products),
        offers=list(state.offers.values()),
        draws=list(state.draws.values()),
        last_draw_at=state.last_draw_at,
        goals=dict(plan.goals),
        stream=state.stream,
        feeds=dict(state.feeds),
        carried=list(plan.carried),
    )


def _next_plan(state: ShowsState) -> Plan | None:
    planned = [plan for plan in state.plans.values() if plan.status == "planned"]
    if planned:
        return min(planned, key=lambda plan: (plan.starts_at, plan.show))
    ended = [plan for plan in state.plans.values() if plan.status == "ended"]
    return max(ended, key=lambda plan: plan.ended_at) if ended else None
