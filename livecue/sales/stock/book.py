"""The stock of some SKUs inside one transaction: read and locked once, changed in memory, written once.

A fold may hold thousands of orders; they cost one read and a few grouped writes. What the lock read cannot change
under it, so that what is decided here holds when it is written.
"""

from collections.abc import Iterable, Sequence

import msgspec

from livecue.flow import RoomInfo, Unit
from livecue.sales.stock import tables
from livecue.sales.stock.rules import FIRST_PAID, INSPECTION, PRESALE, Rules, Warehouse

Alloc = tuple[str, str, int]
SOLD, OUTSIDE, COUNT = "sold", "outside", "count"
"""Accounts beside those of a warehouse: pieces sold, where pieces come from, and what counting finds or misses."""


class Short(msgspec.Struct, frozen=True):
    """Why pieces could not be had: of ``sku`` only ``free`` are there for this channel."""

    sku: str
    wanted: int
    free: int


class _Place:
    """One balance as it becomes."""

    __slots__ = (
        "account_free",
        "account_held",
        "free_delta",
        "held_delta",
        "on_hand",
        "product",
        "reserved",
        "warehouse",
    )

    def __init__(self, warehouse: Warehouse, product: str, on_hand: int, reserved: int) -> None:
        self.warehouse, self.product, self.on_hand, self.reserved = warehouse, product, on_hand, reserved
        self.account_free, self.account_held = f"free@{warehouse.warehouse}", f"held@{warehouse.warehouse}"
        self.free_delta = self.held_delta = 0

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


