"""The ledger of shows in one room: plan, phases, rundown, what is pinned."""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, ClassVar

import msgspec

from livecue.errors import BadInput
from livecue.events import (
    CommandApplied,
    CommandAsked,
    CommandRefused,
    DrawEnded,
    DrawStarted,
    Event,
    LineupChanged,
    OfferEnded,
    OfferStarted,
    PriceChanged,
    ProductDelisted,
    ProductListed,
    ProductPinned,
    ProductUnpinned,
    RoomRemoved,
    RoomSaved,
    RundownChanged,
    SegmentPlan,
    SegmentStarted,
    ShowCancelled,
    ShowEnded,
    ShowHeld,
    ShowPlanned,
    ShowStarted,
    SourceBack,
    SourceGone,
    StreamEnded,
    StreamPaused,
    StreamResumed,
    StreamStarted,
)
from livecue.flow import RoomInfo, Unit
from livecue.shows import tables
from livecue.shows.booking import Clash, clash_here, clash_of, end_of, free, hold
from livecue.shows.state import Draw, Offer, Plan, SegmentTimes, ShowsPicture, ShowsState, picture_of, segment_states

_KEPT_PLANS = 20
PARTS = frozenset({"warm_up", "pitch", "interaction", "close", "deal", "lucky_bag", "goodbye"})
NATURES = frozenset({"real", "simulated", "replayed", "rehearsed"})


class _Refusal(Exception):
    def __init__(self, code: str, why: str, about: dict[str, str] | None = None) -> None:
        super().__init__(why)
        self.code = code
        self.about = about or {}


