"""A frame is made once for all who ask at one moment, and anew as soon as anything was folded."""

from pathlib import Path

from livecue.events import ClockTicked, CommentPosted, LikeGiven
from tests.flow.toy import toy_pump


def test_who_comes_at_the_same_moment_gets_the_same_frame(tmp_path: Path) -> None:
    pump = toy_pump(tmp_path / "t.db")
    pump.post("r", [LikeGiven(key="1", count=3, user="u"), ClockTicked(now=250)], source="s", arrived=1).result(10)
    crowd = [pump.frame("r") for _ in range(50)]
    first, *others = [one.result(10) for one in crowd]
    assert all(other is first for other in others)
    assert first.sections["tally.likes"] == b"3"
    pump.rates["r"] = 2.0
    assert pump.frame("r").result(10).rate == 2.0
    pump.stop()


def test_a_frame_is_never_older_than_what_was_answered(tmp_path: Path) -> None:
    pump = toy_pump(tmp_path / "t.db")
    for number in range(1, 6):
        pump.post("r", [LikeGiven(key=f"l{number}", user="u")], source="s", arrived=1).result(10)
        comment = CommentPosted(key=f"c{number}", text="x", user="u")
        pump.post("r", [comment], source="s", arrived=1).result(10)
        if number == 3:
            # Nothing but the clock moves: what hangs on it alone must move too.
            pump.post("r", [ClockTicked(now=250)], source="livecue", arrived=1).result(10)
        seen = pump.frame("r").result(10)
        assert (seen.sections["tally.likes"], seen.sections["tally.comments"]) == (b"%d" % number, b"%d" % number)
        assert (seen.now, seen.sections["nudge"]) == (250 if number >= 3 else 0, b"[0,%d]" % number)
    pump.stop()
