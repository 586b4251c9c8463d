"""潜力款: what viewers ask for and the show does not offer (R046), from their comments of the last days."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from livecue.events import ProductSaved
from livecue.planning.selection.presets import PRESETS

_ASKS = (
    re.compile(
        r"(?:还?有没有|有无|能不能上|可以上|什么时候上|啥时候上|想要|想买|求上?)(?P<what>[^,，。!！?？~～\s]{2,12})"
    ),
    re.compile(
        r"(?P<what>[^,，。!！?？~～\s]{2,12}?)(?:还有吗|有吗|有没有|什么时候上|啥时候上|怎么没有|能上吗|上一下)"
    ),
    re.compile(r"(?:do you (?:have|sell)|any|when will you have)\s+(?P<what>[a-z][a-z \-]{2,30})", re.I),
)
_TAILS = re.compile(r"(?:的|吗|呢|啊|吧|呀|了|链接|这个|那个|please|\?)+$", re.I)
_HEADS = re.compile(r"^(?:主播|老板|姐姐|宝宝|家人们?|请问|你们|咱们?|这款|那款|这个|那个|一下|any|the|a)+\s*", re.I)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Something asked for: by how many comments, which products of the catalogue it may be ("" none: to be found)."""

    what: str
    count: int
    last_at: int
    product: str = ""
    name: str = ""


def wanted(
    comments: Iterable[tuple[str, int]], products: Sequence[ProductSaved], shown: Iterable[str]
) -> tuple[Wanted, ...]:
    """Most asked first. ``comments`` (text, when); ``shown``: products that are offered already."""
    offered = set(shown)
    words = [
        (word.lower(), product)
        for product in products
        for word in {product.card.name, *product.card.keywords}
        if len(word) > 1
    ]
    words.sort(key=lambda pair: -len(pair[0]))
    counts: dict[tuple[str, str], list[int]] = {}
    names = {product.card.product: product.card.name for product in products}
    for text, when in comments:
        what = _asked(text)
        if not what:
            continue
        match = next((product for word, product in words if word in what or word in text.lower()), None)
        product = match.card.product if match else ""
        if product in offered:
            continue
        kept = counts.setdefault((product, "" if product else what), [0, 0])
        kept[0] += 1
        kept[1] = max(kept[1], when)
    found = [
        Wanted(what=what or names[product], count=count, last_at=last, product=product, name=names.get(product, ""))
        for (product, what), (count, last) in counts.items()
    ]
    return tuple(sorted(found, key=lambda row: (-row.count, -row.last_at, row.what))[: PRESETS.asked.most])


def _asked(text: str) -> str:
    for pattern in _ASKS:
        found = pattern.search(text)
        if found:
            what = _TAILS.sub("", _HEADS.sub("", found["what"].strip())).strip().lower()
            if len(what) > 1:
                return what
    return ""
