"""When a word that was found is not what it seems: exemptions, facts, negation, quoting (compliance 3.2, 3.3)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from livecue.compliance.facts import NO_FACTS, Facts, settle
from livecue.compliance.hits import BLOCK, SILENT, WARN
from livecue.compliance.packs import Entry, Safe

_NOT = re.compile(
    r"(?:不能|不可以?|不得|不会|不要|不用|不具有|不具备|不具|(?<!是)不是|并非|不算|不敢说|不让|不许|不准|不代表|不等于"
    r"|不含|没有|没|无法|(?<!不得)(?<!不能)(?<!不可)(?<!没有)(?<!无)不|(?<![特级区分性个])别|勿|并不|绝不|从不"
    r"|避免|严禁|禁止|禁用|拒绝|谢绝|杜绝|不属于|不存在)"
    r"(?:直接|随意|再|去|做|搞|接受|支持|相信|轻信|听信|参与|进行|碰)?"
    r"(?:用于|用来|用作|代替|替代|取代|当作|当成|当|作为|宣传|宣称|承诺|保证|使用|写|说是|说成|说|讲|叫|是|有|它是|任何|所谓的?)?"
    r"(?:任何)?[的地]?[“\"'「『]?$"
)
_NOT_BY = re.compile("[不没无别勿并避严禁拒谢杜]")
"""One of them stands in every negation: asked first, for it costs a tenth."""
REACH = 24
"""So many characters before a hit count as its context."""
_YET = re.compile(r"[^。!！?？]{0,8}(?:吗|么|嘛|[,，]?(?:我|就|都|包|全额)?(?:不卖|赔|退|倒贴))")
"""What turns a negation into a claim: 不是最好的吗, 不是最低价我赔."""
_QUOTED = re.compile(
    "广告法|违禁词|违规词|敏感词|极限词|禁用词|不让说|不能说|不许说|不准说|不得使用|禁止使用|不得含有|不能用"
)
_OPEN, _CLOSE = "“\"'「『‘《", "”\"'」』’》"


class Reason(NamedTuple):
    """A safe context told by regular expressions, ready for use: all that it names must hold."""

    code: str
    to: str
    categories: tuple[str, ...]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None


def reasons_of(entry: Entry, pack: Iterable[Safe]) -> tuple[Reason, ...]:
    """The regular contexts of an entry, its own before its pack's; phrases (``texts``) are matched with the entries."""
    safes = [*entry.safe, *(safe for safe in pack if not safe.entries or entry.id in safe.entries)]
    return tuple(
        Reason(
            code=safe.code,
            to=safe.to,
            categories=safe.categories,
            before=re.compile(f"(?:{safe.before})$") if safe.before else None,
            after=re.compile(safe.after) if safe.after else None,
            anywhere=re.compile(safe.anywhere) if safe.anywhere else None,
        )
        for safe in safes
        if safe.before or safe.after or safe.anywhere
    )


def weigh(
    entry: Entry,
    reasons: Iterable[Reason],
    covering: Iterable[Safe],
    text: str,
    start: int,
    end: int,
    facts: Facts,
    category: str,
) -> tuple[str, str]:
    """The severity of the hit ``text[start:end]`` in its context and the code of what changed it ("": nothing did).

    ``text`` is folded, ``reasons`` are those of the category, ``covering`` the safe contexts whose phrase covers the
    hit.
    """
    told: tuple[str, str] | None = None
    if facts is not NO_FACTS:
        # Where nothing is known (and told by the same nothing) no fact is met or contradicted.
        for fact in entry.unless:
            answer = settle(fact, facts, text[start:end], text[end:])
            if answer == "met":
                return entry.proved, f"fact:{fact}"
            if answer == "contradicted":
                if entry.only != "contradicted":
                    return BLOCK, f"contradicted:{fact}"
                # The words alone are harmless: a context in which they mean something else goes before the figure.
                told = (WARN, f"contradicted:{fact}")
                break
    for safe in covering:
        if (not safe.categories or category in safe.categories) and (not safe.entries or entry.id in safe.entries):
            return safe.to, safe.code
    before = text[start - REACH if start > REACH else 0 : start]
    for code, to, _, ahead, after, anywhere in reasons:
        if (
            (ahead is None or ahead.search(before))
            and (after is None or after.match(text, end))
            and (anywhere is None or anywhere.search(text))
        ):
            return to, code
    if told is not None:
        return told
    if entry.negatable and _NOT_BY.search(before) and _NOT.search(before) and not _YET.match(text, end):
        return SILENT, "negated"
    if start and end < len(text) and text[start - 1] in _OPEN and text[end] in _CLOSE and _QUOTED.search(text):
        return SILENT, "quoted"
    return BLOCK if entry.severity == BLOCK else WARN, ""
