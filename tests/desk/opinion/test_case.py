"""The case as a state machine: any order, any repeats; only legal moves move it."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livecue.desk.opinion import MOVES, OPINION_PRESETS, STATES, Heard, Opinion, Signs, digest_of, read
from livecue.desk.opinion.case import ENDS
from livecue.events import (
    CommandApplied,
    CommandRefused,
    CommentJudged,
    Event,
    OpinionAfterCare,
    OpinionClosed,
    OpinionDecided,
    OpinionDismissed,
    OpinionMoved,
    OpinionPauseAsked,
    OpinionStepTaken,
    PauseStream,
    StatementApproved,
    StatementWritten,
    StreamPaused,
    StreamResumed,
    TaskAdded,
)
from livecue.shows import Shows
from tests.folding import ROOM, TestUnit

PRESET = OPINION_PRESETS[-1]
STEPS = [step.id for step in PRESET.step]


def test_the_table_of_moves_is_whole() -> None:
    assert {state for state, _ in MOVES} | set(MOVES.values()) == {*STATES, ""}
    assert not [move for move in MOVES if move[0] in ENDS], "an end is an end"
    reachable = {""}
    for _ in STATES:
        reachable |= {to for (state, _), to in MOVES.items() if state in reachable}
    assert reachable == {*STATES, ""}


def heard(
    count: int, at: int = 0, topic: str = "quality", text: str = "", people: int = 0, claim: bool = True
) -> list[Heard]:
    people = people or count
    return [Heard(f"c{n}", f"u{n % people}", topic, "p", at, claim, text) for n in range(count)]


def test_levels_are_read_from_people_not_from_comments() -> None:
    now = 600_000
    counts = {now // 15_000: 100}
    assert read(heard(4, now), counts, now, PRESET).level == 0
    assert read(heard(30, now, people=4), counts, now, PRESET).level == 0, "four accounts are no flood"
    assert read(heard(5, now, "logistics", claim=False), counts, now, PRESET) == Signs(
        2, "logistics", "p", 5, 5, 0.0, ("same",)
    )
    assert read(heard(5, now), counts, now, PRESET).level == 3
    assert read(heard(5, now), {now // 15_000: 101}, now, PRESET).level == 2, "5 of 101 is under 5 %"
    few = read(heard(5, now), {now // 15_000: 99}, now, PRESET)
    assert (few.level, few.share) == (2, -1.0), "too few comments to speak of a share"
    assert read(heard(2, now, text="受伤"), counts, now, PRESET).level == 4
    assert read(heard(1, now, text="受伤"), counts, now, PRESET).level == 0
    masked = [Heard(f"c{n}", "", "logistics", "p", now, False) for n in range(6)]
    assert read(masked, counts, now, PRESET).people == -1


class Room:
    """The decider over an in-memory database; ``boss`` is director, ``legal`` legal, ``host`` host."""

    def __init__(self, path: object) -> None:
        self.unit = TestUnit(path)  # type: ignore[arg-type]
        for person, role in (("boss", "director"), ("legal", "legal"), ("host", "host"), ("boss2", "ops")):
            self.unit.write("INSERT INTO grants VALUES ('o','b','',?,?)", (person, role))
            self.unit.write(
                "INSERT INTO people (org, brand, person, name, login, language, active) VALUES ('o','',?,?,'','zh',1)"
                if self._has_brand()
                else "INSERT INTO people (org, person, name, login, language, active) VALUES ('o',?,?,'','zh',1)",
                (person, person),
            )
        self.decider = Opinion()
        self.state = self.decider.open(ROOM, None)
        self.shows = msgspec.structs.replace(Shows(ROOM, None).picture(1), show="s", status="on_air", started_at=1)
        self.count = 0
        self.tell(self.unit.tick())

    def _has_brand(self) -> bool:
        return "brand" in [row[1] for row in self.unit.db.execute("PRAGMA table_info(people)")]

    def tell(self, *events: Event) -> list[Event]:
        before = len(self.unit.announced)
        self.unit.number += 1
        self.state = self.decider.decide(self.state, events, {"shows": self.shows}, self.unit)
        self.state = self.decider.open(ROOM, self.decider.dump(self.state))
        return self.unit.announced[before:]

    def ask(self, event: Event, by: str = "boss") -> str:
        """ "" when it was applied, else the code of the refusal."""
        self.count += 1
        said = self.tell(msgspec.structs.replace(event, command=f"k{self.count}", by=by))
        refused = [item.code for item in said if isinstance(item, CommandRefused)]
        applied = [item for item in said if isinstance(item, CommandApplied)]
        assert len(refused) + len(applied) == 1, "a command is answered once"
        return refused[0] if refused else ""

    @property
    def case(self):  # type: ignore[no-untyped-def]
        return list(self.state.kept.cases.values())[-1]


def test_a_case_that_nobody_decides_goes_one_up_until_somebody_does(tmp_path: object) -> None:
    room = Room(tmp_path / "a.db")  # type: ignore[operator]

    def wait(seconds: int) -> list[str]:
        """Whom the clock told meanwhile."""
        said: list[Event] = []
        for _ in range(seconds // 5):
            said += room.tell(room.unit.tick(5_000))
        told = [event.note for event in said if isinstance(event, OpinionMoved) and event.what == "asked"]
        assert told == [event.role for event in said if isinstance(event, TaskAdded)]
        return told

    room.tell(
        *[
            CommentJudged(comment=f"c{n}", label="complaint", topic="logistics", text="还没发货", user=f"u{n}")
            for n in range(PRESET.same_people)
        ]
    )
    room.tell(room.unit.tick(5_000))
    assert (room.case.state, room.case.suggested) == ("suspected", 2)
    limit = PRESET.decide_s["2"]
    assert wait(limit - 5) == []
    assert wait(5) == ["legal"], "the first of those who decide more than this"
    assert wait(limit) == ["director"]
    assert room.ask(OpinionDecided(case=room.case.case, level=2), by="boss") == ""
    assert wait(4 * limit) == []


def complaints(count: int, text: str = "还没发货") -> list[Event]:
    return [
        CommentJudged(comment=f"{text}{n}", label="complaint", topic="logistics", text=text, user=f"u{n}")
        for n in range(count)
    ]


def test_a_higher_level_is_asked_about_anew_and_an_ended_show_is_let_be(tmp_path: object) -> None:
    room = Room(tmp_path / "a.db")  # type: ignore[operator]

    def wait(seconds: int) -> list[TaskAdded]:
        said: list[Event] = []
        for _ in range(seconds // 5):
            said += room.tell(room.unit.tick(5_000))
        return [event for event in said if isinstance(event, TaskAdded)]

    room.tell(*complaints(PRESET.same_people))
    wait(5)
    before = [*wait(PRESET.decide_s["2"]), *wait(PRESET.decide_s["2"])]
    assert [task.role for task in before] == ["legal", "director"]
    room.tell(*complaints(PRESET.same_people, PRESET.injury_words[0]))
    wait(5)
    assert (room.case.suggested, room.case.asked) == (4, ())
    after = wait(PRESET.decide_s["4"])
    assert [task.role for task in after] == ["director"], "asked about the lower level before, and now about this one"
    assert after[0].task not in [task.task for task in before]
    room.shows = msgspec.structs.replace(room.shows, status="ended")
    assert wait(4 * PRESET.decide_s["4"]) == [], "its show has ended"


def test_a_crisis_from_the_first_sign_to_its_end(tmp_path: object) -> None:
    room = Room(tmp_path / "a.db")  # type: ignore[operator]
    assert room.ask(OpinionDecided(level=4, topic="quality", product="p"), by="host") == "not_yours"
    assert room.ask(OpinionDecided(level=4, topic="quality", product="p", why="有人烫伤")) == ""
    case = room.case
    assert case.evidence is not None and "evidence" in case.steps
    assert room.ask(OpinionPauseAsked(case=case.case), by="legal") == "not_yours"
    assert room.ask(OpinionPauseAsked(case=case.case, why="核实")) == ""
    assert [type(action) for action in room.unit.acted] == [PauseStream]
    assert room.case.state == "open", "it stands still when the platform says so"
    room.tell(StreamPaused())
    assert room.case.state == "paused"
    assert room.ask(OpinionDecided(case=case.case, level=3, why="误会")) == "still_paused"
    assert (
        room.ask(StatementWritten(case=case.case, facts="", measures="x", contact="y"), by="legal") == "statement_empty"
    )
    text = ("两位用户反馈烫伤", "停售送检，逐一联系", "400")
    assert (
        room.ask(StatementWritten(case=case.case, facts=text[0], measures=text[1], contact=text[2]), by="legal") == ""
    )
    assert room.ask(StatementWritten(case=case.case, facts="a", measures="b", contact="c"), by="host") == "not_yours"
    assert room.ask(StatementApproved(case=case.case, digest=digest_of(*text)), by="host") == "not_yours"
    assert room.ask(OpinionStepTaken(case=case.case, step="statement"), by="legal") == "not_approved"
    assert room.ask(StatementApproved(case=case.case, digest=digest_of(*text)), by="legal") == "second_person"
    assert room.ask(StatementApproved(case=case.case, digest="old"), by="boss") == "changed_meanwhile"
    for person in ("boss", "boss", "boss2"):
        assert room.ask(StatementApproved(case=case.case, digest=digest_of(*text)), by=person) == ""
    assert room.ask(StatementWritten(case=case.case, facts="改", measures=text[1], contact=text[2]), by="legal") == ""
    assert room.ask(OpinionStepTaken(case=case.case, step="statement")) == "not_approved", "a new text voids approvals"
    digest = digest_of("改", text[1], text[2])
    for person in ("boss", "boss2"):
        room.ask(StatementApproved(case=case.case, digest=digest), by=person)
    assert room.ask(OpinionStepTaken(case=case.case, step="statement")) == ""
    assert room.ask(OpinionAfterCare(case=case.case)) == "steps_open"
    room.tell(StreamResumed())
    assert room.ask(OpinionStepTaken(case=case.case, step="platform_told"), by="host") == "not_yours"
    assert (
        room.ask(OpinionStepTaken(case=case.case, step="host_reads", waived=True, note="x"), by="host") == "not_yours"
    )
    for step in ("private", "public_answer", "stop_product", "host_reads", "director_told", "platform_told"):
        whose = "host" if step == "host_reads" else "boss2"
        assert room.ask(OpinionStepTaken(case=case.case, step=step), by=whose) == ""
    assert room.ask(OpinionAfterCare(case=case.case)) == ""
    assert room.ask(OpinionClosed(case=case.case, outcome="已换货")) == "steps_open"
    for step in ("buyers_listed", "batch_checked", "followed_up", "learned"):
        assert room.ask(OpinionStepTaken(case=case.case, step=step, waived=True)) == "say_why"
        assert room.ask(OpinionStepTaken(case=case.case, step=step, note="完成")) == ""
    assert room.ask(OpinionClosed(case=case.case, outcome="")) == "say_why"
    assert room.ask(OpinionClosed(case=case.case, outcome="已换货")) == ""
    assert room.case.state == "closed"
    told = [item.what for item in room.unit.announced if isinstance(item, OpinionMoved)]
    assert told[0] == "decided" and told[-1] == "closed" and {"paused", "resumed", "after_care"} <= set(told)


_commands = st.sampled_from(
    [
        OpinionDecided(level=2, case="*"), OpinionDecided(level=4, case="*"), OpinionDecided(level=1, case="*"),
        OpinionDecided(level=3), OpinionDismissed(case="*", why="误报"), OpinionPauseAsked(case="*"),
        OpinionPauseAsked(case="*", resume=True), StreamPaused(), StreamResumed(), OpinionAfterCare(case="*"),
        OpinionClosed(case="*", outcome="好"), StatementWritten(case="*", facts="a", measures="b", contact="c"),
        StatementApproved(case="*", digest=digest_of("a", "b", "c")),
        *(OpinionStepTaken(case="*", step=step, waived=True, note="x") for step in STEPS),
        OpinionStepTaken(case="*", step="none"), OpinionDecided(level=2, case="no such"),
    ]
)  # fmt: skip


@given(st.lists(_commands, max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_any_repeats_keep_to_the_table(tmp_path_factory: object, commands: list[Event]) -> None:
    import msgspec

    room = Room(tmp_path_factory.mktemp("case") / "a.db")  # type: ignore[attr-defined]
    for command in commands:
        known = list(room.state.kept.cases)
        before = {name: case.state for name, case in room.state.kept.cases.items()}
        raw = msgspec.structs.asdict(command)
        if raw.get("case") == "*":
            command = msgspec.structs.replace(command, case=known[-1] if known else "none")
        if isinstance(command, StreamPaused | StreamResumed):
            room.tell(command)
            refused = ""
        else:
            refused = room.ask(command)
        after = {name: case.state for name, case in room.state.kept.cases.items()}
        assert len([state for state in after.values() if state not in ENDS]) <= 1, "one case at a time"
        for name, state in after.items():
            old = before.get(name, "")
            assert state == old or (old, state) in {(f, t) for (f, _), t in MOVES.items()}
            assert not (refused and state != old), "what is refused changes nothing"
            assert old not in ENDS or state == old
        paused = [case for case in room.state.kept.cases.values() if case.state == "paused"]
        assert all(case.level == 4 for case in paused)
