"""What simulated people and the simulated host say: sentences of ``texts.toml`` filled with the shop's words."""

from collections.abc import Callable, Sequence
from itertools import accumulate

from livecue.integrations.simulator.catalogue import texts
from livecue.integrations.simulator.engine import pick
from livecue.integrations.simulator.scenario import Product

Draw = Callable[[], float]

_KINDS = ("question", "intent", "chat", "complaint", "spam", "rude")
_WITH_PRODUCT = list(accumulate((0.41, 0.18, 0.38, 0.017, 0.006, 0.002)))
_WITHOUT = list(accumulate((0.12, 0.05, 0.80, 0.010, 0.006, 0.002)))


class Talk:
    """Composes comments, names and speech from uniform draws, so that each speaker keeps a source of their own."""

    def __init__(self, products: tuple[Product, ...]) -> None:
        self._products = products
        self._comments: dict[str, list[str]] = texts("comment")
        self._flood: dict[str, list[str]] = texts("flood")
        self._speech: dict[str, list[str]] = texts("speech")
        names = texts("name")
        self._first: list[str] = names["first"]
        self._second: list[str] = names["second"]
        self._gifts: list[tuple[str, int]] = [(name, coins) for name, coins in texts("gift")["items"]]
        self._gift_weights = list(accumulate(1.0 / (1 + coins) ** 0.6 for _, coins in self._gifts))
        self.refund_reasons: list[str] = texts("refund")["reasons"]

    def name(self, draw: Draw) -> str:
        """An invented nickname, cut as platforms show it to others."""
        return f"{_of(self._first, draw)}{_of(self._second, draw)[0]}***"

    def comment(self, draw: Draw, product: Product | None) -> str:
        """What a viewer writes while ``product`` is shown."""
        kind = _KINDS[pick(_WITHOUT if product is None else _WITH_PRODUCT, draw())]
        text = _of(self._comments[kind], draw)
        if kind == "question":
            text += _of(self._comments["ask_tails"], draw)
        elif kind in ("chat", "intent"):
            text += _of(self._comments["chat_tails"], draw)
        return self.fill(text, draw, product)

    def sold_out(self, draw: Draw, product: Product) -> str:
        """What a viewer writes who cannot buy."""
        return self.fill(_of(self._comments["soldout"], draw), draw, product)

    def complaint(self, draw: Draw, topic: str, product: Product) -> str:
        """One voice of a complaint flood."""
        return self.fill(_of(self._flood[topic], draw), draw, product)

    def rude(self, draw: Draw) -> str:
        """An insult (R066)."""
        return _of(self._comments["rude"], draw)

    def gift(self, draw: Draw) -> tuple[str, int]:
        """Name and coins of a gift; dear ones are rare."""
        return self._gifts[pick(self._gift_weights, draw())]

    def speech(self, draw: Draw, part: str, product: Product | None, price: int, closing: bool) -> str:
        """The host's next sentence."""
        section = part if part in self._speech else "pitch"
        if section == "pitch" and product is None:
            section = "interaction"
        if section == "pitch" and closing and draw() < 0.5:
            section = "close"
        text = _of(self._speech[section], draw)
        if product is not None:
            card = product.card
            text = text.replace("{name}", card.name).replace("{point}", _of(card.selling_points, draw))
            text = text.replace("{price}", f"{price // 100}块{f'{price % 100 // 10}' if price % 100 else ''}")
        return self.fill(text, draw, product)

    def fill(self, text: str, draw: Draw, product: Product | None) -> str:
        """``text`` with the shop's words in its places."""
        if "{" not in text:
            return text
        if product is None:
            product = self._products[int(draw() * len(self._products))]
        card = product.card
        if "{q}" in text:
            text = text.replace("{q}", _of(product.topics, draw))
        if "{p}" in text:
            words = [word for word in card.keywords if not word.endswith("号")]
            text = text.replace("{p}", _of(words, draw))
        if "{v}" in text:
            text = text.replace("{v}", _of(tuple(product.variants.values()), draw))
        if "{d}" in text:
            text = text.replace("{d}", str(2 + int(draw() * 7)))
        return text.replace("{n}", f"{card.number}号")


def _of(choices: Sequence[str], draw: Draw) -> str:
    return choices[int(draw() * len(choices))]
