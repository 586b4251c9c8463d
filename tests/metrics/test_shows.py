"""Shows, segments, commands; what is recovered later; what is judged, answered and cued."""

from livecue import events as ev
from livecue.events import Event, Line
from livecue.metrics import DEFINITIONS, Metrics
from tests.metrics.streams import ROOM, Silent, folded, stream
from tests.metrics.test_unknown import T0, at, ledger_of, read


def likes(count: int, user: str = "a") -> Event:
    return ev.LikeGiven(user=user, count=count)


def test_a_show_counts_anew() -> None:
    ledger = ledger_of(
        at(0, likes(3), ev.ViewerEntered(user="a"), ev.ViewerLeft(user="x")),
        at(7, ev.ShowStarted(show="1"), likes(4, "b")),
        at(10),
    )
    assert read(ledger, "M25.likes").value == 4
    assert read(ledger, "M25.likes", "5m").value == 4
    assert read(ledger, "M04").value == 0
    assert read(ledger, "M06").value == 1, "who is in the room stays there"
    assert read(ledger, "M09").value == 3
    assert ledger.picture(0).screen().show == "1"


def test_a_second_start_of_the_running_show_changes_nothing() -> None:
    ledger = ledger_of(at(0, ev.ShowStarted(show="1"), likes(4)), at(1, ev.ShowStarted(show="1"), likes(1)))
    assert read(ledger, "M25.likes").value == 5


def test_a_command_counts_when_its_owner_applied_it() -> None:
    start = ev.ShowStarted(show="1", command="c1", by="p")
    ledger = ledger_of(at(0, likes(3), start, likes(2)))
    assert read(ledger, "M25.likes").value == 5
    ledger = Metrics(ROOM, ledger.dump())
    ledger.fold([ev.CommandApplied(command="c1")], Silent())
    assert read(ledger, "M25.likes").value == 0
    ledger.fold([likes(1), ev.ShowStarted(show="2", command="c2", by="p")], Silent())
    ledger.fold([ev.CommandRefused(command="c2", code="on_air", why="no")], Silent())
    ledger.fold([ev.CommandApplied(command="c2")], Silent())
    assert read(ledger, "M25.likes").value == 1


def test_after_the_end_the_totals_stand() -> None:
    ledger = ledger_of(
        at(0, ev.ShowStarted(show="1"), likes(4), ev.ViewerEntered(user="a"), ev.OnlineCounted(online=5)),
        at(30, ev.ShowEnded(show="1"), likes(9), ev.ViewerEntered(user="b"), ev.OnlineCounted(online=900)),
        at(120, ev.CommentPosted(text="x", user="a")),
    )
    assert read(ledger, "M25.likes").value == 4
    assert read(ledger, "M04").value == 1
    assert read(ledger, "M09").value == 30
    assert read(ledger, "M07").value == 5
    assert read(ledger, "M25.likes", "1m").why == "stale"
    assert read(ledger, "M06").why == "stale"
    again = Metrics(ROOM, ledger.dump())
    again.fold([likes(1)], Silent())
    assert again.dump() == ledger.dump()
    again.fold(at(130, ev.OnlineCounted(online=800, views=70), ev.ShowStarted(show="2"), likes(2)), Silent())
    assert read(again, "M25.likes").value == 2
    assert read(again, "M06").value == 800
    again.fold([ev.OnlineCounted(views=75)], Silent())
    assert read(again, "M03").value == 5


def test_payments_and_refunds_of_an_ended_show_are_its_own() -> None:
    ledger = ledger_of(
        at(0, ev.ShowStarted(show="1"), ev.OrderCreated(order="1", amount=100), ev.OrderPaid(order="2", amount=40)),
        at(30, ev.ShowEnded(show="1"), ev.OrderPaid(order="1", amount=100), ev.OrderPaid(order="3", amount=7)),
        at(31, ev.OrderRefunded(order="2", amount=40)),
    )
    assert read(ledger, "M41").value == 140
    assert read(ledger, "M42").value == 100


def test_orders_of_the_last_show_do_not_count_in_the_next() -> None:
    ledger = ledger_of(
        at(0, ev.ShowStarted(show="1"), ev.OrderPaid(order="1", amount=100), ev.OrderCreated(order="2", amount=50)),
        at(30, ev.ShowEnded(show="1")),
        at(60, ev.ShowStarted(show="2"), ev.OrderPaid(order="1", amount=100), ev.OrderRefunded(order="1", amount=100)),
        [ev.OrderPaid(order="2", amount=50), ev.OrderPaid(order="3", amount=7)],
    )
    assert read(ledger, "M41").value == 57, "paid in this show; created in the other"
    assert read(ledger, "M40").value == 7
    assert read(ledger, "M42").value == 57


def test_the_live_duration_has_no_pauses() -> None:
    ledger = ledger_of(
        at(0, ev.ShowStarted(show="1"), ev.StreamStarted()),
        at(10, ev.StreamPaused()),
        at(25, ev.StreamResumed()),
        at(40, ev.StreamEnded()),
        at(100),
    )
    assert read(ledger, "M09").value == 25
    assert read(ledger, "M09", "1m").value == 0


