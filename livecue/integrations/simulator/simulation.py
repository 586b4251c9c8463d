"""A simulated show in room time: steps forward, is acted on, hears what the crew does."""

import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec

from livecue.errors import BadInput
from livecue.events import (
    Action,
    CommandApplied,
    CommandRefused,
    CueAnswerGiven,
    CueDone,
    CueRaised,
    Event,
    OnlineCounted,
    Performed,
    RundownChanged,
    SegmentPlan,
    SegmentStarted,
    ShowEnded,
    StreamEnded,
    StreamStarted,
)
from livecue.integrations.simulator import calibration as rate
from livecue.integrations.simulator.crowd import Crowd
from livecue.integrations.simulator.engine import GRID_MS, Engine, seeded, wave
from livecue.integrations.simulator.incidents import Incidents
from livecue.integrations.simulator.inputs import Asked, Heard, InputLog
from livecue.integrations.simulator.letters import Letters
from livecue.integrations.simulator.levers import LEVER_OF, Planted, Rates
from livecue.integrations.simulator.platform import IDEMPOTENT, Call, Platform
from livecue.integrations.simulator.scenario import Scenario
from livecue.integrations.simulator.store import Store
from livecue.integrations.simulator.talk import Talk
from livecue.integrations.simulator.traffic import Traffic
from livecue.kit import stable_id

_MOOD_S = 10
_ONLINE_MS = 5000
_GRACE_MS = 45_000
_DEFAULT_WINDOW_MS = 300_000
_FULL_MINUTE_MS = 60_000
_QUIET_MS = 20_000
_REACTS = (SegmentStarted, ShowEnded, RundownChanged, CueAnswerGiven)


class Books(msgspec.Struct, frozen=True, kw_only=True):
    """The simulation's own totals, to check a reader of its events against. Money in fen."""

    entered: int
    left: int
    online: int
    viewers: int
    stay_ms: int
    likes: int
    comments: int
    orders_created: int
    orders_paid: int
    orders_cancelled: int
    orders_refunded: int
    units: int
    gmv: int
    oversold: int
    lost: int
    """Events that a gone feed never brought."""
    stock: dict[str, int]


