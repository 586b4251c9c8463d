"""Live actions through the loop: looked at, waited for, called off, agreed to, audited, planned along the rundown."""

from livecue.events import (
    ActionDone,
    ActionPreviewed,
    ActionReleased,
    ChangePrice,
    ClockTicked,
    DelistProduct,
    DutyTaken,
    Event,
    ListingSaved,
    LiveActionAsked,
    OfferStarted,
    PersonSaved,
    PinProduct,
    ProductCard,
    ProductListed,
    ProductPinned,
    ProductSaved,
    RoleGranted,
    RundownChanged,
    SegmentPlan,
    SegmentStarted,
    ShelfPlanSet,
    ShelfStep,
    ShelfStepDecided,
    ShowEnded,
    ShowPlanned,
    ShowStarted,
    StartOffer,
    UnpinProduct,
)
from livecue.flow import Receipt
from livecue.shelf import find_plan
from livecue.store import broken_link
from tests.web.conftest import House

NOW = 1_790_000_000_000
CARD = ProductCard(product="p", name="锅", price=10_000, skus=("p-a",), facts={"related": "q"})
OTHER = ProductCard(product="q", name="铲", price=2_000, skus=("q-a",))


def post(house: House, event: Event, by: str = "ops") -> Receipt:
    return house.app.pump.post("r1", [event], source=f"person:{by}", wants=True, arrived=NOW).result(30)


def tick(house: House, ms: int) -> None:
    house.app.pump.post("r1", [ClockTicked(now=NOW + ms)], source="clock", arrived=NOW).result(30)


def asked(command: str, action: object, **more: object) -> LiveActionAsked:
    return LiveActionAsked(key=command, command=command, by="ops", action=action, **more)  # type: ignore[arg-type]


def states(house: House) -> list[tuple[str, str]]:
    return [tuple(r) for r in house.app.reader.rows("SELECT kind, state FROM outbox ORDER BY number, id")]  # type: ignore[misc]


def action_id(house: House, kind: str) -> str:
    return str(house.app.reader.rows("SELECT id FROM outbox WHERE kind = ? ORDER BY number DESC", (kind,))[0][0])


def on_air(house: House) -> None:
    for card in (CARD, OTHER):
        house.app.tell_house(ProductSaved(org="main", brand="main", card=card, cost=8_000 if card is CARD else 0))
    tick(house, 0)
    segments = (SegmentPlan(segment="s1", part="pitch", title="锅", duration_s=600, product="p"),)
    plan = ShowPlanned(
        key="a", command="a", show="x", title="场", starts_at=NOW, products=(CARD, OTHER), segments=segments
    )
    for event in (
        plan,
        ShowStarted(key="b", command="b", show="x"),
        DutyTaken(key="c", command="c", person="ops", role="console"),
    ):
        assert post(house, event).refused is None
    house.app.pump.post("r1", [ProductListed(key="l", product="p", number=1)], source="t", arrived=NOW).result(30)
    tick(house, 250)


def test_a_look_changes_nothing_and_says_what_would(house: House) -> None:
    on_air(house)
    receipt = post(house, asked("d", ChangePrice(product="p", price=9_000), dry=True))
    seen = next(event for event in receipt.announced if isinstance(event, ActionPreviewed))
    assert (seen.before, seen.effect, seen.problems, seen.wait_s) == ({"price": 10_000}, {"price": 9_000}, {}, 5)
    low = post(house, asked("e", ChangePrice(product="p", price=7_000), dry=True))
    seen = next(event for event in low.announced if isinstance(event, ActionPreviewed))
    assert seen.problems == {"price_below_floor": {"floor": "8000"}}
    assert states(house) == []
    assert post(house, asked("f", ChangePrice(product="p", price=7_000))).refused is not None
    assert states(house) == []


def test_it_waits_and_can_be_called_off_and_then_leaves(house: House) -> None:
    on_air(house)
    offer = StartOffer(offer="o", title="立减", product="p", off=1_000, quantity=50, duration_s=600)
    assert post(house, asked("d", offer)).refused is None
    assert states(house) == [("StartOffer", "waiting")]
    off = ActionReleased(key="e", command="e", by="ops", action=action_id(house, "StartOffer"), decision="cancel")
    assert post(house, off).refused is None
    tick(house, 10_000)
    assert states(house) == [("StartOffer", "failed")]
    post(house, asked("f", DelistProduct(product="p")))
    tick(house, 12_000)
    assert states(house)[-1] == ("DelistProduct", "waiting")
    tick(house, 13_100)
    assert states(house)[-1] == ("DelistProduct", "pending")
    late = ActionReleased(key="g", command="g", by="ops", action=off.action, decision="cancel")
    refused = post(house, late).refused
    assert refused is not None and refused.code == "left_already"


