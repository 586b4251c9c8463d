"""What a live action would do, and what is wrong with it: pure functions over what the room knows."""

from collections.abc import Mapping
from typing import cast

import msgspec

from livecue.errors import BadInput
from livecue.events import (
    Action,
    ChangePrice,
    DelistProduct,
    DrawRules,
    EndDraw,
    EndOffer,
    ListProduct,
    LiveAction,
    PinProduct,
    ProductCard,
    SetStock,
    StartDraw,
    StartOffer,
    UnpinProduct,
)
from livecue.sales import SalesPicture
from livecue.shelf.lot import plain
from livecue.shelf.presets import ShelfPreset
from livecue.shelf.reductions import Reduction, lowest
from livecue.shows import ShowsPicture

LIVE_ACTIONS: tuple[type[Action], ...] = (
    PinProduct, UnpinProduct, ListProduct, DelistProduct, ChangePrice, SetStock, StartOffer, EndOffer, StartDraw,
    EndDraw,
)  # fmt: skip


def live_action(action: Action) -> LiveAction:
    """The action as one that the checks know; raises ``BadInput`` for any other."""
    if not isinstance(action, LIVE_ACTIONS):
        raise BadInput("this is no action on shelf, price, stock, offers or draws")
    return cast(LiveAction, action)


class Facts(msgspec.Struct, frozen=True):
    """What is known when an action is asked for. ``floors``: product to the lowest price it may be sold at."""

    now: int
    shows: ShowsPicture
    sales: SalesPicture
    floors: Mapping[str, int]
    stage: str
    preset: ShelfPreset
    drawn: frozenset[str] = frozenset()
    """Segments whose planned draw was held, runs or is on its way in this show."""
    coming: tuple[ChangePrice | StartOffer, ...] = ()
    """Prices and offers that were asked for before this action and may still leave."""

    def card(self, product: str) -> ProductCard | None:
        """The product on this show's lineup."""
        return next((card for card in self.shows.products if card.product == product), None)


class Verdict(msgspec.Struct, frozen=True):
    """``problems`` stop it, ``warnings`` want a look; as (code, {names}). ``before``: what it changes, as it stands."""

    effect: dict[str, int | str]
    before: dict[str, int | str]
    problems: tuple[tuple[str, dict[str, str]], ...]
    warnings: tuple[tuple[str, dict[str, str]], ...]
    second: bool
    wait_s: int


class _Notes:
    def __init__(self) -> None:
        self.problems: list[tuple[str, dict[str, str]]] = []
        self.warnings: list[tuple[str, dict[str, str]]] = []
        self.effect: dict[str, int | str] = {}
        self.before: dict[str, int | str] = {}
        self.second = False

    def stop(self, code: str, **names: object) -> None:
        self.problems.append((code, {name: str(value) for name, value in names.items()}))

    def warn(self, code: str, **names: object) -> None:
        """Told once, however many products it concerns."""
        told = (code, {name: str(value) for name, value in names.items()})
        if told not in self.warnings:
            self.warnings.append(told)


def judge(action: Action, facts: Facts) -> Verdict:
    """What it would change and whether it may leave."""
    notes = _Notes()
    if isinstance(action, PinProduct | UnpinProduct | ListProduct | DelistProduct):
        _shelf(action, facts, notes)
    elif isinstance(action, ChangePrice):
        _price(action, facts, notes)
    elif isinstance(action, SetStock):
        _stock(action, facts, notes)
    elif isinstance(action, StartOffer):
        _offer(action, facts, notes)
    elif isinstance(action, StartDraw):
        _draw(action, facts, notes)
    elif isinstance(action, EndOffer):
        if all(offer.offer != action.offer for offer in facts.shows.offers):
            notes.stop("offer_not_running")
    elif isinstance(action, EndDraw):
        if all(draw.draw != action.draw for draw in facts.shows.draws):
            notes.stop("draw_not_running")
        else:
            notes.warn("draw_cut_short")
            notes.second = True
    kind = type(action).__name__
    second = notes.second or kind in facts.preset.second.get(facts.stage, ())
    return Verdict(
        notes.effect,
        notes.before,
        tuple(notes.problems),
        tuple(notes.warnings),
        second,
        facts.preset.wait_s.get(kind, 0),
    )


