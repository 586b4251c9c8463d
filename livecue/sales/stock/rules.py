"""What a brand sells by: warehouses in their order, policies, bundles. Rows that rooms hold a copy of."""

from collections.abc import Sequence

import msgspec

from livecue.sales.presets import preset_at
from livecue.store import Row

MAIN = "main"
GOODS, PRESALE, INSPECTION = "goods", "presale", "inspection"
HOLDS = (GOODS, PRESALE, INSPECTION)
CART_HOLD, FIRST_PAID = "cart_hold", "first_paid"
POLICIES = (CART_HOLD, FIRST_PAID)
CHOICES = ("priority", "most", "near")
_LAST = 1000


class Warehouse(msgspec.Struct, frozen=True):
    """Where pieces lie. The lowest ``priority`` comes first."""

    warehouse: str
    name: str = ""
    priority: int = 100
    regions: tuple[str, ...] = ()
    holds: str = GOODS
    active: bool = True


class Policy(msgspec.Struct, frozen=True):
    """How something is sold; ``hold_s`` -1 is the shipped preset."""

    policy: str = CART_HOLD
    hold_s: int = -1
    choose: str = "priority"
    safety: int = 0


class Rules(msgspec.Struct, frozen=True):
    """Everything a brand set. An empty one is what holds when nobody set anything."""

    warehouses: dict[str, Warehouse] = {}
    policies: dict[str, Policy] = {}
    """By SKU; "" is the brand's."""
    bundles: dict[str, dict[str, int]] = {}
    quotas: frozenset[str] = frozenset()
    """SKUs with a quota for some channel."""

    def policy(self, sku: str) -> Policy:
        """That of the SKU, else of the brand, else ours."""
        if not self.policies:
            return _OURS
        return self.policies.get(sku) or self.policies.get("") or _OURS

    def hold_ms(self, skus: Sequence[str], now: int) -> int:
        """How long an unpaid order of these holds its pieces: the shortest of their times."""
        ours = preset_at(now).hold_s
        if not self.policies:
            return 1000 * ours
        found = [self.policy(sku).hold_s for sku in skus]
        return 1000 * min((seconds if seconds >= 0 else ours for seconds in found), default=ours)

    def place(self, warehouse: str) -> Warehouse:
        """What is known of a warehouse; one that nobody described holds goods, and ``main`` is the first of them."""
        return self.warehouses.get(warehouse) or Warehouse(warehouse, priority=0 if warehouse == MAIN else _LAST)

    def parts(self, sku: str, quantity: int) -> list[tuple[str, int]]:
        """What must be there to sell ``quantity`` of a SKU."""
        parts = self.bundles.get(sku) if self.bundles else None
        if not parts:
            return [(sku, quantity)]
        return [(part, count * quantity) for part, count in sorted(parts.items())]


_OURS = Policy()


def read_rules(rows: Sequence[Row]) -> Rules:
    """Rules out of the rows of ``READ_RULES``."""
    rules = Rules({}, {}, {}, frozenset(name.partition("|")[2] for kind, name, _ in rows if kind == "quota"))
    for kind, name, body in rows:
        if kind == "warehouse":
            rules.warehouses[name] = msgspec.json.decode(body, type=Warehouse)
        elif kind == "policy":
            rules.policies[name] = msgspec.json.decode(body, type=Policy)
        elif kind == "bundle":
            rules.bundles[name] = msgspec.json.decode(body, type=dict[str, int])
    return rules
