"""The pool, what viewers ask for, the rundown of a proposal, and the hit rate."""

from itertools import pairwise

import pytest

from livecue.events import DrawPlan, ProductCard, ProductSaved, SegmentPlan
from livecue.metrics import ProductTotals
from livecue.planning.selection import (
    Chosen,
    Proposal,
    choose,
    hit_rate,
    made_pool,
    rundown_of,
    wanted,
)
from livecue.sales import StockView
from tests.planning.selection.making import brief, pool

NOW = 1_790_000_000_000
DAY = 24 * 3600 * 1000


def product(name: str, **card: object) -> ProductSaved:
    """A product of the brand."""
    made = ProductCard(product=name, name=f"商品{name}", price=5000, skus=(f"{name}-1",), **card)  # type: ignore[arg-type]
    return ProductSaved(org="o", brand="b", card=made, cost=2000)


def totals(name: str, show: str = "s", **figures: float) -> ProductTotals:
    """What a product came to; figures by metric, "." written as "_"."""
    return ProductTotals(
        "r", show, NOW - 2 * DAY, NOW - DAY, name, {k.replace("_", "."): v for k, v in figures.items()}
    )


def test_who_is_eliminated_and_by_which_figure() -> None:
    products = [product(name, facts={"rival_price": "51"} if name == "near" else {}) for name in (
        "dull", "cold", "few", "near", "fine", "young",
    )]  # fmt: skip
    past = [
        totals("dull", M28_exposures=5000, M28_clicks=100, M41_units=50),
        totals("cold", M28_exposures=5000, M28_clicks=500, M41_units=5),
        totals("fine", M28_exposures=5000, M28_clicks=500, M41_units=50, M41=250_000, M42=200_000),
        # Too little to judge: kept.
        totals("young", M28_exposures=100, M28_clicks=1, M41_units=0),
    ]
    stock = [StockView("few-1", "few", 49, 0, True), StockView("fine-1", "fine", 500, 20, True)]
    found = made_pool(products, stock, past, "r", NOW)
    assert {row.product: row.rule for row in found.out} == {
        "dull": "R003", "cold": "R006", "few": "R030", "near": "R040",
    }  # fmt: skip
    items = {item.product: item for item in found.items}
    assert set(items) == {"fine", "young"}
    assert items["fine"].stock == 480 and items["young"].stock is None
    assert items["fine"].returns.hits / items["fine"].returns.tries == pytest.approx(0.2)
    assert items["fine"].idle_days == pytest.approx(1.0)
    assert len(made_pool(products, stock, past, "r", NOW, rules=()).items) == 6


def test_what_viewers_ask_for_is_counted_by_thing() -> None:
    products = [product("p1", keywords=("竹篮",)), product("p2", keywords=("果盘",))]
    comments = [
        ("有没有竹篮", 3),
        ("主播竹篮还有吗", 4),
        ("果盘有吗", 5),
        ("什么时候上遮阳伞", 6),
        ("遮阳伞有吗", 7),
        ("遮阳伞有吗？", 8),
        ("主播真好看", 9),
        ("Do you have a sun umbrella?", 9),
    ]
    found = wanted(comments, products, shown=["p2"])
    assert [(row.what, row.count, row.product) for row in found[:2]] == [("遮阳伞", 3, ""), ("商品p1", 2, "p1")]
    assert not any(row.product == "p2" for row in found)
    assert any("umbrella" in row.what for row in found)


def test_the_rundown_flows_and_keeps_what_has_no_product() -> None:
    items = pool(30)
    found = choose(items, brief(most=5))
    assert isinstance(found, Proposal)
    cards = {item.product: ProductCard(product=item.product, name=item.name) for item in items}
    first = found.picks[0].product
    before = (
        SegmentPlan(segment="w", part="warm_up", duration_s=300),
        SegmentPlan(
            segment="a",
            part="pitch",
            product=first,
            host="h",
            talk_track="词",
            duration_s=60,
            screen="特写",
            light="暖",
            props="托盘",
            stock_cue="还剩 {库存}",
            draw=DrawPlan(prize="锅", prizes=1),
        ),
        SegmentPlan(segment="b", part="pitch", product="gone", duration_s=60),
        SegmentPlan(segment="l", part="lucky_bag", duration_s=60),
    )
    made = rundown_of("s", found.picks, cards, before)
    assert [segment.segment for segment in made if not segment.product] == ["w", "l"]
    assert made[0].segment == "w" and made[-1].segment == "l"
    assert [segment.product for segment in made if segment.product] == [pick.product for pick in found.picks]
    kept = next(segment for segment in made if segment.product == first)
    assert (kept.segment, kept.host, kept.talk_track) == ("a", "h", "词")
    assert (kept.screen, kept.light, kept.props, kept.stock_cue) == ("特写", "暖", "托盘", "还剩 {库存}")
    assert kept.draw == DrawPlan(prize="锅", prizes=1), "what people wrote in the segment goes along"
    assert all(b.offset_s == a.offset_s + a.duration_s for a, b in pairwise(made))
    assert len({segment.segment for segment in made}) == len(made)
    assert rundown_of("s", found.picks, cards, made) == made


def test_a_hit_is_the_top_fifth_of_its_category_per_exposure() -> None:
    categories = {f"p{n}": "c" for n in range(10)} | {"x": "tiny"}
    past = [totals(f"p{n}", M41=1000.0 * n, M28_exposures=100.0) for n in range(10)]
    # Much sold to very many eyes is no hit.
    past += [totals("p9", "s2", M41=100_000.0, M28_exposures=1_000_000.0)]
    past += [totals("x", M41=9.0, M28_exposures=1.0), totals("p3", "s2", M41=1.0)]
    chosen = [
        Chosen("s", "p9", "c"),
        Chosen("s", "p8", "c"),
        Chosen("s", "p1", "c"),
        Chosen("s2", "p9", "c"),
        Chosen("s", "x", "tiny"),
        Chosen("s2", "p3", "c"),
        Chosen("s", "absent", "c"),
        Chosen("later", "p9", "c"),
    ]
    found = hit_rate(chosen, past, categories)
    assert (found.hits, found.judged) == (2, 4)
    assert found.rate == pytest.approx(0.5)
    assert (found.unjudged, found.unshown, found.waiting) == (2, 1, 1)
    assert hit_rate([], past, categories).rate is None