def _shelf(action: PinProduct | UnpinProduct | ListProduct | DelistProduct, facts: Facts, notes: _Notes) -> None:
    shows, product = facts.shows, action.product
    listed = product in shows.listed
    if facts.card(product) is None and not listed:
        notes.stop("wrong_product", product=product)
    if isinstance(action, PinProduct):
        notes.before["pinned"] = shows.pinned
        notes.effect["pinned"] = product
        if not listed:
            notes.stop("not_listed")
        elif shows.pinned == product:
            notes.warn("already_so")
    elif isinstance(action, UnpinProduct):
        notes.before["pinned"] = shows.pinned
        notes.effect["pinned"] = ""
        if shows.pinned != product:
            notes.warn("already_so")
    elif isinstance(action, ListProduct):
        notes.effect["number"] = action.number
        taken = {number: other for other, number in shows.listed.items()}
        if listed:
            # It may stand under another number: undoing gives that back, and does not take it off the shelf.
            notes.before |= {"listed": 1, "number": shows.listed[product]}
            if action.number in (0, shows.listed[product]):
                notes.warn("already_so")
        if action.number and taken.get(action.number, product) != product:
            notes.stop("number_taken", number=action.number)
    else:
        notes.before["number"] = shows.listed.get(product, 0)
        notes.effect["number"] = 0
        if not listed:
            notes.warn("already_so")
        if shows.pinned == product:
            notes.warn("pinned_now")


def _price(action: ChangePrice, facts: Facts, notes: _Notes) -> None:
    card = facts.card(action.product)
    if card is None:
        notes.stop("wrong_product", product=action.product)
        return
    if action.sku and action.sku not in card.skus:
        notes.stop("wrong_sku", sku=action.sku)
    notes.effect["price"] = action.price
    if not action.sku or card.skus == (action.sku,):
        # What one of several SKUs was sold at is not told: then nothing is noted, and nothing brought back.
        notes.before["price"] = card.price
    floor = facts.floors.get(action.product, 0)
    if action.price <= 0:
        notes.stop("price_nothing")
    elif floor and action.price < floor:
        notes.stop("price_below_floor", floor=floor)
    elif floor:
        together = lowest(action.product, action.price, _running(facts, action.product, notes))
        if together is not None and together < floor:
            notes.stop("stacked_below_floor", lowest=int(together), floor=floor)
    if not floor:
        notes.warn("floor_unknown")
    if action.price == card.price:
        notes.warn("already_so")
    elif card.price and abs(action.price - card.price) > facts.preset.steep_share * card.price:
        notes.warn("price_steep", before=card.price)
        notes.second = True


def _stock(action: SetStock, facts: Facts, notes: _Notes) -> None:
    card = facts.card(action.product)
    if card is None:
        notes.stop("wrong_product", product=action.product)
        return
    if action.sku not in card.skus:
        notes.stop("wrong_sku", sku=action.sku)
        return
    row = next((view for view in facts.sales.stock if view.sku == action.sku and view.known), None)
    notes.effect["stock"] = action.quantity
    if action.quantity < 0:
        notes.stop("stock_negative")
    elif row is None:
        # Unknown is a value: nobody may promise what nobody counted, unless a second person answers for it.
        notes.warn("stock_unknown")
        notes.second = True
    else:
        free = max(0, row.on_hand - row.reserved)
        notes.before["stock"] = free
        if action.quantity > free:
            notes.stop("stock_above_real", free=free)


