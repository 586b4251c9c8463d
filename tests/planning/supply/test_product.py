"""What keeps a product from being listed, the price band to the cent, and the page's points."""

from datetime import date, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from livecue.events import ListingSaved, PaperSaved, ProductCard, ProductSaved, RivalNoted, SampleTested
from livecue.planning.supply import Files, blocked, roles_missing, state_of

TODAY = date(2026, 11, 29)


def product(name: str = "p", category: str = "数码", price: int = 9_000, **more: object) -> ProductSaved:
    """A product of the brand."""
    card = ProductCard(product=name, name=f"商品{name}的标题", category=category, price=price, skus=(f"{name}-1",))
    return ProductSaved(org="o", brand="b", card=card, supplier="sup", **more)  # type: ignore[arg-type]


def paper(what: str = "test_report", **more: str) -> PaperSaved:
    """A paper of ``p``."""
    name = f"{what}{more.get('expires_on', '')}"
    return PaperSaved(org="o", brand="b", paper=name, what=what, **{"product": "p", **more})


def files(*rows: object) -> Files:
    """What is on file."""
    found = Files()
    for row in rows:
        if isinstance(row, PaperSaved):
            found.papers[row.paper] = row
        elif isinstance(row, RivalNoted):
            found.rivals[row.rival] = row
        elif isinstance(row, SampleTested):
            found.samples[row.test] = row
        elif isinstance(row, ListingSaved):
            found.listings[row.product] = row
    return found


def test_a_missing_and_an_expired_paper_block_and_one_that_ends_soon_warns() -> None:
    assert blocked(product(), files(), TODAY) == ("R041",)
    assert blocked(product(), files(paper(expires_on="2026-11-28")), TODAY) == ("R041",)
    last_day = state_of(product(), files(paper(expires_on="2026-11-29")), TODAY)
    assert last_day.blocks == () and "R041" in last_day.warns and last_day.papers[0].state == "expiring"
    later = state_of(product(), files(paper(expires_on="2027-11-29")), TODAY)
    assert later.blocks == () and "R041" not in later.warns
    # The newer of two counts; one taken out of the file does not; the supplier's own paper counts for its goods.
    assert blocked(product(), files(paper(expires_on="2026-01-01"), paper(expires_on="2027-01-01")), TODAY) == ()
    taken = msgspec.structs.replace(paper(), active=False)
    assert blocked(product(), files(taken), TODAY) == ("R041",)
    assert blocked(product(), files(paper(product="", supplier="sup")), TODAY) == ()
    assert blocked(product(), files(paper(product="", supplier="else")), TODAY) == ("R041",)


def test_food_is_renewed_after_half_a_year_and_needs_its_licence() -> None:
    food = product(category="休闲食品")
    half = files(paper(issued_on="2026-06-01"), paper("food_licence", issued_on="2026-04-01"))
    states = {row.what: row.state for row in state_of(food, half, TODAY).papers}
    assert states == {"test_report": "expiring", "food_licence": "expired"}
    # Another category lets the same paper stand.
    assert blocked(product(), half, TODAY) == ()


def test_clothing_needs_a_destructive_test_and_the_newest_decides() -> None:
    coat = product(category="女装")

    def test(day: str, passed: bool, destructive: bool = True) -> SampleTested:
        return SampleTested(
            org="o", brand="b", test=f"{day}{destructive}", product="p", what="水洗", destructive=destructive,
            passed=passed, tested_on=day,
        )  # fmt: skip

    assert blocked(coat, files(paper()), TODAY) == ("R043",)
    assert blocked(coat, files(paper(), test("2026-11-01", True, False)), TODAY) == ("R043",)
    assert blocked(coat, files(paper(), test("2026-11-01", True)), TODAY) == ()
    assert blocked(coat, files(paper(), test("2026-11-01", True), test("2026-11-02", False)), TODAY) == ("R043",)


def test_goods_without_a_seven_day_return_are_blocked_and_unknown_terms_warn() -> None:
    no = ListingSaved(org="o", brand="b", product="p", no_reason_7d=False, freight_insurance=True)
    assert blocked(product(), files(paper(), no), TODAY) == ("R042",)
    unknown = state_of(product(), files(paper()), TODAY)
    assert unknown.blocks == () and "R042" in unknown.warns


def rival(price: int, day: str = "2026-11-20", name: str = "r") -> RivalNoted:
    """A rival's price."""
    return RivalNoted(org="o", brand="b", rival=name, product="p", price=price, source="店铺页", noted_on=day)


@given(ours=st.integers(1, 10**9), theirs=st.integers(1, 10**9))
def test_the_band_is_exact_to_the_cent(ours: int, theirs: int) -> None:
    state = state_of(product(price=ours), files(rival(theirs)), TODAY).rival.state
    if 100 * ours > 95 * theirs:
        assert state == "high"
    elif 100 * ours < 90 * theirs:
        assert state == "low"
    else:
        assert state == "band"


def test_the_cheapest_fresh_rival_counts() -> None:
    seen = files(rival(10_000), rival(12_000, name="dear"), rival(9_000, "2026-09-01", "old"))
    state = state_of(product(price=9_300), seen, TODAY).rival
    assert (state.state, state.price, state.stale) == ("band", 10_000, 1)
    future = (TODAY + timedelta(days=2)).isoformat()
    assert state_of(product(), files(rival(10_000, future)), TODAY).rival.state == "unknown"


@given(
    title=st.text(max_size=80), description=st.text(max_size=120), pictures=st.integers(0, 12),
    videos=st.integers(0, 3), attributes=st.integers(0, 6), seven=st.sampled_from((None, True, False)),
    freight=st.sampled_from((None, True, False)),
)  # fmt: skip
def test_points_lie_between_0_and_100_and_what_is_to_mend_brings_the_rest(
    title: str, description: str, pictures: int, videos: int, attributes: int, seven: bool | None, freight: bool | None
) -> None:
    page = ListingSaved(
        org="o", brand="b", product="p", title=title, description=description, pictures=pictures, videos=videos,
        attributes={str(n): "x" for n in range(attributes)}, no_reason_7d=seven, freight_insurance=freight,
    )  # fmt: skip
    found = state_of(product(), files(page), TODAY).page
    assert 0 <= found.score <= 100
    assert abs(found.score + sum(row.points for row in found.mend) - 100) < 0.1


def test_a_full_page_has_all_points() -> None:
    page = ListingSaved(
        org="o", brand="b", product="p", title="手工竹编收纳篮大号", description="长" * 60, pictures=5, videos=1,
        attributes={"材质": "竹", "尺寸": "30", "产地": "安吉", "保养": "晾干"}, no_reason_7d=True,
        freight_insurance=True, warranty="一年", related=("q",),
    )  # fmt: skip
    state = state_of(product(), files(page, paper(), rival(10_000)), TODAY)
    assert state.page.score == 100 and not state.page.mend
    assert (state.blocks, state.warns, state.related) == ((), ("R040",), 1) or state.rival.state == "band"


def test_the_pool_lacks_roles() -> None:
    hook = msgspec.structs.replace(product("h"), card=msgspec.structs.replace(product("h").card, role="hook"))
    assert roles_missing({"h": hook}) == ("profit", "prestige")
