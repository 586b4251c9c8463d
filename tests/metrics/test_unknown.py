"""Missing is unknown, with the reason, and never 0 (or 1)."""

import pytest

from livecue import events as ev
from livecue.events import ClockTicked, Event
from livecue.metrics import DEFINITIONS, Metrics, Reading, Readings, StaticReadings
from tests.metrics.streams import ROOM, START, Silent

T0 = START // 5000 * 5000
"""The start of a bucket."""


def at(seconds: float, *events: Event) -> list[Event]:
    """Events at a moment of room time."""
    return [ClockTicked(now=T0 + int(seconds * 1000)), *events]


def ledger_of(*parts: list[Event], source: str = "sim") -> Metrics:
    ledger = Metrics(ROOM, None)
    unit = Silent(source)
    for part in parts:
        ledger.fold(part, unit)
    return ledger


def read(ledger: Metrics, metric: str, window: str = "show", scope: str = "room") -> Reading:
    return ledger.picture(0).reading(metric, window, scope)


def test_before_the_first_tick_nothing_is_known_and_nothing_is_lost() -> None:
    ledger = ledger_of([ev.LikeGiven(user="a", count=3)], [ev.ViewerEntered(user="a")])
    assert read(ledger, "M25.likes").why == "no_source"
    assert ledger.picture(0).minutes_of("M25.likes", 5) == []
    assert ledger.picture(0).screen().tiles == []
    ledger = Metrics(ROOM, ledger.dump())
    ledger.fold(at(0), Silent())
    assert read(ledger, "M25.likes").value == 3
    assert read(ledger, "M04").value == 1
    ledger.fold(at(5), Silent())
    assert read(ledger, "M25.likes", "1m").value == 3, "they belong to the bucket of the first tick"


def test_a_kind_that_nobody_told_is_unknown_not_zero() -> None:
    ledger = ledger_of(at(0, ev.ViewerEntered(user="a")), at(10))
    assert read(ledger, "M41").why == "no_source"
    assert read(ledger, "M41").value is None
    assert read(ledger, "M21").why == "no_source"
    assert read(ledger, "M06").why == "no_source", "nobody counts and nobody tells who leaves"
    ledger.fold(at(11, ev.OrderPaid(order="1", amount=500, user="a")), Silent())
    assert read(ledger, "M41").value == 500
    assert read(ledger, "M42").why == "no_source", "without a source of refunds net is not gross"
    assert read(ledger, "M59").why == "no_source"


def test_what_was_told_in_an_earlier_show_is_zero_in_the_next_one() -> None:
    ledger = ledger_of(
        at(0, ev.ShowStarted(show="1"), ev.OrderPaid(order="1", amount=500, user="a"), ev.ViewerEntered(user="a")),
        at(60, ev.ShowEnded(show="1")),
        at(90, ev.ShowStarted(show="2")),
    )
    assert read(ledger, "M41").value == 0
    assert read(ledger, "M45").why == "zero_denominator"


def test_a_ratio_without_denominator_is_missing() -> None:
    ledger = ledger_of(
        at(0, ev.ProductExposed(product="p", user="a", count=0), ev.ProductClicked(product="p", count=0))
    )
    reading = read(ledger, "M28")
    assert (reading.value, reading.why, reading.num, reading.den) == (None, "zero_denominator", 0, 0)


def test_masked_people_make_people_unknown_but_not_times() -> None:
    masked: list[Event] = [
        ev.ViewerEntered(user=""),
        ev.ViewerEntered(user=""),
        ev.LikeGiven(user="", count=5),
        ev.CommentPosted(text="有吗", user=""),
        ev.ProductExposed(product="p", user="", count=2),
        ev.ProductClicked(product="p", user=""),
        ev.OrderPaid(order="1", amount=900, user=""),
    ]
    ledger = ledger_of(at(0, *masked), at(5))
    for metric in ("M02", "M04", "M10", "M19", "M20", "M27", "M33", "M35", "M37", "M41.buyers", "M45", "M46"):
        for window in ("1m", "show"):
            if metric == "M10":
                continue
            reading = read(ledger, metric, window)
            assert (reading.value, reading.why) == (None, "masked_users"), (metric, window, reading)
    assert read(ledger, "M03", "1m").value == 2
    assert read(ledger, "M25.likes", "1m").value == 5
    assert read(ledger, "M28", "1m").value == 0.5
    assert read(ledger, "M44").value == 900 / 2 * 1000
    assert read(ledger, "M45").num == 900, "what is known is still told"
    assert read(ledger, "M27", "1m", "product:p").why == "masked_users"
    assert read(ledger, "M04", "1m", "source:unknown").why == "masked_users"


def test_one_masked_person_is_enough_and_passes_out_of_the_window() -> None:
    ledger = ledger_of(at(0, ev.ViewerEntered(user="")), at(5, ev.ViewerEntered(user="a")), at(10))
    assert read(ledger, "M04", "1m").why == "masked_users"
    ledger.fold(at(65, ev.ViewerEntered(user="b")), Silent())
    assert read(ledger, "M04", "1m").value == 1, "only the one of second 5 is in the minute"
    assert read(ledger, "M04").why == "masked_users", "but never out of the show"


def test_the_platforms_own_count_of_people_stands_where_they_are_masked() -> None:
    ledger = ledger_of(
        at(0, ev.ShowStarted(show="1"), ev.ViewerEntered(user=""), ev.OrderPaid(order="1", amount=900, user="")),
        at(1, ev.OnlineCounted(online=7, views=40, viewers=30)),
    )
    assert read(ledger, "M04").value == 30
    assert read(ledger, "M45").value == 30
    assert read(ledger, "M03").value == 40
    assert read(ledger, "M04", "segment").why == "too_early"


