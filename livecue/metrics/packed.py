"""Orders of a show by their number: those spoken of lately as objects, the others as bytes.

A long show remembers every order, for a late word may be about any of them. As an object one takes some 400 bytes,
packed a fifth of it. What is packed when follows from the stream alone, so that the kept state is the same however the
stream was cut.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from struct import Struct
from typing import Any

import msgspec
import numpy as np

from livecue.events import Line
from livecue.metrics.orders import Order, Share, Word

NEAR = 2_048
"""So many orders stay objects at the least; when there are twice as many, the oldest become bytes."""
_DEAD = 1 << 31
"""Set in the length of a row whose order came back."""
_LENGTH = Struct("<I")
"""In front of each row."""
_HEAD = _LENGTH.size


class _Row(msgspec.Struct, array_like=True, gc=False):
    name: str
    flags: int
    """1 created, 2 paid, 4 cancelled, 8 foreign."""
    amount: int
    units: int
    person: int
    via: int
    shares: tuple[tuple[str, int, int], ...] = ()
    rest: (
        tuple[tuple[Line, ...], tuple[str, ...], tuple[Word, ...], int, int, tuple[str, ...], tuple[Word, ...]] | None
    ) = None
    """What most orders never have: everything of an ``Order`` behind its shares."""


class _Name(msgspec.Struct, array_like=True, gc=False):
    """A row, of which only the first place is read."""

    name: str


_NOTHING = ((), (), (), 0, 0, (), ())
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Row).decode
_name = msgspec.msgpack.Decoder(_Name).decode


def _row_of(name: str, order: Order) -> bytes:
    rest = (
        order.unpriced, order.refunds, order.words, order.refunded_filed, order.refunded_told, order.refunded_products,
        order.early,
    )  # fmt: skip
    row = _encode(
        _Row(
            name,
            order.created | order.paid << 1 | order.cancelled << 2 | order.foreign << 3,
            order.amount,
            order.units,
            order.person,
            order.via,
            tuple([(share.product, share.units, share.amount) for share in order.shares]),
            None if rest == _NOTHING else rest,
        )
    )
    return _LENGTH.pack(len(row)) + row


def _order_of(row: _Row) -> Order:
    flags = row.flags
    return Order(
        bool(flags & 1), bool(flags & 2), bool(flags & 4), bool(flags & 8), row.amount, row.units, row.person, row.via,
        tuple([Share(*share) for share in row.shares]), *(row.rest or _NOTHING),
    )  # fmt: skip


class Orders:
    """A dictionary of orders that packs the older ones. An order got from it may be changed until the next is asked."""

    __slots__ = ("_dead", "_hashes", "_near", "_places", "_rows")

    def __init__(self) -> None:
        self._near: dict[str, Order] = {}
        self._rows = bytearray()
        """One row behind the other, each behind its length."""
        self._hashes = array("q")
        """Of the numbers of packed orders, in order; beside each in ``_places`` where its row begins."""
        self._places = array("Q")
        self._dead = 0
        """Bytes of rows whose orders came back."""

    def __contains__(self, name: str) -> bool:
        return name in self._near or self._find(name) is not None

    def get(self, name: str) -> Order | None:
        """The order, for reading and changing; None when nobody spoke of it."""
        known = self._near.get(name)
        if known is not None or not self._hashes:
            return known
        found = self._find(name)
        if found is None:
            return None
        place, blob = found
        order = _order_of(_decode(blob))
        self._bury(place)
        return self.put(name, order)

    def put(self, name: str, order: Order) -> Order:
        """Remember an order that is not known; gives it back."""
        self._near[name] = order
        if len(self._near) >= 2 * NEAR:
            self._pack()
        return order

    def items(self) -> Iterator[tuple[str, Order]]:
        """All of them, those that were packed first; they are copies."""
        for _, blob in self._living():
            row = _decode(blob)
            yield row.name, _order_of(row)
        yield from self._near.items()

    def split(self) -> tuple["Orders", list[tuple[str, Order]]]:
        """Those that were paid, and those that were not."""
        paid, unpaid = Orders(), []
        for name, order in self.items():
            if order.paid:
                paid.put(name, order)
            else:
                unpaid.append((name, order))
        return paid, unpaid

    def _living(self) -> Iterator[tuple[int, bytes]]:
        """Where each packed order's row begins, and the row."""
        rows, place, length_at = bytes(self._rows), 0, _LENGTH.unpack_from
        while place < len(rows):
            (length,) = length_at(rows, place)
            begin = place + _HEAD
            end = begin + (length & ~_DEAD)
            if not length & _DEAD:
                yield place, rows[begin:end]
            place = end

    def _find(self, name: str) -> tuple[int, bytes] | None:
        hashes, wanted = self._hashes, hash(name)
        at = bisect_left(hashes, wanted)
        while at < len(hashes) and hashes[at] == wanted:
            begin = self._places[at]
            (length,) = _LENGTH.unpack_from(self._rows, begin)
            if not length & _DEAD:
                blob = bytes(self._rows[begin + _HEAD : begin + _HEAD + length])
                if _name(blob).name == name:
                    return begin, blob
            at += 1
        return None

    def _bury(self, place: int) -> None:
        (length,) = _LENGTH.unpack_from(self._rows, place)
        _LENGTH.pack_into(self._rows, place, length | _DEAD)
        self._dead += _HEAD + length
        if 2 * self._dead > len(self._rows):
            self._rows = bytearray(b"".join([_LENGTH.pack(len(blob)) + blob for _, blob in self._living()]))
            self._index()

    def _pack(self) -> None:
        """Make bytes of the oldest, until ``NEAR`` are left."""
        near = self._near
        oldest = list(islice(near.items(), len(near) - NEAR))
        found = []
        for name, order in oldest:
            del near[name]
            found.append((hash(name), len(self._rows)))
            self._rows += _row_of(name, order)
        # Without the room at its front that a dictionary keeps for what was taken out of it.
        self._near = dict(near)
        self._enter(found)

    def _index(self) -> None:
        self._hashes, self._places = array("q"), array("Q")
        self._dead = len(self._rows)
        found = []
        for place, blob in self._living():
            self._dead -= _HEAD + len(blob)
            found.append((hash(_name(blob).name), place))
        self._enter(found)

    def _enter(self, found: list[tuple[int, int]]) -> None:
        found.sort()
        new = np.array([one for one, _ in found], np.int64)
        known = np.frombuffer(self._hashes, np.int64) if self._hashes else np.empty(0, np.int64)
        places = np.frombuffer(self._places, np.uint64) if self._places else np.empty(0, np.uint64)
        at = np.searchsorted(known, new)
        hashes = np.insert(known, at, new)
        places = np.insert(places, at, np.array([place for _, place in found], np.uint64))
        self._hashes, self._places = array("q", hashes.tobytes()), array("Q", places.tobytes())

    def pack(self) -> tuple[dict[str, Order], list[msgspec.Raw]]:
        """As it is kept: rows stand among the other values, so that whoever takes a person out can read them."""
        return self._near, [msgspec.Raw(blob) for _, blob in self._living()]

    @classmethod
    def unpack(cls, kept: Any) -> "Orders":
        """The way back, also from what an older version kept: every order as an object."""
        made = cls()
        near, rows = (kept, []) if isinstance(kept, dict) else kept
        made._near = msgspec.convert(near, dict[str, Order])
        try:
            for row in rows:
                blob = _encode(row)
                _decode(blob)
                made._rows += _LENGTH.pack(len(blob)) + blob
            made._index()
        except (msgspec.MsgspecError, TypeError) as error:
            raise ValueError(f"packed orders are damaged: {error}") from error
        if len(made._near) >= 2 * NEAR:
            made._pack()
        return made
