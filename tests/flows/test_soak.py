"""A long show neither grows nor slows down (`make soak`; its length by LIVECUE_SOAK_S, an hour without)."""

import os

import pytest

from bench.soak import explained, judged, keep, plot, soak


@pytest.mark.soak
def test_a_long_show_stays_as_it_began() -> None:
    found = soak(float(os.environ.get("LIVECUE_SOAK_S", "3600")))
    keep(found | explained(found))
    assert found["wrong"] == []
    assert found["left_waiting"] == 0
    assert found["stopped"] == []


def note(at: int, memory: float, wait: float = 50.0, waiting: float = 0.0, own: float = 0.0) -> dict[str, float]:
    return {
        "s": at,
        "memory_mb": memory,
        "own_mb": own or memory,
        "waiting": waiting,
        "p50_ms": wait,
        "p99_ms": 2 * wait,
    }


def test_the_verdict_sees_what_grows() -> None:
    flat = [note(n * 10, 300.0 + n % 2) for n in range(16)]
    assert judged(flat)["wrong"] == []
    assert judged([note(n * 10, 300.0 + 10 * n) for n in range(16)])["wrong"][0].startswith("memory_mb")
    assert judged([note(n * 10, 300.0, 50.0 + 20 * n) for n in range(16)])["wrong"][0].startswith("p50_ms")
    assert judged([note(n * 10, 300.0, waiting=n * 5000) for n in range(16)])["wrong"] == [
        "events wait: more comes than is folded"
    ]
    # Mapped files that are let go hide nothing of what the program made itself.
    hidden = [note(n * 10, 300.0, own=100.0 + 2 * n) for n in range(16)]
    assert [line.split()[0] for line in judged(hidden)["wrong"]] == ["own_mb"]
    assert judged(flat[:3])["wrong"]
    assert plot(flat).count("<polyline") == 5
