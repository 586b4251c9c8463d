"""What leaves, and what must not: natures, what is held, a person's decisions, dead letters."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from livecue.errors import Overloaded, Unavailable
from livecue.events import (
    Action,
    ActionAsked,
    ActionDone,
    ActionFailed,
    ActionReleased,
    ActionUncertain,
    ClockTicked,
    EndOffer,
    Event,
    Performed,
    PinProduct,
)
from livecue.flow import MOST_ATTEMPTS, ActionRow, Pump, Receipt, RoomInfo, Runner, list_actions
from livecue.kit import ManualClock
from livecue.store import (
    Batch,
    Sharer,
    SqliteReader,
    SqliteWriter,
    Writer,
    append_batches,
    backup,
    last_number,
    migrate,
    read_cursor,
    restore,
    transaction,
)
from tests.flow.toy import toy_pump

NOW = 1_000_000
EVERY = ("asked", "waiting", "pending", "sending", "done", "failed", "uncertain", "held", "dead")


class Platform:
    """A door that counts what reaches it; ``answers`` are given in turn, the last for ever."""

    def __init__(self, *answers: Performed | Exception, real: bool = True, again: bool = True) -> None:
        self.real = real
        self.again = again
        self.answers: Sequence[Performed | Exception] = answers or (Performed(outcome="done", result="ok"),)
        self.calls: list[str] = []
        self.asked: list[str] = []
        self.happened: bool | None = None

    def idempotent(self, action: Action) -> bool:
        return self.again

    def perform(self, action_id: str, action: Action) -> Performed:
        self.calls.append(action_id)
        answer = self.answers[min(len(self.calls), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def confirm(self, action_id: str, action: Action) -> bool | None:
        self.asked.append(action_id)
        return self.happened


class Stage:
    """One room, its pump, and a runner that is stepped by hand."""

    def __init__(self, path: Path, door: Platform, nature: str = "real") -> None:
        self.path = path
        self.clock = ManualClock(NOW)
        self.pump: Pump = toy_pump(path)
        info = RoomInfo(room="r", org="o", brand="b", nature=nature)
        self.runner = Runner(self.pump, lambda _: info, lambda *_: door, self.clock)
        self._keys = 0

    def post(self, *events: ActionAsked | ActionReleased | ClockTicked) -> Receipt:
        return self.pump.post("r", list(events), source="livecue", wants=True).result(10)

    def ask(self, action: Action | None = None) -> str:
        """Ask for something to be done; its id."""
        what = action or PinProduct(product="p")
        assert isinstance(what, PinProduct | EndOffer)
        self._keys += 1
        known = {row.action for row in self.rows()}
        self.post(ActionAsked(key=f"k{self._keys}", command=f"k{self._keys}", action=what, by="ops"))
        (new,) = {row.action for row in self.rows()} - known
        return new

    def decide(self, action: str, decision: str, by: str = "ann") -> str:
        """A person decides; "" when it stands, otherwise the code of the refusal."""
        self._keys += 1
        name = f"d{self._keys}"
        refused = self.post(ActionReleased(key=name, command=name, action=action, decision=decision, by=by)).refused
        return refused.code if refused is not None else ""

    def run(self) -> int:
        """Perform whatever is due; how many."""
        steps = 0
        while self.runner.step():
            steps += 1
            assert steps < 100
        return steps

    def rows(self) -> list[ActionRow]:
        reader = SqliteReader(self.path)
        try:
            return list_actions(reader, EVERY, ["r"])
        finally:
            reader.close()

    def row(self, action: str) -> ActionRow:
        (found,) = (row for row in self.rows() if row.action == action)
        return found


Make = Callable[..., Stage]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables: making them takes longer than any test here."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    migrate(path)
    return path


@pytest.fixture
def stage(tmp_path: Path, empty: Path) -> Iterator[Make]:
    made: list[Stage] = []
    shutil.copy(empty, tmp_path / "a.db")

    def make(door: Platform, nature: str = "real", path: Path | None = None) -> Stage:
        made.append(Stage(path or tmp_path / "a.db", door, nature))
        return made[-1]

    yield make
    for one in made:
        one.pump.stop()


@pytest.mark.parametrize("nature", ["simulated", "replayed", "rehearsed"])
def test_a_room_that_is_not_real_reaches_no_real_platform(stage: Make, nature: str) -> None:
    platform = Platform()
    one = stage(platform, nature)
    name = one.ask()
    assert one.run() == 1
    row = one.row(name)
    assert (platform.calls, row.state, row.result) == ([], "failed", "not_real")
    assert nature in row.why


@pytest.mark.parametrize(("nature", "real"), [("real", True), ("real", False), ("simulated", False)])
def test_what_may_be_reached_is_reached_once(stage: Make, nature: str, real: bool) -> None:
    platform = Platform(real=real)
    one = stage(platform, nature)
    name = one.ask()
    one.run()
    one.run()
    assert platform.calls == [name]
    assert (one.row(name).state, one.row(name).result) == ("done", "ok")


@pytest.mark.parametrize("again", [True, False])
def test_what_a_crash_left_in_such_a_room_asks_no_real_platform_either(stage: Make, again: bool) -> None:
    platform = Platform(again=again)
    platform.happened = True
    one = stage(platform, "replayed")
    name = one.ask()
    left_sending(one)
    one.runner.settle()
    one.run()
    assert (platform.calls, platform.asked) == ([], [])
    assert (one.row(name).state, one.row(name).result) == ("failed", "not_real")


def left_sending(one: Stage) -> None:
    """As a crash leaves it: claimed, and no answer."""
    one.pump.run(lambda w: w.write("UPDATE outbox SET state = 'sending', attempts = 1")).result(10)


def restored(stage: Make, door: Platform, one: Stage, tmp_path: Path) -> tuple[Stage, int]:
    one.pump.stop()
    backup(one.path, tmp_path / "copy.db")
    held = restore(tmp_path / "copy.db", tmp_path / "new.db")
    return stage(door, path=tmp_path / "new.db"), held


def test_what_a_restore_holds_is_performed_only_when_a_person_says_so(stage: Make, tmp_path: Path) -> None:
    platform = Platform()
    one = stage(platform)
    first, second = one.ask(), one.ask()
    new, held = restored(stage, platform, one, tmp_path)
    new.runner.settle()
    new.post(ClockTicked(now=NOW + 3_600_000))
    assert (held, new.run(), platform.calls) == (2, 0, [])
    assert {new.row(first).state, new.row(second).state} == {"held"}
    assert new.decide(first, "retry") == ""
    assert (new.run(), platform.calls) == (1, [first])
    assert (new.row(first).state, new.row(second).state) == ("done", "held")


def shown(one: Stage) -> dict[str, str]:
    """The open actions as a screen has them."""
    picture = json.loads(one.pump.screen("r").result(10))["outbox"]
    return {item["action"]: item.get("state", "pending") for item in picture["actions"]}


def test_the_screen_shows_what_a_restore_holds(stage: Make, tmp_path: Path) -> None:
    platform = Platform()
    one = stage(platform)
    one.post(ClockTicked(now=NOW))
    first, second = one.ask(), one.ask(PinProduct(product="p", wait_ms=5_000))
    assert shown(one) == {first: "pending", second: "waiting"}
    new, _ = restored(stage, platform, one, tmp_path)
    assert shown(new) == {first: "held", second: "held"}
    new.decide(first, "retry")
    new.decide(second, "drop")
    assert shown(new) == {first: "pending"}


def test_a_hole_in_a_door_ends_nothing(stage: Make) -> None:
    platform = Platform(KeyError("body"), Performed(outcome="done"))
    one = stage(platform)
    first = one.ask()
    second = one.ask()
    assert one.run() == 2
    row = one.row(first)
    assert (row.state, row.why, one.row(second).state) == ("uncertain", "the door failed: KeyError", "done")
    assert shown(one) == {first: "uncertain"}


@pytest.mark.parametrize(
    ("again", "happened", "after", "calls"),
    [(True, None, "done", 2), (False, True, "done", 1), (False, None, "uncertain", 1)],
)
def test_an_answer_that_could_not_be_kept_is_looked_at_again(
    stage: Make, monkeypatch: pytest.MonkeyPatch, again: bool, happened: bool | None, after: str, calls: int
) -> None:
    """The disk is full for the moment in which the platform answers: without a restart nothing stays ``sending``."""
    platform = Platform(again=again)
    platform.happened = happened
    one = stage(platform)
    name = one.ask()
    with monkeypatch.context() as patch:
        patch.setattr(one.pump, "post", lambda *_, **__: (_ for _ in ()).throw(Overloaded("too much waits", 1.0)))
        with pytest.raises(Overloaded):
            one.run()
        assert one.row(name).state == "sending"
        # While nothing can be kept it is not decided, and that ends nothing either.
        one.runner.settle()
    one.runner.settle()
    one.run()
    assert (one.row(name).state, len(platform.calls)) == (after, calls)


def test_what_is_told_and_not_folded_yet_was_not_left_behind(stage: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Among several programs an answer is journalled first and folded by the room's owner, which may take a while."""
    platform = Platform(again=False)
    one = stage(platform)
    name = one.ask()

    def shared(writer: Writer) -> None:
        writer.write("INSERT INTO programs VALUES ('o', 'b', 'me', 'runner', 0, 0)", ())
        writer.write("INSERT INTO leases VALUES ('o', 'b', 'r', 'me', 1, 0)", ())

    one.pump.run(shared).result(10)
    info = RoomInfo(room="r", org="o", brand="b", nature="real")
    program = cast(Sharer, SimpleNamespace(name="me"))
    runner = Runner(one.pump, lambda _: info, lambda *_: platform, one.clock, program)
    journal: list[Event] = []

    def journalled(_: str, events: list[Event], **__: object) -> Future[None]:
        journal.extend(events)
        kept: Future[None] = Future()
        kept.set_result(None)
        return kept

    with monkeypatch.context() as patch:
        patch.setattr(one.pump, "post", journalled)
        assert runner.step()
        runner.settle()
        runner.settle()
    assert [type(event) for event in journal] == [ActionDone]
    assert (one.row(name).state, platform.asked) == ("sending", [])
    one.pump.post("r", journal, source="livecue").result(10)
    runner.settle()
    assert (one.row(name).state, platform.calls, platform.asked) == ("done", [name], [])
    # A program that took over and asked a person meanwhile does not undo it.
    one.pump.post("r", [ActionUncertain(key="u", action=name, why="left")], source="livecue").result(10)
    assert one.row(name).state == "done"


