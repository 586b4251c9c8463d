"""A person is taken out of columns of JSON and of words; nothing else changes, however short their id is."""

import json
import random
from typing import Any

import pytest

from livecue.store.retention.scrub import Person

MASK = "erased-x"
WORD = "我想退这一单"


def person(viewer: str) -> Person:
    return Person(viewer, MASK, set(), {WORD, "paid"}, set(), {"小明", "00", "feed"})


def made(chance: random.Random, viewer: str, deep: int = 0) -> tuple[Any, Any]:
    """A value as a column may hold it, and the same without the person."""
    about = str(chance.randrange(1, 100_000))
    kind = chance.randrange(14 if deep < 3 else 11)
    if kind < 4:
        price = chance.choice([int(viewer), int(f"{viewer}99"), int(f"9{viewer}"), chance.randrange(10**6)])
        number = chance.choice([price, price / 100, -price, price * 10**10])
        return number, number
    same = [
        f"{viewer}99", f"sku-{viewer}", f"{viewer}-000{about}", f"¥{viewer}", f"{viewer}.50 元", f"满{about}{viewer}减",
        f"{viewer}:30", f"20:{viewer}", f"2026-11-{viewer}", f"折扣 {viewer}%", "paid", "feed", "p00", "有现货吗",
    ]  # fmt: skip
    other = [
        (viewer, MASK), (f"room:{viewer}", f"room:{MASK}"), (f"v/{viewer}/1", f"v/{MASK}/1"), (WORD, ""),
        (f"答复 {viewer}：已退", f"答复 {MASK}：已退"), (f"有人问“{WORD}”", "有人问“”"), ("小明 问的", " 问的"),
    ]  # fmt: skip
    if kind < 8:
        text = chance.choice(same)
        return text, text
    if kind < 11:
        return chance.choice(other)
    if kind < 12:
        key, told = chance.choice(["viewer", "buyer"]), chance.choice([int(viewer), int(f"{viewer}1")])
        return {key: told, "price": told}, {key: MASK if told == int(viewer) else told, "price": told}
    items = [made(chance, viewer, deep + 1) for _ in range(chance.randrange(5))]
    if kind == 12:
        return [a for a, _ in items], [b for _, b in items]
    keys = [chance.choice([(f"k{n}", f"k{n}"), (f"k{n}:{viewer}", f"k{n}:{MASK}")]) for n in range(len(items))]
    return (
        {a: old for (a, _), (old, _) in zip(keys, items, strict=True)},
        {b: new for (_, b), (_, new) in zip(keys, items, strict=True)},
    )


@pytest.mark.parametrize("viewer", ["12", "129", "1299", "24601"])
def test_only_what_is_the_persons_changes_in_a_column_of_json(viewer: str) -> None:
    chance = random.Random(viewer)
    whom = person(viewer)
    changed = 0
    for _ in range(3000):
        old, new = made(chance, viewer)
        column = json.dumps(old, ensure_ascii=False)
        done = whom.scrub_json(column)
        assert json.loads(done) == new, column
        assert done == column or old != new, column
        changed += old != new
    assert changed > 500


@pytest.mark.parametrize(
    ("viewer", "note", "left"),
    [
        ("129", "129 说太慢，赔了 12.90 元，129件 13:129", f"{MASK} 说太慢，赔了 12.90 元，{MASK}件 13:129"),
        ("u-1", "问过 u-1、u-1-2 和 u-12", f"问过 {MASK}、u-1-2 和 u-12"),
        ("129", '"我想退这一单" - 小明', '"" - '),
        ("129", "{", "{"),
    ],
)
def test_a_note_keeps_what_is_nobodys(viewer: str, note: str, left: str) -> None:
    assert person(viewer).scrub_text(note) == left


@pytest.mark.parametrize("column", ["", "{", "12 99"])
def test_what_is_no_json_stays_as_it_is(column: str) -> None:
    assert person("12").scrub_json(column) == column


def test_a_comment_of_one_plain_word_takes_no_state_with_it() -> None:
    body = {"state": "paid", "order": ["paid", "feed", 1299], "text": "paid"}
    assert person("12").scrub(body) == body | {"text": "paid"}
    assert json.loads(person("12").scrub_json(json.dumps(body))) == body | {"text": ""}
