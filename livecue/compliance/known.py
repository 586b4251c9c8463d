"""What the ledger knows of the goods on the air, so that "only 3 left" can be held against the stock."""

import msgspec

from livecue.compliance.facts import NO_FACTS, Facts, facts_of
from livecue.events import ProductCard, SegmentPlan


class Free(msgspec.Struct):
    """Pieces of a SKU free to sell. A change counts from the next tick, so no cut of the stream shows in a verdict."""

    now: int
    before: int | None
    since: int

    def at(self, tick: int) -> int | None:
        """The figure that stood when room time reached ``tick``; None while there was none."""
        return self.before if self.since == tick else self.now


class Known(msgspec.Struct):
    """Cards, stock, what is pinned and which segment runs."""

    cards: dict[str, ProductCard] = {}
    stock: dict[str, dict[str, Free]] = {}
    """Product to "warehouse/sku" to its free pieces."""
    segments: dict[str, str] = {}
    """Segment to its product, of the newest plan."""
    pinned: str = ""
    segment: str = ""

    def learn(self, products: tuple[ProductCard, ...]) -> None:
        """Take over the cards of a plan or lineup."""
        self.cards.update({card.product: card for card in products})

    def plan(self, segments: tuple[SegmentPlan, ...]) -> None:
        """Take over which segment sells what."""
        self.segments = {segment.segment: segment.product for segment in segments}

    def restock(self, product: str, place: str, free: int, tick: int) -> None:
        """The free pieces at one place are now ``free``."""
        places = self.stock.setdefault(product, {})
        have = places.get(place)
        if have is None:
            places[place] = Free(free, None, tick)
        elif have.since == tick:
            have.now = free
        else:
            places[place] = Free(free, have.now, tick)

    def on_air(self) -> str:
        """The product that is spoken of: the pinned one, else the segment's."""
        return self.pinned or self.segments.get(self.segment, "")

    def facts(self, product: str, tick: int, day: str = "") -> Facts:
        """What is known of a product at room time ``tick``; papers that ended before ``day`` do not count."""
        card = self.cards.get(product)
        figures = [free.at(tick) for free in self.stock.get(product, {}).values()]
        known = [figure for figure in figures if figure is not None]
        stock = max(0, sum(known)) if known else None
        if card is not None:
            return facts_of(card, stock, None, day)
        return NO_FACTS if stock is None else Facts(stock=stock)

    def category(self, product: str, room: str) -> str:
        """The product's own category, else the room's."""
        card = self.cards.get(product)
        return (card.category if card else "") or room
