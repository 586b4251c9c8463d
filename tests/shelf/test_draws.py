"""A draw through the loop: bound, opened, entered, drawn, proved; called off; recorded where the platform draws."""

import msgspec

from livecue.events import (
    ActionDone,
    ActionReleased,
    CommentPosted,
    DrawEnded,
    DrawPlan,
    DrawRules,
    DrawStarted,
    Event,
    LiveActionAsked,
    PersonSaved,
    PrizeNoted,
    RoleGranted,
    RundownChanged,
    SegmentPlan,
    ShowEnded,
    ShowPlanned,
    ShowStarted,
    StartDraw,
    WordDrawAgreed,
    WordDrawAsked,
    WordDrawVoided,
)
from livecue.shelf import (
    check_draws,
    code_of,
    faults_of,
    find_draw,
    keep_seed,
    list_winners,
    new_seed,
    proof_of,
)
from tests.shelf.test_live import NOW, on_air, post, tick
from tests.web.conftest import House

RULES = DrawRules(
    title="口令抽奖", prize="锅", prizes=2, value=10_000, method="每人一次", word="我要锅", duration_s=60, claim_days=7
)


def ask(  # type: ignore[no-untyped-def]
    house: House, draw: str = "d1", rules: DrawRules = RULES, by: str = "ops", segment: str = ""
):
    seed = new_seed(draw)
    info = house.app.rooms()["r1"]
    house.app.pump.run(lambda writer: keep_seed(writer, info, seed, NOW)).result(30)
    event = WordDrawAsked(
        key=f"a{draw}", command=f"a{draw}", by=by, draw=draw, rules=rules, commitment=seed.commitment, segment=segment
    )
    return seed, post(house, event, by)


def agreed(house: House, draw: str = "d1") -> None:
    """The team of these tests has grown: somebody else agrees, and it opens five seconds later."""
    agree = WordDrawAgreed(key=f"g{draw}", command=f"g{draw}", by="host", draw=draw)
    assert post(house, agree, by="host").refused is None


def say(house: House, *comments: CommentPosted) -> None:
    events: list[Event] = list(comments)
    house.app.pump.post("r1", events, source="t", arrived=NOW).result(30)


def comment(n: int, text: str = "我要锅", user: str | None = None, host: bool = False) -> CommentPosted:
    return CommentPosted(
        key=f"c{n}-{text}", text=text, user=f"u{n}" if user is None else user, name="张三", by_host=host
    )


def test_it_is_bound_entered_drawn_and_proved(house: House) -> None:
    on_air(house)
    seed, receipt = ask(house)
    assert receipt.refused is None
    agreed(house)
    say(house, comment(1))
    tick(house, 5_500)
    say(
        house,
        comment(2),
        comment(3),
        comment(2, "我 要锅！"),
        comment(4, "我要锅呀"),
        comment(5, user=""),
        comment(6, host=True),
    )
    say(house, *(comment(n) for n in range(10, 20)))
    row = find_draw(house.app.reader, "r1", "d1")
    assert row is not None and row.state == "open" and row.seed == "" and proof_of(house.app.reader, row) is None
    tick(house, 66_000)
    row = find_draw(house.app.reader, "r1", "d1")
    assert row is not None and row.state == "held"
    # Neither the early one nor another text, nor nameless ones, nor the host; the second time counts once.
    assert row.entrants == 12 and row.won == 2 and row.seed == seed.seed
    winners = list_winners(house.app.reader, "r1", "d1")
    assert [one.code for one in winners] == list(row.winners) and {one.name for one in winners} == {"张**"}
    proof = proof_of(house.app.reader, row)
    assert proof is not None and faults_of(proof) == []
    assert set(proof.codes) == {code_of(seed.salt, f"u{n}") for n in (2, 3, *range(10, 20))}
    told = msgspec.json.encode(proof).decode()
    assert "u10" not in told and "张" not in told and seed.salt not in told
    assert check_draws(house.app.reader) == (1, [])
    # Late ones change nothing.
    say(house, comment(99))
    tick(house, 70_000)
    assert check_draws(house.app.reader) == (1, [])
    noted = PrizeNoted(key="n", command="n", by="ops", draw="d1", code=row.winners[0], state="sent")
    assert post(house, noted).refused is None
    assert list_winners(house.app.reader, "r1", "d1")[0].prize == "sent"
    wrong = post(house, msgspec.structs.replace(noted, key="n2", command="n2", code="?")).refused
    assert wrong is not None and wrong.code == "no_winner"


