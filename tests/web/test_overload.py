"""Three times as much comes as is folded, end to end, however fast the machine: the pump folds a third of what came.

``tests/flows/test_overload.py`` (``make faults``) floods a real server by the pace it measured.
"""

import json
import time
from typing import Any

import pytest

from livecue.flow import pressure, screen
from livecue.flow.pump import cycle
from livecue.flow.pump.cycle import Cycle
from tests.web.conftest import House

LIKES, COMMENTS, ORDERS = 56, 3, 1
LINES = LIKES + COMMENTS + ORDERS
POSTS, BOUND, PACE = 60, 600, 100
"""Posts that are offered; events that may wait; events a second that the pump is said to fold."""
URL = "/bridge/v1/rooms/r1/events"


class Third:
    """Lets the pump fold no more than a third of what was offered, until it is ``open``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.offered = self.folded = 0
        self.open = False
        fold, note = Cycle._fold, pressure.Pressure.note

        def folds(held: Cycle, *more: Any) -> None:
            left = max(0, self.offered // 3 - self.folded)
            monkeypatch.setattr(cycle, "CYCLE_EVENTS", 60_000 if self.open else left)
            before = held.folded_events
            fold(held, *more)
            self.folded += held.folded_events - before
            if not left and not self.open:
                time.sleep(0.001)

        def notes(held: pressure.Pressure, folded: int, seconds: float, behind: int) -> None:
            note(held, folded, folded / PACE, behind)

        monkeypatch.setattr(Cycle, "_fold", folds)
        monkeypatch.setattr(pressure.Pressure, "note", notes)

    def drained(self) -> None:
        """Wait until its third is folded, but for less than a post."""
        until = time.monotonic() + 60
        while self.folded <= self.offered // 3 - LINES:
            assert time.monotonic() < until, "it folds nothing"
            time.sleep(0.002)


def body_of(number: int) -> bytes:
    likes = [{"kind": "LikeGiven", "key": f"l{number}.{n}", "user": f"u{n}", "count": 1} for n in range(LIKES)]
    said = [
        {"kind": "CommentPosted", "key": f"c{number}.{n}", "user": f"u{n}", "text": "有吗"} for n in range(COMMENTS)
    ]
    order = {"kind": "OrderPaid", "key": f"o{number}", "order": f"o{number}", "amount": 9, "user": "u1"}
    return "\n".join(json.dumps(line) for line in (*likes, *said, order)).encode()


def test_three_times_too_much_loses_nothing_and_the_screens_say_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "SAMPLED_S", 3_600.0)
    owner, pump = house.client("owner"), house.app.pump
    for command in ({"kind": "ShowPlanned", "show": "s", "title": "s"}, {"kind": "ShowStarted", "show": "s"}):
        owner.post("/api/rooms/r1/commands", json=command)
    now = house.clock.now_ms()
    pump.tick(["r1"], now)
    pump.frame("r1").result(30)
    pump.pressure.most = BOUND
    # From here on it folds at the pace of the test: how fast the machine was until now is forgotten.
    pump.pressure._rate = 0.0
    sender = house.client()
    sender.headers["authorization"] = f"Bearer {house.token()}"
    third, again, waits, frames = Third(monkeypatch), [], [], []
    for number in range(POSTS):
        third.offered += LINES
        answered = sender.post(URL, content=body_of(number))
        if answered.status_code == 429:
            waits.append(int(answered.headers["retry-after"]))
            again.append(number)
        else:
            assert answered.json()["accepted"] == LINES
        now += 5_000
        pump.tick(["r1"], now)
        third.drained()
        frames.append(pump.frame("r1").result(30).sections)
    assert third.offered >= 3 * (third.folded - LINES), "three times what was folded meanwhile"
    assert again and all(1 <= wait <= 30 for wait in waits), "more waits than may, and it is said for how long"
    busy = [sections for sections in frames if int(sections["busy"])]
    # Between a refusal and a picture at most two posts are folded.
    most = max(int(sections["busy"]) for sections in busy)
    assert len(busy) > POSTS // 2 and most >= (BOUND - 2 * LINES) // PACE
    assert owner.get("/api/rooms/r1/snapshot").json()["busy"] > 0, "whoever comes now is told too"
    first, last = busy[0], busy[-1]
    mass = [name for name in last if name.startswith("metrics.")]
    assert mass and all(first[name] == last[name] for name in mass), "mass figures are sampled"
    assert int(last["sales.paid"]) > int(first["sales.paid"]), "orders never are"
    assert any(first[name] != last[name] for name in last if name.startswith("audience.")), "nor are comments"
    third.open = True
    for number in again:
        until = time.monotonic() + 60
        while (answered := sender.post(URL, content=body_of(number))).status_code == 429:
            assert time.monotonic() < until
            time.sleep(0.01)
        assert answered.json()["accepted"] == LINES
    while pump.backlog():
        pump.frame("r1").result(30)
    pump.tick(["r1"], now + 5_000)
    shown = owner.get("/api/rooms/r1/snapshot").json()
    likes = next(t["value"] for t in shown["metrics"]["tiles"] if (t["metric"], t["window"]) == ("M25.likes", "show"))
    assert (likes, shown["sales"]["paid"], shown["busy"]) == (POSTS * LIKES, POSTS * ORDERS, 0)
    ((comments,),) = house.app.reader.rows("SELECT COUNT(*) FROM comments WHERE room = 'r1'")
    assert comments == POSTS * COMMENTS
