"""The scripted crew leads the show and answers cues by seed and cue id alone; followed cues do what is planted."""

import re
from collections import Counter
from pathlib import Path

import pytest

from livecue.events import (
    ActionAsked,
    CommandApplied,
    CommandRefused,
    CommentJudged,
    CommentPosted,
    CueAnswerGiven,
    CueDelivered,
    CueDone,
    CueRaised,
    DelistProduct,
    DutyTaken,
    Event,
    LikeGiven,
    OnlineCounted,
    OrderCreated,
    OrderPaid,
    ProductPinned,
    QuestionAnswered,
    SegmentStarted,
    ShowEnded,
    ShowPlanned,
    ShowStarted,
    StartDraw,
    ViewerEntered,
)
from livecue.integrations.simulator import (
    CREW,
    LEVER_OF,
    ComplaintFlood,
    Crew,
    Person,
    PlantedEffect,
    SimulatedShow,
    Simulation,
    default_demo,
    plain_show,
    plan_for_cue,
)
from tests.integrations.simulator.made import START, of

HOST = next(person for person in CREW if "host" in person.roles)


def raised(cue: str = "c1", rule: str = "R001", role: str = "host", metric: str = "M45", **more: object) -> CueRaised:
    at = START + 300_000
    return CueRaised(cue=cue, rule=rule, role=role, metric=metric, when=at, judge_at=at + 305_000, **more)  # type: ignore[arg-type]


def test_the_crew_plans_starts_leads_and_ends_the_show() -> None:
    scenario = default_demo(7, START)
    commands = Crew(scenario).step(scenario.ends_at + 1)
    kinds = [type(command) for command in commands]
    assert kinds[0] is ShowPlanned and kinds[-1] is ShowEnded
    assert kinds.count(ShowStarted) == 1
    plan = of(commands, ShowPlanned)[0]
    assert len(plan.products) == 12 and {card.role for card in plan.products} == {"hook", "deal", "profit", "prestige"}
    moved = of(commands, SegmentStarted)
    assert [event.segment for event in moved] == [segment.segment for segment in plan.segments]
    assert {event.role for event in of(commands, DutyTaken)} >= {"host", "floor", "ops", "console", "cs", "tech"}
    ids = [getattr(command, "command", "") for command in commands]
    assert all(ids) and len(set(ids)) == len(ids)
    assert [command.key for command in commands] == ids
    assert max(segment.offset_s + segment.duration_s for segment in plan.segments) == 7200


def test_what_somebody_does_with_a_cue_depends_on_seed_and_cue_only() -> None:
    assert plan_for_cue(1, "a", HOST) == plan_for_cue(1, "a", HOST)
    plans = [plan_for_cue(1, f"cue{number}", HOST) for number in range(2000)]
    shares = {answer: count / 2000 for answer, count in Counter(plan.answer for plan in plans).items()}
    assert shares["done"] == pytest.approx(HOST.follows, abs=0.03)
    assert shares["dismissed"] == pytest.approx(HOST.dismisses, abs=0.03)
    assert all(plan.seen_ms < plan.answer_ms for plan in plans if plan.answer)
    codes = re.search(r"REASONS = \[(.+?)\]", Path("ui/src/live/cues.ts").read_text("utf-8"))
    assert codes is not None
    given = {plan.reason for plan in plans if plan.answer == "dismissed"}
    assert given and given <= set(re.findall(r"'(\w+)'", codes[1])), "codes the screens have words for"
    assert plans != [plan_for_cue(2, f"cue{number}", HOST) for number in range(2000)]


