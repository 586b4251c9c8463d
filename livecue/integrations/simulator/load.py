"""NDJSON for load tests, much faster than any server reads it: prepared blocks whose digits and words are overwritten.

The shape of the lines is real (kinds, fields, lengths), their sequence is not a show: for that there is ``Simulation``.
"""

import random
from collections import Counter
from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from livecue.errors import BadInput
from livecue.events import ProductListed, ProductPinned, StockOpened, encode_event
from livecue.integrations.simulator.catalogue import shop, texts
from livecue.integrations.simulator.engine import seeded
from livecue.integrations.simulator.talk import Talk
from livecue.kit import stable_id

Places = NDArray[np.int64]

_KEY, _AT, _USER, _ORDER = 12, 13, 8, 12
"""Digits of the changing numbers."""
_WORD, _WORDS = 6, 3
"""Bytes of a word and words of a comment that change."""
_VARIANTS = 8

# Marks of the changing places while a block is prepared: bytes that no text holds.
_KEYS, _ATS, _USERS, _SAID, _ORDERS = (
    b"\x01" * _KEY,
    b"\x02" * _AT,
    b"\x03" * _USER,
    b"\x04" * _WORD * _WORDS,
    b"\x05" * _ORDER,
)


class LoadMix(msgspec.Struct, frozen=True, kw_only=True):
    """Shares of the lines of a block; ``duplicates`` of them repeat an earlier line of the same block."""

    likes: float = 0.55
    entries: float = 0.20
    comments: float = 0.12
    clicks: float = 0.08
    gifts: float = 0.015
    follows: float = 0.015
    orders: float = 0.02
    """Half of them ``OrderCreated``, half the ``OrderPaid`` of the same orders."""
    duplicates: float = 0.01

    def __post_init__(self) -> None:
        total = self.likes + self.entries + self.comments + self.clicks + self.gifts + self.follows + self.orders
        if abs(total - 1) > 1e-6 or not 0 <= self.duplicates < 1:
            raise BadInput(f"the shares of a load mix make {total:.3f}, they must make 1")


class LoadBlock(msgspec.Struct, frozen=True, kw_only=True):
    """One batch ready to be sent, with what a counter must have counted after it."""

    body: bytes
    lines: int
    unique: int
    kinds: dict[str, int]
    """Lines by kind without the repeats."""
    likes: int
    gmv: int
    """Fen paid, without the repeats."""


def load_opening(start_ms: int) -> bytes:
    """Lines to send first: the cart, what is pinned, and stock that no load test can sell out."""
    events = []
    for product in shop():
        card = product.card
        listed = ProductListed(key=f"load-l{card.product}", at=start_ms, product=card.product, number=card.number)
        events.append(encode_event(listed))
        for sku in card.skus:
            opened = StockOpened(key=f"load-s{sku}", at=start_ms, sku=sku, quantity=10**12, product=card.product)
            events.append(encode_event(opened))
    first = shop()[0].card.product
    events.append(encode_event(ProductPinned(key="load-pin", at=start_ms, product=first)))
    return b"\n".join(events) + b"\n"


def load_lines(
    seed: int,
    rate: float,
    mix: LoadMix | None = None,
    *,
    start_ms: int,
    lines: int = 2000,
    people: int = 200_000,
) -> Iterator[LoadBlock]:
    """Endless blocks of ``lines`` lines, stamped as if ``rate`` of them happened a second from ``start_ms`` on.

    Keys are unique but for the repeats, comments distinct for the first 262,144 blocks, users uniform among ``people``.
    Equal arguments give equal bytes (with one version of numpy). Raises ``BadInput`` for arguments that make no sense.
    """
    if lines < 200 or rate <= 0 or not 0 < people < 10**_USER:
        raise BadInput("a load needs at least 200 lines a block, a rate above 0 and 1 to 99,999,999 people")
    patterns = _patterns(seed, mix or LoadMix(), lines)
    words = _words()
    luck = np.random.default_rng(seed)
    block = 0
    while True:
        yield patterns[block % _VARIANTS].fill(block, rate, start_ms, people, luck, words)
        block += 1


