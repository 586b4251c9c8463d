"""A frame is made once for all who ask at one moment, and anew as soon as anything was folded."""

import threading
from pathlib import Path

import pytest

from livecue.errors import BadInput, NotFound
from livecue.events import ClockTicked, CommentPosted, LikeGiven
from livecue.flow import questions
from livecue.flow.bus import Frame
from livecue.flow.pump.showing import Showing
from tests.flow.toy import TallyPicture, toy_pump


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


def test_a_part_answers_what_its_frames_do_not_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pump = toy_pump(tmp_path / "t.db")
    pump.post("r", [LikeGiven(key="1", count=3, user="u")], source="s", arrived=1).result(10)
    for question in ("tally/likes", "nobody/likes", "nudge/x", ""):
        with pytest.raises(BadInput, match="answers questions"):
            pump.asked("r", question).result(10)
    monkeypatch.setattr(TallyPicture, "asked", lambda self, words: {words: self.likes}, raising=False)
    assert pump.asked("r", "tally/likes").result(10) == b'{"likes":3}'
    frame = pump.frame("r", "tally/likes").result(10)
    assert frame.sections["asked.tally/likes"] == b'{"likes":3}'
    assert questions.without_answers(frame) == pump.frame("r").result(10)
    pump.stop()


def test_answers_ride_for_a_moment_after_each_time_they_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("livecue.flow.questions.time.monotonic", lambda: now)
    held, frame = questions.Questions(), Frame(1, 250, 1.0, {"a": b"1"})
    made: list[str] = []

    def ask(question: str) -> bytes:
        made.append(question)
        return b"%d" % len(made)

    assert held.answered("r", frame, ask) is frame
    held.put("r", "one")
    now = 105.0
    assert held.answered("r", frame, ask).sections == {"a": b"1", "asked.one": b"1"}, "however late the frame is"
    now = 105.5
    held.put("r", "one")
    assert held.answered("r", frame, ask).sections["asked.one"] == b"1", "made anew once a second only"
    now = 106.5
    assert held.answered("r", frame, ask).sections["asked.one"] == b"1", "the frame before may not have been read"
    held.put("r", "one")
    assert held.answered("r", frame, ask).sections["asked.one"] == b"2"
    assert held.answered("other", frame, ask) is frame
    now = 106.5 + questions.CARRIED_S + 0.1
    assert held.answered("r", frame, ask) is frame, "nobody asks any more"
    for number in range(questions.MOST + 5):
        held.put("r", f"q{number}")
    assert len(held.answered("r", frame, ask).sections) == questions.MOST + 1


def test_a_question_that_comes_while_the_last_one_is_let_go_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    held, frame = questions.Questions(), Frame(1, 250, 1.0, {})
    monkeypatch.setattr("livecue.flow.questions.time.monotonic", lambda: now)
    held.put("r", "old")
    held.answered("r", frame, lambda _: b"1")
    now = 110.0

    def clock() -> float:
        # The signal comes after the pump has looked at what is held.
        monkeypatch.setattr("livecue.flow.questions.time.monotonic", lambda: now)
        held.put("r", "new")
        return now

    monkeypatch.setattr("livecue.flow.questions.time.monotonic", clock)
    assert held.answered("r", frame, lambda _: b"2") is frame
    assert held.answered("r", frame, lambda _: b"2").sections == {"asked.new": b"2"}


def test_what_fails_of_a_question_stops_no_frame_and_a_refusal_is_an_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    held, frame = questions.Questions(), Frame(1, 250, 1.0, {"a": b"1"})
    failures = {"bad": BadInput("no such window"), "away": NotFound("gone"), "defect": ValueError("小林说的话")}

    def ask(question: str) -> bytes:
        if question in failures:
            raise failures[question]
        return b"1"

    for question in [*failures, "good"]:
        held.put("r", question)
    told = held.answered("r", frame, ask)
    refusal = questions.said_to(told, "bad")
    assert isinstance(refusal, BadInput) and str(refusal) == "no such window"
    assert [questions.said_to(told, name) for name in ("away", "defect", "good")] == [None, None, b"1"]
    assert questions.without_answers(told) == frame
    assert "ValueError" in caplog.text and "小林" not in caplog.text


def test_a_frame_that_cannot_be_shown_does_not_end_the_pump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pump = toy_pump(tmp_path / "t.db")
    failed = threading.Event()

    def fail(_: Showing) -> None:
        failed.set()
        raise ValueError("a frame like no other")

    monkeypatch.setattr(Showing, "show", fail)
    assert failed.wait(10)
    failed.clear()
    assert failed.wait(10) and pump.alive
    monkeypatch.undo()
    pump.post("r", [LikeGiven(key="1", count=3, user="u")], source="s", arrived=1).result(10)
    assert pump.frame("r").result(10).sections["tally.likes"] == b"3"
    pump.stop()
