"""Simulated shows lie where real shows lie: between P10 and P90 of what was measured.

The twins compare with the aggregates that ship in ``calibration`` (each with its source); the tests on real data
compute the same from the records.
"""

import csv
import gzip
import re
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import pytest

from livecue.events import ImpressionsCounted, OnlineCounted, ProductClicked, ProductExposed, ViewerEntered
from livecue.integrations.simulator import REAL, default_demo, plain_show
from livecue.integrations.simulator.calibration import SOURCES
from tests.integrations.simulator.made import START, of, run

MEASURES = tuple(REAL)


@cache
def measured(seed: int, kind: str) -> dict[str, float]:
    """The measures of one simulated show of two hours."""
    scenario = default_demo(seed, START) if kind == "demo" else plain_show(seed, START, 7200)
    events, simulation = run(scenario)
    books = simulation.books()
    online = [event.online for event in of(events, OnlineCounted) if event.at < scenario.ends_at]
    clicks = sum(event.count for event in of(events, ProductClicked))
    return {
        "gmv_per_view": books.gmv / 100 / books.entered,
        "units_per_view": books.units / books.entered,
        "stay_s": books.stay_ms / 1000 / books.entered,
        "acu_pcu": sum(online) / len(online) / max(online),
        "orders_per_click": books.orders_paid / clicks,
        "clicks_per_view": clicks / books.entered,
        "clicks_per_impression": clicks / sum(event.count for event in of(events, ProductExposed)),
        "views_per_viewer": books.entered / books.viewers,
    }


def real(folder: Path) -> dict[str, list[float]]:
    """The same measures of the shows with sales in the third-party export."""
    with gzip.open(folder / "sessions/chanmama_2021/sessions.csv.gz", "rt", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, list[float]] = {"gmv_per_view": [], "units_per_view": [], "stay_s": [], "acu_pcu": []}
    for row in rows:
        views, goods, sales = (number(row[name]) for name in ("Views", "Number_of_goods_sold", "Total_sales_amount"))
        peak, mean = number(row["Peak_viewers"]), number(row["Average_number_of_online_viewers"])
        if not (views and goods and sales and peak):
            continue
        found["gmv_per_view"].append(sales / views)
        found["units_per_view"].append(goods / views)
        if mean is not None:
            found["acu_pcu"].append(mean / peak)
        stay = re.fullmatch(r"(?:(\d+)分)?(?:钟)?(?:(\d+)秒)?", row["Average_length_of_stay"].strip())
        if stay and any(stay.groups()):
            found["stay_s"].append(60 * int(stay[1] or 0) + int(stay[2] or 0))
    return found


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


@pytest.mark.parametrize("measure", ["gmv_per_view", "units_per_view", "stay_s", "acu_pcu"])
def test_simulated_shows_lie_between_p10_and_p90_of_the_real_ones(real_data: Path, measure: str) -> None:
    shows = real(real_data)[measure]
    assert len(shows) > 500
    tenths = quantiles(shows, n=10)
    assert tenths[0] <= measured(7, "demo")[measure] <= tenths[-1]
    assert tenths[0] <= median(measured(seed, "plain")[measure] for seed in (1, 2, 3)) <= tenths[-1]


@pytest.mark.parametrize("measure", ["gmv_per_view", "units_per_view", "stay_s", "acu_pcu"])
def test_the_shipped_aggregates_agree_with_the_real_records(real_data: Path, measure: str) -> None:
    """The shipped ones are of 1,010 shows, the records here of 647 of them: the middles must lie close."""
    assert median(real(real_data)[measure]) == pytest.approx(REAL[measure].p50, rel=0.2)


@pytest.mark.parametrize("measure", MEASURES)
def test_simulated_shows_lie_inside_the_shipped_aggregates(measure: str) -> None:
    band = REAL[measure]
    middle = median(measured(seed, "plain")[measure] for seed in (1, 2, 3))
    # Orders per click come from another market than pieces per view; a show cannot sit in the middle of both.
    assert band.p10 <= middle <= band.p90 * (1.1 if measure == "orders_per_click" else 1)
    if measure != "orders_per_click":  # and a planted sell-out is a rush of orders
        assert band.p10 <= measured(7, "demo")[measure] <= band.p90


def test_sources_have_their_shares_and_are_shown_to_more_people_than_come() -> None:
    events, _ = run(plain_show(5, START, 3600))
    entered = of(events, ViewerEntered)
    shown: dict[str, int] = {}
    for event in of(events, ImpressionsCounted):
        assert event.times >= event.people
        shown[event.via] = shown.get(event.via, 0) + event.people
    for via, (share, rate) in SOURCES.items():
        here = [event for event in entered if event.via == via]
        assert len(here) / len(entered) == pytest.approx(share, abs=0.02)
        assert len(here) / shown[via] == pytest.approx(rate, rel=0.1)
    assert sum(share for share, _ in SOURCES.values()) == pytest.approx(1)
