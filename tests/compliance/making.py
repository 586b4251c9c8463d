"""Makes the held-out lines of the published test set: ``python -m tests.compliance.making`` writes them anew.

Words are those of the reference (3.1, 3.3), not of the packs; the sentences around them were written for this file and
no rule was ever tuned on them. Deterministic.
"""

import tomllib
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent / "corpus"
_WORDS: dict[str, Any] = tomllib.loads((CORPUS / "held.toml").read_text("utf-8"))
BLOCK = [(row["class"], row["category"], row["words"]) for row in _WORDS["block"]]
CLEAN = [(row["category"], phrase) for row in _WORDS["clean"] for phrase in row["words"].split()]
_TRADITIONAL = str.maketrans(*_WORDS["traditional"])
CARRIERS = (
    "刚进来的姐妹看屏幕左下角，{}这一点我们详情页也写着",
    "昨天有个老客户问我这款怎么样，我跟她讲就是{}",
    "助理把样品拿近一点，大家看，{}，不用我多说",
    "第三个环节讲这个：{}，喜欢的点一下购物车",
    "厂里师傅做了二十年，他说它{}，我信他",
    "客服已经把链接挂好了，主打的就是{}，今晚十点前都在",
)
"""Six frames; each word takes five of them in turn."""
CLEAN_CARRIERS = (
    "大家注意一下，{}，其他的等会儿再讲",
    "有人在评论区问，我回答一下：{}",
    "详情页往下翻，{}，写得很清楚",
)


def _star(word: str) -> str:
    return "*".join(word)


def _dots(word: str) -> str:
    return ".".join(word)


def _zero_width(word: str) -> str:
    return "\\u200b".join(word)


def _waves(word: str) -> str:
    return word[0] + "~~~" + word[1:]


def _framed(word: str) -> str:
    return f"【{word[0]}】{word[1:]}"


def _traditional(word: str) -> str:
    return word.translate(_TRADITIONAL)


def _repeated(word: str) -> str:
    return word[0] * 3 + word[1:]


DISGUISES = (_star, _dots, _zero_width, _waves, _framed, _traditional, _repeated)


def block() -> Iterator[str]:
    """label, category, text: what must be blocked."""
    frames = cycle(CARRIERS)
    for label, category, words in BLOCK:
        for word in words.split():
            for frame in islice(frames, 5):
                yield f"{label}\t{category}\t{frame.format(word)}"


def disguised() -> Iterator[str]:
    """The same words around a filter, four ways each in turn."""
    frames, ways = cycle(CARRIERS[1:]), cycle(DISGUISES)
    for label, category, words in BLOCK:
        for word in words.split():
            for way in islice(ways, 4):
                changed = way(word)
                if changed != word:
                    yield f"{label}\t{category}\t{next(frames).format(changed)}"


def clean() -> Iterator[str]:
    """category, text: what must stay silent."""
    for category, phrase in CLEAN:
        for frame in CLEAN_CARRIERS:
            yield f"{category}\t{frame.format(phrase)}"


FILES = {"held_block.tsv": block, "held_disguised.tsv": disguised, "held_clean.tsv": clean}

if __name__ == "__main__":
    for name, make in FILES.items():
        (CORPUS / name).write_text("".join(f"{line}\n" for line in make()), "utf-8")