def test_somebody_else_must_agree_where_the_stage_asks_it(house: House) -> None:
    for name in ("a", "b", "c", "d"):
        house.app.tell_house(PersonSaved(person=name, org="main", name=name))
        house.app.tell_house(RoleGranted(person=name, role="director", org="main", brand="main"))
    on_air(house)
    post(house, asked("d", ChangePrice(product="p", price=9_500)))
    assert states(house) == [("ChangePrice", "asked")]
    name = action_id(house, "ChangePrice")
    own = post(house, ActionReleased(key="e", command="e", by="ops", action=name, decision="approve"))
    assert own.refused is not None and own.refused.code == "second_person"
    other = post(house, ActionReleased(key="f", command="f", by="a", action=name, decision="approve"), by="a")
    assert other.refused is None
    assert states(house) == [("ChangePrice", "waiting")]


def test_the_plan_follows_the_rundown_and_says_what_it_could_not_do(house: House) -> None:
    on_air(house)
    steps = (
        ShelfStep(step="1", segment="s1", action=PinProduct(product="p"), offset_s=10),
        ShelfStep(step="2", segment="s1", action=PinProduct(product="q"), offset_s=20),
    )
    assert post(house, ShelfPlanSet(key="p", command="p", by="ops", show="x", steps=steps)).refused is None
    wrong = ShelfPlanSet(
        key="w",
        command="w",
        by="ops",
        show="x",
        steps=(ShelfStep(step="1", segment="?", action=PinProduct(product="p")),),
    )
    refused = post(house, wrong).refused
    assert refused is not None and refused.code == "no_segment"
    tick(house, 1_000)
    post(house, SegmentStarted(key="s", command="s", show="x", segment="s1"))
    tick(house, 5_000)
    assert states(house) == []
    tick(house, 11_250)
    assert states(house) == [("PinProduct", "pending")]
    tick(house, 21_500)
    assert len(states(house)) == 1, "q is not listed: the step is missed, not forced"


def test_who_asked_and_what_became_of_it_stands_in_the_chain(house: House) -> None:
    on_air(house)
    post(house, asked("d", PinProduct(product="p")))
    name = action_id(house, "PinProduct")
    house.app.runner.step()
    rows = [r[0] for r in house.app.reader.rows("SELECT what FROM audit WHERE room = 'r1' ORDER BY number")]
    assert rows[-2:] == ["LiveActionAsked", "ActionFailed"], name
    assert broken_link(house.app.reader) is None


def test_a_step_that_lost_its_segment_waits_for_a_person_and_is_taken_once(house: House) -> None:
    on_air(house)
    two = tuple(SegmentPlan(segment=name, part="pitch", duration_s=600, product="p") for name in ("s1", "s2"))
    assert post(house, RundownChanged(key="r", command="r", show="x", segments=two, version=2)).refused is None
    tick(house, 500)
    steps = tuple(
        ShelfStep(step=str(n), segment="s1", action=PinProduct(product="p"), offset_s=60 + n) for n in range(3)
    )
    assert post(house, ShelfPlanSet(key="p", command="p", by="ops", show="x", steps=steps)).refused is None
    post(house, SegmentStarted(key="s", command="s", show="x", segment="s1"))
    tick(house, 1_000)
    post(house, SegmentStarted(key="t", command="t", show="x", segment="s2"))
    tick(house, 70_000)
    assert [item.state for item in find_plan(house.app.reader, "r1", "x").steps] == ["held"] * 3
    assert states(house) == [], "nothing is done for a segment that was left"

    def decide(command: str, step: str, decision: str) -> Receipt:
        event = ShelfStepDecided(key=command, command=command, by="ops", show="x", step=step, decision=decision)
        return post(house, event)

    assert decide("a", "0", "now").refused is None
    again = decide("b", "0", "now").refused
    assert again is not None and again.code == "step_over"
    assert decide("c", "1", "skip").refused is None
    assert decide("d", "2", "wait").refused is None
    for ms in range(71_000, 75_000, 250):
        tick(house, ms)
    assert states(house) == [("PinProduct", "pending")]
    kept = {item.step.step: item for item in find_plan(house.app.reader, "r1", "x").steps}
    assert {name: item.state for name, item in kept.items()} == {"0": "done", "1": "skipped", "2": "waiting"}
    assert kept["0"].action == action_id(house, "PinProduct")
    # A new plan neither forgets what was done nor takes it again.
    fresh = ShelfPlanSet(key="q", command="q", by="ops", show="x", steps=steps, version=2)
    assert post(house, fresh).refused is None
    tick(house, 80_000)
    assert len(states(house)) == 1


def test_a_start_that_was_refused_starts_no_step(house: House) -> None:
    on_air(house)
    step = ShelfStep(step="1", segment="s1", action=PinProduct(product="p"))
    post(house, ShelfPlanSet(key="p", command="p", by="ops", show="x", steps=(step,)))
    post(house, ShowEnded(key="e", command="e", show="x"))
    assert post(house, SegmentStarted(key="s", command="s", show="x", segment="s1")).refused is not None
    tick(house, 5_000)
    assert states(house) == []


