"""The decider of live actions: checks what people ask for, keeps the timed plan, names related items (R125)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from livecue.errors import BadInput
from livecue.events import (
    Action,
    ActionPreviewed,
    ClockTicked,
    CommandApplied,
    CommandRefused,
    Event,
    LiveActionAsked,
    ProductPinned,
    ProductUnpinned,
    SegmentStarted,
    ShelfPlanSet,
    ShelfStep,
    ShelfStepMissed,
    ShowEnded,
)
from livecue.flow import OutboxPicture, RoomInfo, Unit
from livecue.shelf.check import LIVE_ACTIONS, Facts, Verdict, inverse, judge
from livecue.shelf.presets import preset_at
from livecue.shows import ShowsPicture
from livecue.team import STAGES, stage_by_people, stage_by_shows

_MOST_STEPS = 200
_FLOOR = "SELECT cost, card FROM products WHERE org = ? AND brand = ? AND product = ?"
_SIZE = (
    "SELECT (SELECT COUNT(DISTINCT g.person) FROM every_grant g JOIN people p ON p.person = g.person AND p.active = 1"
    " WHERE g.org = ? AND g.brand IN ('', ?)), (SELECT COUNT(*) FROM shows WHERE org = ? AND brand = ?"
    " AND started_at >= ?)"
)
_MONTH_MS = 30 * 24 * 3_600_000


class PlannedStep(msgspec.Struct, frozen=True):
    """A step of the timed plan as it stands: waiting, done or missed with the reason."""

    step: ShelfStep
    state: str = "waiting"
    why: str = ""


class ShelfPicture(msgspec.Struct, frozen=True):
    """The timed plan of the running show, what goes with the shown product, and what can still be undone."""

    steps: tuple[PlannedStep, ...]
    related: tuple[str, ...]
    undoable: dict[str, str]
    """Action id to the kind of what would undo it."""


class State(msgspec.Struct, frozen=True):
    """Plans by show; when segments began; what is shown."""

    room: RoomInfo
    plans: dict[str, tuple[PlannedStep, ...]] = {}
    authors: dict[str, str] = {}
    began: dict[str, int] = {}
    show: str = ""
    pinned: str = ""
    related: tuple[str, ...] = ()
    undoable: dict[str, str] = {}


class Shelf:
    """Nothing on price, stock and shelf leaves unchecked: it is refused, waits, or a second person must agree."""

    name: ClassVar[str] = "shelf"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {LiveActionAsked, ShelfPlanSet, SegmentStarted, ShowEnded, ProductPinned, ProductUnpinned, ClockTicked}
    )

    def open(self, room: RoomInfo, blob: bytes | None) -> State:
        """The first state, or the one from the snapshot."""
        if not blob:
            return State(room)
        try:
            return msgspec.structs.replace(msgspec.msgpack.decode(blob, type=State), room=room)
        except msgspec.DecodeError as error:
            raise BadInput(f"shelf: {error}") from error

    def decide(self, state: State, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit) -> State:
        """Answer commands, take due steps of the plan."""
        for event in events:
            if isinstance(event, LiveActionAsked):
                self._asked(state, event, pictures, unit)
            elif isinstance(event, ShelfPlanSet):
                state = self._planned(state, event, pictures, unit)
            elif isinstance(event, SegmentStarted):
                began = {**state.began, event.segment: state.began.get(event.segment, unit.now)}
                state = msgspec.structs.replace(state, show=event.show, began=began)
            elif isinstance(event, ShowEnded):
                state = msgspec.structs.replace(state, began={}, show="", pinned="", related=())
            elif isinstance(event, ProductPinned):
                related = _related(event.product, pictures["shows"])
                state = msgspec.structs.replace(state, pinned=event.product, related=related)
            elif isinstance(event, ProductUnpinned):
                state = msgspec.structs.replace(state, pinned="", related=())
            elif isinstance(event, ClockTicked):
                state = self._tick(state, pictures, unit)
        return state

    def _asked(self, state: State, event: LiveActionAsked, pictures: Mapping[str, Any], unit: Unit) -> None:
        verdict = judge(event.action, _facts(state.room, event.action, pictures, unit))
        if event.dry:
            unit.announce(
                ActionPreviewed(
                    command=event.command,
                    effect=verdict.effect,
                    before=verdict.before,
                    problems=dict(verdict.problems),
                    warnings=dict(verdict.warnings),
                    second=verdict.second,
                    wait_s=verdict.wait_s,
                    undoable=inverse(_made(event.action, verdict, event)) is not None,
                ),
                CommandApplied(command=event.command),
            )
        elif verdict.problems:
            code, about = verdict.problems[0]
            unit.announce(CommandRefused(command=event.command, code=code, why=_why(code, about), about=about))
        else:
            unit.act(_made(event.action, verdict, event))
            unit.announce(CommandApplied(command=event.command))

    # The timed plan.

    def _planned(self, state: State, event: ShelfPlanSet, pictures: Mapping[str, Any], unit: Unit) -> State:
        problem = _plan_problem(event, pictures["shows"])
        if problem is not None:
            unit.announce(CommandRefused(command=event.command, code=problem[0], why=problem[1]))
            return state
        past = {item.step.step: item for item in state.plans.get(event.show, ()) if item.state != "waiting"}
        steps = tuple(past.get(step.step, PlannedStep(step)) for step in event.steps)
        unit.announce(CommandApplied(command=event.command))
        plans = {**state.plans, event.show: steps}
        while len(plans) > 20:
            del plans[next(iter(plans))]
        return msgspec.structs.replace(state, plans=plans, authors={**state.authors, event.show: event.by})

    def _tick(self, state: State, pictures: Mapping[str, Any], unit: Unit) -> State:
        undoable = _undoable(pictures["outbox"])
        if undoable != state.undoable:
            state = msgspec.structs.replace(state, undoable=undoable)
        steps = state.plans.get(state.show, ())
        if not any(item.state == "waiting" and item.step.segment in state.began for item in steps):
            return state
        preset, found = preset_at(unit.now), []
        for item in steps:
            began = state.began.get(item.step.segment)
            due = None if began is None else began + item.step.offset_s * 1000
            if item.state != "waiting" or due is None or unit.now < due:
                found.append(item)
            elif unit.now > due + 1000 * preset.late_s:
                found.append(self._missed(item, "late", unit))
            else:
                found.append(self._take(state, item, pictures, unit))
        return msgspec.structs.replace(state, plans={**state.plans, state.show: tuple(found)})

    def _take(self, state: State, item: PlannedStep, pictures: Mapping[str, Any], unit: Unit) -> PlannedStep:
        action = item.step.action
        verdict = judge(action, _facts(state.room, action, pictures, unit))
        if verdict.problems:
            return self._missed(item, verdict.problems[0][0], unit)
        by = state.authors.get(state.show, "")
        unit.act(
            msgspec.structs.replace(
                action, by=by, wait_ms=verdict.wait_s * 1000, second=verdict.second, before=verdict.before
            )
        )
        return PlannedStep(item.step, "done")

    def _missed(self, item: PlannedStep, why: str, unit: Unit) -> PlannedStep:
        unit.announce(ShelfStepMissed(step=item.step.step, segment=item.step.segment, why=why))
        return PlannedStep(item.step, "missed", why)

    def picture(self, state: State, now: int) -> ShelfPicture:
        """What the screens show."""
        return ShelfPicture(state.plans.get(state.show, ()), state.related, state.undoable)

    def dump(self, state: State) -> bytes:
        """The state for the snapshot."""
        return msgspec.msgpack.encode(state)


def _made(action: Action, verdict: Verdict, event: LiveActionAsked) -> Action:
    return msgspec.structs.replace(
        action,
        by=event.by,
        wait_ms=verdict.wait_s * 1000,
        second=verdict.second,
        before=verdict.before,
        undoes=event.undoes,
    )


def _facts(room: RoomInfo, action: Action, pictures: Mapping[str, Any], unit: Unit) -> Facts:
    floors: dict[str, int] = {}
    product = getattr(action, "product", "")
    if product:
        for cost, card in unit.ask(_FLOOR, (room.org, room.brand, product)):
            told = str(msgspec.json.decode(card).get("facts", {}).get("floor_price", "")) if card else ""
            floors[product] = int(told) if told.isdigit() else int(cost)
    size = unit.ask(_SIZE, (room.org, room.brand, room.org, room.brand, unit.now - _MONTH_MS))
    people, shows = (int(size[0][0]), int(size[0][1])) if size else (1, 0)
    # The higher of the two scales: for controls the careful one counts.
    stage = max((stage_by_people(people), stage_by_shows(shows)), key=STAGES.index)
    return Facts(unit.now, pictures["shows"], pictures["sales"], floors, stage, preset_at(unit.now))


def _related(product: str, shows: ShowsPicture) -> tuple[str, ...]:
    card = next((card for card in shows.products if card.product == product), None)
    named = card.facts.get("related", "") if card is not None else ""
    known = {item.product for item in shows.products}
    return tuple(part.strip() for part in named.replace("，", ",").split(",") if part.strip() in known)


def _undoable(outbox: OutboxPicture) -> dict[str, str]:
    found = {}
    undone = {item.what.undoes for item in (*outbox.actions, *outbox.recent)}
    for item in outbox.recent:
        back = inverse(item.what) if item.state == "done" and item.action not in undone else None
        if back is not None:
            found[item.action] = type(back).__name__
    return found


def _plan_problem(event: ShelfPlanSet, shows: ShowsPicture) -> tuple[str, str] | None:
    if event.show != shows.show:
        return "no_show", "plan the actions of the show that is on air or comes next"
    if len(event.steps) > _MOST_STEPS:
        return "plan_long", f"at most {_MOST_STEPS} steps in one plan"
    segments = {item.segment for item in shows.segments}
    ids = [step.step for step in event.steps]
    if len(set(ids)) < len(ids) or not all(ids):
        return "twice", "each step needs an id of its own"
    for step in event.steps:
        if step.segment not in segments:
            return "no_segment", "the rundown has no such segment; reload it"
        if not 0 <= step.offset_s <= 24 * 3600:
            return "bad_time", "a step comes 0 seconds to 24 hours after its segment began"
        if not isinstance(step.action, LIVE_ACTIONS):
            return "bad_action", "only actions on shelf, price, stock, offers and draws can be planned"
    return None


_WHY = {
    "wrong_product": "this product is not on the show's lineup",
    "wrong_sku": "this SKU does not belong to the product",
    "not_listed": "list the product before it is shown",
    "number_taken": "another product has this number in the cart",
    "price_nothing": "a price is above zero",
    "price_below_floor": "the price would be below the product's floor",
    "stock_negative": "stock is not below zero",
    "stock_above_real": "more than is really free would be offered",
    "offer_title": "name the offer",
    "offer_off": "say how much is taken off, less than it starts from",
    "offer_quantity": "a limited offer must say how many there are",
    "offer_time": "say how long the offer runs",
    "offer_running": "this offer runs already",
    "offer_not_running": "this offer is not running",
    "draw_running": "a draw runs: its rules stay as they are until it ends",
    "draw_rules": "publish what is drawn, for what, and how",
    "draw_prizes": "say how many prizes there are",
    "draw_cap": "a prize may be worth 50,000 yuan at most",
    "draw_time": "the draw is too short or too long",
    "draw_not_running": "this draw is not running",
}


def _why(code: str, about: dict[str, str]) -> str:
    named = ", ".join(f"{name} {value}" for name, value in about.items())
    return _WHY[code] + (f" ({named})" if named else "")
