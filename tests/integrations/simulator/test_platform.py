"""The fake platform does what it is asked, later, once where once is meant, and remembers every call."""

import pytest

from livecue.events import (
    ChangePrice,
    CommentPinned,
    CommentPosted,
    CommentShown,
    CommentUnpinned,
    DelistProduct,
    DrawEnded,
    DrawStarted,
    EndDraw,
    EndOffer,
    Event,
    HideComment,
    ListProduct,
    MessageSent,
    MuteViewer,
    OfferEnded,
    OfferStarted,
    OrderCreated,
    PauseStream,
    PinComment,
    PinProduct,
    PriceChanged,
    ProductDelisted,
    ProductListed,
    ProductPinned,
    ProductUnpinned,
    ReplyToComment,
    ResumeStream,
    SendMessage,
    SetStock,
    ShowComment,
    StartDraw,
    StartOffer,
    StreamPaused,
    StreamResumed,
    UnmuteViewer,
    UnpinComment,
    UnpinProduct,
    ViewerMuted,
    ViewerUnmuted,
)
from livecue.events.action import Action
from livecue.integrations import load_manifests
from livecue.integrations.simulator import IDEMPOTENT, PERFORMS, ScriptedAnswer, Simulation, plain_show
from tests.integrations.simulator.made import START, of


def opened(*answers: ScriptedAnswer) -> Simulation:
    plain = plain_show(4, START, 900)
    fields = {name: getattr(plain, name) for name in plain.__struct_fields__}
    simulation = Simulation(type(plain)(**{**fields, "answers": answers, "pins": "desk"}))
    simulation.step(START + 60_000)
    return simulation


def after(simulation: Simulation, seconds: float = 2) -> list[Event]:
    return simulation.step(simulation.now + int(seconds * 1000))


def test_a_pin_shows_a_moment_later_and_not_at_once() -> None:
    simulation = opened()
    answer = simulation.perform("a1", PinProduct(product="p05"))
    assert answer.outcome == "done" and answer.result
    (pinned,) = of(after(simulation), ProductPinned)
    assert pinned.product == "p05" and 0 < pinned.at - (START + 60_000) < 1500


def test_every_action_of_the_manifest_comes_back_as_an_event() -> None:
    simulation = opened()
    simulation.perform("1", PinProduct(product="p05"))
    assert of(after(simulation), ProductPinned)
    simulation.perform("2", UnpinProduct(product="p05"))
    assert of(after(simulation), ProductUnpinned)[0].product == "p05"
    simulation.perform("3", DelistProduct(product="p05"))
    assert of(after(simulation), ProductDelisted)[0].product == "p05"
    assert all(e.lines[0].product != "p05" for e in of(after(simulation, 60), OrderCreated))
    simulation.perform("4", ListProduct(product="p05", number=40))
    assert of(after(simulation), ProductListed)[0].number == 40
    simulation.perform("5", ChangePrice(product="p05", price=100))
    assert of(after(simulation), PriceChanged)[0].price == 100
    simulation.perform("6", ReplyToComment(comment="c", text="按付款顺序发"))
    reply = [event for event in of(after(simulation), CommentPosted) if event.by_host]
    assert [event.text for event in reply] == ["按付款顺序发"]
    simulation.perform("7", StartDraw(draw="d1"))
    (draw,) = of(after(simulation), DrawStarted)
    assert [e.draw for e in of(after(simulation, 130), DrawEnded)] == [draw.draw] == ["d1"]
    assert simulation.perform("8", HideComment(comment="c", reason="abuse")).outcome == "done"
    simulation.perform("9", SendMessage(conversation="c1", text="您好", reply="r1"))
    assert [event.reply for event in of(after(simulation), MessageSent)] == ["r1"]
    simulation.perform("10", StartOffer(offer="o1", title="满减", off=500, threshold=5000, quantity=10))
    assert "o1" in {event.offer for event in of(after(simulation), OfferStarted)}
    simulation.perform("11", EndOffer(offer="o1"))
    assert "o1" in {event.offer for event in of(after(simulation), OfferEnded)}
    simulation.perform("12", StartDraw(draw="d2"))
    after(simulation)
    simulation.perform("13", EndDraw(draw="d2"))
    assert "d2" in {event.draw for event in of(after(simulation), DrawEnded)}
    assert simulation.perform("14", SetStock(product="p05", sku="p05-y", quantity=3)).outcome == "done"
    for number, (action, kind) in enumerate(
        (
            (ShowComment(comment="c"), CommentShown),
            (MuteViewer(user="u", reason="spam"), ViewerMuted),
            (UnmuteViewer(user="u"), ViewerUnmuted),
            (PinComment(comment="c"), CommentPinned),
            (UnpinComment(comment="c"), CommentUnpinned),
            (PauseStream(), StreamPaused),
            (ResumeStream(), StreamResumed),
        )
    ):
        assert simulation.perform(f"m{number}", action).outcome == "done" and simulation.confirm(f"m{number}", action)
        assert len(of(after(simulation), kind)) == 1, "said once"
    assert {call.kind for call in simulation.calls} == set(load_manifests()["simulator"].actions)
    assert {kind.__name__ for kind in PERFORMS} == set(load_manifests()["simulator"].actions)


