"""What an article is called in English: entries cite laws by their Chinese names, screens in English show these."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from livecue.compliance.draws import draw_bases
from livecue.compliance.ledger import SPAM_BASIS
from livecue.compliance.packs import load_packs
from livecue.compliance.papers import paper_bases
from livecue.compliance.review import label_bases

_PART = re.compile(r"(\S+?)(?: ((?:、?第[一二三四五六七八九十百零]+条(?:\([一二三四五六七八九十]+\))?)+))?")
_NUMBER = re.compile(r"第([一二三四五六七八九十百零]+)条(?:\(([一二三四五六七八九十]+)\))?")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_TENS = {"十": 10, "百": 100}


@cache
def _names() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads(
        (files("livecue.compliance") / "data" / "laws.toml").read_text("utf-8")
    )
    return found


def citation(basis: str) -> str:
    """A basis in English: "广告法 第九条(三)；商标法 第十四条" is "Advertising Law, Art. 9(3); Trademark Law, Art. 14".

    Raises ``LookupError`` for a law or rule that ``laws.toml`` does not name.
    """
    return "; ".join(map(_cited, basis_parts(basis)))


def basis_parts(basis: str) -> list[str]:
    """Each law or rule that a basis names, with its articles."""
    return [part.strip() for part in basis.split("；")]


@cache
def citations() -> dict[str, str]:
    """Every part of a basis that this version can give, and what it is in English."""
    entries = [entry.basis for pack in load_packs() for entry in pack.entries]
    duties = [duty.basis for pack in load_packs() for duty in pack.duties]
    bases = {*entries, *duties, *paper_bases(), *label_bases(), *draw_bases(), SPAM_BASIS}
    return {part: _cited(part) for part in sorted({part for basis in bases for part in basis_parts(basis)})}


def _cited(part: str) -> str:
    laws, rules = _names()["laws"], _names()["rules"]
    if part in rules:
        return rules[part]
    found = _PART.fullmatch(part)
    if found is None or found[1] not in laws:
        raise LookupError(f"laws.toml has no English name for {part}")
    if not found[2]:
        return laws[found[1]]
    numbers = [
        f"{_value(article)}({_value(item)})" if item else f"{_value(article)}"
        for article, item in _NUMBER.findall(found[2])
    ]
    return f"{laws[found[1]]}, {'Art.' if len(numbers) == 1 else 'Arts.'} {', '.join(numbers)}"


def _value(signs: str) -> int:
    """A number below a thousand as laws write it: 三十四 is 34, 一百零八 is 108."""
    whole, digit = 0, 0
    for sign in signs:
        if sign in _TENS:
            whole, digit = whole + max(digit, 1) * _TENS[sign], 0
        else:
            digit = _DIGITS[sign]
    return whole + digit