class Simulation:
    """One show. ``step`` gives its events; ``perform`` and ``hear`` close the loop.

    Equal scenarios with equal inputs at equal room times give equal events, however finely stepped. With ``log``
    every input is on disk before it has an effect: a simulation opened on the same file goes through the same show
    again, so that after a kill the program steps to where it was and goes on (repeated events bear the same keys).
    """

    def __init__(self, scenario: Scenario, log: Path | None = None) -> None:
        self.scenario = scenario
        seed, start = scenario.seed, scenario.starts_at
        known = {product.card.product for product in scenario.products}
        missing = {segment.product for segment in scenario.segments} - known - {""}
        if not known or missing:
            raise BadInput(f"the scenario has no product {', '.join(sorted(missing)) or 'at all'}")
        self._engine = Engine(f"{stable_id('key', scenario.show)[:5]}.")
        self._talk = Talk(scenario.products)
        factor = wave(seeded(seed, "show"), 1, 1.0, rate.SHOW_SD, 1.0)[0]
        self._rates = Rates(factor, scenario.talk, scenario.buying)
        self._store = Store(scenario, self._engine, self._talk.refund_reasons)
        self._crowd = Crowd(scenario, self._engine, self._rates, self._store, self._talk)
        self._traffic = Traffic(scenario, self._engine, self._rates, self._crowd)
        parts = (scenario, self._engine, self._rates, self._crowd, self._store, self._traffic, self._talk)
        self._incidents = Incidents(*parts)
        self._letters = Letters(scenario, self._engine, self._talk)
        self._store.on_paid = self._letters.bought
        self._platform = Platform(scenario, self._engine, self._store, self._letters)
        bins = scenario.duration_s // _MOOD_S + 2
        self._moods = [
            wave(seeded(seed, "mood", name), bins, _MOOD_S, rate.MOOD_SD, rate.MOOD_TAU_S)
            for name in ("click", "order", "talk")
        ]
        self._voice = seeded(seed, "voice")
        self._host = seeded(seed, "host")
        self._segments: tuple[SegmentPlan, ...] = scenario.segments
        self._segment: SegmentPlan | None = None
        self._segment_at = start
        self._led = False
        self._waiting: dict[str, Event] = {}
        self._cues: dict[str, CueRaised] = {}
        self.planted: list[Planted] = []
        """The truth about every followed cue, in the order of their answers."""
        self._now = self._ended_at = 0
        self._lock = threading.RLock()
        self._log = InputLog(log) if log is not None else None
        self._past = list(self._log.read()) if self._log is not None else []
        self._past.reverse()
        self._known = {one.identity() for one in self._past}
        self._engine.at(start, self._open)
        self._engine.at(scenario.ends_at, self._close)

    @property
    def now(self) -> int:
        """Room time up to which events were given, ms UTC; 0 before the first step."""
        return self._now

    @property
    def over(self) -> bool:
        """Whether the stream has ended and everybody has left; orders may still be paid, closed or refunded later."""
        return bool(self._ended_at) and self._now >= self._ended_at + _QUIET_MS

    @property
    def calls(self) -> Sequence[Call]:
        """Every action the fake platform received, repeats included, in order."""
        return self._platform.calls

    def step(self, until: int) -> list[Event]:
        """The events before room time ``until`` (ms UTC) that were not given yet, by time."""
        with self._lock:
            return self._step(until)

    def _step(self, until: int) -> list[Event]:
        # What was put in at this very moment came after the step that led to it: a restart finds it done.
        while self._past and self._past[-1].t <= until:
            one = self._past.pop()
            self._engine.run(one.t)
            self._now = max(self._now, one.t)
            if isinstance(one, Asked):
                self._platform.perform(one.t, one.action, one.what)
            else:
                self._take_in(one.t, one.heard)
        self._engine.run(until)
        self._now = max(self._now, until)
        return self._engine.take()

    # The door for actions (what the runner asks of an integration).

    real = False

    def idempotent(self, action: Action) -> bool:
        """Whether doing it twice is the same as once."""
        return type(action) in IDEMPOTENT

    def perform(self, action_id: str, action: Action) -> Performed:
        """Carry out an action whose id in our outbox is ``action_id``; what the platform then shows comes as events."""
        with self._lock:
            one = Asked(t=self._now, action=action_id, what=action)
            if self._log is not None:
                self._log.append(one)
            return self._platform.perform(self._now, action_id, action)

    def confirm(self, action_id: str, action: Action) -> bool | None:
        """Whether the platform shows the action as carried out; None when it cannot tell."""
        with self._lock:
            return self._platform.confirm(action_id, action)

    def hear(self, event: Event) -> None:
        """Tell the simulated room what the team does: give every applied event and announcement of the room, in order.

        Segments, the end, answers to cues and changed rundowns count; the rest is ignored. A command that carries
        an id counts once ``CommandApplied`` for it was heard. Hearing a thing twice does nothing.
        """
        if not isinstance(event, (*_REACTS, CueRaised, CueDone, CommandApplied, CommandRefused)):
            return
        with self._lock:
            self._hear(event)

    def _hear(self, event: Event) -> None:
        if isinstance(event, CommandApplied | CommandRefused) and event.command not in self._waiting:
            return
        one = Heard(t=self._now, heard=event)
        identity = one.identity()
        if identity in self._known:
            return
        self._known.add(identity)
        if self._log is not None:
            self._log.append(one)
        self._take_in(self._now, event)

    def books(self) -> Books:
        """The simulation's own totals so far."""
        crowd, store = self._crowd, self._store
        return Books(
            entered=crowd.entered,
            left=crowd.left,
            online=len(crowd.present),
            viewers=crowd.viewers,
            stay_ms=crowd.stay_ms,
            likes=crowd.likes,
            comments=crowd.comments,
            orders_created=store.created,
            orders_paid=store.paid,
            orders_cancelled=store.cancelled,
            orders_refunded=store.refunded,
            units=store.units,
            gmv=store.gmv,
            oversold=store.oversold,
            lost=self._engine.lost,
            stock={sku: hand for shelf in store.shelves.values() for sku, (hand, _) in shelf.pieces.items()},
        )

    # The course of the show.

    def _open(self, now: int, _: object) -> None:
        engine = self._engine
        engine.out.append(StreamStarted(key=engine.key(), at=now, session=self.scenario.show))
        for event in self.scenario.opening_stock():
            engine.emit(now, event)
        self._store.open(now)
        self._traffic.start()
        self._incidents.plan()
        self._mood(now, None)
        self._count(now, None)
        engine.at(now + 6000, self._speak)
        for segment in self._segments:
            engine.at(now + segment.offset_s * 1000 + (_GRACE_MS if segment.offset_s else 0), self._by_plan, segment)

    def _close(self, now: int, _: object) -> None:
        if self._crowd.open:
            self._ended_at = now
            self._crowd.close(now)
            self._engine.out.append(StreamEnded(key=self._engine.key(), at=now))
            self._engine.at(now + 5500, self._count)

    def _mood(self, now: int, _: object) -> None:
        if not self._crowd.open:
            return
        self._engine.at(now + _MOOD_S * 1000, self._mood)
        rates = self._rates
        place = min(len(self._moods[0]) - 1, (now - self.scenario.starts_at) // (_MOOD_S * 1000))
        rates.mood_click, rates.mood_order, rates.mood_talk = (mood[place] for mood in self._moods)
        share = self._share(now)
        rates.phase = 1.0 if share is None else 0.75 + 0.65 * share * share
        rates.refresh()

    def _share(self, now: int) -> float | None:
        """How much of the running talk is over, 0 to 1."""
        segment = self._segment
        if segment is None or not segment.product or not segment.duration_s:
            return None
        return min(1.0, (now - self._segment_at) / (segment.duration_s * 1000))

    def _count(self, now: int, _: object) -> None:
        crowd, engine = self._crowd, self._engine
        if crowd.open:
            engine.at(now + _ONLINE_MS, self._count)
        engine.out.append(
            OnlineCounted(
                key=engine.key(),
                at=now,
                online=len(crowd.present),
                views=crowd.entered,
                viewers=crowd.viewers,
                likes=crowd.likes,
            )
        )

    def _speak(self, now: int, _: object) -> None:
        if not self._crowd.open:
            return
        voice = self._voice
        self._engine.at(now + 9000 + int(voice.random() * 14_000), self._speak)
        shelf = self._store.shelves.get(self._store.pinned)
        text = self._talk.speech(
            voice.random,
            self._segment.part if self._segment else "warm_up",
            shelf.product if shelf else None,
            shelf.price if shelf else 0,
            (self._share(now) or 0.0) > 0.7,
        )
        self._incidents.speak(now, text, round(0.84 + 0.14 * voice.random(), 2))

    def _by_plan(self, now: int, segment: SegmentPlan) -> None:
        """Nobody leads: the host goes on by the plan."""
        if not self._led and self._crowd.open:
            self._go_to(now, segment)

    def _go_to(self, now: int, segment: SegmentPlan) -> None:
        if self._segment is not None and self._segment.segment == segment.segment:
            return
        self._segment, self._segment_at = segment, now
        self._rates.part = segment.part
        self._rates.refresh()
        if self.scenario.pins != "phone":
            return
        delay = 1500 + int(self._host.random() * 2500)
        if segment.product:
            self._engine.at(now + delay, self._show, segment.product)
        elif self._store.pinned:
            self._engine.at(now + delay, lambda when, _: self._store.unpin(when, self._store.pinned))
        if segment.part == "lucky_bag":
            self._engine.at(now + 6000, self._lucky_bag, segment.segment)

    def _show(self, now: int, product: str) -> None:
        if self._store.shelves[product].number:
            self._store.pin(now, product)

    def _lucky_bag(self, now: int, segment: str) -> None:
        if not self._store.draw:
            draw = stable_id("draw", self.scenario.show, segment)
            self._store.start_draw(now, draw, "福袋：锅巴一份", 5, "抽一份锅巴", now + 120_000)

    # What the team does.

    def _take_in(self, now: int, event: Event) -> None:
        if isinstance(event, CommandRefused):
            self._waiting.pop(event.command, None)
            return
        if isinstance(event, CommandApplied):
            waiting = self._waiting.pop(event.command, None)
            if waiting is None:
                return
            event = waiting
        elif isinstance(event, _REACTS) and event.command:
            self._waiting[event.command] = event
            return
        if isinstance(event, CueRaised):
            self._cues.setdefault(event.cue, event)
            return
        self._engine.at(-(-now // GRID_MS) * GRID_MS, self._react, event)

    def _react(self, now: int, event: Event) -> None:
        if isinstance(event, SegmentStarted):
            segment = next((one for one in self._segments if one.segment == event.segment), None)
            if segment is not None and self._crowd.open:
                self._led = True
                self._go_to(now, segment)
        elif isinstance(event, ShowEnded):
            self._engine.at(now + 2000, self._close)
        elif isinstance(event, RundownChanged):
            if event.show == self.scenario.show:
                known = self._store.shelves
                self._segments = tuple(
                    one if not one.product or one.product in known else msgspec.structs.replace(one, product="")
                    for one in event.segments
                )
        elif isinstance(event, CueDone) or (isinstance(event, CueAnswerGiven) and event.answer == "done"):
            self._followed(now, event.cue)

    def _followed(self, now: int, cue: str) -> None:
        raised = self._cues.pop(cue, None)
        if raised is None:
            return
        if raised.rule == "R063":
            self._incidents.calm(now)
        effect = next((one for one in self.scenario.effects if one.rule == raised.rule), None)
        lever = LEVER_OF.get(raised.metric.partition(".")[0], "")
        if effect is None or not lever:
            return
        window = int(effect.window_s * 1000)
        if not window:
            # A judge may count full minutes only: its window then begins up to a minute after the answer.
            window = raised.judge_at - raised.when if raised.judge_at > raised.when > 0 else _DEFAULT_WINDOW_MS
            window += _FULL_MINUTE_MS
        planted = Planted(
            cue=cue,
            rule=raised.rule,
            metric=raised.metric,
            lever=lever,
            lift=effect.lift,
            starts_at=now,
            ends_at=now + window,
        )
        self.planted.append(planted)
        if not effect.lift:
            return
        self._rates.start(planted)
        self._engine.at(planted.ends_at, lambda _when, _: self._rates.stop(planted))
        crowd = self._crowd
        if lever == "presence":
            crowd.wave(now, effect.lift, cue)
        elif lever == "stay":
            crowd.stay_since, crowd.stay_until, crowd.stay_lift = now, planted.ends_at, effect.lift
            self._engine.at(planted.ends_at, lambda _when, _: setattr(crowd, "stay_lift", 0.0))