class Book:
    """Balances and quotas of the SKUs that one fold touches. ``moves`` are its double entries."""

    def __init__(self, room: RoomInfo, rules: Rules, unit: Unit, skus: Iterable[str]) -> None:
        self._room, self._rules, self._unit = room, rules, unit
        self._places: dict[str, dict[str, _Place]] = {}
        self._quotas: dict[str, list[list[int]]] = {}
        """SKU to its quotas here, each [quota, used, delta]."""
        self._quota_names: dict[str, list[str]] = {}
        self._moves: list[tuple[str, str, str, int, str, str]] = []
        self._simple: dict[str, tuple[_Place, int]] = {}
        """SKUs that lie in one warehouse that sells, without quota or parts: the place, and its safety stock."""
        self.load(skus)

    def load(self, skus: Iterable[str]) -> None:
        """Lock and read what is not read yet."""
        wanted = sorted(set(skus) - self._places.keys())
        if not wanted:
            return
        room = self._room
        for sku in wanted:
            self._places[sku] = {}
        asked = tables.padded(wanted)
        rows = self._unit.ask(tables.lock_stock(len(asked)), (room.org, room.brand, *asked))
        houses = {name: self._rules.place(name) for name in {row[1] for row in rows}}
        for sku, warehouse, product, on_hand, reserved in rows:
            self._places[sku][warehouse] = _Place(houses[warehouse], product, on_hand, reserved)
        self._find_simple(wanted)
        if self._rules.quotas.isdisjoint(wanted):
            return
        channels = (f"room:{room.room}", f"platform:{room.platform}")
        for channel, sku, quota, used in self._unit.ask(tables.lock_quotas(len(asked)), (room.org, room.brand, *asked)):
            if channel in channels:
                self._quotas.setdefault(sku, []).append([quota, used, 0])
                self._quota_names.setdefault(sku, []).append(channel)

    def _find_simple(self, skus: Iterable[str]) -> None:
        rules, ours = self._rules, None if self._rules.policies else self._rules.policy("")
        bundles, quotas, simple = rules.bundles, rules.quotas, self._simple
        for sku in skus:
            places = self._places[sku]
            if len(places) != 1 or sku in bundles or sku in quotas:
                continue
            (place,) = places.values()
            policy = ours or rules.policy(sku)
            if place.warehouse.active and place.warehouse.holds != INSPECTION and policy.policy != FIRST_PAID:
                simple[sku] = (place, policy.safety)

    @property
    def skus(self) -> Sequence[str]:
        """Every SKU that was read, in order."""
        return sorted(self._places)

    def known(self, sku: str) -> bool:
        """Whether anybody ever told a balance of it."""
        return bool(self._places.get(sku))

    def total(self, sku: str) -> tuple[str, int, int] | None:
        """(product, on hand, reserved) over the warehouses that sell; None when nobody told."""
        simple = self._simple.get(sku)
        if simple is not None:
            return simple[0].product, simple[0].on_hand, simple[0].reserved
        places = [p for p in self._places.get(sku, {}).values() if p.warehouse.holds != INSPECTION]
        if not places:
            return None
        if len(places) == 1:
            return places[0].product, places[0].on_hand, places[0].reserved
        product = next((p.product for p in places if p.product), "")
        return product, sum(p.on_hand for p in places), sum(p.reserved for p in places)

    # Taking and giving.

    def reserve(self, parts: Sequence[tuple[str, int]], region: str, order: str) -> list[Alloc] | Short | None:
        """Hold every part or none; None when nobody ever told the stock of one of them."""
        return self._all(parts, region, order, "held", "order created")

    def hold_one(self, sku: str, count: int, order: str) -> Alloc | None:
        """``reserve`` for what most orders are; None, with nothing done, when more than one look is needed."""
        simple = self._simple.get(sku)
        if simple is None or not count:
            return None
        place, safety = simple
        if place.on_hand - place.reserved - safety < count:
            return None
        place.reserved += count
        place.held_delta += count
        self._moves.append((sku, place.account_free, place.account_held, count, "order created", order))
        return (sku, place.warehouse.warehouse, count)

    def take(self, parts: Sequence[tuple[str, int]], region: str, order: str) -> list[Alloc] | Short | None:
        """Take every part out of the free stock, or none. What is paid may use up the safety stock."""
        return self._all(parts, region, order, "sold", "order paid")

    def _all(
        self, parts: Sequence[tuple[str, int]], region: str, order: str, how: str, cause: str
    ) -> list[Alloc] | Short | None:
        found: list[Alloc] = []
        for sku, count in parts:
            if not self.known(sku):
                return None
            short = self._quota_short(sku, count)
            places = [] if short else self._choose(sku, count, region, keep_safety=how == "held")
            if short or not places:
                return short or Short(sku, count, max(0, self._free(sku)))
            found += places
        for sku, warehouse, count in found:
            place = self._places[sku][warehouse]
            if how == "held":
                place.reserved += count
                place.held_delta += count
                self._moves.append((sku, f"free@{warehouse}", f"held@{warehouse}", count, cause, order))
            else:
                place.on_hand -= count
                place.free_delta -= count
                self._moves.append((sku, f"free@{warehouse}", SOLD, count, cause, order))
        if self._quotas:
            for sku, count in parts:
                self._use(sku, count)
        return found

    def take_held(self, allocs: Sequence[Alloc], order: str) -> list[Alloc]:
        """Turn held pieces into sold ones; gives back those that were counted away meanwhile, freed."""
        missing: list[Alloc] = []
        for sku, warehouse, count in allocs:
            place = self._places[sku].get(warehouse)
            if place is None or place.reserved < count:
                missing.append((sku, warehouse, count))
                continue
            place.reserved -= count
            place.held_delta -= count
            if place.on_hand < count:
                self._moves.append((sku, f"held@{warehouse}", f"free@{warehouse}", count, "counted away", order))
                self._use(sku, -count)
                missing.append((sku, warehouse, count))
                continue
            place.on_hand -= count
            place.free_delta -= count
            self._moves.append((sku, f"held@{warehouse}", SOLD, count, "order paid", order))
        return missing

    def free(self, allocs: Sequence[Alloc], order: str, cause: str) -> None:
        """Give held pieces back."""
        for sku, warehouse, count in allocs:
            place = self._places[sku].get(warehouse)
            if place is not None and place.reserved >= count:
                place.reserved -= count
                place.held_delta -= count
                self._moves.append((sku, f"held@{warehouse}", f"free@{warehouse}", count, cause, order))
                self._use(sku, -count)

    def put_back(self, sku: str, count: int, order: str, cause: str) -> bool:
        """Sold pieces return to the shelf they are sold from; False when no warehouse sells this SKU."""
        places = self._ordered(sku, "", with_presale=False)
        if not places or count <= 0:
            return False
        place = places[0]
        place.on_hand += count
        place.free_delta += count
        self._moves.append((sku, SOLD, f"free@{place.warehouse.warehouse}", count, cause, order))
        self._use(sku, -count)
        return True

    def is_presale(self, allocs: Sequence[Alloc]) -> bool:
        """Whether some of these pieces are promised before they are there."""
        return any(self._rules.place(warehouse).holds == PRESALE for _, warehouse, _ in allocs)

    # Choosing.

    def _free(self, sku: str) -> int:
        return sum(max(0, place.free) for place in self._ordered(sku, ""))

    def _ordered(self, sku: str, region: str, with_presale: bool = True) -> list[_Place]:
        policy = self._rules.policy(sku)
        kept = [
            place
            for place in self._places.get(sku, {}).values()
            if place.warehouse.active
            and place.warehouse.holds != INSPECTION
            and (with_presale or place.warehouse.holds != PRESALE)
        ]

        def rank(place: _Place) -> tuple[bool, bool, int, int, str]:
            house = place.warehouse
            far = policy.choose == "near" and bool(region) and not any(part in region for part in house.regions)
            fullest = -place.free if policy.choose == "most" else 0
            return house.holds == PRESALE, far, fullest, house.priority, house.warehouse

        return sorted(kept, key=rank)

    def _choose(self, sku: str, count: int, region: str, keep_safety: bool) -> list[Alloc]:
        """The first warehouse that has all of it; else as many as needed in their order; none when it is too little."""
        policy = self._rules.policy(sku)
        known = self._places[sku]
        # Most SKUs lie in one warehouse: then there is nothing to sort.
        places = list(known.values()) if len(known) == 1 else self._ordered(sku, region)
        if len(places) == 1:
            place = places[0]
            sells = place.warehouse.active and place.warehouse.holds != INSPECTION
            enough = place.free - (policy.safety if keep_safety else 0) >= count
            return [(sku, place.warehouse.warehouse, count)] if sells and enough else []
        if keep_safety and sum(max(0, place.free) for place in places) - policy.safety < count:
            return []
        for place in places:
            if place.free >= count:
                return [(sku, place.warehouse.warehouse, count)]
        found: list[Alloc] = []
        for place in places:
            part = min(count, max(0, place.free))
            if part:
                found.append((sku, place.warehouse.warehouse, part))
                count -= part
            if not count:
                return found
        return []

    def _quota_short(self, sku: str, count: int) -> Short | None:
        for quota, used, _ in self._quotas.get(sku, ()):
            if used + count > quota:
                return Short(sku, count, max(0, min(quota - used, self._free(sku))))
        return None

    def _use(self, sku: str, count: int) -> None:
        for row in self._quotas.get(sku, ()):
            # Never below nothing: what was sold before the quota was set comes back too.
            change = max(-row[1], count)
            row[1] += change
            row[2] += change

    # Writing.

    def write(self, first_move: int) -> int:
        """Write deltas and moves; returns the number of the next move."""
        room, unit = self._room, self._unit
        unit.write_many(
            tables.CHANGE_STOCK,
            [
                (room.org, room.brand, name, sku, place.product, place.free_delta, place.held_delta)
                for sku in sorted(self._places)
                for name, place in sorted(self._places[sku].items())
                if place.free_delta or place.held_delta
            ],
        )
        used = [
            (room.org, room.brand, channel, sku, row[0], row[2])
            for sku, rows in sorted(self._quotas.items())
            for channel, row in zip(self._quota_names[sku], rows, strict=True)
            if row[2]
        ]
        if used:
            unit.write_many(tables.CHANGE_QUOTA, used)
        if self._moves:
            unit.write_many(
                tables.SAVE_MOVE,
                [
                    (room.org, room.brand, room.room, first_move + place, unit.now, *move)
                    for place, move in enumerate(self._moves)
                ],
            )
        return first_move + len(self._moves)
