"""How many different people: now in the windows, in the segment, in the show.

Everyone's newest bucket is remembered, and per bucket how many have it as their newest. The people of a window are
then the sum over its buckets. Since the windows end with the last full bucket, those sums are kept at the moment the
next bucket sees its first person.

Who came is first only noted (``touch``, ``add``) and taken in together (``settle``) when the bucket is over or
somebody asks: within a bucket and a stretch neither order nor repetition matters, so many are one array operation.
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from livecue.metrics.tally import LONGEST

WINDOW_BUCKETS = (12, 60, LONGEST)
"""1, 5 and 15 minutes in buckets of 5 s."""
NEVER = -1
PAST = -2
"""Seen only in what was recovered later: counts for the show, for no window."""
_RING = 256
_MOST = _RING - 1
_FEW = 24
"""Up to so many people one by one: an array operation has a price of its own."""
_NOTED = 50_000
"""So many are noted before they are taken in anyhow."""
_SPARSE = 16
"""Where fewer than one person in so many ever came, a table of those who did is smaller than a place for each."""
_STEP = 1_024

Packed = tuple[bytes, bytes, list[int], int, int, int, list[int], int, int, bytes]
"""A crowd as it is kept: people, their newest buckets, counts by bucket; the windows; the stretch and its people."""


class Crowd:
    """The people of the room who did one thing, by their number in ``People``."""

    __slots__ = (
        "_bucket", "_closed", "_closed_at", "_count", "_few", "_fresh", "_here", "_last", "_newest", "_noted", "_open",
        "_settled", "_stretch", "_top", "_total",
    )  # fmt: skip

    def __init__(self) -> None:
        self._noted: list[int] = []
        self._open = (NEVER, 0)
        """Bucket and stretch of those who are noted."""
        self._few: dict[int, int] | None = {}
        """Newest bucket (or PAST) of each person who came; None once there is a place for everyone in ``_last``."""
        self._last = array("i")
        self._top = 0
        """The highest number of a person who came."""
        self._newest: list[int] = []
        self._bucket = -1
        """The newest bucket in which anybody came."""
        self._fresh = 0
        """How many people have it as their newest; it goes into ``_newest`` when the next one begins."""
        self._total = 0
        self._closed_at = -1
        self._closed = [0, 0, 0]
        """The windows that end where bucket ``_closed_at`` begins."""
        self._stretch = 0
        self._settled = -1
        """Whoever came after this bucket is already among those of the stretch."""
        self._here: set[int] | bytearray = set()
        """Who did it in the current stretch: their numbers, or a 1 at their place."""
        self._count = 0

    # What happens.

    def touch(self, person: int, bucket: int, stretch: int) -> None:
        """``person`` did it in ``bucket`` (or PAST), during ``stretch`` (0 is none)."""
        if self._open != (bucket, stretch):
            self.settle()
            self._open = (bucket, stretch)
        self._noted.append(person)

    def add(self, people: Sequence[int], bucket: int, stretch: int) -> None:
        """As ``touch`` for each of ``people``."""
        if self._open != (bucket, stretch):
            self.settle()
            self._open = (bucket, stretch)
        self._noted += people
        if len(self._noted) > _NOTED:
            self.settle()

    def settle(self) -> None:
        """Take in who is noted. It can be done at any moment and does not change what is counted."""
        noted = self._noted
        if not noted:
            return
        self._noted = []
        bucket, stretch = self._open
        self._top = max(self._top, max(noted))
        if self._few is not None and _crowded(len(self._few) + len(noted), self._top):
            self._spread()
        elif self._few is None and self._top >= len(self._last):
            self._make_room()
        if bucket == PAST:
            self._recover(noted)
            return
        if bucket != self._bucket:
            self._turn(bucket)
        if stretch and stretch != self._stretch:
            self._begin(stretch, bucket)
        if self._few is None and len(noted) > _FEW:
            self._take_all(noted, bucket, stretch)
        elif self._few is None:
            self._take(noted, self._last, bucket, stretch)
        else:
            self._take_few(noted, self._few, bucket, stretch)

    def _take_all(self, noted: list[int], bucket: int, stretch: int) -> None:
        people = np.array(noted, np.intp)
        last: npt.NDArray[np.int32] = np.frombuffer(self._last, np.int32)
        old = last[people]
        if stretch:
            assert isinstance(self._here, bytearray)
            here = np.frombuffer(self._here, np.uint8)
            here[people[old <= self._settled]] = 1
            self._count = int(np.count_nonzero(here))
        # Whoever is noted twice counts once: a number stands in its place only where it was written last.
        people = people[old != bucket]
        last[people] = NEVER - 2 - np.arange(len(people), dtype=np.int32)
        first = last[people] == NEVER - 2 - np.arange(len(people), dtype=np.int32)
        last[people] = bucket
        before = old[old != bucket][first]
        self._fresh += len(before)
        self._total += int(np.count_nonzero(before == NEVER))
        before = before[(before >= 0) & (before > bucket - _RING)]
        if len(before):
            counts = np.bincount(before & _MOST, minlength=_RING)
            for place in np.flatnonzero(counts).tolist():
                self._newest[place] -= int(counts[place])

    def _take(self, noted: list[int], last: "array[int]", bucket: int, stretch: int) -> None:
        here = self._here
        assert isinstance(here, bytearray)
        for person in noted:
            old = last[person]
            if old != bucket:
                last[person] = bucket
                self._moved(old, bucket)
            if stretch and old <= self._settled and not here[person]:
                here[person] = 1
                self._count += 1

    def _take_few(self, noted: list[int], few: dict[int, int], bucket: int, stretch: int) -> None:
        here = self._here
        assert isinstance(here, set)
        for person in noted:
            old = few.get(person, NEVER)
            if old != bucket:
                few[person] = bucket
                self._moved(old, bucket)
            if stretch and old <= self._settled:
                here.add(person)
        self._count = len(here)

    def _moved(self, old: int, bucket: int) -> None:
        self._fresh += 1
        if old == NEVER:
            self._total += 1
        elif old >= 0 and bucket - old < _RING:
            self._newest[old & _MOST] -= 1

    def _recover(self, noted: list[int]) -> None:
        for person in noted:
            if self._few is not None:
                self._total += person not in self._few
                self._few.setdefault(person, PAST)
            elif self._last[person] == NEVER:
                self._last[person] = PAST
                self._total += 1

    # Time and places.

    def _turn(self, bucket: int) -> None:
        if not self._newest:
            self._newest = [0] * _RING
        newest = self._newest
        newest[self._bucket & _MOST] += self._fresh
        self._fresh = 0
        self._closed = [self._sum(bucket, length) for length in WINDOW_BUCKETS]
        self._closed_at = bucket
        if bucket - self._bucket >= _RING:
            newest[:] = [0] * _RING
        else:
            for place in range(self._bucket + 1, bucket + 1):
                newest[place & _MOST] = 0
        self._bucket = bucket

    def _begin(self, stretch: int, bucket: int) -> None:
        """Somebody came for the first time in ``stretch``, which may have begun inside ``bucket``."""
        self._stretch = stretch
        self._settled = bucket
        self._here = set() if self._few is not None else bytearray(len(self._last))
        self._count = 0

    def _spread(self) -> None:
        """Give everybody a place."""
        few, here = self._few or {}, self._here
        self._few = None
        self._make_room()
        for person, bucket in few.items():
            self._last[person] = bucket
        places = bytearray(len(self._last))
        for person in here:
            places[person] = 1
        self._here = places

    def _make_room(self) -> None:
        more = (self._top // _STEP + 1) * _STEP - len(self._last)
        self._last.extend(array("i", (NEVER,)) * more)
        if isinstance(self._here, bytearray):
            self._here.extend(bytes(more))

    def _sum(self, bucket: int, length: int) -> int:
        high = min(bucket - 1, self._bucket)
        low = bucket - length
        if high < low or not self._newest:
            return 0
        first, end = low & _MOST, (high & _MOST) + 1
        if first < end:
            return sum(self._newest[first:end])
        return sum(self._newest[first:]) + sum(self._newest[:end])

    # What is counted.

    def window(self, which: int, bucket: int) -> int:
        """People of window number ``which`` that ends where ``bucket`` begins."""
        if self._open[0] != bucket:
            # Who is noted in the open bucket belongs to no window yet.
            self.settle()
        if self._closed_at == bucket:
            return self._closed[which]
        length = WINDOW_BUCKETS[which]
        return self._sum(bucket, length) + (self._fresh if bucket - length <= self._bucket else 0)

    @property
    def total(self) -> int:
        """People since the show began."""
        self.settle()
        return self._total

    def in_stretch(self, stretch: int) -> int:
        """People of the current stretch."""
        self.settle()
        return self._count if stretch and stretch == self._stretch else 0

    def those_in(self, stretch: int) -> bytes:
        """The same people as a row of bits, in order of their numbers."""
        self.settle()
        if not stretch or stretch != self._stretch:
            return b""
        if isinstance(self._here, bytearray):
            return np.packbits(np.frombuffer(self._here, np.uint8)).tobytes().rstrip(b"\0")
        places = np.zeros(max(self._here, default=-1) + 1, np.uint8)
        places[list(self._here)] = 1
        return np.packbits(places).tobytes()

    # Kept.

    def pack(self) -> Packed:
        """What outlives the process; the same for the same people, however they were noted."""
        self.settle()
        if self._few is not None:
            people = np.fromiter(self._few, np.int32, len(self._few))
            order = np.argsort(people)
            people, last = people[order], np.fromiter(self._few.values(), np.int32, len(self._few))[order]
        else:
            places: npt.NDArray[np.int32] = np.frombuffer(self._last, np.int32)
            people = np.flatnonzero(places != NEVER).astype(np.int32)
            last = places[people]
        kept = (self._bucket, self._fresh, self._total)
        stretch = (self._stretch, self._settled, self.those_in(self._stretch))
        return (people.tobytes(), last.tobytes(), self._newest, *kept, [self._closed_at, *self._closed], *stretch)

    @classmethod
    def unpack(cls, packed: Packed) -> "Crowd":
        """The crowd that ``pack`` gave."""
        crowd = cls()
        came, buckets, crowd._newest, crowd._bucket, crowd._fresh, crowd._total, closed, stretch, settled, here = packed
        crowd._closed_at, *crowd._closed = closed
        crowd._stretch, crowd._settled = stretch, settled
        people, last = array("i", came), array("i", buckets)
        crowd._few = dict(zip(people, last, strict=True))
        crowd._top = people[-1] if people else 0
        crowd._here = set(numbers_of(here))
        crowd._count = len(crowd._here)
        if _crowded(len(people), crowd._top):
            crowd._spread()
        return crowd


def _crowded(came: int, top: int) -> bool:
    """Whether a place for each number up to ``top`` is smaller than a table of those who came."""
    return came > _FEW and came * _SPARSE > top


def numbers_of(bits: bytes) -> list[int]:
    """The places of the ones in a row of bits."""
    found: list[int] = np.flatnonzero(np.unpackbits(np.frombuffer(bits, np.uint8))).tolist()
    return found


def count_of(bits: bytes) -> int:
    """How many ones stand in a row of bits."""
    return int(np.count_nonzero(np.unpackbits(np.frombuffer(bits, np.uint8))))


def together(rows: Iterable[bytes]) -> bytes:
    """Everyone in any of the rows of bits."""
    found = b""
    for row in rows:
        short, long = sorted((found, row), key=len)
        either = np.frombuffer(long, np.uint8).copy()
        either[: len(short)] |= np.frombuffer(short, np.uint8)
        found = either.tobytes()
    return found


def to_plain(value: Any) -> Any:
    """For msgspec: what it cannot encode by itself."""
    if isinstance(value, Crowd):
        return value.pack()
    raise NotImplementedError(f"{type(value).__name__} cannot be kept")


def from_plain(kind: type, value: Any) -> Any:
    """For msgspec: the way back. Raises ``ValueError`` on what is no crowd."""
    if kind is Crowd:
        try:
            return Crowd.unpack(value)
        except (TypeError, IndexError) as error:
            raise ValueError(f"a crowd is damaged: {error}") from error
    raise NotImplementedError(f"{kind.__name__} cannot be read")
