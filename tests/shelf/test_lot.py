"""A draw can be recomputed by anybody, and every change of seed, entrants or winners is found."""

import hashlib

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from livecue.shelf import METHOD, Proof, code_of, commitment_of, digest_of, faults_of, takes_part, winners_of

CODES = st.lists(st.text("0123456789abcdef", min_size=20, max_size=20), max_size=40)
SEED = "5" * 64


def proof(codes: list[str], prizes: int = 3, seed: str = SEED) -> Proof:
    known = tuple(sorted(set(codes)))
    return Proof(
        method=METHOD, draw="d", rules={"prizes": prizes}, commitment=commitment_of("d", seed), opened_at=1,
        closed_at=2, seed=seed, digest=digest_of(known), codes=known, winners=winners_of("d", seed, known, prizes),
    )  # fmt: skip


@given(CODES, st.integers(1, 50), st.randoms())
def test_in_whatever_order_and_however_often_they_came_the_winners_are_the_same(codes, prizes, luck) -> None:  # type: ignore[no-untyped-def]
    again = codes * 2
    luck.shuffle(again)
    first = winners_of("d", SEED, codes, prizes)
    assert winners_of("d", SEED, again, prizes) == first
    assert len(first) == len(set(first)) == min(prizes, len(set(codes)))
    assert set(first) <= set(codes)
    assert faults_of(proof(codes, prizes)) == []


@given(CODES.filter(lambda codes: len(set(codes)) > 1))
def test_whatever_is_changed_afterwards_is_found(codes: list[str]) -> None:
    held = proof(codes, 1)
    other_seed = msgspec.structs.replace(held, seed="6" * 64)
    assert "commitment" in faults_of(other_seed)
    fewer = msgspec.structs.replace(held, codes=held.codes[1:])
    assert "digest" in faults_of(fewer)
    twice = msgspec.structs.replace(held, codes=(*held.codes, held.codes[0]))
    assert "digest" in faults_of(twice)
    loser = next(code for code in held.codes if code not in held.winners)
    assert faults_of(msgspec.structs.replace(held, winners=(loser,))) == ["winners"]
    assert faults_of(msgspec.structs.replace(held, method="other")) == ["method"]
    assert faults_of(msgspec.structs.replace(held, rules={})) == ["rules"]


def test_the_description_in_the_docs_computes_the_same() -> None:
    """Without any of our functions, as the page of the console says."""

    def sha(*parts: str) -> str:
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    codes = sorted({code_of("salt", f"viewer {n}") for n in range(100)})
    digest = sha("livecue-draw-1", *codes)
    ranked = sorted(codes, key=lambda code: (sha("livecue-draw-1", "d", SEED, digest, code), code))
    assert winners_of("d", SEED, codes, 5) == tuple(ranked[:5])
    assert digest_of(codes) == digest
    assert commitment_of("d", SEED) == sha("livecue-draw-1", "d", SEED)


def test_everybody_has_the_same_chance() -> None:
    codes = [code_of("salt", f"v{n}") for n in range(10)]
    won = dict.fromkeys(codes, 0)
    for n in range(3_000):
        for code in winners_of("d", f"{n:064x}", codes, 1):
            won[code] += 1
    # Chi-square with 9 degrees of freedom; the seeds are fixed, so this is no gamble.
    assert sum((count - 300) ** 2 / 300 for count in won.values()) < 27.9


def test_a_code_tells_nothing_without_its_key() -> None:
    assert code_of("a", "v1") != code_of("b", "v1")
    assert code_of("a", "v1") == code_of("a", "v1") and len(code_of("a", "v1")) == 20


def test_only_the_word_itself_takes_part() -> None:
    assert takes_part(" 抽 一份！", "抽一份")
    assert takes_part("ＡＢＣ", "abc")
    assert not takes_part("10号链接", "1")
    assert not takes_part("我要抽一份锅巴", "抽一份")
    assert not takes_part("！！", "！")