class Among:
    """A runner that is one of several: its name, and how far rooms are folded is read from the database."""

    def __init__(self, stage: Stage, door: Platform, name: str) -> None:
        info = RoomInfo(room="r", org="o", brand="b", nature="real")
        self.reader = SqliteReader(stage.path)
        program = cast(Sharer, SimpleNamespace(name=name))
        self.runner = Runner(stage.pump, lambda _: info, lambda *_: door, stage.clock, program, self.reader)
        self.name = name
        self.stage = stage

    def enter(self) -> None:
        """Take part, and own the room."""

        def work(writer: Writer) -> None:
            writer.write("INSERT INTO programs VALUES ('o', 'b', ?, 'runner', 0, 0)", (self.name,))
            writer.write("DELETE FROM leases", ())
            writer.write("INSERT INTO leases VALUES ('o', 'b', 'r', ?, 1, 0)", (self.name,))

        self.stage.pump.run(work).result(10)

    def leave(self) -> None:
        """Be struck out."""
        self.stage.pump.run(lambda w: w.write("DELETE FROM programs WHERE program = ?", (self.name,))).result(10)


@pytest.mark.parametrize(("again", "happened"), [(True, None), (False, False), (False, None)])
def test_what_a_program_that_is_gone_said_last_is_folded_before_it_is_decided(
    stage: Make, again: bool, happened: bool | None
) -> None:
    """Its answer stands in the journal: nobody performs it anew or asks a person meanwhile."""
    platform = Platform(Performed(outcome="refused", result="no", why="not today"), again=again)
    platform.happened = happened
    one = stage(platform)
    name = one.ask()
    first, second = Among(one, platform, "first"), Among(one, platform, "second")
    first.enter()
    cursor = read_cursor(first.reader, "r")

    def say_and_die(room: str, events: list[Event], **_: object) -> Future[None]:
        # As a journal outside of the database keeps it: ahead of the cursor until the owner folds it.
        def work(writer: Writer) -> None:
            batch = Batch(room=room, number=cursor + 1, arrived=NOW, source="livecue", events=events)
            append_batches(writer, "o", "b", [batch])

        one.pump.run(work).result(10)
        kept: Future[None] = Future()
        kept.set_result(None)
        return kept

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one.pump, "post", say_and_die)
        assert first.runner.step()
    first.leave()
    second.enter()
    for _ in range(3):
        second.runner.settle()
    assert (one.row(name).state, platform.asked, len(platform.calls)) == ("sending", [], 1)
    # Opened anew its owner reads on behind the cursor.
    one.pump.drop("r").result(10)
    one.post(ClockTicked(now=NOW + 250))
    second.runner.settle()
    assert (one.row(name).state, one.row(name).why, len(platform.calls)) == ("failed", "not today", 1)
    for among in (first, second):
        among.reader.close()