def test_windows_are_too_early_until_the_first_bucket_is_full() -> None:
    ledger = ledger_of(at(1, ev.LikeGiven(user="a", count=2)))
    assert read(ledger, "M25.likes", "5m").why == "too_early"
    assert read(ledger, "M25.likes").value == 2
    ledger.fold(at(5), Silent())
    assert read(ledger, "M25.likes", "5m").value == 2
    assert read(ledger, "M14", "5m").why in ("no_source", "too_early")


def test_a_silent_source_is_stale_in_windows_and_kept_in_totals() -> None:
    ledger = ledger_of(at(0, ev.LikeGiven(user="a", count=2)), at(119))
    assert read(ledger, "M25.likes", "5m").value == 2
    ledger.fold(at(126), Silent())
    reading = read(ledger, "M25.likes", "5m")
    assert (reading.value, reading.why, reading.at) == (None, "stale", T0)
    assert read(ledger, "M25.likes").value == 2
    ledger.fold(at(127, ev.CommentPosted(text="x", user="a")), Silent())
    ledger.fold(at(130), Silent())
    assert read(ledger, "M25.likes", "5m").value == 2, "the source speaks again"


def test_a_shop_that_tells_orders_only_may_be_silent() -> None:
    ledger = Metrics(ROOM, None)
    shop, live = Silent("shop"), Silent("live")
    ledger.fold(at(0, ev.OrderPaid(order="1", amount=100, user="a")), shop)
    for second in range(0, 600, 30):
        ledger.fold(at(second + 1, ev.LikeGiven(user="a")), live)
    reading = read(ledger, "M41", "5m")
    assert (reading.value, reading.source, reading.at) == (0, "shop", T0)
    assert read(ledger, "M25.likes", "5m").source == "live"


def test_the_platforms_count_of_people_online_goes_stale() -> None:
    ledger = ledger_of(at(0, ev.OnlineCounted(online=12)), at(60))
    assert read(ledger, "M06").value == 12
    ledger.fold(at(60.5), Silent())
    assert read(ledger, "M06").why == "stale"
    assert read(ledger, "M07").value == 12
    ledger.fold(at(120), Silent())
    assert read(ledger, "M08").value == 12, "the mean is over the time in which it was known"


@pytest.mark.parametrize("feed", ("sim", "sim/websocket", "something-else"))
def test_a_gap_of_the_feed_makes_counts_of_the_window_unknown(feed: str) -> None:
    ledger = ledger_of(
        at(0, ev.LikeGiven(user="a", count=2), ev.ViewerEntered(user="a"), ev.CommentPosted(text="x", user="a")),
        at(60, ev.SourceGone(feed=feed)),
        at(65),
    )
    assert read(ledger, "M25.likes", "1m").why == "stale"
    ledger.fold(at(100, ev.SourceBack(feed=feed), ev.LikeGiven(user="a", count=7)), Silent())
    ledger.fold(at(110), Silent())
    assert read(ledger, "M25.likes", "1m").why == "stale", "40 of these 60 seconds were dark"
    assert read(ledger, "M20", "5m").value == 1, "a share is still a share"
    assert read(ledger, "M25.likes", "15m").why == "stale", "40 of these 110 seconds"
    for second in range(115, 600, 5):
        ledger.fold(at(second, ev.LikeGiven(user="a", count=1)), Silent())
    assert read(ledger, "M25.likes", "5m").value == 60
    assert read(ledger, "M25.likes").value == 2 + 7 + 97


def test_what_has_no_meaning_is_said_so() -> None:
    ledger = ledger_of(at(0, ev.ProductClicked(product="p", user="a"), ev.LikeGiven(user="a")))
    for metric, window, scope in (
        ("M99", "5m", "room"),
        ("M19", "5m", "product:p"),
        ("M12", "5m", "room"),
        ("M41", "7m", "room"),
        ("M41", "5m", "planet:x"),
        ("M41", "5m", "room:x"),
    ):
        assert read(ledger, metric, window, scope).why in ("not_defined", "too_early"), (metric, window, scope)
    assert read(ledger, "M99").why == "not_defined"
    assert read(ledger, "M19", "show", "product:p").why == "not_defined"


def test_a_product_nobody_touched_has_zero_not_unknown() -> None:
    ledger = ledger_of(at(0, ev.ProductClicked(product="p", user="a")), at(5))
    assert read(ledger, "M28.clicks", "5m", "product:q").value == 0
    assert read(ledger, "M28.clicks", "5m", "product:p").value == 1


def test_amounts_in_another_currency_are_never_added() -> None:
    ledger = ledger_of(
        at(
            0,
            ev.OrderPaid(order="1", amount=100, user="a"),
            ev.OrderPaid(order="2", amount=7, user="b", currency="USD"),
        )
    )
    assert read(ledger, "M41").why == "mixed_currency"
    assert read(ledger, "M41.orders").value == 2


def test_every_reading_carries_its_unit_and_words() -> None:
    ledger = ledger_of(at(0, ev.LikeGiven(user="a", count=2)), at(5))
    picture = ledger.picture(T0)
    for metric, definition in DEFINITIONS.items():
        reading = picture.reading(metric, "5m")
        assert reading.unit == definition.unit
        assert (reading.value is None) == bool(reading.why)


def test_static_readings_answer_like_the_picture() -> None:
    given = Reading(metric="M45", window="5m", value=1.5, sample=200)
    readings: Readings = StaticReadings([given], {"M06": [1, 2, None, 4]})
    assert readings.reading("M45", "5m") is given
    assert readings.reading("M45", "1m").why == "no_source"
    assert readings.minutes_of("M06", 3) == [2, None, 4]
    assert readings.minutes_of("M06", 0) == []
    assert readings.minutes_of("M07", 3) == []
