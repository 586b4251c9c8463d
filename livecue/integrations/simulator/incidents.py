"""Plays the planted incidents of a scenario at their times."""

from livecue.events import (
    CommentPosted,
    Event,
    FanClubJoined,
    GiftSent,
    LikeGiven,
    OfferEnded,
    RoomShared,
    SourceBack,
    SourceGone,
    SpeechHeard,
    StreamStuttered,
    UserFollowed,
)
from livecue.integrations.simulator.crowd import Crowd
from livecue.integrations.simulator.engine import Engine, seeded
from livecue.integrations.simulator.levers import Rates
from livecue.integrations.simulator.scenario import (
    AnyIncident,
    BannedWord,
    ComplaintFlood,
    DrawRuns,
    FeedGap,
    OfferRuns,
    Oversell,
    RefundWave,
    RudeComments,
    Scenario,
    SellOut,
    Slump,
    Stutter,
    TrafficDrop,
    TrafficSurge,
    offer_event,
)
from livecue.integrations.simulator.store import Store
from livecue.integrations.simulator.talk import Talk
from livecue.integrations.simulator.traffic import Traffic
from livecue.kit import stable_id

FEEDS: dict[str, tuple[type[Event], ...]] = {
    "interaction": (CommentPosted, LikeGiven, GiftSent, UserFollowed, FanClubJoined, RoomShared),
    "speech": (SpeechHeard,),
}
"""What each feed that may go missing brings."""

_CALM_MS = 180_000


class Incidents:
    """One method per kind of incident; each draws from a source of its own."""

    def __init__(
        self, scenario: Scenario, engine: Engine, rates: Rates, crowd: Crowd, store: Store, traffic: Traffic, talk: Talk
    ) -> None:
        self._scenario, self._engine, self._rates = scenario, engine, rates
        self._crowd, self._store, self._traffic, self._talk = crowd, store, traffic, talk
        self._calm_until = 0

    def plan(self) -> None:
        """Put every incident into the queue."""
        for number, incident in enumerate(self._scenario.incidents):
            when = self._scenario.starts_at + int(incident.at_s * 1000)
            self._engine.at(when, self._play, (number, incident))

    def calm(self, now: int) -> None:
        """Somebody deals with the complaints: most of those still to come in the next minutes hold back."""
        self._calm_until = now + _CALM_MS

    def _play(self, now: int, what: tuple[int, AnyIncident]) -> None:
        if not self._crowd.open:
            return
        number, incident = what
        luck = seeded(self._scenario.seed, "incident", number)
        engine, store = self._engine, self._store
        if isinstance(incident, TrafficDrop | TrafficSurge):
            factor = max(1e-6, incident.factor)
            self._traffic.push(factor)
            engine.at(now + int(incident.duration_s * 1000), lambda _when, _: self._traffic.push(1 / factor))
        elif isinstance(incident, Slump):
            self._slump(now, incident)
        elif isinstance(incident, SellOut):
            store.rush(now, incident.product, incident.over_s, self._crowd.rush_buyer(luck))
        elif isinstance(incident, Oversell):
            viewer = self._crowd.somebody(luck)
            store.oversell(now, incident.sku, incident.quantity, viewer.user if viewer else "")
        elif isinstance(incident, BannedWord):
            self.speak(now, incident.text, 0.94)
        elif isinstance(incident, ComplaintFlood):
            people = sorted(int(luck.random() * incident.duration_s * 1000) for _ in range(incident.people))
            for place, after in enumerate(people):
                engine.at(now + after, self._complain, (number, place, incident))
        elif isinstance(incident, RefundWave):
            store.refund_wave(now, incident.product, incident.share, incident.duration_s, luck)
        elif isinstance(incident, RudeComments):
            for place in range(incident.people):
                engine.at(now + place * 4000 + int(luck.random() * 2000), self._insult, (number, place))
        elif isinstance(incident, OfferRuns):
            event = offer_event(self._scenario, number, incident, now)
            engine.emit(now, event)
            engine.at(
                now + int(incident.duration_s * 1000), self._end_offer, stable_id("offer", self._scenario.show, number)
            )
        elif isinstance(incident, DrawRuns):
            draw = stable_id("draw", self._scenario.show, number)
            ends_at = now + int(incident.duration_s * 1000)
            store.start_draw(now, draw, incident.title, incident.prizes, incident.word, ends_at)
        elif isinstance(incident, Stutter):
            for place in range(incident.times):
                ms = int(incident.ms * (0.6 + 0.8 * luck.random()))
                engine.at(now + place * 12_000 + int(luck.random() * 4000), self._stutter, (number, place, ms))
        elif isinstance(incident, FeedGap):
            self._gap(now, incident)

    def _slump(self, now: int, slump: Slump) -> None:
        rates = self._rates
        rates.slump_orders *= slump.orders
        rates.slump_talk *= slump.talk
        rates.refresh()

        def over(_when: int, _: object) -> None:
            rates.slump_orders /= slump.orders
            rates.slump_talk /= slump.talk
            rates.refresh()

        self._engine.at(now + int(slump.duration_s * 1000), over)

    def speak(self, now: int, text: str, confidence: float) -> None:
        """The transcription source heard the host."""
        host = next((person.person for person in self._scenario.crew if "host" in person.roles), "")
        self._engine.out.append(
            SpeechHeard(key=self._engine.key(), at=now, text=text, speaker=host, confidence=confidence)
        )

    def _complain(self, now: int, what: tuple[int, int, ComplaintFlood]) -> None:
        number, place, flood = what
        luck = seeded(self._scenario.seed, "complaint", number, place)
        viewer = self._crowd.somebody(luck)
        if viewer is None or (now < self._calm_until and luck.random() < 0.7):
            return
        product = self._store.shelves[flood.product].product
        self._crowd.say(now, viewer, self._talk.complaint(luck.random, flood.topic, product))

    def _insult(self, now: int, what: tuple[int, int]) -> None:
        luck = seeded(self._scenario.seed, "insult", *what)
        viewer = self._crowd.somebody(luck)
        if viewer is not None:
            self._crowd.say(now, viewer, self._talk.rude(luck.random))

    def _end_offer(self, now: int, offer: str) -> None:
        self._engine.out.append(OfferEnded(key=self._engine.key(), at=now, offer=offer))

    def _stutter(self, now: int, what: tuple[int, int, int]) -> None:
        number, place, ms = what
        self._engine.out.append(StreamStuttered(key=self._engine.key(), at=now, ms=ms))
        luck = seeded(self._scenario.seed, "stutter", number, place)
        for viewer in list(self._crowd.present):
            if luck.random() < 0.02:
                self._engine.at(now + 500 + int(luck.random() * 6000), self._crowd.leave, viewer)

    def _gap(self, now: int, gap: FeedGap) -> None:
        engine = self._engine
        engine.out.append(SourceGone(key=engine.key(), at=now, feed=gap.feed, reason="simulated"))
        engine.mute(FEEDS[gap.feed])

        def back(when: int, _: object) -> None:
            engine.mute(())
            engine.out.append(SourceBack(key=engine.key(), at=when, feed=gap.feed, gap_ms=when - now))

        engine.at(now + int(gap.duration_s * 1000), back)