def test_segments_and_the_one_that_is_resumed() -> None:
    ledger = ledger_of(
        at(0, ev.ShowStarted(show="1"), ev.ViewerEntered(user="z")),
        at(10, ev.SegmentStarted(show="1", segment="a"), ev.ViewerEntered(user="u"), likes(1)),
        at(12, ev.ViewerEntered(user="v")),
        at(20, ev.SegmentStarted(show="1", segment="b"), ev.ViewerEntered(user="u"), likes(10)),
        at(22, ev.SegmentStarted(show="1", segment="a"), ev.ViewerEntered(user="u"), ev.ViewerEntered(user="w")),
        at(23, likes(100)),
        at(40),
    )
    assert [read(ledger, "M25.likes", "show", f"segment:{name}").value for name in "ab"] == [101, 10]
    assert [read(ledger, "M04", "show", f"segment:{name}").value for name in "ab"] == [3, 1]
    assert read(ledger, "M04", "segment").value == 2, "of the stretch that runs now"
    assert read(ledger, "M09", "show", "segment:a").value == 10 + 18
    assert read(ledger, "M04", "show", "segment:none").why == "too_early"
    assert read(ledger, "M25.likes", "1m", "segment:b").why == "stale"
    assert read(ledger, "M25.likes", "1m", "segment:a").why == "too_early"
    ledger.fold(at(90, likes(5)), Silent())
    ledger.fold(at(100), Silent())
    assert read(ledger, "M25.likes", "1m", "segment:a").value == 5
    assert list(ledger.picture(0).screen().segments) == ["a", "b"]


def test_a_product_in_the_segment() -> None:
    click = ev.ProductClicked(product="p", user="a")
    ledger = ledger_of(
        at(0, ev.ShowStarted(show="1"), click),
        at(
            10,
            ev.SegmentStarted(show="1", segment="a"),
            click,
            click,
            ev.ProductExposed(product="p", user="a", count=8),
        ),
        at(12, ev.SegmentStarted(show="1", segment="b")),
    )
    assert read(ledger, "M28.clicks", "segment", "product:p").value == 0
    assert read(ledger, "M27.people", "segment", "product:p").value == 0
    ledger.fold([click], Silent())
    assert read(ledger, "M28.clicks", "segment", "product:p").value == 1
    assert read(ledger, "M27.people", "segment", "product:p").value == 1
    assert read(ledger, "M28.clicks", "show", "product:p").value == 4


def test_without_segments_the_stretch_is_the_pin() -> None:
    ledger = ledger_of(at(0, likes(1)), at(5, ev.ProductPinned(product="p"), likes(10)))
    assert read(ledger, "M25.likes", "segment").value == 10
    ledger.fold(at(6, ev.ProductPinned(product="q")), Silent())
    assert read(ledger, "M25.likes", "segment").value == 0


def test_the_platforms_totals_count_from_the_start_of_the_show() -> None:
    ledger = ledger_of(
        at(0, ev.OnlineCounted(views=500, viewers=400), ev.ViewerEntered(user="a")),
        at(10, ev.ShowStarted(show="1"), ev.OnlineCounted(views=620, viewers=490)),
    )
    assert read(ledger, "M03").value == 120
    assert read(ledger, "M03").source == "sim"
    assert read(ledger, "M04.platform").value == 90
    assert read(ledger, "M03.platform", "5m").why in ("not_defined", "too_early")
    ledger.fold([ev.StreamStarted(session="2"), ev.OnlineCounted(views=30)], Silent())
    assert read(ledger, "M03").value == 30, "a new broadcast counts from 0"
    assert read(ledger, "M04").value == 0, "and told no viewers yet: our own"
    assert read(ledger, "M04.platform").why == "stale"


def test_recovered_events_count_in_totals_only() -> None:
    live, sync = Silent("feed"), Silent("feed/sync")
    ledger = Metrics(ROOM, None)
    line = (Line(sku="s", product="p", price=100),)
    ledger.fold(at(0, ev.ShowStarted(show="1"), ev.SegmentStarted(show="1", segment="a"), likes(1)), live)
    ledger.fold([ev.ViewerEntered(user="a", via="feed"), ev.ProductPinned(product="p")], live)
    ledger.fold(at(1), live)
    missed: list[Event] = [
        likes(10, "b"),
        ev.ViewerEntered(user="b", via="feed"),
        ev.ViewerEntered(user="a", via="feed"),
        ev.ProductClicked(product="p", user="b"),
        ev.OrderPaid(order="1", amount=100, user="b", lines=line),
        ev.OrderPaid(order="1", amount=100, user="b", lines=line),
    ]
    ledger.fold(missed, sync)
    ledger = Metrics(ROOM, ledger.dump())
    ledger.fold([likes(2, "b"), ev.OrderPaid(order="1", amount=100, user="b", lines=line)], live)
    ledger.fold(at(5), live)
    for metric, whole, window in (
        ("M25.likes", 13, 3), ("M04", 2, 1), ("M03", 3, 1), ("M41", 100, 0), ("M28.clicks", 1, 0), ("M41.buyers", 1, 0),
    ):  # fmt: skip
        assert read(ledger, metric).value == whole, metric
        assert read(ledger, metric, "5m").value == window, metric
        assert read(ledger, metric, "segment").value == window, metric
    assert read(ledger, "M41", "show", "product:p").value == 100
    assert read(ledger, "M41", "5m", "product:p").value == 0
    assert read(ledger, "M03", "show", "source:feed").value == 3
    assert read(ledger, "M38", "show", "product:p").num == 0, "it is of no talk"
    assert ledger.picture(0).screen().tiles


