"""Who gathers around whom is what comparing each with each says, however the work is shared out."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from livecue.desk.moderation.near import gather

NEAR = 0.6


def one_by_one(texts: list[str], most: int) -> dict[str, str]:
    """The rule as it is told: every text against every leader."""
    leaders: dict[str, set[str]] = {}
    found = {}
    for text in texts:
        plain = re.sub(r"\d{4,}", "0", text)
        pairs = {plain[at : at + 2] for at in range(len(plain) - 1)}
        near = [
            (len(pairs & theirs), leader)
            for leader, theirs in leaders.items()
            if pairs and len(pairs & theirs) / len(pairs | theirs) >= NEAR
        ]
        if near:
            # Of equals the first: max keeps it.
            found[text] = max(near, key=lambda one: one[0])[1]
        elif pairs and len(leaders) < most:
            leaders[text] = pairs
    return found


SIGNS = st.sampled_from("甲乙丙丁戊ab1\ud800😀")
BASE = st.text(SIGNS, min_size=1, max_size=12)
VARIANT = st.tuples(
    st.sampled_from(["这家卖的都是假货大家别买", "全场最低价点我头像看直播间", "甲乙甲乙甲乙甲乙"]),
    st.integers(0, 12),
    st.sampled_from(["", "啊", "12345", "98765", "真的"]),
).map(lambda one: one[0][: one[1]] + one[2] + one[0][one[1] :])
TEXTS = st.lists(BASE | VARIANT, max_size=40, unique=True)


@given(TEXTS, st.sampled_from([0, 1, 2, 5, 400]))
@example(["甲"], 400)
@example(["12345", "甲乙丙丁", "甲乙丙戊"], 1)
@settings(max_examples=300)
def test_gathered_at_once_as_one_by_one(texts: list[str], most: int) -> None:
    assert gather(texts, NEAR, most) == one_by_one(texts, most)


def test_more_texts_than_are_held_against_the_leaders_at_once() -> None:
    texts = [f"第{n % 7}号{n}这家卖的都是{'真假'[n % 2]}货大家别买{'啊' * (n % 3)}{n * 7919}" for n in range(1_300)]
    assert len(gather(texts, NEAR, 6)) > 500
    assert gather(texts, NEAR, 6) == one_by_one(texts, 6)
