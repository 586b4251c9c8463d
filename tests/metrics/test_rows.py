"""What is kept: minutes while the show runs, totals when it is over, and what refunds make of them later."""

from pathlib import Path

import pytest

from livecue import events as ev
from livecue.events import ClockTicked, Event, Line
from livecue.metrics import (
    Metrics,
    minute_series,
    past_figures,
    past_shows,
    show_totals,
    showcase_curve,
)
from tests.folding import ROOM, TestUnit
from tests.metrics.test_unknown import T0

LINE = (Line(sku="s", product="p", price=100),)


@pytest.fixture
def unit(tmp_path: Path) -> TestUnit:
    made = TestUnit(tmp_path / "a.db")
    made.db.execute("PRAGMA synchronous=OFF")
    return made


def run(unit: TestUnit, ledger: Metrics, until_s: int, show: str = "1", start_s: int = 0) -> None:
    """A show of one like and one order every five seconds."""
    begun: list[Event] = [
        ClockTicked(now=T0 + start_s * 1000),
        ev.ShowStarted(show=show, title=f"Show {show}"),
        ev.SegmentStarted(show=show, segment="a"),
        ev.ProductPinned(product="p"),
    ]
    unit.feed(ledger, begun)
    for second in range(start_s + 5, until_s, 5):
        order = ev.OrderPaid(order=f"{show}-{second}", amount=100, user=f"u{second % 20}", via="feed", lines=LINE)
        unit.feed(ledger, [ClockTicked(now=T0 + second * 1000), ev.LikeGiven(user="a", count=2), order])
    unit.feed(ledger, [ClockTicked(now=T0 + until_s * 1000)])


def test_full_minutes_are_kept(unit: TestUnit) -> None:
    ledger = Metrics(ROOM, None)
    run(unit, ledger, 400)
    series = minute_series(unit, "r1", "1", "M25.likes")
    assert [point.value for point in series] == ledger.picture(0).minutes_of("M25.likes", 100)
    assert all(point.minute % 60_000 == 0 for point in series)
    assert [point.value for point in series] == [24.0] * len(series)
    product = minute_series(unit, "r1", "1", "M41.orders", "product:p")
    assert [point.value for point in product] == [12.0] * len(series)
    assert minute_series(unit, "r1", "1", "M06") == [type(series[0])(point.minute, None) for point in series]
    rows = unit.rows("SELECT DISTINCT org, brand, room, show FROM minute_readings")
    assert rows == [("o", "b", "r1", "1")]


def test_totals_are_kept_when_the_show_is_over(unit: TestUnit) -> None:
    ledger = Metrics(ROOM, None)
    run(unit, ledger, 120)
    assert show_totals(unit, "r1", "1") == []
    picture = ledger.picture(0)
    unit.feed(ledger, [ev.ShowEnded(show="1")])
    totals = {(total.metric, total.scope): total for total in show_totals(unit, "r1", "1")}
    assert {scope for _, scope in totals} == {"room", "segment:a", "product:p", "source:feed"}
    for (metric, scope), total in totals.items():
        reading = picture.reading(metric, "show", scope)
        assert (total.value, total.num, total.den, total.sample, total.why) == (
            reading.value, reading.num, reading.den, reading.sample, reading.why,
        )  # fmt: skip
    assert totals["M41", "room"].value == 2_300
    assert totals["M06", "room"].why == "no_source"
    assert totals["M42", "room"].why == "no_source"
    [show] = past_shows(unit, "r1")
    assert (show.show, show.title, show.ended_at - show.began_at, show.currency) == ("1", "Show 1", 120_000, "CNY")
    start, end = showcase_curve(unit, "r1", "1", "p")
    curve = picture.showcase("p")
    assert curve is not None and (tuple(start), tuple(end)) == (curve.from_start, curve.to_end)
    assert sum(start) == 23


def test_what_comes_later_changes_the_kept_totals(unit: TestUnit) -> None:
    ledger = Metrics(ROOM, None)
    run(unit, ledger, 120)
    unit.feed(ledger, [ev.ShowEnded(show="1"), ev.OrderRefunded(order="1-5", refund="x", amount=100)])
    unit.feed(ledger, [ClockTicked(now=T0 + 200_000)])
    [net] = [t for t in show_totals(unit, "r1", "1") if (t.metric, t.scope) == ("M42", "room")]
    assert (net.value, net.as_of) == (2_200, T0 + 200_000)
    # In the next show a refund of the last one's order still lowers the last one's net.
    run(unit, ledger, 400, "2", 210)
    ledger = Metrics(ROOM, ledger.dump())
    unit.feed(ledger, [ev.OrderRefunded(order="1-10", refund="x", amount=100)])
    unit.feed(ledger, [ClockTicked(now=T0 + 470_000)])
    kept = {(t.metric, t.scope): t.value for t in show_totals(unit, "r1", "1")}
    assert kept["M42", "room"] == 2_100
    assert kept["M59.orders", "room"] == 2 / 23
    assert ledger.picture(0).reading("M42", "show").value == 37 * 100
    unit.feed(ledger, [ev.ShowEnded(show="2")])
    assert [show.show for show in past_shows(unit, "r1")] == ["2", "1"]
    assert [(figure.show, figure.value) for figure in past_figures(unit, "r1", "M41")] == [("2", 3_700), ("1", 2_300)]
    assert past_shows(unit, "r1", 1)[0].show == "2"
    assert past_shows(unit, "other") == []


def test_without_a_show_nothing_is_kept(unit: TestUnit) -> None:
    ledger = Metrics(ROOM, None)
    for second in range(0, 300, 5):
        unit.feed(ledger, [ClockTicked(now=T0 + second * 1000), ev.LikeGiven(user="a")])
    unit.feed(ledger, [ev.ShowEnded(show="")])
    for table in ("minute_readings", "show_totals", "metered_shows"):
        assert unit.rows(f"SELECT COUNT(*) FROM {table}") == [(0,)]


def test_a_show_written_twice_is_kept_once(unit: TestUnit) -> None:
    ledger = Metrics(ROOM, None)
    run(unit, ledger, 130)
    blob = ledger.dump()
    for _ in range(2):
        again = Metrics(ROOM, blob)
        unit.feed(again, [ClockTicked(now=T0 + 200_000), ev.ShowEnded(show="1")])
    assert len(past_shows(unit, "r1")) == 1
    keys = unit.rows("SELECT metric, scope, COUNT(*) FROM show_totals GROUP BY metric, scope HAVING COUNT(*) > 1")
    assert keys == []
