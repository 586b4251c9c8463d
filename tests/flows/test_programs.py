"""Two pumps and two webs as real processes: an owner that is stopped or killed is replaced, with exact totals."""

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from livecue.events import CommentPosted, LikeGiven
from livecue.store import read_batches
from tests.postgres import Cluster
from tests.programs import Program, Town, until

ROOMS = ["r0", "r1", "r2"]


@pytest.fixture
def town(postgres: Cluster, tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path, postgres.database())
    made.prepare(ROOMS)
    yield made
    made.close()


class Sender(threading.Thread):
    """Sends events to every room by two webs, some of them twice, and keeps what was acknowledged."""

    Unheard = (AssertionError, httpx.TransportError)
    """No answer, or one that says to come again."""

    def __init__(self, town: Town, webs: list[Program]) -> None:
        super().__init__(daemon=True)
        self._town, self._webs = town, webs
        self.acknowledged: dict[str, set[str]] = {room: set() for room in ROOMS}
        self.over = threading.Event()
        self.failed = ""

    def send(self, web: Program, room: str, events: list[dict[str, Any]]) -> None:
        """Once."""
        self._town.post(web, room, events)

    def run(self) -> None:
        number = 0
        while not self.over.is_set():
            number += 1
            for room in ROOMS:
                events: list[dict[str, Any]] = [
                    {"kind": "CommentPosted", "key": f"c{number}", "text": f"第 {number} 条", "user": f"u{number % 7}"},
                    *({"kind": "LikeGiven", "key": f"l{number}.{place}", "count": 2} for place in range(3)),
                ]
                web = self._webs[number % 2]
                try:
                    self.send(web, room, events)
                    if number % 5 == 0:
                        # A sender that did not hear the answer sends again, to whichever web it meets.
                        self.send(self._webs[(number + 1) % 2], room, events)
                except self.Unheard as error:
                    self.failed = str(error)
                    return
                self.acknowledged[room] |= {str(event["key"]) for event in events}
            time.sleep(0.02)

    def sent(self, more: int) -> None:
        """Wait until so many more are acknowledged in every room."""
        wanted = min(len(keys) for keys in self.acknowledged.values()) + more
        until(lambda: self.failed or min(len(keys) for keys in self.acknowledged.values()) >= wanted, 60)
        assert not self.failed


def exact(town: Town, web: Program, acknowledged: dict[str, set[str]]) -> None:
    """Everything that was acknowledged is counted, once."""
    for room, keys in acknowledged.items():
        until(lambda room=room: town.folded(room), 30)
        batches = list(read_batches(town.reader, room, 0))
        assert [batch.number for batch in batches] == list(range(1, len(batches) + 1))
        kept = [
            event.key for batch in batches for event in batch.events if isinstance(event, CommentPosted | LikeGiven)
        ]
        assert set(kept) == keys
        rows = town.reader.rows("SELECT COUNT(*), COUNT(DISTINCT text) FROM comments WHERE room = ?", (room,))
        comments = sum(key.startswith("c") for key in keys)
        assert rows == [(comments, comments)]
        likes = 2 * sum(key.startswith("l") for key in keys)
        # Figures are of the newest tick of the room.
        shown: list[float | str | None] = []

        def right(room: str = room, likes: int = likes, shown: list[float | str | None] = shown) -> bool:
            shown.append(figure(web, room, "M25.likes"))
            return shown[-1] == likes

        try:
            until(right, 60)
        except AssertionError:
            raise AssertionError(f"{room} shows {shown[-5:]} likes and not {likes}") from None


def figure(web: Program, room: str, metric: str) -> float | str | None:
    """A figure over the running show, as the room's screen says."""
    said = web.http.get(f"/api/rooms/{room}/snapshot")
    if said.status_code != 200:
        # Nobody shows the room just now: its owner, or the way to it, is being replaced.
        return said.text
    tiles = said.json()["metrics"]["tiles"]
    return next((tile["value"] for tile in tiles if (tile["metric"], tile["window"]) == (metric, "show")), None)


def test_an_owner_that_is_stopped_or_killed_is_replaced_with_exact_totals(town: Town) -> None:
    first, second = town.start("pump,runner", "first"), town.start("pump,runner", "second")
    webs = [town.start("intake,web", "web1"), town.start("intake,web", "web2")]
    for program in town.programs:
        program.up()
    until(lambda: town.rooms_of(first) and town.rooms_of(second), 30)
    for web in webs:
        town.sign_in(web)
    sender = Sender(town, webs)
    sender.start()
    sender.sent(100)

    began = time.monotonic()
    first.sign(signal.SIGSTOP)
    until(lambda: len(town.rooms_of(second)) == len(ROOMS) + 1, 30)
    stopped_s = time.monotonic() - began
    sender.sent(40)
    command = {"kind": "TaskAdded", "task": "t", "title": "接手之后"}
    for room in ROOMS:
        said = webs[0].http.post(f"/api/rooms/{room}/commands", json=command)
        assert said.status_code == 200 and said.json()["applied"], said.text
    # Awake again it finds that it is struck out, writes nothing and ends; whoever watches over it starts it anew.
    before = town.owners()
    first.sign(signal.SIGCONT)
    until(lambda: not first.runs(), 30)
    assert "struck this one out" in first.log.read_text("utf-8")
    assert town.owners() == before

    third = town.start("pump,runner", "third").up()
    until(lambda: len(town.rooms_of(third)) == 2 and len(town.rooms_of(second)) == 2, 30)
    sender.sent(40)
    began = time.monotonic()
    second.kill()
    until(lambda: len(town.rooms_of(third)) == len(ROOMS) + 1, 30)
    killed_s = time.monotonic() - began
    sender.sent(40)
    sender.over.set()
    sender.join()
    exact(town, webs[1], sender.acknowledged)
    assert stopped_s < 5 and killed_s < 5, (stopped_s, killed_s)
    assert webs[0].health() == {"ok": True, "troubles": [], "roles": ["intake", "web"], "rooms": 0}
    told = third.http.get("/metrics", headers={"Authorization": "Bearer t"}).text
    assert "livecue_rooms_owned 4.0" in told and 'livecue_programs{role="web"} 2.0' in told
    third.end()
    assert not any(town.owners().values())
