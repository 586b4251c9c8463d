"""When a word that was found is not what it seems: exemptions, facts, negation, quoting (compliance 3.2, 3.3)."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from livecue.compliance.facts import Facts, settle
from livecue.compliance.hits import BLOCK, SILENT, WARN
from livecue.compliance.packs import Entry, Safe

_NOT = re.compile(
    r"(?:不能|不可以?|不得|不会|不要|不用|不具有|不具备|不具|(?<!是)不是|并非|不算|不敢说|不让|不许|不准|不代表|不等于"
    r"|不含|没有|没|无法|(?<!不得)(?<!不能)(?<!不可)(?<!没有)(?<!无)不|(?<![特级区分性个])别|勿|并不|绝不|从不"
    r"|避免|严禁|禁止|禁用|拒绝|谢绝|杜绝|不属于|不存在)"
    r"(?:直接|随意|再|去|做|搞|接受|支持)?"
    r"(?:用于|用来|用作|代替|替代|取代|当作|当成|当|作为|宣传|宣称|承诺|保证|使用|写|说是|说成|说|讲|叫|是|有|它是|任何|所谓的?)?"
    r"(?:任何)?[的地]?[“\"'「『]?$"
)
REACH = 24
"""So many characters before a hit count as its context."""
_YET = re.compile(r"^[^。!！?？]{0,8}(?:吗|么|嘛|[,，]?(?:我|就|都|包|全额)?(?:不卖|赔|退|倒贴))")
"""What turns a negation into a claim: 不是最好的吗, 不是最低价我赔."""
_QUOTED = re.compile(
    "广告法|违禁词|违规词|敏感词|极限词|禁用词|不让说|不能说|不许说|不准说|不得使用|禁止使用|不得含有|不能用"
)
_OPEN, _CLOSE = "“\"'「『‘《", "”\"'」』’》"
_COMPILED = cache(re.compile)


class Place(NamedTuple):
    """Where a hit stands: the folded text, the span in it, the hit's own words."""

    text: str
    start: int
    end: int


def weigh(
    entry: Entry, place: Place, facts: Facts, category: str, covering: Iterable[Safe], pack_safe: Iterable[Safe]
) -> tuple[str, str]:
    """The severity of a hit in its context and the code of what changed it ("" when nothing did).

    ``covering`` are the safe contexts whose phrase covers the hit.
    """
    own = BLOCK if entry.severity == BLOCK else WARN
    word, rest = place.text[place.start : place.end], place.text[place.end :]
    for fact in entry.unless:
        answer = settle(fact, facts, word, rest)
        if answer == "met":
            return entry.proved, f"fact:{fact}"
        if answer == "contradicted":
            return BLOCK, f"contradicted:{fact}"
    for safe in covering:
        if _concerns(safe, entry, category):
            return safe.to, safe.code
    for safe in (*entry.safe, *pack_safe):
        if _concerns(safe, entry, category) and _holds(safe, place):
            return safe.to, safe.code
    if entry.negatable:
        before = place.text[max(0, place.start - REACH) : place.start]
        if _NOT.search(before) and not _YET.match(rest):
            return SILENT, "negated"
    if _is_quoted(place):
        return SILENT, "quoted"
    return own, ""


def _concerns(safe: Safe, entry: Entry, category: str) -> bool:
    return (not safe.categories or category in safe.categories) and (not safe.entries or entry.id in safe.entries)


def _holds(safe: Safe, place: Place) -> bool:
    """Whether every condition the context names is there; phrases (``texts``) were matched with the entries."""
    if not (safe.before or safe.after or safe.anywhere):
        return False
    if safe.before and not _COMPILED(f"(?:{safe.before})$").search(
        place.text[max(0, place.start - REACH) : place.start]
    ):
        return False
    if safe.after and not _COMPILED(safe.after).match(place.text, place.end):
        return False
    return not safe.anywhere or _COMPILED(safe.anywhere).search(place.text) is not None


def _is_quoted(place: Place) -> bool:
    if place.start == 0 or place.end >= len(place.text):
        return False
    if place.text[place.start - 1] not in _OPEN or place.text[place.end] not in _CLOSE:
        return False
    return _QUOTED.search(place.text) is not None
