"""What a piece comes to under the offers that may meet in one order: several add up (compliance, section 4, flow 4)."""

from collections.abc import Sequence
from fractions import Fraction

import msgspec


class Reduction(msgspec.Struct, frozen=True):
    """``off`` minor units less in an order worth ``threshold`` or more; of one product, or ("" ) of all."""

    product: str
    off: int
    threshold: int = 0


def lowest(product: str, price: int, reductions: Sequence[Reduction]) -> Fraction | None:
    """The least that one piece of ``product`` at ``price`` can come to, in minor units; None where no price is known.

    A buyer takes as few pieces as an offer asks for, and its reduction is shared by them. An offer on everything can
    be reached together with other goods: the piece gets its share of an order that is just worth the threshold.
    """
    if price <= 0:
        return None
    own = [one for one in reductions if one.product == product]
    all_of_them = [one for one in reductions if not one.product]
    counts = {1, *(-(-one.threshold // price) for one in (*own, *all_of_them) if one.threshold > 0)}
    return min(price - _off(price, pieces, own, all_of_them) for pieces in counts)


def _off(price: int, pieces: int, own: Sequence[Reduction], all_of_them: Sequence[Reduction]) -> Fraction:
    worth = pieces * price
    found = Fraction(sum(one.off for one in own if one.threshold <= worth), pieces)
    return found + sum((Fraction(one.off * price, max(worth, one.threshold)) for one in all_of_them), Fraction(0))