def test_a_delivered_cue_is_seen_then_answered_and_a_taken_role_is_left_alone() -> None:
    scenario = plain_show(3, START, 900)
    always = Person(person=HOST.person, name=HOST.name, roles=HOST.roles, follows=1.0)
    fields = {name: getattr(scenario, name) for name in scenario.__struct_fields__}
    scenario = type(scenario)(**{**fields, "crew": (always,)})

    def answers(crew: Crew) -> list[str]:
        crew.step(START + 300_000)
        crew.hear(raised())
        crew.hear(CueDelivered(cue="c1", person=HOST.person, when=START + 300_500))
        return [event.answer for event in of(crew.step(START + 800_000), CueAnswerGiven)]

    assert answers(Crew(scenario)) == ["seen", "done"]
    taken = Crew(scenario)
    taken.take_over("host")
    assert answers(taken) == []
    late = Crew(scenario)
    late.hear(raised())
    late.hear(CueDelivered(cue="c1", person=HOST.person, when=START + 300_500))
    late.hear(CueDone(cue="c1"))
    assert of(late.step(START + 800_000), CueAnswerGiven) == []


@pytest.mark.parametrize(
    ("cue", "wanted"),
    [
        (raised(rule="R033", role="console", subject="p07-b"), DelistProduct(product="p07", by="sim-su")),
        (raised(rule="R122", role="host"), StartDraw),
    ],
)
def test_some_cues_are_followed_at_the_desk(cue: CueRaised, wanted: object) -> None:
    for number in range(20):
        crew = Crew(plain_show(number, START, 900))
        crew.hear(cue)
        crew.hear(CueDelivered(cue="c1", when=START + 300_500))
        asked = of(crew.step(START + 800_000), ActionAsked)
        if asked:
            assert asked[0].action == wanted or type(asked[0].action) is wanted
            return
    pytest.fail("nobody followed in twenty shows")


def test_complaints_that_are_dealt_with_grow_fewer() -> None:
    counts = []
    for answered in (False, True):
        flood = ComplaintFlood(at_s=300, product="p04", topic="delay", people=60, duration_s=120)
        simulation = Simulation(plain_show(3, START, 900, [flood]))
        simulation.step(START + 310_000)
        if answered:
            simulation.hear(raised(rule="R063", role="floor", metric=""))
            simulation.hear(CueDone(cue="c1"))
        counts.append(len(of(simulation.step(START + 420_000), CommentPosted)))
    assert counts[1] < counts[0] - 20


def test_an_overdue_question_is_answered_by_who_follows_the_cue() -> None:
    crew = Crew(plain_show(1, START, 900))
    for number in range(20):
        cue = raised(cue=f"c{number}", rule="R056", role="cs", metric="", facts={"comment": f"q{number}"})
        crew.hear(cue)
        crew.hear(CueDelivered(cue=f"c{number}", when=START + 300_500))
    answered = {event.comment for event in of(crew.step(START + 800_000), QuestionAnswered)}
    assert len(answered) >= 12 and answered <= {f"q{number}" for number in range(20)}


def test_questions_are_answered_mostly_in_time() -> None:
    crew = Crew(plain_show(3, START, 900))
    for number in range(400):
        crew.hear(CommentJudged(comment=f"q{number}", label="question", when=START + 100_000))
        crew.hear(CommentJudged(comment=f"x{number}", label="chat", when=START + 100_000))
    crew.step(START + 100_000)
    quick = of(crew.step(START + 115_000), QuestionAnswered)
    late = of(crew.step(START + 300_000), QuestionAnswered)
    assert {event.comment[0] for event in quick + late} == {"q"}
    assert 0.75 < len(quick) / 400 < 0.97 and 0 < len(late) < 100 and len(quick + late) < 400


def test_a_person_who_leads_is_not_led_back() -> None:
    crew = Crew(plain_show(3, START, 900))
    crew.step(START + 1000)
    crew.hear(SegmentStarted(show="s", segment="s06"))
    assert {event.segment for event in of(crew.step(START + 1_000_000), SegmentStarted)}.isdisjoint(
        {"s02", "s03", "s04", "s05", "s06"}
    )
    crew = Crew(plain_show(3, START, 900))
    crew.hear(ShowEnded(show="s"))
    assert of(crew.step(START + 1_000_000), ShowEnded) == []


