"""The demo at whichever second it is started: a cue comes within a minute of its opening, a judged one within three."""

from pathlib import Path

import pytest

from livecue.app import App, Demo
from livecue.config import load_settings
from livecue.events import ClockTicked, CueDelivered, CueJudged
from livecue.kit import ManualClock
from livecue.store import read_committed, read_cursor

# Each pumps forty minutes of a show through the whole loop: half a minute of a quiet machine.
pytestmark = pytest.mark.faults

CUE_MS, JUDGED_MS = 60_000, 180_000
STARTS = (1_790_000_000_000, 1_793_461_017_000, 1_798_761_599_000)
"""Within a bucket of 5 s and within a minute they lie differently."""


@pytest.mark.parametrize("start", STARTS)
def test_it_brings_a_cue_in_a_minute_and_a_judged_one_in_three(start: int, tmp_path: Path) -> None:
    app = App(load_settings(data=tmp_path / "data"), clock=ManualClock(start))
    app.pump.start()
    app.runner.settle()
    app.first_owner()
    demo = Demo(app)
    try:
        demo.open()
        assert demo.driver is not None
        opened, number = demo.driver.now, read_cursor(app.reader, "demo")
        assert abs(opened - start) <= 1_000, "forty minutes in, the show's clock is the wall's"
        demo.driver.catch_up(opened + JUDGED_MS)
        now, delivered, judged = opened, list[int](), list[int]()
        for _, events in read_committed(app.reader, "demo", number):
            for event in events:
                if isinstance(event, ClockTicked):
                    now = event.now
                elif isinstance(event, CueDelivered):
                    delivered.append(now - opened)
                elif isinstance(event, CueJudged):
                    judged.append(now - opened)
        assert delivered and delivered[0] <= CUE_MS, f"the first cue after the page opens: {delivered[:1]}"
        assert judged and judged[0] <= JUDGED_MS, f"the first judgement after the page opens: {judged[:1]}"
    finally:
        app.pump.stop()
        app.reader.close()
        app.release()
