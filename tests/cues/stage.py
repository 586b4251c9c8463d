"""A room made of pictures alone: set its figures, let room time pass, and see which cues come."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec

from livecue.cues import Cues, CuesPicture
from livecue.events import ClockTicked, DutyTaken, Event, ProductCard, SpeechHeard, encode_event
from livecue.flow import RoomInfo
from livecue.metrics import Reading, StaticReadings
from livecue.sales import SalesPicture, StockView
from livecue.shows import Draw, Offer, SegmentState, ShowsPicture

E = TypeVar("E", bound=Event)
START = 1_795_000_000_000 // 60_000 * 60_000
ROLES = (
    "host", "cohost", "floor", "console", "ops", "director", "cs", "lead",
    "analyst", "adbuyer", "selector", "supply", "tech",
)  # fmt: skip
PRODUCT = ProductCard(product="p1", name="防晒衣", role="deal", category="apparel", number=3)


class Recorder:
    """A unit that remembers what was announced and written."""

    def __init__(self) -> None:
        self.room, self.number, self.now, self.source, self.rebuilding = "r1", 1, 0, "test", False
        self.announced: list[Event] = []
        self.written: list[tuple[str, tuple[Any, ...]]] = []

    def write(self, statement: str, values: Sequence[Any] = ()) -> None:
        self.written.append((statement, tuple(values)))

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        self.written.extend((statement, tuple(row)) for row in rows)

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        raise AssertionError("cues ask for nothing")

    def announce(self, *events: Event) -> None:
        self.announced.extend(events)

    def act(self, *actions: Any) -> None:
        raise AssertionError("cues do nothing themselves")


class Stage:
    """The room. Times that a rule looks at are kept constant while time passes (``left_s``, ``elapsed_s`` ...)."""

    def __init__(self, duty: Sequence[str] = ROLES, currency: str = "CNY", platform: str = "") -> None:
        self.cues = Cues()
        self.info = RoomInfo(
            room="r1", org="o", brand="b", nature="simulated", currency=currency, platform=platform, category="apparel"
        )
        self.state = self.cues.open(self.info, None)
        self.unit = Recorder()
        self.unit.now = START
        self.readings: dict[tuple[str, str, str], Reading] = {}
        self.minutes: dict[str, list[float | None]] = {}
        self.status, self.stream, self.show = "on_air", "live", "s1"
        self.elapsed_s = 3600.0
        self.products = [PRODUCT]
        self.listed = {"p1": 3}
        self.pinned = "p1"
        self.pitched_s = 600.0
        self.stock = [StockView(sku="p1-a", product="p1", on_hand=500, reserved=0, known=True)]
        self.segment = "a"
        self.segment_s = 900.0
        self.left_s = 500.0
        self.part = "pitch"
        self.offer_left_s = 0.0
        self.draws: list[Draw] = []
        self.draw_ago_s = 0.0
        self.spoken = True
        """Somebody tells what the host says."""
        self.set("M25.comments", 100)
        for role in duty:
            self.feed(DutyTaken(person=f"{role}-1", role=role))

    @property
    def now(self) -> int:
        return self.unit.now

    def set(
        self, metric: str, value: float | None, sample: int = 10_000, window: str = "5m", scope: str = "room"
    ) -> None:
        """The figure of a metric, or that it is unknown."""
        why = "" if value is not None else "no_source"
        self.readings[metric, window, scope] = Reading(
            metric=metric, window=window, scope=scope, value=value, sample=sample, why=why
        )

    def pictures(self) -> dict[str, Any]:
        now = self.now
        end = now + int(self.left_s * 1000)
        segments = [
            SegmentState(
                segment=name, part=self.part, title=f"环节{name}", product="", host="", planned_start=start,
                planned_end=start + int(self.segment_s * 1000), started_at=start if name == self.segment else 0,
                ended_at=0, expected_start=start, expected_end=end, target_gmv=0, target_orders=0, talk_track="",
            )
            for name, start in (("a", end - int(self.segment_s * 1000)), ("b", end))
        ]  # fmt: skip
        offers = [Offer("o1", "满 200 减 30", "p1", now + int(self.offer_left_s * 1000))] if self.offer_left_s else []
        shows = ShowsPicture(
            show=self.show, title="", status=self.status, starts_at=START, ended_at=0,
            started_at=now - int(self.elapsed_s * 1000) if self.status == "on_air" else 0,
            segment=self.segment, segment_started_at=0, version=1, segments=segments, pinned=self.pinned,
            pinned_at=START - int(self.pitched_s * 1000) if self.pinned else 0,
            listed=self.listed, products=self.products, offers=offers, draws=self.draws,
            last_draw_at=now - int(self.draw_ago_s * 1000) if self.draw_ago_s else 0, goals={}, stream=self.stream,
            feeds={}, carried=[],
        )  # fmt: skip
        return {
            "shows": shows,
            "sales": SalesPicture(stock=self.stock, unpaid=0, paid=0, refunds=0, mismatches=0),
            "metrics": StaticReadings(self.readings.values(), self.minutes),
        }

    def feed(self, *events: Event) -> list[Event]:
        """Events outside a tick; what was announced."""
        return self._decide(events, {})

    def run(self, seconds: float, step_s: float = 1.0) -> list[Event]:
        """Let room time pass in ticks of ``step_s``; what was announced meanwhile."""
        said: list[Event] = []
        for _ in range(max(1, round(seconds / step_s))):
            self.unit.now += int(step_s * 1000)
            if self.spoken:
                self._decide([SpeechHeard(text="")], {})
            said += self._decide([ClockTicked(now=self.unit.now)], self.pictures())
        return said

    def _decide(self, events: Sequence[Event], pictures: dict[str, Any]) -> list[Event]:
        known = len(self.unit.announced)
        self.state = self.cues.decide(self.state, events, pictures, self.unit)
        return self.unit.announced[known:]

    def picture(self) -> CuesPicture:
        return self.cues.picture(self.state, self.now)

    def reopen(self) -> None:
        """Go on from the snapshot."""
        self.state = self.cues.open(self.info, self.cues.dump(self.state))

    def said(self) -> bytes:
        """Everything announced and written so far, as bytes."""
        rows = msgspec.json.encode([[statement, values] for statement, values in self.unit.written])
        return b"\n".join([*map(encode_event, self.unit.announced), rows])


def of_kind(events: Iterable[Event], kind: type[E], rule: str = "") -> list[E]:
    """Events of a kind (and rule)."""
    return [item for item in events if isinstance(item, kind) and (not rule or getattr(item, "rule", "") == rule)]