def _offer(action: StartOffer, facts: Facts, notes: _Notes) -> None:
    notes.effect |= {"off": action.off, "from": action.threshold, "quantity": action.quantity}
    if not action.title.strip():
        notes.stop("offer_title")
    if action.off <= 0 or (action.threshold and action.off >= action.threshold):
        notes.stop("offer_off")
    if action.quantity <= 0:
        # A limited offer must say how many there are (SAMR order 32).
        notes.stop("offer_quantity")
    if action.duration_s <= 0:
        notes.stop("offer_time")
    if any(offer.offer == action.offer for offer in facts.shows.offers):
        notes.stop("offer_running")
    if not action.product:
        cards = facts.shows.products
        notes.warn("offer_all", count=len(cards))
    elif (card := facts.card(action.product)) is not None:
        cards = [card]
    else:
        notes.stop("wrong_product", product=action.product)
        return
    own = Reduction(action.product, max(0, action.off), action.threshold)
    for card in cards:
        if not _reduced(card, own, facts, notes):
            break
    unpriced = sum(card.price <= 0 for card in cards)
    if unpriced:
        # A price nobody knows is not below its floor: somebody else must answer for it.
        notes.warn("price_unknown", count=unpriced)
        notes.second = True
    blind = sum(not facts.floors.get(card.product, 0) for card in cards)
    if blind and action.product:
        notes.warn("floor_unknown")
    elif blind:
        # Nobody can say of all of them what they may be sold at: somebody else must answer for it too.
        notes.warn("floor_unknown_of", count=blind)
        notes.second = True


def _reduced(card: ProductCard, own: Reduction, facts: Facts, notes: _Notes) -> bool:
    """Hold what a piece comes to against its floor; False where it stops the offer."""
    floor, price = facts.floors.get(card.product, 0), card.price
    alone = lowest(card.product, price, [own])
    if alone is not None and price - alone > facts.preset.steep_share * price and not notes.second:
        notes.warn("price_steep", before=price)
        notes.second = True
    if not floor:
        return True
    if alone is not None and alone < floor:
        notes.stop("price_below_floor", floor=floor, product=card.product)
        return False
    stack = [own, *_running(facts, card.product, notes)]
    prices = {
        price,
        *(one.price for one in facts.coming if isinstance(one, ChangePrice) and one.product == card.product),
    }
    found = [worth for each in sorted(prices) if (worth := lowest(card.product, each, stack)) is not None]
    if found and min(found) < floor:
        notes.stop("stacked_below_floor", lowest=int(min(found)), floor=floor, product=card.product)
        return False
    return True


def _running(facts: Facts, product: str, notes: _Notes) -> list[Reduction]:
    """What runs for a product or was asked for before.

    An offer of which nobody knows the worth is told, not counted as nothing.
    """
    runs = {offer.offer for offer in facts.shows.offers}
    found = [
        Reduction(one.product, one.off, one.threshold)
        for one in facts.coming
        if isinstance(one, StartOffer) and one.offer not in runs and one.product in ("", product)
    ]
    for offer in facts.shows.offers:
        if offer.product not in ("", product):
            continue
        if offer.off < 0:
            notes.warn("offer_unknown", title=offer.title)
        else:
            found.append(Reduction(offer.product, offer.off, offer.threshold))
    return found


def _draw(action: StartDraw, facts: Facts, notes: _Notes) -> None:
    notes.effect |= {"prizes": action.prizes, "value": action.value, "seconds": action.duration_s}
    if facts.shows.draws:
        notes.stop("draw_running")
    if not (action.title.strip() and action.prize.strip() and action.method.strip()):
        notes.stop("draw_rules")
    if action.prizes <= 0:
        notes.stop("draw_prizes")
    if action.claim_days <= 0:
        notes.stop("draw_claim")
    if action.value < 0 or action.value > facts.preset.prize_cap:
        notes.stop("draw_cap", cap=facts.preset.prize_cap)
    if not facts.preset.draw_least_s <= action.duration_s <= facts.preset.draw_most_s:
        notes.stop("draw_time", least=facts.preset.draw_least_s, most=facts.preset.draw_most_s)
    if action.segment:
        _as_signed(action, facts.shows, notes)
        if action.segment in facts.drawn:
            notes.stop("draw_twice")


