"""The articles that entries rest on, in the words of the law where the text ships with the program."""

import re
from functools import cache
from importlib.resources import files

_FILES = {"广告法": "advertising.md", "消费者权益保护法": "consumers.md", "电子商务法": "e_commerce.md"}
_BASIS = re.compile(r"^(\S+) (第[一二三四五六七八九十百]+条)(?:\(([一二三四五六七八九十]+)\))?$")
_ARTICLE = re.compile(r"^(第[一二三四五六七八九十百]+条)　?\s*", re.MULTILINE)


@cache
def _articles(law: str) -> dict[str, str]:
    text = (files("livecue.compliance") / "law" / _FILES[law]).read_text("utf-8")
    text = re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
    parts = _ARTICLE.split(text)
    return {number: body.strip() for number, body in zip(parts[1::2], parts[2::2], strict=True)}


def law_text(basis: str) -> str | None:
    """The article, or its item, that a basis such as "广告法 第九条(三)" names; None when its text does not ship.

    Raises ``LookupError`` when the law ships but has no such article or item.
    """
    found = _BASIS.match(basis.split("；")[0].strip())
    if found is None or found.group(1) not in _FILES:
        return None
    law, number, item = found.groups()
    article = _articles(law).get(number)
    if article is None:
        raise LookupError(f"{law} has no {number}")
    if item is None:
        return article
    for line in article.splitlines():
        if line.startswith(f"（{item}）"):
            return line.strip()
    raise LookupError(f"{law} {number} has no item {item}")