def test_a_new_price_is_paid_and_moves_demand() -> None:
    def orders(price: int) -> list[OrderCreated]:
        simulation = opened()
        simulation.perform("p", PinProduct(product="p12"))
        simulation.perform("c", ChangePrice(product="p12", price=price))
        after(simulation)
        return [event for event in of(after(simulation, 500), OrderCreated) if event.lines[0].product == "p12"]

    cheap, dear = orders(3900), orders(29900)
    assert {event.lines[0].price for event in cheap} == {3900}
    assert len(cheap) > 2 * len(dear)


def test_a_new_price_of_one_sku_leaves_the_others_as_they_were() -> None:
    simulation = opened()
    simulation.perform("p", PinProduct(product="p12"))
    simulation.perform("c", ChangePrice(product="p12", sku="p12-l", price=3900))
    (changed,) = of(after(simulation), PriceChanged)
    assert (changed.sku, changed.price) == ("p12-l", 3900)
    paid: dict[str, set[int]] = {}
    for event in of(after(simulation, 500), OrderCreated):
        for line in event.lines:
            paid.setdefault(line.sku, set()).add(line.price)
    assert paid["p12-l"] == {3900}
    assert paid["p12-g"] and 3900 not in paid["p12-g"]
    simulation.perform("d", ChangePrice(product="p12", price=4900))
    after(simulation)
    lines = [line for event in of(after(simulation, 500), OrderCreated) for line in event.lines]
    assert {line.price for line in lines if line.sku == "p12-l"} == {4900}, "the product's price is for all"
    assert [call.effect for call in simulation.calls] == [True, True, True]


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (PinProduct(product="nothing"), "no_such_product"),
        (ChangePrice(product="p05", sku="p12-l", price=100), "no_such_sku"),
        (ChangePrice(product="p05", price=0), "bad_price"),
        (ReplyToComment(comment="c", text=""), "bad_length"),
        (ReplyToComment(comment="c", text="长" * 101), "bad_length"),
    ],
)
def test_the_platform_refuses_with_a_code_and_a_reason(action: Action, code: str) -> None:
    simulation = opened()
    answer = simulation.perform("a", action)
    assert (answer.outcome, answer.result) == ("refused", code) and answer.why
    assert [call.effect for call in simulation.calls] == [False]


def test_what_is_not_listed_cannot_be_pinned() -> None:
    simulation = opened()
    simulation.perform("1", DelistProduct(product="p05"))
    after(simulation)
    assert simulation.perform("2", PinProduct(product="p05")).result == "not_listed"


def test_idempotent_calls_twice_are_once_and_the_others_are_twice() -> None:
    simulation = opened()
    pin, reply = PinProduct(product="p05"), ReplyToComment(comment="c", text="好的")
    assert simulation.idempotent(pin) and not simulation.idempotent(reply)
    assert {PinProduct, HideComment} <= IDEMPOTENT and StartDraw not in IDEMPOTENT
    first, second = simulation.perform("a1", pin), simulation.perform("a1", pin)
    assert first == second
    events = after(simulation)
    assert len(of(events, ProductPinned)) == 1
    simulation.perform("a2", reply)
    simulation.perform("a2", reply)
    assert sum(event.by_host for event in of(after(simulation), CommentPosted)) == 2
    assert [(call.number, call.action) for call in simulation.calls] == [(1, "a1"), (2, "a1"), (3, "a2"), (4, "a2")]


def test_what_can_be_read_back_is_read_back() -> None:
    simulation = opened()
    reply, draw, pin = ReplyToComment(comment="c", text="好的"), StartDraw(draw="d"), PinProduct(product="p05")
    assert simulation.confirm("a", reply) is False
    simulation.perform("a", reply)
    assert simulation.confirm("a", reply) is True
    assert simulation.confirm("b", pin) is False
    simulation.perform("b", pin)
    after(simulation)
    assert simulation.confirm("b", pin) is True
    simulation.perform("c", draw)
    assert simulation.confirm("c", draw) is None


def test_scripted_answers_are_given_in_their_turn() -> None:
    simulation = opened(
        ScriptedAnswer(action="PinProduct", nth=1, outcome="later", retry_after_s=3),
        ScriptedAnswer(action="PinProduct", nth=2, outcome="refused", why="limit"),
        ScriptedAnswer(action="PinProduct", nth=3, outcome="unknown", happens=True),
        ScriptedAnswer(action="PinProduct", nth=4, outcome="unknown", happens=False),
        ScriptedAnswer(action="PinProduct", nth=5, outcome="done", late_ms=5000),
    )
    pins = [PinProduct(product=f"p0{number}") for number in range(1, 6)]
    seen = []
    outcomes = []
    for number, pin in enumerate(pins):
        outcomes.append(simulation.perform(f"a{number}", pin))
        seen.append([event.product for event in of(after(simulation), ProductPinned)])
    assert [answer.outcome for answer in outcomes] == ["later", "refused", "unknown", "unknown", "done"]
    assert outcomes[0].wait_s == 3 and outcomes[1].why == "limit"
    assert seen == [[], [], ["p03"], [], []]
    assert [event.product for event in of(after(simulation, 5), ProductPinned)] == ["p05"]
    assert [call.effect for call in simulation.calls] == [False, False, True, False, True]


def test_the_door_says_that_it_reaches_no_real_platform() -> None:
    assert opened().real is False
    manifest = load_manifests()["simulator"]
    assert manifest.platform == "simulator" and not manifest.official
