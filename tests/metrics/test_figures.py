"""All live figures at once: each as it is asked for alone, in every window and scope, with what scopes there are."""

import pytest

from livecue import events as ev
from livecue.metrics import DEFINITIONS, WINDOWS, Figures, Metrics, figures_question
from tests.metrics.streams import ROOM, SEGMENTS, folded, stream
from tests.metrics.test_unknown import at, ledger_of


def asked(ledger: Metrics, window: str, scope: str) -> Figures:
    part, _, words = figures_question(window, scope).partition("/")
    assert part == Metrics.name
    return ledger.picture(0).asked(words)


@pytest.mark.parametrize("scope", ["room", "product:p1", "source:feed", f"segment:{SEGMENTS[0]}"])
@pytest.mark.parametrize("window", WINDOWS)
def test_every_metric_is_there_and_as_it_is_alone(window: str, scope: str) -> None:
    ledger = folded(stream(11, 400))
    told = asked(ledger, window, scope)
    assert (told.window, told.scope) == (window, scope)
    assert [row.metric for row in told.figures] == list(DEFINITIONS)
    assert told.figures == [ledger.picture(0).reading(metric, window, scope) for metric in DEFINITIONS]
    assert any(row.value is not None for row in told.figures) or window != "show"
    assert all(row.why for row in told.figures if row.value is None), "unknown has its reason"
    assert {"p1", "p2", "p3"} <= set(told.products)
    assert "feed" in told.sources
    assert set(told.segments) <= set(SEGMENTS)


def test_ids_of_any_sign_come_through() -> None:
    product = "壶 /50%:a?b"
    ledger = ledger_of(at(0, ev.ProductClicked(product=product, user="a")), at(5))
    question = figures_question("5m", f"product:{product}")
    assert " " not in question and "\n" not in question
    told = asked(ledger, "5m", f"product:{product}")
    assert told.scope == f"product:{product}"
    assert {row.metric: row.value for row in told.figures}["M28.clicks"] == 1


def test_the_curve_of_a_product_comes_with_its_figures() -> None:
    ledger = ledger_of(
        at(0, ev.ProductPinned(product="p")),
        at(25, ev.OrderPaid(order="1", amount=500, user="a", lines=(ev.Line(sku="p-1", product="p", price=500),))),
        at(26),
    )
    told = asked(ledger, "show", "product:p").showcase
    assert told is not None and (told.talks, sum(told.from_start), told.from_start[2]) == (1, 1, 1)
    assert asked(ledger, "show", "room").showcase is None
    assert asked(ledger, "show", "product:q").showcase is None, "of what was never spoken there is no curve"


def test_before_the_first_tick_every_figure_is_unknown() -> None:
    told = asked(Metrics(ROOM, None), "5m", "room")
    assert {(row.value, row.why) for row in told.figures} == {(None, "no_source")}
    assert len(told.figures) == len(DEFINITIONS)