def test_the_whole_show_is_the_same_whether_live_or_recovered() -> None:
    events = [
        event
        for event in stream(11, 300, shows=0, kinds=("enter", "like", "comment", "click", "create", "pay", "refund"))
        if not isinstance(event, ev.ClockTicked)
    ]
    live = folded(at(0, *events))
    late = Metrics(ROOM, None)
    late.fold(at(0), Silent("sim/sync"))
    late.fold(events, Silent("sim/sync"))
    for metric in DEFINITIONS.keys() - {"M92"}:
        for scope in ("room", "product:p1"):
            one, other = read(live, metric, "show", scope), read(late, metric, "show", scope)
            assert (one.value, one.why) == (other.value, other.why), (metric, scope)


def test_questions_wait_for_answers() -> None:
    def judged(name: str, label: str = "question") -> Event:
        return ev.CommentJudged(comment=name, label=label)

    ledger = ledger_of(
        at(0, judged("q1"), judged("q2"), judged("q3"), judged("c", "complaint"), judged("i", "intent")),
        at(10, ev.QuestionAnswered(comment="q1"), ev.QuestionAnswered(comment="q1"), ev.QuestionAnswered(comment="c")),
        at(15, ev.QuestionAnswered(comment="q2", how="ignored")),
        at(15.25),
        at(30, ev.QuestionAnswered(comment="q3", command="x")),
        [ev.CommandApplied(command="x")],
    )
    assert read(ledger, "M25.questions").value == 3
    assert read(ledger, "M25.complaints").value == 1
    assert read(ledger, "M25.intents").value == 1
    assert read(ledger, "M77").value == 20
    assert read(ledger, "M77").source == "livecue"
    assert (read(ledger, "M79").num, read(ledger, "M79").den) == (1, 3)


def test_how_long_cues_take() -> None:
    ledger = ledger_of(
        at(0, ev.CueRaised(cue="1", rule="R001", role="host"), ev.CueRaised(cue="2", rule="R001", role="host")),
        at(0.5, ev.CueDelivered(cue="1"), ev.CueDelivered(cue="1")),
        at(4.5, ev.CueSeen(cue="1")),
        at(6, ev.CueDone(cue="1"), ev.CueDelivered(cue="2"), ev.CueExpired(cue="2"), ev.CueSeen(cue="2")),
    )
    assert read(ledger, "M93").value == (500 + 6_000) / 2
    assert read(ledger, "M93").unit == "ms"
    assert read(ledger, "M94").value == 4_000


def test_the_target_of_the_plan() -> None:
    plan = ev.ShowPlanned(show="1", title="t", starts_at=0, goals={"M41": 2_000})
    ledger = ledger_of(at(0, plan, ev.ShowStarted(show="1"), ev.OrderPaid(order="1", amount=500)))
    assert read(ledger, "M86").value == 0.25
    assert read(ledger, "M86", "5m").why in ("not_defined", "too_early")
    ledger.fold(at(1, ev.ShowStarted(show="unplanned")), Silent())
    assert read(ledger, "M86").why == "no_goal"


def test_retention_of_those_who_came() -> None:
    ledger = ledger_of(
        at(0, *(ev.ViewerEntered(user=f"u{n}") for n in range(4)), ev.ViewerEntered(user="")),
        at(9, ev.ViewerLeft(user="u0")),
        at(30, ev.ViewerLeft(user="u1"), ev.ViewerLeft(user="", stay_s=30)),
        at(64),
    )
    assert read(ledger, "M11").value == 4
    assert read(ledger, "M13.1").why == "zero_denominator", "the bucket of the entries is not a minute old"
    ledger.fold(at(65), Silent())
    assert (read(ledger, "M13.1").num, read(ledger, "M13.1").den) == (2, 5)
    assert read(ledger, "M10.left").value == 30
    ledger.fold(at(305, ev.ViewerLeft(user="u2")), Silent())
    assert read(ledger, "M13").value == 0.4
    ledger.fold(at(306, ev.ViewerLeft(user="")), Silent())
    assert read(ledger, "M13").why == "masked_users"
    assert T0


def test_the_leave_rate_is_of_those_who_were_there() -> None:
    ledger = ledger_of(at(0, ev.OnlineCounted(online=200)), at(65, ev.ViewerLeft(user="a"), ev.ViewerLeft(user="b")))
    ledger.fold(at(70, ev.OnlineCounted(online=10)), Silent())
    assert read(ledger, "M14", "1m").value == 0.01
    assert read(ledger, "M14", "5m").why == "too_early"
    assert read(ledger, "M14").why == "not_defined"