def test_whoever_changes_the_rows_afterwards_is_found(house: House) -> None:
    on_air(house)
    ask(house)
    agreed(house)
    tick(house, 5_500)
    say(house, *(comment(n) for n in range(8)))
    tick(house, 66_000)
    loser = house.app.reader.rows("SELECT code FROM draw_entrants WHERE place = 0 ORDER BY code")[0][0]
    house.app.pump.run(lambda writer: writer.write("UPDATE held_draws SET winners = ?", (f'["{loser}"]',))).result(30)
    count, wrong = check_draws(house.app.reader)
    assert count == 1 and wrong == [("r1", "d1", ["winners"])]


def test_mistakes_are_caught_and_another_waits_its_turn(house: House) -> None:
    on_air(house)
    for change, code in (
        ({"value": 5_000_001}, "draw_cap"),
        ({"method": ""}, "draw_rules"),
        ({"word": "！！"}, "draw_word"),
        ({"prizes": 0}, "draw_prizes"),
        ({"prizes": 501}, "draw_many"),
        ({"claim_days": 0}, "draw_claim"),
        ({"duration_s": 5}, "draw_time"),
    ):
        _, receipt = ask(house, f"x{code}", msgspec.structs.replace(RULES, **change))
        assert receipt.refused is not None and receipt.refused.code == code
    _, receipt = ask(house)
    assert receipt.refused is None
    _, receipt = ask(house, "d2")
    assert receipt.refused is not None and receipt.refused.code == "draw_running"


def test_a_second_person_agrees_where_the_stage_asks_it_and_an_old_wish_lapses(house: House) -> None:
    for name in ("a", "b", "c", "d"):
        house.app.tell_house(PersonSaved(person=name, org="main", name=name))
        house.app.tell_house(RoleGranted(person=name, role="director", org="main", brand="main"))
    on_air(house)
    ask(house)
    tick(house, 60_000)
    own = post(house, WordDrawAgreed(key="g", command="g", by="ops", draw="d1"))
    assert own.refused is not None and own.refused.code == "second_person"
    assert post(house, WordDrawAgreed(key="h", command="h", by="a", draw="d1"), by="a").refused is None
    tick(house, 65_250)
    row = find_draw(house.app.reader, "r1", "d1")
    assert row is not None and (row.state, row.by, row.second_by) == ("open", "ops", "a")
    off = WordDrawVoided(key="v", command="v", by="a", draw="d1", reason="奖品断货")
    assert post(house, off, by="a").refused is None
    row = find_draw(house.app.reader, "r1", "d1")
    assert row is not None and (row.state, row.why) == ("void", "奖品断货")
    ask(house, "d2")
    tick(house, 65_250 + 601_000)
    row = find_draw(house.app.reader, "r1", "d2")
    assert row is not None and (row.state, row.why) == ("cancelled", "not_agreed")


def test_a_seed_that_does_not_fit_draws_nobody(house: House) -> None:
    on_air(house)
    ask(house)
    agreed(house)
    tick(house, 5_500)
    say(house, comment(1))
    house.app.pump.run(lambda writer: writer.write("UPDATE draw_seeds SET seed = ?", ("0" * 64,))).result(30)
    tick(house, 66_000)
    row = find_draw(house.app.reader, "r1", "d1")
    assert row is not None and (row.state, row.why, row.winners) == ("failed", "seed_differs", ())


