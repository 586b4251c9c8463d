"""How a host sells against the others: never from one's own sales alone, drawn towards 1, bounded."""

from hypothesis import given
from hypothesis import strategies as st

from livecue.metrics import ProductTotals
from livecue.planning.selection import PRESETS, host_fits, made_pool
from tests.planning.selection.test_pool import product

CATEGORIES = {"a": "食品", "b": "食品", "c": "家居"}


def row(show: str, item: str, exposures: float, pieces: float) -> ProductTotals:
    return ProductTotals("r", show, 1, 2, item, {"M28.exposures": exposures, "M41.units": pieces})


def test_a_host_who_sells_more_of_the_same_item_fits_better() -> None:
    past = [row("s1", "a", 10_000, 100), row("s2", "a", 10_000, 160)]
    selling = {("s1", "a"): {"li"}, ("s2", "a"): {"wang"}}
    wang, li = (host_fits(past, selling, CATEGORIES, host)["食品"] for host in ("wang", "li"))
    assert 1 < wang.fit <= PRESETS.assumed.host_high and wang.fit < 1.6
    assert li.fit < 1
    assert (wang.pieces, wang.shows) == (160, 1) and 99 < wang.expected < 101


def test_best_sellers_are_no_merit_of_who_was_given_them() -> None:
    past = [row("s1", "a", 10_000, 500), row("s1", "b", 10_000, 20), row("s2", "a", 10_000, 500)]
    selling = {("s1", "a"): {"li"}, ("s1", "b"): {"li"}, ("s2", "a"): {"wang"}}
    assert abs(host_fits(past, selling, CATEGORIES, "wang")["食品"].fit - 1) < 0.05


def test_what_nobody_else_sold_tells_nothing() -> None:
    past = [row("s1", "c", 10_000, 900)]
    assert host_fits(past, {("s1", "c"): {"li"}}, CATEGORIES, "li") == {}
    assert host_fits(past, {}, CATEGORIES, "li") == {}
    assert host_fits(past, {("s1", "c"): {"li"}}, CATEGORIES, "nobody") == {}


def test_a_show_sold_together_counts_for_both_by_half() -> None:
    past = [row("s1", "a", 10_000, 100), row("s2", "a", 10_000, 100)]
    selling = {("s1", "a"): {"li", "wang"}, ("s2", "a"): {"li"}}
    found = host_fits(past, selling, CATEGORIES, "wang")["食品"]
    assert (found.pieces, found.expected) == (50, 50) and found.fit == 1.0


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from("pqrs"), st.sampled_from("abc"), st.integers(0, 100_000), st.integers(0, 5_000),
            st.sets(st.sampled_from(("li", "wang", "zhao")), max_size=3),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_a_fit_is_always_within_its_bounds(rows: list[tuple[str, str, int, int, set[str]]]) -> None:
    past = [row(show, item, float(seen), float(sold)) for show, item, seen, sold, _ in rows]
    selling = {(show, item): hosts for show, item, _, _, hosts in rows}
    for host in ("li", "wang", "zhao"):
        for fit in host_fits(past, selling, CATEGORIES, host).values():
            assert PRESETS.assumed.host_low <= fit.fit <= PRESETS.assumed.host_high
            assert fit.expected >= 0 and fit.pieces >= 0


def test_the_pool_tells_the_fit_of_the_host_who_was_asked_about() -> None:
    products = [product("a", category="食品"), product("c", category="家居")]
    past = [row("s1", "a", 10_000, 100), row("s2", "a", 10_000, 300)]
    selling = {("s1", "a"): {"li"}, ("s2", "a"): {"wang"}}
    found = made_pool(products, [], past, "r", 3, (), host="wang", selling=selling)
    fits = {item.product: item.host_fit for item in found.items}
    assert fits["a"] > 1 and fits["c"] == 1.0
    assert {item.host_fit for item in made_pool(products, [], past, "r", 3, ()).items} == {1.0}