def _as_signed(action: StartDraw, shows: ShowsPicture, notes: _Notes) -> None:
    """What was signed of a planned draw is published and stays; its title, length and what is left open may change."""
    planned = next((one.draw for one in shows.segments if one.segment == action.segment), None)
    if planned is None:
        notes.stop("draw_not_planned")
        return
    if planned.prize.strip() and planned.prize.strip() != action.prize.strip():
        notes.stop("draw_signed_prize", signed=planned.prize.strip())
    if planned.prizes and planned.prizes != action.prizes:
        notes.stop("draw_signed_number", signed=planned.prizes)
    if planned.value and planned.value != action.value:
        notes.stop("draw_signed_value", before=planned.value)
    lacking = [text for text in (planned.conditions.strip(), planned.method.strip()) if text not in action.method]
    if lacking:
        notes.stop("draw_signed_method", signed="; ".join(lacking))
    if planned.word.strip() and plain(planned.word) != plain(action.word):
        notes.stop("draw_signed_word", signed=planned.word.strip())


def judge_lot(rules: DrawRules, facts: Facts, running: bool, segment: str = "") -> Verdict:
    """The same for a draw that the team holds itself; ``running``: another one of its draws is under way.

    ``segment``: it is the draw that was planned there.
    """
    notes = _Notes()
    as_action = StartDraw(
        draw="", title=rules.title, prize=rules.prize, prizes=rules.prizes, value=rules.value, method=rules.method,
        word=rules.word, duration_s=rules.duration_s, claim_days=rules.claim_days, segment=segment,
    )  # fmt: skip
    _draw(as_action, facts, notes)
    if facts.shows.status != "on_air":
        notes.stop("not_on_air")
    if running and not facts.shows.draws:
        notes.stop("draw_running")
    if not plain(rules.word):
        # Signs alone are no word: every comment without one would take part.
        notes.stop("draw_word")
    if rules.prizes > facts.preset.draw_most_prizes:
        notes.stop("draw_many", most=facts.preset.draw_most_prizes)
    second = "StartDraw" in facts.preset.second.get(facts.stage, ())
    wait_s = facts.preset.wait_s.get("StartDraw", 0)
    return Verdict(notes.effect, notes.before, tuple(notes.problems), tuple(notes.warnings), second, wait_s)


def inverse(action: Action) -> Action | None:
    """What undoes it, from what it noted as it stood before; None where a platform cannot take it back."""
    before = action.before
    if isinstance(action, PinProduct):
        was = str(before.get("pinned", ""))
        return PinProduct(product=was) if was else UnpinProduct(product=action.product)
    if isinstance(action, UnpinProduct):
        return PinProduct(product=action.product)
    if isinstance(action, ListProduct):
        if before.get("listed"):
            return ListProduct(product=action.product, number=int(before.get("number", 0) or 0))
        return DelistProduct(product=action.product)
    if isinstance(action, DelistProduct):
        return ListProduct(product=action.product, number=int(before.get("number", 0) or 0))
    if isinstance(action, ChangePrice) and before.get("price"):
        return ChangePrice(product=action.product, sku=action.sku, price=int(before["price"]))
    if isinstance(action, SetStock) and "stock" in before:
        return SetStock(product=action.product, sku=action.sku, quantity=int(before["stock"]))
    if isinstance(action, StartOffer):
        return EndOffer(offer=action.offer)
    return None


def changed_since(action: Action, facts: Facts) -> bool:
    """Whether what it set was set anew by something else: then undoing it would undo that too."""
    shows = facts.shows
    if isinstance(action, PinProduct):
        return shows.pinned not in (action.product, str(action.before.get("pinned", "")))
    if isinstance(action, UnpinProduct):
        return shows.pinned not in ("", action.product)
    if isinstance(action, ListProduct) and action.number and action.product in shows.listed:
        return shows.listed[action.product] not in (action.number, int(action.before.get("number", 0)))
    if isinstance(action, ChangePrice):
        card = facts.card(action.product)
        # As long as the platform has not confirmed it, the price that stood before is still shown.
        return card is not None and card.price not in (action.price, int(action.before.get("price", 0)))
    return False