def test_who_stood_still_and_was_replaced_decides_nothing(stage: Make) -> None:
    """It stops inside its call, another takes over, and then it hears that it may come again later."""
    platform = Platform(again=True)
    one = stage(platform)
    name = one.ask()
    first, second = Among(one, platform, "first"), Among(one, platform, "second")
    first.enter()

    def stopped(action_id: str, action: Action) -> Performed:
        platform.calls.append(action_id)
        if len(platform.calls) == 1:
            first.leave()
            second.enter()
            second.runner.settle()
            assert second.runner.step()
            return Performed(outcome="later", why="busy")
        # While the second sends it, the first wakes up.
        return Performed(outcome="done")

    platform.perform = stopped  # type: ignore[method-assign]
    assert first.runner.step()
    assert (one.row(name).state, one.run(), platform.calls) == ("done", 0, [name, name])

    taken = one.ask()
    first.enter()

    def taken_over(action_id: str, action: Action) -> Performed:
        one.pump.run(lambda w: w.write("UPDATE outbox SET program = 'second' WHERE id = ?", (taken,))).result(10)
        return Performed(outcome="later", why="busy")

    platform.perform = taken_over  # type: ignore[method-assign]
    assert first.runner.step()
    assert one.row(taken).state == "sending"
    for among in (first, second):
        among.reader.close()


