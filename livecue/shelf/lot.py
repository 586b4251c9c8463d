"""A draw that anybody can recompute. Pure, and nothing but SHA-256.

Before the draw opens the seed is drawn and its commitment published. When it closes the codes of who took part are
sorted and hashed; then the seed is revealed, and the winners are those with the lowest scores. Nobody can choose the
seed after seeing the entrants, nor the entrants after seeing the seed, without one of the two hashes telling it.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable

import msgspec

METHOD = "livecue-draw-1"
"""Names the functions below; a change of them is a new name."""
_CODE = 20


def commitment_of(draw: str, seed: str) -> str:
    """What is published of the seed (64 hex digits) before the draw opens."""
    return _sha(METHOD, draw, seed)


def code_of(salt: str, user: str) -> str:
    """By which a viewer stands in the proof: keyed, so that nobody without the key finds the viewer by trying ids."""
    return hmac.new(salt.encode(), user.encode(), hashlib.sha256).hexdigest()[:_CODE]


def digest_of(codes: Iterable[str]) -> str:
    """What freezes the entrants, in whatever order they came."""
    return _sha(METHOD, *sorted(set(codes)))


def winners_of(draw: str, seed: str, codes: Iterable[str], prizes: int) -> tuple[str, ...]:
    """The ``prizes`` entrants with the lowest scores, the lowest first; a code never wins twice."""
    entrants = sorted(set(codes))
    digest = digest_of(entrants)
    return tuple(sorted(entrants, key=lambda code: (_sha(METHOD, draw, seed, digest, code), code))[: max(0, prizes)])


def _sha(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def takes_part(text: str, word: str) -> bool:
    """Whether a comment is the word and nothing else; width, case, spaces and punctuation do not matter."""
    wanted = plain(word)
    return bool(wanted) and plain(text) == wanted


def plain(text: str) -> str:
    """A comment without what does not matter in it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] not in "ZPC")


def masked(name: str) -> str:
    """The first sign of a viewer's name: enough to call a winner, not enough to know one."""
    return f"{name[:1]}**" if name else ""


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """Everything needed to recompute a draw, without anything about a person."""

    method: str
    draw: str
    rules: dict[str, int | str]
    commitment: str
    opened_at: int
    closed_at: int
    seed: str
    digest: str
    codes: tuple[str, ...]
    winners: tuple[str, ...]


def faults_of(proof: Proof) -> list[str]:
    """What does not fit together; empty is proved. Codes: method, commitment, digest, winners, rules."""
    if proof.method != METHOD:
        return ["method"]
    faults = []
    if commitment_of(proof.draw, proof.seed) != proof.commitment:
        faults.append("commitment")
    if digest_of(proof.codes) != proof.digest or len(set(proof.codes)) != len(proof.codes):
        faults.append("digest")
    prizes = proof.rules.get("prizes", 0)
    if not isinstance(prizes, int) or prizes <= 0:
        faults.append("rules")
    elif winners_of(proof.draw, proof.seed, proof.codes, prizes) != tuple(proof.winners):
        faults.append("winners")
    return faults