def test_undoing_is_done_once_and_follows_from_what_was_noted(house: House) -> None:
    on_air(house)
    post(house, asked("d", PinProduct(product="p")))
    name = action_id(house, "PinProduct")
    house.app.pump.post("r1", [ActionDone(key="x", action=name)], source="livecue", arrived=NOW).result(30)
    house.app.pump.post("r1", [ProductPinned(key="y", product="p")], source="t", arrived=NOW).result(30)
    tick(house, 1_000)
    # Whatever the asker says is undone: what stood before is what comes back.
    wrong = post(house, asked("e", PinProduct(product="q"), undoes=name)).refused
    assert wrong is not None and wrong.code == "not_undoable"
    assert post(house, asked("f", UnpinProduct(product="q"), undoes=name)).refused is None
    twice = post(house, asked("g", UnpinProduct(product="p"), undoes=name)).refused
    assert twice is not None and twice.code == "not_undoable"
    left = house.app.reader.rows("SELECT kind FROM outbox ORDER BY number")
    assert [row[0] for row in left] == ["PinProduct", "UnpinProduct"]


def test_what_goes_with_the_shown_product_comes_from_its_page(house: House) -> None:
    on_air(house)
    page = ListingSaved(org="main", brand="main", product="q", related=("p", "nowhere"))
    house.app.tell_house(page)
    house.app.pump.post("r1", [ProductPinned(key="y", product="q")], source="t", arrived=NOW).result(30)
    tick(house, 1_000)
    assert house.client("ops").get("/api/rooms/r1/snapshot").json()["shelf"]["related"] == ["p"]
    house.app.pump.post("r1", [ProductPinned(key="z", product="p")], source="t", arrived=NOW).result(30)
    tick(house, 2_000)
    assert house.client("ops").get("/api/rooms/r1/snapshot").json()["shelf"]["related"] == ["q"], "named in its card"


def coupon(name: str, off: int = 1_500) -> StartOffer:
    return StartOffer(offer=name, title=name, product="p", off=off, quantity=50, duration_s=600)


def happens(house: House, *events: Event) -> None:
    house.app.pump.post("r1", list(events), source="t", arrived=NOW).result(30)


def test_two_offers_of_one_countdown_do_not_both_pass_the_floor(house: House) -> None:
    on_air(house)
    assert post(house, asked("d", coupon("o1"))).refused is None
    tick(house, 750)
    refused = post(house, asked("e", coupon("o2"))).refused
    assert refused is not None and refused.code == "stacked_below_floor", "the first is on its way"
    refused = post(house, asked("f", ChangePrice(product="p", price=9_000))).refused
    assert refused is not None and refused.code == "stacked_below_floor"
    off = ActionReleased(key="g", command="g", by="ops", action=action_id(house, "StartOffer"), decision="cancel")
    assert post(house, off).refused is None
    tick(house, 1_500)
    assert post(house, asked("h", ChangePrice(product="p", price=9_000))).refused is None, "it was called off"


def test_of_a_price_and_an_offer_in_one_breath_the_earlier_one_stands(house: House) -> None:
    on_air(house)
    for command, action in (("d", ChangePrice(product="p", price=9_000)), ("e", coupon("o")), ("f", coupon("o3", 500))):
        assert post(house, asked(command, action)).refused is None
    tick(house, 750)
    tick(house, 1_000)
    outbox = house.client("ops").get("/api/rooms/r1/snapshot").json()["outbox"]
    # The last one fits beside the first once the second is out of the way.
    assert [row["kind"] for row in outbox["actions"]] == ["ChangePrice", "StartOffer"]
    assert [(row["what"].get("offer"), row["why"]) for row in outbox["recent"]] == [("o", "stacked_below_floor")]


def test_what_an_own_offer_takes_off_is_known_as_long_as_it_runs(house: House) -> None:
    on_air(house)
    assert post(house, asked("d", coupon("o1"))).refused is None
    tick(house, 6_000)
    done = action_id(house, "StartOffer")
    happens(house, ActionDone(key="ad", action=done), OfferStarted(key="os", offer="o1", title="o1", product="p"))
    for n in range(21):
        assert post(house, asked(f"n{n}", PinProduct(product="p"))).refused is None
        happens(house, ActionDone(key=f"d{n}", action=action_id(house, "PinProduct")))
    tick(house, 8_000)
    recent = house.client("ops").get("/api/rooms/r1/snapshot").json()["outbox"]["recent"]
    assert {row["kind"] for row in recent} == {"PinProduct"}, "the outbox has forgotten it"
    refused = post(house, asked("e", coupon("o2"))).refused
    assert refused is not None and refused.code == "stacked_below_floor"
