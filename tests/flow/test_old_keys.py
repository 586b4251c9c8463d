"""A key that comes again after it was forgotten harms nothing: it counts anew, the loop goes on."""

from pathlib import Path

import pytest

from livecue.app import App
from livecue.config import load_settings
from livecue.events import ClockTicked, CommentPosted, GiftSent, RoomSaved, UnknownSeen
from livecue.flow import room

DAY = 24 * 3600 * 1000


def test_a_row_sent_again_after_a_month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if much had come since: the tail of the journal no longer holds the old keys.
    monkeypatch.setattr(room, "MASS_TAIL", 0)
    events = [CommentPosted(key="c", text="x"), GiftSent(key="g"), UnknownSeen(key="u", name="n")]
    for month in range(2):
        app = App(load_settings(data=tmp_path))
        app.pump.start()
        if month == 0:
            app.tell_house(RoomSaved(room="r", org="main", brand="main", name="r", platform="p", nature="rehearsed"))
        now = 1_790_000_000_000 + month * 60 * DAY
        receipt = app.pump.post("r", [ClockTicked(now=now), *events], source="s").result(20)
        assert (receipt.duplicates, receipt.accepted) == (0, 4)
        again = app.pump.post("r", [ClockTicked(now=now + 40 * DAY)], source="s").result(20)
        assert again.duplicates == 0
        assert not app.reader.rows("SELECT * FROM stopped")
        app.pump.stop()
        app.reader.close()
        app.release()
    reader_rows = App(load_settings(data=tmp_path))
    # Nobody could know it any more: it counted again, and stands at its own time again.
    assert reader_rows.reader.rows("SELECT COUNT(*) FROM comments") == [(2,)]
    reader_rows.reader.close()
    reader_rows.release()