def test_what_the_platform_drew_is_recorded_and_not_proved(house: House) -> None:
    on_air(house)
    started = DrawStarted(key="s", draw="bag", title="福袋", prizes=5, word="抽", ends_at=NOW + 60_000)
    house.app.pump.post("r1", [started], source="t", arrived=NOW).result(30)
    _, refused = ask(house)
    assert refused.refused is None or refused.refused.code == "draw_running"
    ended = DrawEnded(key="e", draw="bag", entrants=40, winners=5)
    house.app.pump.post("r1", [ended], source="t", arrived=NOW).result(30)
    row = find_draw(house.app.reader, "r1", "bag")
    assert row is not None and (row.kind, row.state, row.entrants, row.won) == ("platform", "ended", 40, 5)
    assert row.rules.value == -1 and proof_of(house.app.reader, row) is None


def test_it_comes_out_the_same_after_a_rebuild(house: House) -> None:
    on_air(house)
    ask(house)
    agreed(house)
    tick(house, 5_500)
    say(house, *(comment(n) for n in range(20)))
    house.app.pump.drop("r1").result(30)
    tick(house, 66_000)
    row = find_draw(house.app.reader, "r1", "d1")
    assert row is not None and row.state == "held" and row.entrants == 20
    assert check_draws(house.app.reader) == (1, [])


def test_the_planned_draw_of_a_segment_is_held_as_it_was_signed(house: House) -> None:
    on_air(house)
    plan = DrawPlan(
        kind="goods", prize="锅", prizes=2, value=10_000, conditions="每人一次", method="每人一次", word="我要锅",
        after_s=60, claim="7 天", published="公告",
    )  # fmt: skip
    segments = (SegmentPlan(segment="s1", part="lucky_bag", title="福袋", duration_s=600, draw=plan),)
    changed = RundownChanged(key="r", command="r", by="ops", show="x", version=2, segments=segments)
    assert post(house, changed).refused is None
    tick(house, 500)
    shown = house.client("ops").get("/api/rooms/r1/snapshot").json()["shows"]["segments"][0]
    assert shown["draw"]["prize"] == "锅", "the console fills its form from it"
    _, receipt = ask(house, "more", msgspec.structs.replace(RULES, prizes=3), segment="s1")
    assert receipt.refused is not None and receipt.refused.code == "draw_signed_number"
    _, receipt = ask(house, "mine", msgspec.structs.replace(RULES, title="今晚", duration_s=120), segment="s1")
    assert receipt.refused is None


def _bag_segment(name: str) -> SegmentPlan:
    plan = DrawPlan(
        kind="goods", prize="锅", prizes=2, value=10_000, conditions="每人一次", method="每人一次", word="我要锅",
        after_s=60, claim="7 天", published="公告",
    )  # fmt: skip
    return SegmentPlan(segment=name, part="lucky_bag", title="福袋", duration_s=600, draw=plan)


def _plan_two(house: House) -> None:
    on_air(house)
    segments = tuple(_bag_segment(name) for name in ("s1", "s2"))
    changed = RundownChanged(key="r", command="r", by="ops", show="x", version=2, segments=segments)
    assert post(house, changed).refused is None
    tick(house, 500)


def test_a_planned_draw_is_held_once_and_again_only_when_it_was_called_off(house: House) -> None:
    _plan_two(house)
    _, receipt = ask(house, "d1", segment="s1")
    assert receipt.refused is None
    off = WordDrawVoided(key="v", command="v", by="ops", draw="d1", reason="设备故障")
    assert post(house, off).refused is None
    _, receipt = ask(house, "d2", segment="s1")
    assert receipt.refused is None, "what was called off before it was held may be asked for again"
    agreed(house, "d2")
    tick(house, 6_000)
    tick(house, 70_000)
    assert post(house, msgspec.structs.replace(off, key="w", command="w", draw="d2")).refused is not None
    _, receipt = ask(house, "d3", segment="s1")
    assert receipt.refused is not None and receipt.refused.code == "draw_twice"
    _, receipt = ask(house, "d4", segment="s2")
    assert receipt.refused is None, "the draw of another segment is another one"