def test_what_is_done_stays_done_whoever_tells_late_of_an_earlier_try(stage: Make) -> None:
    one = stage(Platform())
    name = one.ask()
    one.run()
    one.pump.post("r", [ActionFailed(key="late", action=name, code="refused", why="no")], source="livecue").result(10)
    one.pump.post("r", [ActionUncertain(key="later", action=name, why="left")], source="livecue").result(10)
    assert (one.row(name).state, one.row(name).result) == ("done", "ok")

    failed = one.ask()
    one.pump.post("r", [ActionFailed(key="f", action=failed, code="refused", why="no")], source="livecue").result(10)
    one.pump.post("r", [ActionUncertain(key="u", action=failed, why="left")], source="livecue").result(10)
    assert (one.row(failed).state, one.row(failed).why) == ("failed", "no")
    # What the platform says of itself is the truth, whatever was believed.
    one.pump.post("r", [ActionDone(key="d", action=failed, result="ok")], source="livecue").result(10)
    assert (one.row(failed).state, one.row(failed).why) == ("done", "")


def test_a_platform_that_is_away_at_the_start_keeps_nobody_from_starting(stage: Make) -> None:
    platform = Platform(again=False)
    one = stage(platform)
    name = one.ask()
    one.pump.run(lambda writer: writer.write("UPDATE outbox SET state = 'sending' WHERE id = ?", (name,))).result(10)
    platform.happened = False
    asked: list[str] = []

    def confirm(action_id: str, action: Action) -> bool | None:
        asked.append(action_id)
        if len(asked) == 1:
            raise Unavailable("down")
        return False

    platform.confirm = confirm  # type: ignore[method-assign]
    one.runner.settle()
    assert one.row(name).state == "sending"
    one.runner.settle()
    assert (one.run(), one.row(name).state, platform.calls) == (1, "done", [name])


