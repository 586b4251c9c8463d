"""The decider of live actions: checks what people ask for, keeps the timed plan, names related items (R125)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from livecue.errors import BadInput, Defect
from livecue.events import (
    Action,
    ActionFailed,
    ActionPreviewed,
    ClockTicked,
    CommandApplied,
    CommandRefused,
    Event,
    LiveActionAsked,
    ProductPinned,
    ProductUnpinned,
    ShelfPlanSet,
    ShelfStepDecided,
    ShelfStepMissed,
    ShowEnded,
    StartOffer,
)
from livecue.flow import OpenAction, OutboxPicture, RoomInfo, Unit, action_id_of
from livecue.shelf import tables
from livecue.shelf.check import LIVE_ACTIONS, Verdict, changed_since, inverse, judge
from livecue.shelf.facts import facts_of, worth_of
from livecue.shelf.plan import OPEN, PlannedStep, fate, problem_of, renewed
from livecue.shelf.presets import preset_at
from livecue.shelf.words import why
from livecue.shows import ShowsPicture

_MOST_PLANS = 20
_MOST_UNDONE = 50
_MOST_OFFERS = 200


class ShelfPicture(msgspec.Struct, frozen=True):
    """The timed plan of the show, what goes with the shown product, and what can still be undone."""

    steps: tuple[PlannedStep, ...]
    related: tuple[str, ...]
    undoable: dict[str, str]
    """Action id to the kind of what would undo it."""
    version: int = 0
    """That of the timed plan."""


class State(msgspec.Struct, frozen=True):
    """Plans by show, what is shown, what was taken back."""

    room: RoomInfo
    plans: dict[str, tuple[PlannedStep, ...]] = {}
    authors: dict[str, str] = {}
    versions: dict[str, int] = {}
    show: str = ""
    """The show that is on air or comes next."""
    pinned: str = ""
    related: tuple[str, ...] = ()
    undoable: dict[str, str] = {}
    undone: tuple[str, ...] = ()
    """Actions whose undoing was asked for: each once."""
    offers: dict[str, tuple[int, int]] = {}
    """Offers that were started from here, the newest last: (off, threshold), where the platform does not tell it."""


class Shelf:
    """Nothing on price, stock and shelf leaves unchecked: it is refused, waits, or a second person must agree."""

    name: ClassVar[str] = "shelf"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {LiveActionAsked, ShelfPlanSet, ShelfStepDecided, ShowEnded, ProductPinned, ProductUnpinned, ClockTicked}
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
                state = self._asked(state, event, pictures, unit)
            elif isinstance(event, ShelfPlanSet):
                state = self._planned(state, event, pictures, unit)
            elif isinstance(event, ShelfStepDecided):
                state = self._decided(state, event, pictures, unit)
            elif isinstance(event, ShowEnded):
                state = msgspec.structs.replace(state, pinned="", related=())
            elif isinstance(event, ProductPinned):
                related = _related(event.product, pictures["shows"], _listed_with(state.room, event.product, unit))
                state = msgspec.structs.replace(state, pinned=event.product, related=related)
            elif isinstance(event, ProductUnpinned):
                state = msgspec.structs.replace(state, pinned="", related=())
            elif isinstance(event, ClockTicked):
                state = self._tick(state, pictures, unit)
        return state

    def _asked(self, state: State, event: LiveActionAsked, pictures: Mapping[str, Any], unit: Unit) -> State:
        if event.undoes:
            return self._undo(state, event, pictures, unit)
        verdict = judge(event.action, facts_of(state.room, event.action, pictures, unit, offers=state.offers))
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
                    undoable=inverse(_made(event.action, verdict, event.by)) is not None,
                ),
                CommandApplied(command=event.command),
            )
        elif verdict.problems:
            unit.announce(_refused(event.command, *verdict.problems[0]))
        else:
            unit.act(_made(event.action, verdict, event.by))
            unit.announce(CommandApplied(command=event.command))
            state = _noted(state, event.action, pictures)
        return state

    def _undo(self, state: State, event: LiveActionAsked, pictures: Mapping[str, Any], unit: Unit) -> State:
        """What undoes an action follows from what it noted, not from what the asker says; each is undone once."""
        outbox: OutboxPicture = pictures["outbox"]
        item = next((one for one in outbox.recent if one.action == event.undoes and one.state == "done"), None)
        back = inverse(item.what) if item is not None and item.action not in state.undone else None
        if item is None or back is None or type(back) is not type(event.action):
            unit.announce(_refused(event.command, "not_undoable", {}))
            return state
        facts = facts_of(state.room, back, pictures, unit, offers=state.offers)
        verdict = judge(back, facts)
        if changed_since(item.what, facts):
            unit.announce(_refused(event.command, "changed_since", {}))
        elif verdict.problems:
            unit.announce(_refused(event.command, *verdict.problems[0]))
        else:
            unit.act(_made(back, verdict, event.by, undoes=event.undoes))
            unit.announce(CommandApplied(command=event.command))
            state = msgspec.structs.replace(state, undone=(*state.undone[1 - _MOST_UNDONE :], event.undoes))
        return state

    # The timed plan.

    def _planned(self, state: State, event: ShelfPlanSet, pictures: Mapping[str, Any], unit: Unit) -> State:
        shows: ShowsPicture = pictures["shows"]
        version = state.versions.get(event.show, 1 if event.show in state.plans else 0)
        if event.show == shows.show:
            segments = [item.segment for item in shows.segments]
        else:
            try:
                segments = [str(row[0]) for row in unit.ask(tables.SEGMENTS, (state.room.room, event.show))]
            except Defect:
                # A rebuild of what happened when only the show at hand could be planned.
                segments = []
        if not event.show or (not segments and event.show != shows.show):
            problem: tuple[str, str] | None = ("no_show", "plan the actions of a show that has a rundown")
        else:
            problem = problem_of(event, segments, version)
        if problem is not None:
            unit.announce(CommandRefused(command=event.command, code=problem[0], why=problem[1]))
            return state
        steps = renewed(state.plans.get(event.show, ()), event.steps)
        plans = {**state.plans, event.show: steps}
        while len(plans) > _MOST_PLANS:
            del plans[next(iter(plans))]
        state = msgspec.structs.replace(
            state,
            plans=plans,
            authors={**state.authors, event.show: event.by},
            versions={**state.versions, event.show: version + 1},
            show=shows.show,
        )
        self._keep(state, event.show, unit)
        unit.announce(CommandApplied(command=event.command))
        return state

    def _keep(self, state: State, show: str, unit: Unit) -> None:
        """The row that the office reads."""
        room = state.room
        unit.write(
            tables.SAVE_PLAN,
            (
                room.org, room.brand, room.room, show, state.versions.get(show, 1), state.authors.get(show, ""),
                unit.now, msgspec.json.encode(state.plans[show]).decode(),
            ),
        )  # fmt: skip

    def _decided(self, state: State, event: ShelfStepDecided, pictures: Mapping[str, Any], unit: Unit) -> State:
        steps = state.plans.get(event.show, ())
        item = next((one for one in steps if one.step.step == event.step), None)
        shows: ShowsPicture = pictures["shows"]
        if item is None or item.state not in OPEN:
            unit.announce(
                CommandRefused(command=event.command, code="step_over", why="this step was taken or left out already")
            )
            return state
        if event.decision == "now" and (event.show != shows.show or shows.status != "on_air"):
            unit.announce(CommandRefused(command=event.command, code="not_on_air", why="the show is not on air"))
            return state
        if event.decision == "now":
            action = item.step.action
            verdict = judge(action, facts_of(state.room, action, pictures, unit, offers=state.offers))
            if verdict.problems:
                unit.announce(_refused(event.command, *verdict.problems[0]))
                return state
            state = _noted(state, action, pictures)
            decided = self._act(state, item, verdict, event.by, event.show, unit)
        elif event.decision == "skip":
            decided = PlannedStep(item.step, "skipped", event.by)
        elif event.decision == "wait" and item.state == "held":
            decided = PlannedStep(item.step, "waiting", "again")
        else:
            unit.announce(
                CommandRefused(
                    command=event.command, code="bad_decision", why="decide now, skip, or wait for a held one"
                )
            )
            return state
        unit.announce(CommandApplied(command=event.command))
        return self._with(state, event.show, {event.step: decided}, unit)

    def _with(self, state: State, show: str, changed: Mapping[str, PlannedStep], unit: Unit) -> State:
        steps = tuple(changed.get(item.step.step, item) for item in state.plans[show])
        state = msgspec.structs.replace(state, plans={**state.plans, show: steps})
        self._keep(state, show, unit)
        return state

    def _tick(self, state: State, pictures: Mapping[str, Any], unit: Unit) -> State:
        shows: ShowsPicture = pictures["shows"]
        outbox: OutboxPicture = pictures["outbox"]
        undoable = _undoable(outbox, state.undone)
        if undoable != state.undoable or shows.show != state.show:
            state = msgspec.structs.replace(state, undoable=undoable, show=shows.show)
        self._look_again(state, outbox, pictures, unit)
        steps = state.plans.get(shows.show, ())
        if shows.status != "on_air" or not any(item.state == "waiting" for item in steps):
            return state
        late_s = preset_at(unit.now).late_s
        changed: dict[str, PlannedStep] = {}
        for item in steps:
            if item.state != "waiting":
                continue
            what, reason = fate(item, shows, unit.now, late_s)
            # Whoever let a held step wait again knows that its segment is over: it waits for the segment to come back.
            if what == "wait" or (what == "held" and item.why == "again"):
                continue
            if what == "take":
                action = item.step.action
                verdict = judge(action, facts_of(state.room, action, pictures, unit, offers=state.offers))
                if not verdict.problems:
                    state = _noted(state, action, pictures)
                    by = state.authors.get(shows.show, "")
                    changed[item.step.step] = self._act(state, item, verdict, by, shows.show, unit)
                    continue
                what, reason = "missed", verdict.problems[0][0]
            unit.announce(
                ShelfStepMissed(step=item.step.step, segment=item.step.segment, why=reason, held=what == "held")
            )
            changed[item.step.step] = PlannedStep(item.step, what, reason)
        return self._with(state, shows.show, changed, unit) if changed else state

    def _act(self, state: State, item: PlannedStep, verdict: Verdict, by: str, show: str, unit: Unit) -> PlannedStep:
        """The step becomes an action whose id is its own: taken twice it would still be one."""
        ref = f"step:{show}:{item.step.step}"
        unit.act(_made(item.step.action, verdict, by, ref=ref))
        return PlannedStep(item.step, "done", action=action_id_of(state.room.room, ref))

    # What waits.

    def _look_again(self, state: State, outbox: OutboxPicture, pictures: Mapping[str, Any], unit: Unit) -> None:
        """What was right when it was asked for may be wrong by the time it leaves: then it does not leave.

        What nobody agreed to in time is over too: an old wish must not come true in the middle of something else.
        """
        preset = preset_at(unit.now)
        # Of two that cannot both be, the one that was asked for first stands.
        earlier: list[OpenAction] = []
        for item in outbox.actions:
            if item.state not in ("asked", "waiting") or not isinstance(item.what, LIVE_ACTIONS):
                earlier.append(item)
                continue
            if item.state == "asked" and unit.now > item.since + 1000 * preset.asked_s:
                unit.announce(ActionFailed(action=item.action, code="not_agreed"))
            else:
                before = {**pictures, "outbox": msgspec.structs.replace(outbox, actions=list(earlier))}
                try:
                    facts = facts_of(state.room, item.what, before, unit, again=True, offers=state.offers)
                    problems = judge(item.what, facts).problems
                except Defect:
                    # A rebuild of what happened before anything was judged again.
                    earlier.append(item)
                    continue
                if problems:
                    unit.announce(ActionFailed(action=item.action, code=problems[0][0]))
                else:
                    earlier.append(item)

    def picture(self, state: State, now: int) -> ShelfPicture:
        """What the screens show."""
        return ShelfPicture(
            state.plans.get(state.show, ()), state.related, state.undoable, state.versions.get(state.show, 0)
        )

    def dump(self, state: State) -> bytes:
        """The state for the snapshot."""
        return msgspec.msgpack.encode(state)


def _noted(state: State, action: Action, pictures: Mapping[str, Any]) -> State:
    """Keep what an offer takes off: a platform may not say it, and the outbox forgets what is settled."""
    if not isinstance(action, StartOffer):
        return state
    shows: ShowsPicture = pictures["shows"]
    runs = {offer.offer for offer in shows.offers}
    offers = {name: worth for name, worth in state.offers.items() if name != action.offer}
    offers[action.offer] = worth_of(action)
    while len(offers) > _MOST_OFFERS:
        # The oldest that does not run any more goes first.
        del offers[next((name for name in offers if name not in runs), next(iter(offers)))]
    return msgspec.structs.replace(state, offers=offers)


def _refused(command: str, code: str, about: dict[str, str]) -> CommandRefused:
    return CommandRefused(command=command, code=code, why=why(code, about), about=about)


def _made(action: Action, verdict: Verdict, by: str, undoes: str = "", ref: str = "") -> Action:
    return msgspec.structs.replace(
        action,
        by=by,
        ref=ref,
        wait_ms=verdict.wait_s * 1000,
        second=verdict.second,
        before=verdict.before,
        undoes=undoes,
    )


def _related(product: str, shows: ShowsPicture, listed_with: Sequence[str]) -> tuple[str, ...]:
    """What goes with it (R049): named on its product page, or in its card; only what this show has on its lineup."""
    card = next((card for card in shows.products if card.product == product), None)
    named = card.facts.get("related", "") if card is not None else ""
    wanted = [*listed_with, *(part.strip() for part in named.replace("，", ",").split(","))]
    known = {item.product for item in shows.products} - {product}
    return tuple(dict.fromkeys(name for name in wanted if name in known))


def _listed_with(room: RoomInfo, product: str, unit: Unit) -> Sequence[str]:
    try:
        rows = unit.ask(tables.LISTING, (room.org, room.brand, product))
    except Defect:
        # A rebuild of what happened before product pages were asked: then nothing came of them.
        return ()
    found = msgspec.json.decode(rows[0][0]) if rows else {}
    return [str(name) for name in found.get("related", ())]


def _undoable(outbox: OutboxPicture, asked: Sequence[str]) -> dict[str, str]:
    found = {}
    undone = {*asked, *(item.what.undoes for item in (*outbox.actions, *outbox.recent))}
    for item in outbox.recent:
        back = inverse(item.what) if item.state == "done" and item.action not in undone else None
        if back is not None:
            found[item.action] = type(back).__name__
    return found
