"""Spam accounts are told from excited crowds: measured on a test set, and case by case."""

import time

import pytest

from livecue.desk.moderation import Said, look, shape_of
from tests.desk.moderation.crowds import DEV, KINDS, PRESET, TEST, minutes

ROUNDS = 12


def said(*lines: tuple[str, str], label: str = "chat", every_ms: int = 500) -> list[Said]:
    from livecue.desk.moderation import has_contact

    return [
        Said(f"c{n}", user, shape_of(text), has_contact(shape_of(text), PRESET), n * every_ms, text, label)
        for n, (user, text) in enumerate(lines)
    ]


def measure(words: object, seed: int) -> tuple[float, float, dict[str, tuple[int, int, int]]]:
    """Precision and recall over accounts; by kind: right, wrong, missed."""
    by_kind = {kind.__name__: [0, 0, 0] for kind in KINDS}
    for minute in minutes(words, seed, ROUNDS):
        found = {item.user for item in look(minute.said, minute.called, PRESET).spammers}
        counts = by_kind[minute.name.rstrip("0123456789")]
        counts[0] += len(found & minute.spam)
        counts[1] += len(found - minute.spam)
        counts[2] += len(minute.spam - found)
    right, wrong, missed = (sum(row[place] for row in by_kind.values()) for place in range(3))
    return right / (right + wrong), right / (right + missed), {k: (v[0], v[1], v[2]) for k, v in by_kind.items()}


@pytest.mark.parametrize(("words", "seed"), [(DEV, 11), (TEST, 29)], ids=["dev", "test"])
def test_accounts_are_told_apart(words: object, seed: int) -> None:
    precision, recall, by_kind = measure(words, seed)
    print(f"precision {precision:.3f}, recall {recall:.3f}, (right, wrong, missed) {by_kind}")
    assert precision >= 0.98 and recall >= 0.95
    for kind in ("cheers", "draw", "question", "complaint", "slogan", "quiet"):
        honest = sum(
            len({one.user for one in minute.said}) for minute in minutes(words, seed, ROUNDS) if kind in minute.name
        )
        assert by_kind[kind][1] / honest <= 0.005, f"{kind}: honest people called spam"


def test_an_excited_crowd_is_named_and_nobody_in_it_is_accused() -> None:
    found = look(said(*((f"u{n % 20}", "666666") for n in range(40))), (), PRESET)
    assert found.spammers == () and [(one.people, one.count) for one in found.choruses] == [(20, 40)]


def test_the_word_of_a_draw_may_be_said_as_often_as_one_likes() -> None:
    lines = [("u", "福气满满锅巴来一份")] * 12
    assert look(said(*lines), ("福气满满锅巴来一份",), PRESET).spammers == ()
    assert [one.user for one in look(said(*lines), (), PRESET).spammers] == ["u"]


def test_who_asks_again_is_no_spammer_where_an_advert_would_be() -> None:
    assert look(said(*[("u", "什么时候上白色那件裙子")] * 6, label="question"), (), PRESET).spammers == ()
    assert [one.how for one in look(said(*[("u", "我这边也在播东西更便宜")] * 6), (), PRESET).spammers] == ["repeated"]


@pytest.mark.parametrize("trick", ["加　Ｖ　abc领券", "加\u200bv abc 领券", "加v…abc…领券!!", "加VVVV abc领券券券"])
def test_signs_between_do_not_hide_a_text(trick: str) -> None:
    assert shape_of(trick).replace("vv", "v") == "加vabc领券"


def test_masked_viewers_are_nobody_and_a_crowd_of_them_is_of_unknown_size() -> None:
    found = look(said(*[("", "什么时候发货呀亲")] * 30), (), PRESET)
    assert found.spammers == () and [one.people for one in found.choruses] == [-1]


def test_three_thousand_comments_are_looked_at_in_time() -> None:
    busy = [one for minute in minutes(TEST, 3, 6) for one in minute.said][:3000]
    started = time.perf_counter()
    look(busy, (), PRESET)
    assert time.perf_counter() - started < 2.0