def test_a_countdown_that_a_restore_cut_off_does_not_run_on_by_itself(stage: Make, tmp_path: Path) -> None:
    platform = Platform()
    one = stage(platform)
    one.post(ClockTicked(now=NOW))
    name = one.ask(PinProduct(product="p", wait_ms=5_000))
    assert one.row(name).state == "waiting"
    new, held = restored(stage, platform, one, tmp_path)
    assert (held, new.row(name).state) == (1, "held")
    new.post(ClockTicked(now=NOW + 3_600_000))
    assert (new.run(), platform.calls) == (0, [])
    assert new.decide(name, "retry") == ""
    assert (new.run(), platform.calls) == (1, [name])


def test_what_the_backup_had_not_folded_yet_waits_for_a_person_as_well(stage: Make, tmp_path: Path) -> None:
    """A copy of a busy program holds batches that were answered and not worked on; what they ask for is held too."""
    platform = Platform()
    one = stage(platform)
    one.ask()
    one.pump.stop()
    backup(one.path, tmp_path / "copy.db")
    late = ActionAsked(key="late", command="late", action=PinProduct(product="q"), by="ops")
    writer = SqliteWriter(tmp_path / "copy.db")
    number = last_number(writer, "r") + 1
    with transaction(writer):
        append_batches(writer, "o", "b", [Batch(room="r", number=number, arrived=NOW, source="ops", events=(late,))])
    writer.close()
    assert restore(tmp_path / "copy.db", tmp_path / "new.db") == 1
    new = stage(platform, path=tmp_path / "new.db")
    new.post(ClockTicked(now=NOW + 1_000))
    assert [row.state for row in new.rows()] == ["held", "held"]
    new.post(ActionAsked(key="since", command="since", action=PinProduct(product="p"), by="ops"))
    assert (new.run(), len(platform.calls)) == (1, 1)
    # Opened once more it still knows where the backup ended.
    new.pump.stop()
    again = stage(platform, path=tmp_path / "new.db")
    assert (again.run(), sorted(row.state for row in again.rows())) == (0, ["done", "held", "held"])


def test_a_countdown_is_kept_as_long_as_nothing_is_restored(stage: Make) -> None:
    platform = Platform()
    one = stage(platform)
    one.post(ClockTicked(now=NOW))
    name = one.ask(PinProduct(product="p", wait_ms=5_000))
    one.post(ClockTicked(now=NOW + 4_750))
    assert one.run() == 0
    one.post(ClockTicked(now=NOW + 5_000))
    assert (one.run(), platform.calls) == (1, [name])


@pytest.mark.parametrize("state", ["held", "uncertain", "dead"])
@pytest.mark.parametrize(
    ("decision", "after", "calls"), [("retry", "done", 1), ("happened", "done", 0), ("drop", "failed", 0)]
)
def test_a_person_decides_what_waits_for_one(stage: Make, state: str, decision: str, after: str, calls: int) -> None:
    platform = Platform()
    one = stage(platform)
    name = one.ask()
    one.pump.run(lambda w: w.write("UPDATE outbox SET state = ?, attempts = 8, next_at = ?", (state, NOW * 9))).result(
        10
    )
    assert (one.run(), platform.calls) == (0, [])
    assert one.decide(name, decision) == ""
    assert one.row(name).why == f"{decision} by ann"
    one.run()
    assert (one.row(name).state, len(platform.calls)) == (after, calls)
    assert one.decide(name, decision) == "not_waiting"