class Shows:
    """Remembers what is planned and what runs. What a platform shows changes only when the platform says so."""

    name: ClassVar[str] = "shows"

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        self._room = room
        try:
            self._state = msgspec.msgpack.decode(blob, type=ShowsState) if blob else ShowsState()
        except msgspec.DecodeError as error:
            raise BadInput(f"shows: {error}") from error

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        for event in events:
            handler = _HANDLERS[type(event)]
            if isinstance(event, CommandAsked):
                try:
                    handler(self, event, unit)
                except _Refusal as refusal:
                    unit.announce(
                        CommandRefused(command=event.command, code=refusal.code, why=str(refusal), about=refusal.about)
                    )
                else:
                    unit.announce(CommandApplied(command=event.command))
            else:
                handler(self, event, unit)

    def picture(self, now: int) -> ShowsPicture:
        return picture_of(self._state, now)

    def dump(self) -> bytes:
        return msgspec.msgpack.encode(self._state)

    # Rooms (in the stream of the house).

    def _room_saved(self, event: RoomSaved, unit: Unit) -> None:
        if event.nature not in NATURES:
            raise _Refusal("bad_nature", f"a room is one of {', '.join(sorted(NATURES))}")
        if not (event.room and event.org and event.brand and event.name):
            raise _Refusal("incomplete", "a room needs an id, an organisation, a brand and a name")
        if len(event.account) > 100 or "/" in event.account:
            raise _Refusal("bad_account", "an account has at most 100 characters and no slash")
        unit.write(
            tables.SAVE_ROOM,
            (
                event.org, event.brand, event.room, event.name, event.platform, event.nature, event.currency,
                event.time_zone, event.language, event.category, ",".join(event.packs), event.account.strip(),
            ),
        )  # fmt: skip

    def _room_removed(self, event: RoomRemoved, unit: Unit) -> None:
        unit.write(tables.REMOVE_ROOM, (event.room,))

    # Planning.

    def _planned(self, event: ShowPlanned, unit: Unit) -> None:
        known = self._state.plans.get(event.show)
        if not event.show or not event.title.strip():
            raise _Refusal("incomplete", "a show needs an id and a title")
        if known is not None and known.status != "planned":
            raise _Refusal("already_ran", "this show is on air or over; change its rundown instead, or plan a new one")
        if event.version:
            _check_version("plan", event.version, known.version if known else 0)
        _check_segments(event.segments)
        plan = Plan(
            show=event.show,
            title=event.title,
            starts_at=event.starts_at,
            segments=list(event.segments),
            products=list(event.products),
            goals=dict(event.goals),
            carried=list(event.carried),
            version=known.version + 1 if known else 1,
            ends_at=event.ends_at,
            theme=event.theme,
            hosts=list(event.hosts),
            kits=list(event.kits),
            lights=list(event.lights),
            studio=event.studio,
            welfare=event.welfare,
            held=list(known.held) if known else [],
        )
        self._book(plan, unit)
        self._state.plans[event.show] = plan
        self._forget_old()
        self._save(plan, unit, whole=True)

    def _book(self, plan: Plan, unit: Unit) -> None:
        """Hold what a plan with an end needs; refused where another show has it."""
        if not plan.ends_at:
            return
        if plan.ends_at <= plan.starts_at:
            raise _Refusal("ends_before", "the show must end after it begins")
        if plan.status == "planned":
            found = clash_here(plan, self._state.plans.values(), self._room) or clash_of(plan, self._room, unit)
            if found is not None:
                raise _clashes(found)
        hold(plan, self._room, unit)

    def _cancelled(self, event: ShowCancelled, unit: Unit) -> None:
        plan = self._plan(event.show)
        if plan.status != "planned":
            raise _Refusal("already_ran", "this show is on air or over; it can no longer be called off")
        plan.status = "cancelled"
        free(plan, self._room, unit)
        self._save(plan, unit)

    def _rundown(self, event: RundownChanged, unit: Unit) -> None:
        plan = self._plan(event.show)
        if plan.status in ("ended", "cancelled"):
            raise _Refusal("over", "the show is over; its rundown stays as it was")
        _check_version("rundown", event.version, plan.version)
        _check_segments(event.segments)
        kept = {item.segment for item in event.segments}
        ran = [item for item in plan.segments if item.segment in plan.times and item.segment not in kept]
        if ran:
            raise _Refusal(
                "ran_already", f"segment {ran[0].title or ran[0].segment} has already run; it cannot be removed"
            )
        changed = copy(plan)
        changed.segments = list(event.segments)
        if plan.ends_at:
            changed.ends_at = max(event.ends_at or plan.ends_at, end_of(changed))
            self._book(changed, unit)
        changed.version = event.version
        self._state.plans[event.show] = changed
        self._save(changed, unit, whole=True)

    def _lineup(self, event: LineupChanged, unit: Unit) -> None:
        plan = self._plan(event.show)
        if event.version:
            _check_version("lineup", event.version, plan.version)
            plan.version = event.version
        plan.products = list(event.products)
        self._save(plan, unit)

    # Running.

    def _started(self, event: ShowStarted, unit: Unit) -> None:
        current = self._state.plans.get(self._state.current)
        if current is not None and current.status == "on_air":
            raise _Refusal("on_air", f"{current.title} is on air; end it first")
        plan = self._state.plans.get(event.show)
        if plan is None:
            if not event.show:
                raise _Refusal("incomplete", "name the show that starts")
            plan = Plan(show=event.show, title=event.title or event.show, starts_at=unit.now)
            self._state.plans[event.show] = plan
        if plan.status in ("ended", "cancelled"):
            raise _Refusal("over", "this show has ended; plan a new one")
        if plan.held and self._room.nature == "real":
            # No override: the law asks for the review before the live (decision 0023). Signing is the way.
            raise _Refusal(
                "not_signed",
                "its texts are not signed: open the show, mend what is marked, send it to the review, have it signed",
                {"reasons": ",".join(plan.held)},
            )
        plan.status, plan.started_at = "on_air", unit.now
        self._state.current = event.show
        self._save(plan, unit, whole=True)

    def _held(self, event: ShowHeld, unit: Unit) -> None:
        del unit
        plan = self._state.plans.get(event.show)
        if plan is not None:
            plan.held = list(event.reasons)

    def _ended(self, event: ShowEnded, unit: Unit) -> None:
        plan = self._plan(event.show)
        if plan.status != "on_air":
            raise _Refusal("not_on_air", "this show is not on air")
        self._close_segment(plan, unit)
        plan.status, plan.ended_at = "ended", unit.now
        if plan.ends_at:
            free(plan, self._room, unit)
        self._save(plan, unit)

    def _segment(self, event: SegmentStarted, unit: Unit) -> None:
        plan = self._plan(event.show)
        if plan.status != "on_air":
            raise _Refusal("not_on_air", "segments run only while the show is on air")
        if all(item.segment != event.segment for item in plan.segments):
            raise _Refusal("no_segment", "the rundown has no such segment; reload it")
        if plan.segment == event.segment:
            return
        self._close_segment(plan, unit)
        plan.segment = event.segment
        times = plan.times.get(event.segment)
        plan.times[event.segment] = SegmentTimes(times.started_at if times else unit.now)
        self._save_segments(plan, unit, {event.segment})

    def _close_segment(self, plan: Plan, unit: Unit) -> None:
        running = plan.segment
        if running:
            plan.times[running].ended_at = unit.now
            plan.segment = ""
            self._save_segments(plan, unit, {running})

    # What the platform says.

    def _stream(self, event: Event, unit: Unit) -> None:
        del unit
        self._state.stream = {StreamPaused: "paused", StreamEnded: "ended"}.get(type(event), "live")

    def _feed_gone(self, event: SourceGone, unit: Unit) -> None:
        del unit
        self._state.feeds[event.feed] = "gone"

    def _feed_back(self, event: SourceBack, unit: Unit) -> None:
        del unit
        self._state.feeds[event.feed] = "back"

    def _pinned(self, event: ProductPinned, unit: Unit) -> None:
        self._state.pinned, self._state.pinned_at = event.product, unit.now

    def _unpinned(self, event: ProductUnpinned, unit: Unit) -> None:
        del unit
        if self._state.pinned == event.product:
            self._state.pinned, self._state.pinned_at = "", 0

    def _listed(self, event: ProductListed, unit: Unit) -> None:
        del unit
        self._state.listed[event.product] = event.number

    def _delisted(self, event: ProductDelisted, unit: Unit) -> None:
        del unit
        self._state.listed.pop(event.product, None)

    def _priced(self, event: PriceChanged, unit: Unit) -> None:
        plan = self._state.plans.get(self._state.current)
        if plan is not None:
            plan.products = [
                # The price of one SKU of several is not the product's.
                msgspec.structs.replace(card, price=event.price)
                if card.product == event.product and (not event.sku or len(card.skus) < 2)
                else card
                for card in plan.products
            ]
            self._save(plan, unit)

    def _offer_started(self, event: OfferStarted, unit: Unit) -> None:
        del unit
        self._state.offers[event.offer] = Offer(
            event.offer, event.title, event.product, event.ends_at, event.off, event.threshold
        )  # fmt: skip

    def _offer_ended(self, event: OfferEnded, unit: Unit) -> None:
        del unit
        self._state.offers.pop(event.offer, None)

    def _draw_started(self, event: DrawStarted, unit: Unit) -> None:
        self._state.draws[event.draw] = Draw(event.draw, event.title, event.ends_at)
        self._state.last_draw_at = unit.now

    def _draw_ended(self, event: DrawEnded, unit: Unit) -> None:
        del unit
        self._state.draws.pop(event.draw, None)

    # Rows.

    def _plan(self, show: str) -> Plan:
        plan = self._state.plans.get(show)
        if plan is None:
            raise _Refusal("no_show", "there is no such show in this room")
        return plan

    def _forget_old(self) -> None:
        over = ("ended", "cancelled")
        ended = sorted((p for p in self._state.plans.values() if p.status in over), key=lambda p: p.ended_at)
        for plan in ended[: max(0, len(self._state.plans) - _KEPT_PLANS)]:
            if plan.show != self._state.current:
                del self._state.plans[plan.show]

    def _save(self, plan: Plan, unit: Unit, whole: bool = False) -> None:
        room = self._room
        text = msgspec.json.encode(
            {
                "segments": plan.segments,
                "products": plan.products,
                "goals": plan.goals,
                "carried": plan.carried,
                "ends_at": plan.ends_at,
                "theme": plan.theme,
                "hosts": plan.hosts,
                "kits": plan.kits,
                "lights": plan.lights,
                "studio": plan.studio,
                "welfare": plan.welfare,
            }
        ).decode()
        unit.write(
            tables.SAVE_SHOW,
            (
                room.org, room.brand, room.room, plan.show, plan.title, plan.status, plan.starts_at,
                plan.started_at, plan.ended_at, plan.version, text,
            ),
        )  # fmt: skip
        if whole:
            unit.write(tables.DROP_SEGMENTS, (room.room, plan.show))
            self._save_segments(plan, unit, None)

    def _save_segments(self, plan: Plan, unit: Unit, only: set[str] | None) -> None:
        room = self._room
        unit.write_many(
            tables.SAVE_SEGMENT,
            [
                (
                    room.org, room.brand, room.room, plan.show, s.segment, s.part, s.title, s.product, s.host,
                    s.planned_start, s.planned_end, s.started_at, s.ended_at,
                )
                for s in segment_states(plan, unit.now)
                if only is None or s.segment in only
            ],
        )  # fmt: skip

    kinds: ClassVar[frozenset[type[Event]]]


