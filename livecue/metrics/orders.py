"""Orders, each counted once however often and in whatever order it is told; money in integers."""

from collections.abc import Sequence

import msgspec

from livecue.events import FILE_REFUND, Line, ProductCard

_MOST_SKUS = 20_000


class Share(msgspec.Struct, frozen=True, gc=False):
    """What of an order is one product's: pieces and minor units."""

    product: str
    units: int
    amount: int


Word = tuple[str, int, str, bool]
"""A refund as it was told: (id, amount, product, shipped)."""


class Back(msgspec.Struct, frozen=True, gc=False):
    """What the refunds of an order come to, minor units; ``products`` each that was given back, in part or whole."""

    shipped: int = 0
    unshipped: int = 0
    products: dict[str, int] = {}


class Order(msgspec.Struct, gc=False):
    """One order of this show. It holds no cycles, so the collector need not look at it.

    ``Orders`` packs it by place: a new field gets its place there too.
    """

    created: bool = False
    paid: bool = False
    cancelled: bool = False
    foreign: bool = False
    """In another currency than the room's: its amounts are not added."""
    amount: int = 0
    """Paid, or created while unpaid."""
    units: int = 0
    person: int = 0
    via: int = 0
    shares: tuple[Share, ...] = ()
    unpriced: tuple[Line, ...] = ()
    """Its lines where they tell no prices: what each product has then follows the amount."""
    refunds: tuple[str, ...] = ()
    """Ids of refunds that were counted."""
    words: tuple[Word, ...] = ()
    """The same, whole: what they come to is reckoned from all of them. Fewer than ``refunds`` in an older snapshot."""
    refunded_filed: int = 0
    """Of an older snapshot: what a file told of it, minor units; ``refunded_told`` the platform."""
    refunded_told: int = 0
    refunded_products: tuple[str, ...] = ()
    early: tuple[Word, ...] = ()
    """Refunds told before the payment, with the SKU instead of the product: nobody may know yet what it is of."""


class Skus(msgspec.Struct):
    """Which product a SKU is of, from lineups and from lines that say both."""

    product_of: dict[str, str] = {}

    def learn(self, products: Sequence[ProductCard]) -> None:
        """Remember a lineup."""
        for card in products:
            for sku in card.skus:
                if len(self.product_of) < _MOST_SKUS:
                    self.product_of[sku] = card.product

    def products(self, lines: Sequence[Line]) -> list[str]:
        """The product of each line; "" where nothing says so."""
        known = self.product_of
        for line in lines:
            if line.product and line.sku not in known and len(known) < _MOST_SKUS:
                known[line.sku] = line.product
        return [line.product or known.get(line.sku, "") for line in lines]


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide ``amount`` by ``weights`` in whole units; what is left over goes to the heaviest part."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    parts[weights.index(max(weights))] += amount - sum(parts)
    return parts


def shares_of(lines: Sequence[Line], amount: int, skus: Skus) -> tuple[Share, ...]:
    """What each product has of an order: by price and quantity; the amount by pieces where no prices are told.

    Lines whose product nobody knows have none.
    """
    if len(lines) == 1:
        line = lines[0]
        product = skus.products(lines)[0]
        worth = line.quantity * line.price or (amount if line.quantity else 0)
        return (Share(product, line.quantity, worth),) if product else ()
    units: dict[str, int] = {}
    amounts: dict[str, int] = {}
    for line, product in zip(lines, skus.products(lines), strict=True):
        units[product] = units.get(product, 0) + line.quantity
        amounts[product] = amounts.get(product, 0) + line.quantity * line.price
    if not any(amounts.values()):
        amounts = dict(zip(units, split(amount, list(units.values())), strict=True))
    return tuple(Share(product, units[product], amounts[product]) for product in units if product)


def given_back(words: Sequence[Word], shares: Sequence[Share]) -> Back:
    """What refunds come to: a file and the platform tell of the same money, so the greater of their sums counts whole.

    Its own words alone say of which product and whether it was shipped: whoever told first makes no difference.
    """
    filed = [word for word in words if word[0].startswith(FILE_REFUND)]
    told = [word for word in words if not word[0].startswith(FILE_REFUND)]
    counted = filed if sum(word[1] for word in filed) > sum(word[1] for word in told) else told or filed
    sums = {True: 0, False: 0}
    products: dict[str, int] = {}
    for _, amount, name, shipped in counted:
        sums[shipped] += amount
        for product, part in refund_shares(shares, amount, name):
            if part or product == name:
                products[product] = products.get(product, 0) + part
    return Back(sums[True], sums[False], products)


def counts_whole(order: Order) -> bool:
    """Whether every refund that was counted is known whole: not where an older snapshot knew only its id."""
    return len(order.words) == len(order.refunds)


def more_refunded(order: Order, refund: str, amount: int) -> int:
    """What refunds of an older snapshot come to more by a new one: none where the other source told it."""
    if order.refunds and not (order.refunded_filed or order.refunded_told):
        # Older still: what they came to is not known, at most the whole order. The other source tells of the same.
        filed = [known for known in order.refunds if known.startswith(FILE_REFUND)]
        order.refunded_filed = order.amount if filed else 0
        order.refunded_told = order.amount if len(filed) < len(order.refunds) else 0
    before = max(order.refunded_filed, order.refunded_told)
    if refund.startswith(FILE_REFUND):
        order.refunded_filed += amount
    else:
        order.refunded_told += amount
    order.refunds = (*order.refunds, refund)
    return max(order.refunded_filed, order.refunded_told) - before


def refund_shares(shares: Sequence[Share], amount: int, product: str) -> list[tuple[str, int]]:
    """How a refund falls on the products: on the named one, else on all by what was paid for each."""
    if any(share.product == product for share in shares):
        return [(product, amount)]
    parts = split(amount, [share.amount for share in shares])
    return [(share.product, part) for share, part in zip(shares, parts, strict=True)]