def test_a_decision_that_is_none_and_one_about_what_waits_for_nobody_change_nothing(stage: Make) -> None:
    platform = Platform()
    one = stage(platform)
    name = one.ask()
    assert one.decide(name, "perhaps") == "bad_decision"
    assert one.decide(name, "drop") == "not_waiting"
    assert one.decide("no such action", "retry") == "not_waiting"
    assert one.row(name).state == "pending"
    one.run()
    assert one.decide(name, "retry") == "not_waiting"
    assert (one.run(), platform.calls) == (0, [name])


def test_when_its_tries_are_used_up_it_is_a_dead_letter_which_a_person_may_send_again(stage: Make) -> None:
    platform = Platform(*[Unavailable("down", retry_after_s=1)] * MOST_ATTEMPTS, Performed(outcome="done"))
    one = stage(platform)
    name = one.ask()
    for tries in range(1, MOST_ATTEMPTS + 1):
        assert (one.run(), one.run(), len(platform.calls)) == (1, 0, tries)
        one.clock.advance(24 * 3_600_000)
    row = one.row(name)
    assert (one.run(), row.state, row.attempts, row.why) == (0, "dead", MOST_ATTEMPTS, "down")
    assert shown(one) == {name: "dead"}
    assert one.decide(name, "retry") == ""
    assert one.row(name).attempts == 0
    assert (one.run(), one.row(name).state) == (1, "done")
    assert platform.calls == [name] * (MOST_ATTEMPTS + 1)


def test_tries_that_are_used_up_twice_are_told_twice(stage: Make) -> None:
    platform = Platform(Unavailable("down", retry_after_s=1))
    one = stage(platform)
    name = one.ask()
    for _ in range(2):
        for _ in range(MOST_ATTEMPTS):
            one.run()
            one.clock.advance(24 * 3_600_000)
        assert (one.row(name).state, shown(one)) == ("dead", {name: "dead"})
        assert one.decide(name, "retry") == ""
    assert len(platform.calls) == 2 * MOST_ATTEMPTS


def test_what_stays_uncertain_is_told_each_time(stage: Make) -> None:
    one = stage(Platform(Performed(outcome="unknown", why="no answer"), again=False))
    name = one.ask()
    for _ in range(2):
        assert (one.run(), one.row(name).state) == (1, "uncertain")
        one.clock.advance(1_000)
        assert one.decide(name, "retry") == ""


def test_a_platform_says_when_it_may_be_asked_again(stage: Make) -> None:
    platform = Platform(Performed(outcome="later", why="busy", wait_s=3_600), Performed(outcome="done"))
    one = stage(platform)
    one.ask()
    assert one.run() == 1
    one.clock.advance(3_599_000)
    assert one.run() == 0
    one.clock.advance(1_000)
    assert (one.run(), len(platform.calls)) == (1, 2)


def test_what_may_have_happened_is_never_sent_twice_by_itself(stage: Make) -> None:
    platform = Platform(Unavailable("cut off"), again=False)
    one = stage(platform)
    name = one.ask()
    one.run()
    one.clock.advance(24 * 3_600_000)
    assert (one.run(), platform.calls, one.row(name).state) == (0, [name], "uncertain")


@pytest.mark.parametrize(
    ("happened", "after", "calls"), [(True, "done", 0), (False, "done", 1), (None, "uncertain", 0)]
)
def test_what_a_crash_left_is_read_back(stage: Make, happened: bool | None, after: str, calls: int) -> None:
    platform = Platform(again=False)
    platform.happened = happened
    one = stage(platform)
    name = one.ask()
    left_sending(one)
    one.runner.settle()
    one.run()
    assert (platform.asked, len(platform.calls), one.row(name).state) == ([name], calls, after)
