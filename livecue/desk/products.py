"""Which product a comment speaks of: by number (3号链接), by its names, else the one that is shown."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from livecue.events import ProductCard

_CHINESE = "零一二三四五六七八九十"
_NUMBER = re.compile(
    r"(?P<digits>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})\s*号\s*(?P<link>链接|品|款)?"
    r"(?!\s*(?:[色码楼门线店仓]|之?前|以前|发[货走吗不]|[能会可]?[以]?[到收]|生日|晚|早|开[播抢始]|[0-9]))"
    r"|链接\s*(?P<after>[0-9]{1,3})(?![0-9])"
    r"|(?<![0-9])(?P<before>[0-9]{1,3})\s*链接"
    r"|(?:^|\n)\s*(?P<bare>[0-9]{1,2})\s*(?:多少钱|怎么卖|还有吗|讲一下)"
)
_TAIL = re.compile(r"[一-鿿]{3,}$")
_MARKS = re.compile(r"[\s\d\W_a-zA-Z×·]+")


def _may_number(text: str) -> bool:
    """Whether it is worth looking for a number: most comments hold none, and the pattern is slow."""
    return "号" in text or "链接" in text or "\n" in text or text.lstrip()[:1].isdigit()


def _value(text: str) -> int:
    """3, "12", "三", "十二" or "二十三" as a number; 0 when it is none."""
    if text.isdigit():
        return int(text)
    text = text.replace("两", "二")
    tens, ten, ones = text.partition("十")
    if not ten:
        return _CHINESE.index(text) if len(text) == 1 else 0
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (_CHINESE.index(tens) if tens else 1) * 10 + (_CHINESE.index(ones) if ones else 0)


class Lineup:
    """The products of a show, ready to be found in comments. Immutable."""

    def __init__(self, products: Sequence[ProductCard], listed: Mapping[str, int] | None = None) -> None:
        """``listed`` maps products to their numbers in the cart now; without it the cards' own numbers count."""
        self.products = tuple(products)
        self.listed = dict(listed or {})
        self._by_number = {card.number: card.product for card in products if card.number}
        self._by_number.update({number: product for product, number in self.listed.items() if number})
        words: dict[str, set[str]] = {}
        for card in products:
            for word in (card.name, *card.keywords):
                folded = word.strip().lower()
                # "1号" among the keywords is a number: the cart may have renumbered it since.
                if len(folded) >= 2 and not _NUMBER.fullmatch(folded):
                    words.setdefault(folded, set()).add(card.product)
        for short, owners in _short_names(products).items():
            if len(owners) == 1:
                words.setdefault(short, set()).update(owners)
        self._words = words
        longest_first = sorted(words, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def find(self, texts: Sequence[str], pinned: str = "") -> list[str | None]:
        """The product each text names; None where it names none, "" where it leaves open which.

        ``pinned`` is what was shown when they were written: it decides between products of one word.
        """
        found: list[str | None] = [None] * len(texts)
        starts, at = [], 0
        for text in texts:
            starts.append(at)
            at += len(text) + 1
        joined = "\n".join(texts).lower()
        if len(joined) != max(at - 1, 0):
            # A few signs grow in lower case (İ): then look one by one.
            return [self._one(text.lower(), pinned) for text in texts]
        if self._by_number:
            for place, text in enumerate(texts):
                if _may_number(text):
                    for match in _NUMBER.finditer(text.lower()):
                        found[place] = found[place] or self._numbered(match)
        if self._pattern is not None:
            named: dict[int, list[str]] = {}
            for match in self._pattern.finditer(joined):
                named.setdefault(bisect_right(starts, match.start()) - 1, []).append(match.group())
            for place, words in named.items():
                if not found[place]:
                    found[place] = self._decide(words, pinned)
        return found

    def _one(self, text: str, pinned: str) -> str | None:
        found = None
        for match in _NUMBER.finditer(text):
            found = found or self._numbered(match)
        words = [match.group() for match in self._pattern.finditer(text)] if self._pattern else []
        return self._decide(words, pinned) if words and not found else found

    def _numbered(self, match: re.Match[str]) -> str | None:
        groups = match.groupdict()
        digits = groups["digits"] or groups["after"] or groups["before"] or groups["bare"]
        product = self._by_number.get(_value(digits))
        if product is None and not groups["bare"] and "链接" in match.group():
            return ""  # A link that is not in the cart is certainly not what is shown.
        return product

    def _decide(self, words: Sequence[str], pinned: str) -> str:
        """Of all named words the longest counts; of its owners the one that is shown, or the only one."""
        owners = self._words[max(words, key=len)]
        if len(owners) == 1:
            return next(iter(owners))
        return pinned if pinned in owners else ""


def _short_names(products: Sequence[ProductCard]) -> dict[str, set[str]]:
    """The last two signs of each Chinese part of a name (加厚羊毛大衣: 大衣), with the products that end so."""
    short: dict[str, set[str]] = {}
    for card in products:
        for part in _MARKS.split(card.name):
            if _TAIL.search(part):
                short.setdefault(part[-2:], set()).add(card.product)
    return short