class _Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A line with marks where digits and words will stand."""

    kind: str
    line: bytes
    order: int = 0
    """Number of its order within the block."""
    likes: int = 0
    paid: int = 0


class _Pattern:
    """A prepared block: its bytes, and where which number stands."""

    def __init__(self, drafts: list[_Draft], sources: list[int]) -> None:
        """``sources`` gives for every line of the block the draft it shows; a draft that comes again is a repeat."""
        self._sources = np.array(sources, dtype=np.int64)
        self._fresh = len(drafts)
        self._kinds = Counter(draft.kind for draft in drafts)
        self._likes = sum(draft.likes for draft in drafts)
        self._gmv = sum(draft.paid for draft in drafts)
        self._pairs = self._kinds["OrderPaid"]
        self._order_of = np.array([draft.order for draft in drafts], dtype=np.int64)
        # Who pays an order is who made it.
        buyer = {draft.order: place for place, draft in enumerate(drafts) if draft.kind == "OrderCreated"}
        person = [buyer[one.order] if one.kind == "OrderPaid" else place for place, one in enumerate(drafts)]
        self._person = np.array(person, dtype=np.int64)
        lines = [drafts[source].line for source in sources]
        starts = np.cumsum([0, *(len(line) for line in lines[:-1])])
        self._body = np.frombuffer(b"".join(lines), dtype=np.uint8)
        self._keys, self._ats, self._users, self._said, self._orders = (
            _find(mark, lines, starts, self._sources) for mark in (_KEYS, _ATS, _USERS, _SAID, _ORDERS)
        )

    def fill(
        self, block: int, rate: float, start_ms: int, people: int, luck: np.random.Generator, words: NDArray[np.uint8]
    ) -> LoadBlock:
        """The block number ``block`` with its own keys, moments, people, orders and words."""
        body = self._body.copy()
        numbers = np.arange(block * self._fresh, (block + 1) * self._fresh, dtype=np.int64)
        _write(body, self._keys, numbers, _KEY)
        _write(body, self._ats, start_ms + (numbers * (1000 / rate)).astype(np.int64), _AT)
        _write(body, self._users, luck.integers(1, people + 1, size=self._fresh, dtype=np.int64)[self._person], _USER)
        _write(body, self._orders, block * self._pairs + self._order_of, _ORDER)
        places, drafts = self._said
        choice = (block + drafts * 7919) % len(words) ** _WORDS
        for word in range(_WORDS):
            picked = words[choice // len(words) ** word % len(words)]
            body[places[:, None] + word * _WORD + np.arange(_WORD)] = picked
        return LoadBlock(
            body=body.tobytes(),
            lines=len(self._sources),
            unique=self._fresh,
            kinds=dict(self._kinds),
            likes=self._likes,
            gmv=self._gmv,
        )


def _find(mark: bytes, lines: list[bytes], starts: Places, sources: Places) -> tuple[Places, Places]:
    """Where ``mark`` stands in the block, and in which draft."""
    found = [(place, line.find(mark)) for place, line in enumerate(lines)]
    rows = [place for place, offset in found if offset >= 0]
    offsets = np.array([offset for _, offset in found if offset >= 0], dtype=np.int64)
    return starts[rows] + offsets, sources[rows]


def _write(body: NDArray[np.uint8], where: tuple[Places, Places], numbers: Places, width: int) -> None:
    """Write ``numbers`` (one per draft) in decimal at their places."""
    places, drafts = where
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    digits = numbers[drafts][:, None] // powers % 10 + ord("0")
    body[places[:, None] + np.arange(width)] = digits.astype(np.uint8)


def _words() -> NDArray[np.uint8]:
    words = [str(word).encode() for word in texts("load")["words"]]
    return np.frombuffer(b"".join(words), dtype=np.uint8).reshape(len(words), _WORD)


def _patterns(seed: int, mix: LoadMix, lines: int) -> list[_Pattern]:
    fresh = lines - round(lines * mix.duplicates)
    said: set[str] = set()
    patterns = []
    for variant in range(_VARIANTS):
        luck = seeded(seed, "load", variant)
        order = [(float(place), place) for place in range(fresh)]
        for _ in range(lines - fresh):
            first = int(luck.random() * (fresh - 1))
            order.append((first + (fresh - first) * luck.random(), first))
        sources = [source for _, source in sorted(order)]
        patterns.append(_Pattern(_drafts(seed, luck, mix, fresh, said), sources))
    return patterns


def _drafts(seed: int, luck: random.Random, mix: LoadMix, fresh: int, said: set[str]) -> list[_Draft]:
    """The lines of one block in random order; every order is paid some lines after it was made."""
    names = ("entries", "comments", "clicks", "gifts", "follows")
    pairs = round(fresh * mix.orders / 2)
    kinds = [name for name in names for _ in range(round(fresh * getattr(mix, name)))] + ["orders"] * (2 * pairs)
    kinds += ["likes"] * (fresh - len(kinds))
    luck.shuffle(kinds)
    maker = _Maker(stable_id("load", seed)[:4], luck, said)
    return [maker.order(pairs) if kind == "orders" else getattr(maker, kind)() for kind in kinds]


class _Maker:
    """Makes drafts of each kind; the method names are those of ``LoadMix``."""

    def __init__(self, prefix: str, luck: random.Random, said: set[str]) -> None:
        self._prefix = prefix.encode()
        self._luck, self._draw, self._said = luck, luck.random, said
        self._products = shop()
        self._talk = Talk(self._products)
        self._made = 0
        self._unpaid: list[tuple[int, bytes, int]] = []

    def _line(self, kind: str, rest: bytes) -> bytes:
        return b'{"kind":"%b","key":"%b%b","at":%b,"user":"%b",%b}\n' % (
            kind.encode(), self._prefix, _KEYS, _ATS, _USERS, rest,
        )  # fmt: skip

    def likes(self) -> _Draft:
        count = 1 + int(self._luck.expovariate(0.28))
        return _Draft(kind="LikeGiven", line=self._line("LikeGiven", b'"count":%d' % count), likes=count)

    def entries(self) -> _Draft:
        via = ("feed", "feed", "follow", "video", "square", "paid", "search")[int(self._draw() * 7)]
        rest = b'"name":"%b","via":"%b"' % (self._talk.name(self._draw).encode(), via.encode())
        return _Draft(kind="ViewerEntered", line=self._line("ViewerEntered", rest))

    def comments(self) -> _Draft:
        product = self._products[int(self._draw() * len(self._products))]
        text = self._talk.comment(self._draw, product)
        while text in self._said:
            text = f"{self._talk.comment(self._draw, product)}，{self._talk.comment(self._draw, None)}"
        self._said.add(text)
        rest = b'"text":"%b%b"' % (text.encode(), _SAID)
        return _Draft(kind="CommentPosted", line=self._line("CommentPosted", rest))

    def clicks(self) -> _Draft:
        product = self._products[int(self._draw() * len(self._products))].card.product
        return _Draft(kind="ProductClicked", line=self._line("ProductClicked", b'"product":"%b"' % product.encode()))

    def gifts(self) -> _Draft:
        name, coins = self._talk.gift(self._draw)
        rest = b'"gift":"%b","name":"%b","count":1,"coins":%d' % (name.encode(), name.encode(), coins)
        return _Draft(kind="GiftSent", line=self._line("GiftSent", rest))

    def follows(self) -> _Draft:
        return _Draft(kind="UserFollowed", line=self._line("UserFollowed", b'"v":1'))

    def order(self, most: int) -> _Draft:
        """An order of at most ``most``, or the payment of the oldest that waits."""
        if self._made < most and (not self._unpaid or self._draw() < 0.5):
            card = self._products[int(self._draw() * len(self._products))].card
            sku = card.skus[int(self._draw() * len(card.skus))]
            rest = b'"order":"%b%b","amount":%d,"lines":[{"sku":"%b","product":"%b","price":%d}],"via":"feed"' % (
                self._prefix, _ORDERS, card.price, sku.encode(), card.product.encode(), card.price,
            )  # fmt: skip
            number = self._made
            self._made += 1
            self._unpaid.append((number, rest, card.price))
            return _Draft(kind="OrderCreated", line=self._line("OrderCreated", rest), order=number)
        number, rest, price = self._unpaid.pop(0)
        return _Draft(kind="OrderPaid", line=self._line("OrderPaid", rest), order=number, paid=price)