def test_a_platform_draw_is_not_asked_for_twice_in_one_segment(house: House) -> None:
    _plan_two(house)
    bag = StartDraw(
        draw="p1", title="福袋", prize="锅", prizes=2, value=10_000, method="每人一次", word="我要锅", duration_s=240,
        claim_days=7, segment="s1",
    )  # fmt: skip
    assert post(house, LiveActionAsked(key="l1", command="l1", by="ops", action=bag)).refused is None
    second = LiveActionAsked(
        key="l2", command="l2", by="ops", action=msgspec.structs.replace(bag, draw="p2", title="又一个")
    )
    tick(house, 750)
    refused = post(house, second).refused
    assert refused is not None and refused.code == "draw_twice", "it is on its way already"
    # The platform says that it runs and, later, that it is over: the record keeps whose draw it was.
    house.app.pump.post(
        "r1", [DrawStarted(draw="p1", title="福袋", prizes=2, key="ds"), DrawEnded(draw="p1", key="de")], source="t"
    ).result(30)
    tick(house, 300_000)
    third = msgspec.structs.replace(second, key="l3", command="l3")
    refused = post(house, third).refused
    assert refused is not None and refused.code == "draw_twice"
    other = msgspec.structs.replace(second.action, segment="s2")
    assert post(house, LiveActionAsked(key="l4", command="l4", by="ops", action=other)).refused is None


def test_of_two_asked_for_in_one_breath_the_earlier_one_stands(house: House) -> None:
    _plan_two(house)
    bag = StartDraw(
        draw="p1", title="福袋", prize="锅", prizes=2, value=10_000, method="每人一次", word="我要锅", duration_s=240,
        claim_days=7, segment="s1",
    )  # fmt: skip
    for place in (1, 2):
        action = msgspec.structs.replace(bag, draw=f"p{place}")
        assert (
            post(house, LiveActionAsked(key=f"b{place}", command=f"b{place}", by="ops", action=action)).refused is None
        )
    tick(house, 750)
    tick(house, 1_000)
    outbox = house.client("ops").get("/api/rooms/r1/snapshot").json()["outbox"]
    assert [row["what"]["draw"] for row in outbox["actions"]] == ["p1"]
    assert [(row["what"]["draw"], row["why"]) for row in outbox["recent"]] == [("p2", "draw_twice")]


def test_a_platform_draw_that_was_called_off_may_be_started_again(house: House) -> None:
    _plan_two(house)
    bag = StartDraw(
        draw="p1", title="福袋", prize="锅", prizes=2, value=10_000, method="每人一次", word="我要锅", duration_s=240,
        claim_days=7, segment="s1",
    )  # fmt: skip
    assert post(house, LiveActionAsked(key="l1", command="l1", by="ops", action=bag)).refused is None
    tick(house, 750)
    name = str(house.app.reader.rows("SELECT id FROM outbox WHERE kind = 'StartDraw'", ())[0][0])
    off = ActionReleased(key="c", command="c", by="ops", action=name, decision="cancel")
    assert post(house, off).refused is None
    tick(house, 1_500)
    again = msgspec.structs.replace(bag, draw="p2")
    assert post(house, LiveActionAsked(key="l2", command="l2", by="ops", action=again)).refused is None
    # Once it was held, it is not started again.
    name = str(house.app.reader.rows("SELECT id FROM outbox WHERE kind = 'StartDraw' AND state = 'asked'", ())[0][0])
    agree = ActionReleased(key="ag", command="ag", by="host", action=name, decision="approve")
    assert post(house, agree, by="host").refused is None
    tick(house, 7_000)
    house.app.pump.post("r1", [ActionDone(key="ad", action=name)], source="t").result(30)
    tick(house, 8_000)
    third = msgspec.structs.replace(bag, draw="p3")
    refused = post(house, LiveActionAsked(key="l3", command="l3", by="ops", action=third)).refused
    assert refused is not None and refused.code == "draw_twice"
    # The draw of the next show is another one, although its segment has the same name.
    for event in (
        ShowEnded(key="x", command="x", show="x"),
        ShowPlanned(
            key="y", command="y", show="y", title="下一场", starts_at=NOW + 10_000, segments=(_bag_segment("s1"),)
        ),
        ShowStarted(key="z", command="z", show="y"),
    ):
        assert post(house, event).refused is None
    tick(house, 9_000)
    assert post(house, LiveActionAsked(key="l4", command="l4", by="ops", action=third)).refused is None
