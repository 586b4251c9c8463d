"""What the figures say of public opinion: the level they point to, and why. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from livecue.desk.opinion.presets import OpinionPreset

SPAN_MS = 15_000


class Heard(msgspec.Struct, frozen=True, array_like=True):
    """A complaint: ``claim`` that quality, safety or price are not as said; ``injury`` the word that names harm."""

    comment: str
    user: str
    topic: str
    product: str
    when: int
    claim: bool
    injury: str = ""


class Signs(msgspec.Struct, frozen=True):
    """What they point to: ``level`` 0 is nothing. ``people`` -1 where viewers are masked; ``share`` -1 unknown."""

    level: int = 0
    topic: str = ""
    product: str = ""
    people: int = 0
    comments: int = 0
    share: float = -1.0
    why: tuple[str, ...] = ()
    """same, share or injury."""


def heard_of(
    comment: str, user: str, topic: str, product: str, text: str, when: int, label: str, preset: OpinionPreset
) -> Heard | None:
    """A comment as a sign, None when it is none. Words of harm count whatever the comment was judged to be."""
    injury = next((word for word in preset.injury_words if word in text), "")
    if label != "complaint" and not injury:
        return None
    claim = topic in preset.claim_topics or any(word in text for word in preset.claim_words)
    return Heard(comment, user, topic, product, when, claim, injury)


def may_harm(texts: Sequence[str], preset: OpinionPreset) -> bool:
    """False when none of them holds a word of harm: nearly always, and then nobody need look at each."""
    joined = "\n".join(texts)
    return any(word in joined for word in preset.injury_words)


def read(complaints: Sequence[Heard], counts: Mapping[int, int], now: int, preset: OpinionPreset) -> Signs:
    """The highest level that the last minutes point to."""
    claimed = _since(complaints, now - preset.claim_min * 60_000)
    spans = range((now - preset.claim_min * 60_000) // SPAN_MS + 1, now // SPAN_MS + 1)
    said = sum(counts.get(span, 0) for span in spans)
    injuries = [item for item in claimed if item.injury]
    claims = [item for item in claimed if item.claim]
    share = len(claims) / said if said >= preset.claim_sample else -1.0
    same = _largest(_since(complaints, now - preset.same_min * 60_000))
    why, level, of = [], 0, same
    if _heads(same) >= preset.same_people:
        level, why = 2, ["same"]
    if share >= preset.claim_share and _heads(claims) >= preset.claim_people:
        level, of = 3, claims
        why.append("share")
    if _heads(injuries) >= preset.injury_people:
        level, of = 4, injuries
        why.append("injury")
    if not level:
        return Signs(share=share)
    topic, product = _about(of)
    masked = any(not item.user for item in of)
    return Signs(level, topic, product, -1 if masked else _heads(of), len(of), share, tuple(why))


def _since(complaints: Sequence[Heard], since: int) -> list[Heard]:
    return [item for item in complaints if item.when > since]


def _heads(items: Sequence[Heard]) -> int:
    """People who said it; where viewers are masked each comment counts, and the screen says so."""
    return len({item.user or f"\x00{item.comment}" for item in items})


def _largest(items: Sequence[Heard]) -> list[Heard]:
    groups: dict[tuple[str, str], list[Heard]] = defaultdict(list)
    for item in items:
        if not item.injury or item.claim:
            groups[(item.topic, item.product)].append(item)
    return max(groups.values(), key=_heads, default=[])


def _about(items: Sequence[Heard]) -> tuple[str, str]:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for item in items:
        counts[(item.topic, item.product)] += 1
    return max(counts.items(), key=lambda pair: (pair[1], pair[0]))[0]
