"""One decision about traffic: a working copy of what is kept, changed by the events of a run."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from livecue.events import (
    CommandApplied,
    CommandAsked,
    CommandRefused,
    TaskAdded,
    TaskClosed,
    TrafficMoved,
    TrafficNoticed,
    TrafficPlanSet,
    TrafficReported,
    TrafficStepAsked,
    TrafficVerified,
)
from livecue.flow import RoomInfo, Unit
from livecue.kit import stable_id
from livecue.metrics import Readings
from livecue.shows import ShowsPicture
from livecue.traffic import tables
from livecue.traffic.machine import (
    ENDS,
    STEP_MOVES,
    UNKNOWN_SWING,
    Emergency,
    Look,
    Move,
    Step,
    legal,
    look,
    paid_advice,
    steps_for,
)
from livecue.traffic.presets import preset_at

if TYPE_CHECKING:
    from livecue.traffic.decider import Kept

_MINUTE_MS = 60_000
_SLOT_MS = 300_000
_DAY_MS = 24 * 3_600_000
_MOST = 40
_MOST_MOVES = 200


class Turn:
    """Mutable while it lasts; ``kept`` is the next state."""

    def __init__(self, room: RoomInfo, kept: "Kept", pictures: Mapping[str, Any], unit: Unit) -> None:
        self._room, self._pictures, self._unit, self.kept = room, pictures, unit, kept
        self._preset = preset_at(unit.now)

    def _set(self, **changes: Any) -> None:
        self.kept = msgspec.structs.replace(self.kept, **changes)

    def _open(self) -> Emergency | None:
        return next((item for item in self.kept.emergencies if item.state not in ENDS), None)

    # Time.

    def ticked(self) -> None:
        """Follow the show; once a minute look at the entries."""
        shows: ShowsPicture | None = self._pictures.get("shows")
        if shows is None:
            return
        show = shows.show if shows.status == "on_air" else ""
        if show != self.kept.show:
            self._over()
            self._begun(show, shows)
        minute = self._unit.now // _MINUTE_MS
        if show and minute != self.kept.minute:
            self._set(minute=minute)
            self._look(shows)

    def _begun(self, show: str, shows: ShowsPicture) -> None:
        slots: dict[int, float] = {}
        count = 0
        if show:
            since = self._unit.now - self._preset.base_days * _DAY_MS
            rows = self._unit.ask(tables.SLOTS, (self._room.room, since, show))
            slots = {int(slot): float(mean) for slot, mean, n in rows if int(n) >= self._preset.base_shows and mean}
            count = max((int(n) for _, _, n in rows), default=0)
        self._set(
            show=show, began_at=shows.started_at if show else 0, slots=slots, shows=count, under=0, outside=0,
            lowest=-1.0, heard=0.0, expected=0.0, slot=0, look=Look(),
        )  # fmt: skip

    def _look(self, shows: ShowsPicture) -> None:
        readings: Readings = self._pictures["metrics"]
        kept, now, preset = self.kept, self._unit.now, self._preset
        minutes = readings.minutes_of("M03", 20)
        broken = (
            "stream_paused" if shows.stream == "paused"
            else "feed_gone" if "gone" in shows.feeds.values()
            else ""
        )  # fmt: skip
        seen = look(minutes, now - kept.began_at, kept.slots, broken, preset)
        self._set(look=seen)
        self._sum(minutes, now)
        if seen.share < 0:
            return
        under = kept.under + 1 if seen.share < 1 - preset.line else 0
        off = abs(seen.share - 1) > preset.line
        lowest = seen.share if kept.lowest < 0 else min(kept.lowest, seen.share)
        self._set(under=under, outside=kept.outside + off, lowest=lowest)
        emergency = self._open()
        if emergency is None:
            if under >= preset.notice_min or (seen.sudden and under):
                self._noticed(seen)
            return
        low = seen.share if emergency.lowest < 0 else min(emergency.lowest, seen.share)
        emergency = msgspec.structs.replace(emergency, share=seen.share, lowest=low)
        self._put(emergency)
        if under:
            if emergency.state == "recovering":
                self._move(emergency, "fallen", rising_at=0)
            return
        if emergency.state != "recovering":
            self._move(emergency, "rising", rising_at=now)
        elif now - emergency.rising_at >= preset.hold_min * _MINUTE_MS:
            self._move(emergency, "held", ended_at=now)

    def _sum(self, minutes: list[float | None], now: int) -> None:
        """Entries so far against the like shows', slot by slot, for the report."""
        kept = self.kept
        slot = max(0, now - kept.began_at) // _SLOT_MS
        if slot <= kept.slot or len(minutes) < 5 or None in minutes[-5:]:
            return
        like = kept.slots.get(slot - 1, 0.0)
        self._set(slot=slot)
        if like:
            views = sum(value for value in minutes[-5:] if value is not None)
            self._set(heard=self.kept.heard + views, expected=self.kept.expected + like)

    def _noticed(self, seen: Look) -> None:
        kept, now = self.kept, self._unit.now
        readings: Readings = self._pictures["metrics"]
        roi = readings.reading("M52", "15m").value
        paid = paid_advice(roi, kept.break_even, kept.extra_budget, self._preset)
        name = stable_id("traffic", self._room.room, kept.show, str(now))
        emergency = Emergency(
            emergency=name, show=kept.show, since=now, share=seen.share, lowest=seen.share, baseline=seen.baseline,
            base=seen.base, sudden=seen.sudden,
            steps=steps_for(self._room.platform, kept.groups, kept.places, kept.woken, paid, now, self._preset),
        )  # fmt: skip
        self._unit.announce(
            TrafficNoticed(
                emergency=name, share=seen.share, views=seen.views, baseline=seen.baseline, base=seen.base,
                sudden=seen.sudden, when=now,
            )
        )  # fmt: skip
        self._move(emergency, "noticed")

    def _over(self) -> None:
        kept, now = self.kept, self._unit.now
        emergency = self._open()
        if emergency is not None:
            self._move(emergency, "ended", ended_at=now)
        if not kept.show or kept.reported == kept.show:
            return
        mine = sum(item.show == kept.show for item in self.kept.emergencies)
        known = kept.expected > 0
        swing = kept.heard / kept.expected - 1 if known else UNKNOWN_SWING
        within = known and abs(swing) <= self._preset.line
        base = "like_shows" if known else "this_show"
        room = self._room
        self._unit.write(
            tables.SAVE_REPORT,
            (
                room.org, room.brand, room.room, kept.show, now, swing, int(within), kept.lowest, kept.outside, base,
                mine,
            ),
        )  # fmt: skip
        self._unit.announce(
            TrafficReported(
                show=kept.show, swing=swing, within=within, lowest=kept.lowest, outside_min=kept.outside, base=base,
                emergencies=mine, when=now,
            )
        )  # fmt: skip
        self._set(reported=kept.show)

    # What people decide.

    def asked(self, event: CommandAsked) -> None:
        """Apply a command, or refuse it with what to do."""
        problem = self._apply(event)
        if problem is None:
            self._unit.announce(CommandApplied(command=event.command))
        else:
            self._unit.announce(CommandRefused(command=event.command, code=problem[0], why=problem[1]))

    def _apply(self, event: CommandAsked) -> tuple[str, str] | None:
        if isinstance(event, TrafficPlanSet):
            return self._plan(event)
        assert isinstance(event, TrafficVerified | TrafficStepAsked)
        emergency = next((item for item in self.kept.emergencies if item.emergency == event.emergency), None)
        if emergency is None:
            return "no_emergency", "this emergency is not known; reload the page"
        if isinstance(event, TrafficVerified):
            return self._verified(event, emergency)
        return self._step(event, emergency)

    def _plan(self, event: TrafficPlanSet) -> tuple[str, str] | None:
        names = [group.group for group in event.groups]
        if len(set(names)) < len(names) or len(names) > 50:
            return "groups_twice", "each group once, at most fifty of them"
        known = {place.id for place in self._preset.place}
        if not set(event.places) <= known:
            return "unknown_place", f"places are: {', '.join(sorted(known))}"
        if event.break_even < 0:
            return "bad_break_even", "a break-even ROI is above 0"
        self._set(
            groups=event.groups, places=tuple(dict.fromkeys(event.places)), extra_budget=event.extra_budget,
            break_even=event.break_even,
        )  # fmt: skip
        return None

    def _verified(self, event: TrafficVerified, emergency: Emergency) -> tuple[str, str] | None:
        what = "verified" if event.real else "dismissed"
        if event.real and event.cause not in self._preset.causes:
            return "no_cause", f"name where it comes from: {', '.join(self._preset.causes)}"
        if not event.real and not event.note.strip():
            return "say_why", "say why: it stands in the debrief"
        if legal(emergency, what) is None:
            return "not_now", f"an emergency that is {emergency.state} does not take this"
        self._move(
            msgspec.structs.replace(emergency, cause=event.cause, note=event.note, verified_by=event.by),
            what, event.by, note=event.note, ended_at=0 if event.real else self._unit.now,
        )  # fmt: skip
        return None

    def _step(self, event: TrafficStepAsked, emergency: Emergency) -> tuple[str, str] | None:
        step = next((item for item in emergency.steps if item.id == event.step), None)
        if step is None:
            return "no_step", "there is no such step"
        if not emergency.verified_by and emergency.state not in ENDS:
            return "verify_first", "say where it comes from before acting"
        if legal(emergency, "step") is None:
            return "not_now", f"an emergency that is {emergency.state} does not take this"
        state = STEP_MOVES.get((step.state, event.move))
        if state is None:
            return "not_now", f"a step that is {step.state} does not take {event.move}"
        if step.bar and event.move in ("begin", "confirm"):
            return "step_barred", f"this step may not be taken: {step.bar}"
        if event.move == "confirm" and step.by == event.by:
            return "second_person", "somebody else must agree to this"
        made = msgspec.structs.replace(
            step,
            state=state,
            by=event.by if event.move == "begin" else step.by,
            confirmed_by=event.by if event.move == "confirm" else step.confirmed_by,
            when=self._unit.now,
        )
        if state == "doing":
            self._begin(made, emergency)
        steps = tuple(made if item.id == step.id else item for item in emergency.steps)
        self._move(msgspec.structs.replace(emergency, steps=steps), "step", event.by, step.id, event.move, event.note)
        return None

    def _begin(self, step: Step, emergency: Emergency) -> None:
        """A step that is begun becomes a task; a group that is woken is not woken again for a while."""
        zh = self._room.language == "zh"
        self._unit.announce(
            TaskAdded(
                task=_task_of(emergency, step.id),
                title=step.zh if zh else step.en,
                role=step.role,
                show=emergency.show,
                due_at=self._unit.now + self._preset.due_min * _MINUTE_MS,
                cause=f"R009 {emergency.emergency}",
            )
        )
        if step.kind == "wake":
            self._set(woken={**self.kept.woken, step.id.removeprefix("wake:"): self._unit.now})

    def task(self, event: TaskClosed) -> None:
        """The task of a step was closed: the step is done or dropped."""
        for emergency in self.kept.emergencies:
            for step in emergency.steps:
                if step.state == "doing" and event.task == _task_of(emergency, step.id):
                    state = "done" if event.outcome == "done" else "dropped"
                    made = msgspec.structs.replace(step, state=state, when=self._unit.now)
                    steps = tuple(made if item.id == step.id else item for item in emergency.steps)
                    move = Move(self._unit.now, "task", emergency.state, event.by, step.id, state, event.note)
                    self._put(msgspec.structs.replace(emergency, steps=steps, moves=_and(emergency, move)))
                    return

    def _move(
        self, emergency: Emergency, what: str, by: str = "", step: str = "", move: str = "", note: str = "",
        **changes: Any,
    ) -> None:  # fmt: skip
        state = legal(emergency, what)
        assert state is not None
        told = Move(self._unit.now, what, state, by, step, move, note, emergency.share)
        made = msgspec.structs.replace(emergency, state=state, moves=_and(emergency, told), **changes)
        self._put(made)
        self._unit.announce(
            TrafficMoved(
                emergency=made.emergency, what=what, state=state, share=made.share, by=by, step=step, move=move,
                note=note or made.cause, when=self._unit.now,
            )
        )  # fmt: skip

    def _put(self, emergency: Emergency) -> None:
        others = [item for item in self.kept.emergencies if item.emergency != emergency.emergency]
        known = len(others) < len(self.kept.emergencies)
        if known:
            rows = [emergency if item.emergency == emergency.emergency else item for item in self.kept.emergencies]
        else:
            rows = [*others, emergency][-_MOST:]
        self._set(emergencies=tuple(rows))
        room = self._room
        self._unit.write(
            tables.SAVE_EMERGENCY,
            (
                room.org, room.brand, room.room, emergency.emergency, emergency.show, emergency.state,
                emergency.since, emergency.ended_at, msgspec.json.encode(emergency).decode(),
            ),
        )  # fmt: skip


def _and(emergency: Emergency, move: Move) -> tuple[Move, ...]:
    return (*emergency.moves, move)[-_MOST_MOVES:]


def _task_of(emergency: Emergency, step: str) -> str:
    return stable_id("traffic", emergency.emergency, step)