_HANDLERS: dict[type[Event], Callable[[Shows, Any, Unit], None]] = {
    RoomSaved: Shows._room_saved,
    RoomRemoved: Shows._room_removed,
    ShowPlanned: Shows._planned,
    ShowCancelled: Shows._cancelled,
    RundownChanged: Shows._rundown,
    LineupChanged: Shows._lineup,
    ShowStarted: Shows._started,
    ShowEnded: Shows._ended,
    ShowHeld: Shows._held,
    SegmentStarted: Shows._segment,
    StreamStarted: Shows._stream,
    StreamPaused: Shows._stream,
    StreamResumed: Shows._stream,
    StreamEnded: Shows._stream,
    SourceGone: Shows._feed_gone,
    SourceBack: Shows._feed_back,
    ProductPinned: Shows._pinned,
    ProductUnpinned: Shows._unpinned,
    ProductListed: Shows._listed,
    ProductDelisted: Shows._delisted,
    PriceChanged: Shows._priced,
    OfferStarted: Shows._offer_started,
    OfferEnded: Shows._offer_ended,
    DrawStarted: Shows._draw_started,
    DrawEnded: Shows._draw_ended,
}
Shows.kinds = frozenset(_HANDLERS)


def _clashes(found: Clash) -> _Refusal:
    where = f" in {found.room_name}" if found.room_name else ""
    why = f"{found.title}{where} has {found.name} in this time; choose another time, or free it there"
    return _Refusal(f"{found.kind}_taken", why, found.about())


def _check_version(what: str, asked: int, stands: int) -> None:
    if asked != stands + 1:
        raise _Refusal(
            "changed_meanwhile", f"somebody else edited the {what} (version {stands}); look at it and repeat"
        )


def _check_segments(segments: Sequence[SegmentPlan]) -> None:
    seen: set[str] = set()
    for item in segments:
        if not item.segment or item.segment in seen:
            raise _Refusal("twice", f"each segment needs an id of its own ({item.segment or 'empty'})")
        seen.add(item.segment)
        if item.part not in PARTS:
            raise _Refusal("bad_part", f"{item.part!r} is no part of a show; use one of {', '.join(sorted(PARTS))}")
        if not 0 <= item.duration_s <= 24 * 3600 or item.offset_s < 0:
            raise _Refusal(
                "bad_time", f"segment {item.title or item.segment}: a length of 0 to 24 hours, an offset not below 0"
            )
        draw = item.draw
        if draw is not None and (min(draw.prizes, draw.value, draw.after_s) < 0 or draw.chances < 1):
            raise _Refusal(
                "bad_draw", f"segment {item.title or item.segment}: figures of the draw must not lie below 0"
            )
