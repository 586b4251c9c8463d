"""A real ``livecue serve`` is sent far more than it can count: nothing is lost, senders wait, the screens say so."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from livecue.app import App
from livecue.config import load_settings
from livecue.events import DutyTaken, RoomSaved, ShowPlanned, ShowStarted
from livecue.flow import pressure
from livecue.flow.screen import SAMPLED_S
from livecue.team import new_token
from tests.browser.server import LiveServer

# It floods a real server in real time, and waits as it is told to.
pytestmark = pytest.mark.faults

ROOM = "r"
SENDERS, POSTS = 32, 2
LIKES, COMMENTS, ORDERS = 3_300, 150, 25
"""Lines of one post."""
BOUND = 5_000
"""Events that may wait, instead of 400,000: the test floods for seconds, not for minutes."""


def body_of(number: int) -> bytes:
    """One post; every line of it has a key of its own."""
    lines: list[dict[str, Any]] = []
    for place in range(LIKES):
        lines.append({"kind": "LikeGiven", "key": f"l{number}.{place}", "user": f"u{place % 700}", "count": 3})
    for place in range(COMMENTS):
        said = f"第 {number} 位问第 {place} 遍，什么时候发货"
        lines.append({"kind": "CommentPosted", "key": f"c{number}.{place}", "user": f"u{place}", "text": said})
    for place in range(ORDERS):
        order = f"o{number}.{place}"
        bought = [{"sku": "s", "product": "p", "quantity": 1, "price": 990}]
        lines.append({"kind": "OrderPaid", "key": order, "order": order, "amount": 990, "user": order, "lines": bought})
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


@pytest.fixture
def token(tmp_path: Path) -> str:
    """A data folder with a room on air; a sender's token."""
    app = App(load_settings(data=tmp_path / "data"))
    app.pump.start()
    app.first_owner()
    now = app.clock.now_ms()
    app.tell_house(RoomSaved(room=ROOM, org="main", brand="main", name=ROOM, platform="p", nature="rehearsed"))
    opening = [
        ShowPlanned(key="plan", command="plan", show="s", title="s", starts_at=now),
        ShowStarted(key="start", command="start", show="s"),
        DutyTaken(key="duty", command="duty", person="somebody", role="console", name="console"),
    ]
    app.pump.post(ROOM, list(opening), source="livecue").result(60)
    made = app.pump.run(lambda w: new_token(w, "main", "main", ROOM, "t", "both", now, 86_400_000)).result(60)
    app.stop()
    return made


@pytest.fixture
def server(tmp_path: Path, token: str) -> Iterator[LiveServer]:
    settings = tmp_path / "livecue.toml"
    settings.write_text(f"most_behind = {BOUND}\n", "utf-8")
    made = LiveServer(tmp_path / "data", "--config", str(settings), verb="serve")
    made.start()
    yield made
    made.stop()


class Screen(threading.Thread):
    """What a console of the room is sent: when, how far behind it says it is, and which sections changed."""

    def __init__(self, server: LiveServer) -> None:
        super().__init__(daemon=True)
        self.http = httpx.Client(base_url=server.base, timeout=60)
        assert self.http.get(server.link).status_code == 303
        self.frames: list[tuple[float, int, set[str]]] = []
        self.over = threading.Event()

    def run(self) -> None:
        busy, event = 0, ""
        with self.http.stream("GET", f"/api/rooms/{ROOM}/live") as told:
            for line in told.iter_lines():
                if self.over.is_set():
                    return
                if line.startswith("event:"):
                    event = line[6:].strip()
                elif line.startswith("data:") and event == "frame":
                    changed = json.loads(line[5:])["changed"]
                    busy = int(changed.get("busy", busy))
                    self.frames.append((time.monotonic(), busy, set(changed)))


def send(base: str, token: str, number: int, told: Counter[str]) -> None:
    """One sender: what is refused is sent again after the time that was named, until it is taken."""
    with httpx.Client(base_url=base, timeout=120, headers={"Authorization": f"Bearer {token}"}) as http:
        for post in range(POSTS):
            body = body_of(number * POSTS + post)
            while True:
                answered = http.post(f"/bridge/v1/rooms/{ROOM}/events", content=body)
                told["offered"] += LIKES + COMMENTS + ORDERS
                if answered.status_code == 200:
                    told["accepted"] += answered.json()["accepted"]
                    break
                assert answered.status_code == 429, answered.text
                assert answered.json()["error"] == "overloaded"
                wait = int(answered.headers["retry-after"])
                assert 1 <= wait <= 30
                told["refused"] += 1
                time.sleep(wait)


def test_several_times_too_much_loses_nothing_and_is_said(
    server: LiveServer, token: str, record_property: Callable[[str, object], None]
) -> None:
    screen = Screen(server)
    screen.start()
    told: Counter[str] = Counter()
    began = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as crowd:
        for sent in [crowd.submit(send, server.base, token, number, told) for number in range(SENDERS)]:
            sent.result(240)
    took = time.monotonic() - began
    whole = SENDERS * POSTS * (LIKES + COMMENTS + ORDERS)
    assert told["accepted"] == whole
    assert told["refused"] > 0, "it was never too much: nothing was shown"
    figure: dict[str, Any] = {}

    def counted() -> bool:
        snapshot = screen.http.get(f"/api/rooms/{ROOM}/snapshot").json()
        tiles = {(tile["metric"], tile["window"]): tile["value"] for tile in snapshot["metrics"]["tiles"]}
        figure.update(likes=tiles.get(("M25.likes", "show")), busy=snapshot["busy"], paid=snapshot["sales"]["paid"])
        return bool(figure["likes"] == SENDERS * POSTS * LIKES * 3 and not figure["busy"])

    until = time.monotonic() + 90
    while not counted():
        assert time.monotonic() < until, figure
        time.sleep(0.2)
    screen.over.set()
    assert figure["paid"] == SENDERS * POSTS * ORDERS
    print(f"{whole} events taken in {took:.1f} s, {told['offered']} offered, {told['refused']} posts refused")
    record_property("overload", f"{told['offered'] / whole:.1f} times offered, {told['refused']} posts refused")
    the_screen_said_so(screen.frames)
    server.stop()
    reader = App(load_settings(data=server.data)).reader
    assert reader.rows("SELECT COUNT(*), COUNT(DISTINCT text) FROM comments WHERE room = ?", (ROOM,)) == [
        (SENDERS * POSTS * COMMENTS, SENDERS * POSTS * COMMENTS)
    ]
    assert reader.rows("SELECT COUNT(*), SUM(amount) FROM orders WHERE room = ? AND paid_at > 0", (ROOM,)) == [
        (SENDERS * POSTS * ORDERS, SENDERS * POSTS * ORDERS * 990)
    ]


def the_screen_said_so(frames: list[tuple[float, int, set[str]]]) -> None:
    """While it was behind, mass figures came seldom, comments and orders with every picture; and it said how far."""
    behind = [frame for frame in frames if frame[1] > 0]
    assert behind and max(busy for _, busy, _ in behind) >= pressure.BUSY_S
    mass = [at for at, _, changed in behind if any(name.startswith("metrics.") for name in changed)]
    assert all(later - before > 0.9 * SAMPLED_S for before, later in pairwise(mass))
    for name in ("audience.", "sales."):
        seen = sum(any(one.startswith(name) for one in changed) for _, _, changed in behind)
        assert seen >= len(mass), f"{name} came as often as the mass figures at the least"
    assert frames[-1][1] == 0, "and when it is over it says so"
