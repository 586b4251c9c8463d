"""A room before the fake platform: what people ask for goes through the real loop, and every call is counted."""

from collections.abc import Sequence
from typing import Any

from livecue.events import (
    ClockTicked,
    CommentPosted,
    DutyTaken,
    Event,
    ModerationAsked,
    ShowPlanned,
    ShowStarted,
)
from livecue.flow import Receipt
from livecue.integrations.simulator import PERFORMS, Call, Simulation, plain_show
from tests.web.conftest import House

NOW = 1_790_000_000_000


class Stage:
    """``house`` with a show on air in r1; time moves by ``tick``."""

    def __init__(self, house: House) -> None:
        self.house, self.now, self.count = house, NOW, 0
        self.platform = Simulation(plain_show(5, NOW, 900, room="r1"))
        house.app.doors["r1"] = self.platform
        house.app.capable["r1"] = [kind.__name__ for kind in PERFORMS]
        self.tick(0)
        self.ask(ShowPlanned(show="x", title="场", starts_at=NOW))
        self.ask(ShowStarted(show="x"))
        self.ask(DutyTaken(person="ops", role="floor", name="运营"))
        self.tick()

    def tick(self, ms: int = 250) -> None:
        self.now += ms
        self.post(ClockTicked(now=self.now))

    def post(self, *events: Event) -> Receipt:
        return self.house.app.pump.post("r1", list(events), source="t", arrived=self.now).result(30)

    def ask(self, event: Any, by: str = "ops") -> Receipt:
        import msgspec

        self.count += 1
        name = f"k{self.count}"
        named = msgspec.structs.replace(event, key=name, command=name, by=by)
        return self.house.app.pump.post("r1", [named], source=f"person:{by}", wants=True, arrived=self.now).result(30)

    def say(self, text: str, user: str = "u", key: str = "", times: int = 1) -> str:
        """Comments by a viewer; gives the key of the last."""
        for _ in range(times):
            self.count += 1
            name = key or f"c{self.count}"
            self.post(CommentPosted(key=name, text=text, user=user, name=f"观众{user}"))
        return name

    def moderate(self, action: Any, by: str = "ops", note: str = "", dry: bool = False) -> Receipt:
        return self.ask(ModerationAsked(action=action, note=note, dry=dry), by)

    def perform(self) -> Sequence[Call]:
        """Whatever may leave by now does; every call the platform ever got."""
        for _ in range(30):
            self.tick(1_000)
        while self.house.app.runner.step():
            pass
        self.tick()
        return self.platform.calls

    def picture(self) -> dict[str, Any]:
        import msgspec

        found: dict[str, Any] = msgspec.json.decode(self.house.app.pump.screen("r1").result(30))
        return found
