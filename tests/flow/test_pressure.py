"""More comes than can be folded: senders are asked to wait, the screens say so, what was acknowledged is counted."""

from pathlib import Path

import msgspec
import pytest

from livecue.errors import Overloaded
from livecue.events import CommentPosted, LikeGiven
from livecue.flow import Pressure, post, pressure
from livecue.flow.pump import cycle
from livecue.store import sqlite
from tests.flow.toy import toy_pump


def test_the_time_to_wait_follows_what_waits_and_the_pace() -> None:
    held = Pressure()
    held.note(0, 0.1, 10_000_000)
    assert (held.behind_s, held.busy_s) == (0.0, 0)
    held.note(10_000, 0.1, 150_000)
    assert (held.behind_s, held.busy_s) == (1.5, 0)
    held.admit()
    held.note(10_000, 0.1, 500_000)
    assert held.busy_s == 5
    with pytest.raises(Overloaded, match="500000 events") as refused:
        held.admit()
    assert refused.value.retry_after_s == 2.5
    held.note(10_000, 0.1, 0)
    held.admit()
    assert held.busy_s == 0


def test_beyond_its_pace_nothing_acknowledged_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is thrown at it at once, far more than three times what it folds."""
    monkeypatch.setattr(cycle, "CYCLE_EVENTS", 50)
    monkeypatch.setattr(post, "MOST", 50)
    monkeypatch.setattr(pressure, "MOST_BEHIND", 200)
    # Commits wait for the disk, as they do outside the tests: without that it folds as fast as one can throw.
    flushed = tuple(pragma.replace("synchronous=OFF", "synchronous=FULL") for pragma in sqlite._PRAGMAS)
    monkeypatch.setattr(sqlite, "_PRAGMAS", flushed)
    monkeypatch.setattr(pressure, "BUSY_S", 0.0)
    desk = toy_pump(tmp_path / "a.db")
    taken, refused, likes, number = [], 0, 0, 0
    busiest = 0
    while len(taken) < 300:
        try:
            desk.pressure.admit()
        except Overloaded as error:
            refused += 1
            assert error.retry_after_s >= 1.0
            # The sender waits; here until the next transaction, which folds some of it.
            frame = desk.frame("r").result(30)
            busiest = max(busiest, int(frame.sections["busy"]))
            continue
        number += 1
        events = [LikeGiven(key=f"{number}.{n}", count=2) for n in range(9)]
        told = desk.post("r", [*events, CommentPosted(key=f"c{number}", text="c", user="u")], source="s", arrived=1)
        taken.append(told)
        likes += 18
        if number % 20 == 0:
            told.result(30)
    receipts = [told.result(30) for told in taken]
    assert refused > 0, "it was never too much: nothing was shown"
    assert all(receipt.accepted == 10 for receipt in receipts)
    while desk.backlog():
        desk.room_now("r").result(30)
    seen = msgspec.json.decode(desk.screen("r").result(30))
    assert (seen["tally"]["likes"], seen["tally"]["comments"]) == (likes, 300)
    assert seen["busy"] == 0
    desk.stop()
