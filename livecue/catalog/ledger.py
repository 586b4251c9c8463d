"""The ledger of what is sold: rows of a brand in the house's stream, read copies in a room's."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from livecue.catalog import tables
from livecue.errors import BadInput
from livecue.events import (
    CommandApplied,
    CommandAsked,
    CommandRefused,
    DrawSaved,
    Event,
    LineupChanged,
    OfferSaved,
    PriceChanged,
    ProductCard,
    ProductSaved,
    ShowPlanned,
)
from livecue.flow import Asked, RoomInfo, Unit, answered, await_answer
from livecue.store import Reader

ROLES = frozenset({"", "hook", "deal", "profit", "prestige", "rising", "hit"})
MOST_PRIZE = 5_000_000
"""50,000 yuan in fen: the highest prize of a draw (compliance 1.3, Anti-Unfair-Competition Law)."""


class CatalogPicture(msgspec.Struct, frozen=True):
    """The products this room knows, by id."""

    products: dict[str, ProductCard]


class _State(msgspec.Struct):
    products: dict[str, ProductCard] = {}
    asked: Asked = {}


class Catalog:
    """Remembers products, offers and draws."""

    name: ClassVar[str] = "catalog"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            ProductSaved, OfferSaved, DrawSaved, ShowPlanned, LineupChanged, PriceChanged, CommandApplied,
            CommandRefused,
        }
    )  # fmt: skip

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        self._room = room
        try:
            self._state = msgspec.msgpack.decode(blob, type=_State) if blob else _State()
        except msgspec.DecodeError as error:
            raise BadInput(f"catalog: {error}") from error

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        products, asked = self._state.products, self._state.asked
        for event in events:
            if isinstance(event, ShowPlanned | LineupChanged):
                self._learn(await_answer(asked, event))
            elif isinstance(event, CommandApplied | CommandRefused):
                self._learn(answered(asked, event))
            elif isinstance(event, PriceChanged):
                known = products.get(event.product)
                if known is not None and (not event.sku or len(known.skus) < 2):
                    products[event.product] = msgspec.structs.replace(known, price=event.price)
            elif isinstance(event, CommandAsked):
                problem = self._save(event, unit)
                if problem is not None:
                    code, why = problem
                    unit.announce(CommandRefused(command=event.command, code=code, why=why))
                else:
                    unit.announce(CommandApplied(command=event.command))

    def _learn(self, plan: CommandAsked | None) -> None:
        if isinstance(plan, ShowPlanned | LineupChanged):
            self._state.products.update((card.product, card) for card in plan.products)

    def _save(self, event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
        if isinstance(event, ProductSaved):
            problem = product_problem(event)
            if problem is not None:
                field, why = problem
                return f"product_{field}", why
            unit.write(tables.SAVE_PRODUCT, _product_row(event))
            return None
        if isinstance(event, OfferSaved):
            if not event.offer or not event.title.strip():
                return "incomplete", "an offer needs an id and a title"
            unit.write(
                tables.SAVE_OFFER,
                (event.org, event.brand, event.offer, event.title, event.product, event.price, event.quantity),
            )
            return None
        if isinstance(event, DrawSaved):
            if not event.draw or not event.prize.strip() or event.prizes < 1 or not event.method.strip():
                return "draw_incomplete", "a draw must say its prize, how many there are and how one takes part (F18)"
            if event.value > MOST_PRIZE:
                return "draw_value", "one prize may be worth 50,000 yuan at most"
            unit.write(
                tables.SAVE_DRAW,
                (
                    event.org,
                    event.brand,
                    event.draw,
                    event.title,
                    event.prize,
                    event.prizes,
                    event.value,
                    event.method,
                    event.word,
                ),
            )
        return None

    def picture(self, now: int) -> CatalogPicture:
        return CatalogPicture(dict(self._state.products))

    def dump(self) -> bytes:
        return msgspec.msgpack.encode(self._state)


def product_problem(event: ProductSaved) -> tuple[str, str] | None:
    """What keeps a product from being saved: (field, what to do), the field being name, role, price, cost or
    commission; None when nothing does."""
    card = event.card
    if not card.product.strip() or not card.name.strip():
        return "name", "a product needs an id and a name"
    if card.role not in ROLES:
        return "role", f"role {card.role!r} is unknown; use one of {', '.join(sorted(ROLES - {''}))} or leave it empty"
    if card.price <= 0:
        return "price", "the price must be above 0"
    if event.cost < 0:
        return "cost", "the cost must not be below 0"
    if not 0 <= event.commission_bp <= 10_000:
        return "commission", "the commission must lie between 0 and 100 percent"
    return None


def _product_row(event: ProductSaved) -> tuple[object, ...]:
    card = event.card
    return (
        event.org, event.brand, card.product, card.name, card.category, card.role, card.price, event.currency,
        event.cost, event.supplier, event.commission_bp, event.active, msgspec.json.encode(card).decode(),
    )  # fmt: skip


def list_products(db: Reader, org: str, brand: str) -> list[ProductSaved]:
    """The products of a brand."""
    return [
        ProductSaved(
            org=r[0],
            brand=r[1],
            card=msgspec.json.decode(r[2], type=ProductCard),
            currency=r[3],
            cost=r[4],
            supplier=r[5],
            commission_bp=r[6],
            active=bool(r[7]),
        )
        for r in db.rows(tables.LIST_PRODUCTS, (org, brand))
    ]


def count_products(db: Reader, org: str, brand: str) -> int:
    """How many products of a brand are sold now."""
    return int(db.rows(tables.COUNT_PRODUCTS, (org, brand))[0][0])