def test_a_segment_counts_when_it_was_applied() -> None:
    simulation = Simulation(plain_show(3, START, 900))
    simulation.step(START + 10_000)
    simulation.hear(SegmentStarted(show="s", segment="s04", command="1"))
    simulation.hear(SegmentStarted(show="s", segment="s06", command="2"))
    simulation.hear(CommandRefused(command="2", code="no", why=""))
    simulation.hear(CommandApplied(command="1"))
    assert [event.product for event in of(simulation.step(START + 20_000), ProductPinned)] == ["p04"]


def test_the_end_ends_the_stream() -> None:
    show = SimulatedShow(plain_show(3, START, 900))
    show.step(START + 100_000)
    show.hear([ShowEnded(show="s")])
    show.step(START + 130_000)
    assert show.over


def lifted(metric: str, kind: type[Event], lift: float, seeds: range) -> float:
    """How many events of ``kind`` came in the window, against the same show without the lift."""
    counts = [0, 0]
    for seed in seeds:
        for place, effect in enumerate((0.0, lift)):
            scenario = plain_show(seed, START, 900, effects=[PlantedEffect(rule="R001", lift=effect, window_s=400)])
            simulation = Simulation(scenario)
            simulation.step(START + 300_000)
            simulation.hear(raised(metric=metric))
            simulation.hear(CueDone(cue="c1", when=START + 300_000))
            counts[place] += len(of(simulation.step(START + 700_000), kind))
            assert [(one.lift, one.starts_at) for one in simulation.planted] == [(effect, START + 300_000)]
    return counts[1] / counts[0] - 1


def test_a_followed_cue_lifts_the_rate_behind_its_metric_by_what_is_planted() -> None:
    assert lifted("M03", ViewerEntered, 0.3, range(2)) == pytest.approx(0.3, abs=0.05)
    assert lifted("M25", LikeGiven, 0.3, range(3)) == pytest.approx(0.3, abs=0.08)
    assert lifted("M41.orders", OrderPaid, 2.0, range(5)) == pytest.approx(2.0, abs=0.9)
    assert lifted("M05", OrderCreated, 0.0, range(1)) == 0


def test_more_people_present_are_more_at_once_and_for_the_window() -> None:
    counts = []
    for lift in (0.0, 0.3):
        simulation = Simulation(
            plain_show(2, START, 900, effects=[PlantedEffect(rule="R012", lift=lift, window_s=300)])
        )
        simulation.step(START + 300_000)
        simulation.hear(raised(rule="R012", metric="M06"))
        simulation.hear(CueDone(cue="c1", when=START + 300_000))
        events = simulation.step(START + 600_000)
        online = [event.online for event in of(events, OnlineCounted) if event.at > START + 330_000]
        counts.append(sum(online) / len(online))
    assert counts[1] / counts[0] - 1 == pytest.approx(0.3, abs=0.08)


def test_an_unfollowed_cue_and_one_without_a_lever_do_nothing() -> None:
    simulation = Simulation(plain_show(2, START, 900, effects=[PlantedEffect(rule="R001", lift=1.0)]))
    simulation.step(START + 300_000)
    simulation.hear(raised(cue="a"))
    simulation.hear(raised(cue="b", metric="M92"))
    simulation.hear(CueAnswerGiven(cue="a", answer="dismissed"))
    simulation.hear(CueDone(cue="b"))
    simulation.step(START + 400_000)
    assert simulation.planted == []
    assert LEVER_OF["M45"] == LEVER_OF["M41"] == "order" and "M92" not in LEVER_OF


def test_the_window_of_an_effect_reaches_past_the_judged_minutes() -> None:
    simulation = Simulation(plain_show(2, START, 900, effects=[PlantedEffect(rule="R001", lift=0.3)]))
    simulation.step(START + 310_000)
    simulation.hear(raised())
    simulation.hear(CueDone(cue="c1"))
    simulation.step(START + 311_000)
    (planted,) = simulation.planted
    assert planted.ends_at - planted.starts_at == 305_000 + 60_000
