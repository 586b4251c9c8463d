"""``kill -9`` while the desk answers by itself: 0 doubled, counted at the platform; the uncertain is a person's.

The platform here cannot say afterwards whether a message arrived, as most cannot: a crash between sending and its
confirmation leaves an answer of which nobody knows.
"""

import random
from pathlib import Path
from typing import Any

import pytest

from tests.flows.killing import ALONE
from tests.flows.test_kills import runs

POINTS = ("sending", "after_vendor", "before_done", "after_done", "before_commit", "after_commit", "before_answer")
_luck = random.Random(20_261_130)
ALL = [f"{point}:{_luck.randrange(2, 20)}" for point in POINTS for _ in range(8)]
QUICK = ["sending:3", "after_vendor:5"]
"""What `make test` has time for: one before the call, one after the platform has it."""


def check(straight: dict[str, Any], killed: list[dict[str, Any]]) -> int:
    """Nobody is answered twice and nobody is forgotten; gives how many answers were uncertain in all."""
    wrote = straight["alone"]["wrote"]
    assert len(wrote) > 30 and len(straight["alone"]["sent"]) == len(wrote) and straight["alone"]["uncertain"] == 0
    uncertain = 0
    for one in killed:
        found, kill = one["alone"], one["kill"]
        assert one["kills"] == 1, kill
        assert sorted(found["wrote"]) == sorted(wrote), f"{kill}: a message was lost or taken twice"
        to = [conversation for conversation, _ in found["sent"]]
        assert len(to) == len(set(to)), f"{kill}: the platform shows an answer twice"
        stands = {conversation: state for conversation, state, _ in found["answers"]}
        assert len(stands) == len(found["answers"]) == len(wrote), f"{kill}: the desk wrote an answer twice or not"
        doubtful = [row for row in found["answers"] if row[1] != "sent"]
        for conversation, state, theirs in doubtful:
            assert state == "uncertain", (kill, state)
            assert theirs, f"{kill}: {conversation} is uncertain, and no person has it"
        assert found["uncertain"] >= len(doubtful)
        assert set(wrote) - set(to) <= {row[0] for row in doubtful}, f"{kill}: called sent, and the platform has it not"
        uncertain += len(doubtful)
    return uncertain


def test_an_answer_in_mid_air_is_never_sent_twice(tmp_path: Path) -> None:
    straight, *killed = runs(tmp_path / "kills", QUICK, ALONE)
    assert check(straight, killed) >= 1, "no kill hit an answer between sending and confirmation"


@pytest.mark.faults
def test_fifty_kills_send_no_answer_twice(tmp_path: Path) -> None:
    straight, *killed = runs(tmp_path / "kills", ALL, ALONE)
    assert len(killed) >= 50
    assert check(straight, killed) >= 1, "no kill hit an answer between sending and confirmation"
