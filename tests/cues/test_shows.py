"""Whole shows through the real ledgers: a quiet one in which every rule stays silent, and the demo."""

from collections import Counter
from collections.abc import Callable

import msgspec
import pytest

from livecue.cues import DETECTORS, PRESETS
from livecue.cues.scene import Calm, Scene, Signal, Suspended
from livecue.events import (
    ClockTicked,
    CommandRefused,
    CueDelivered,
    CueDismissed,
    CueDone,
    CueExpired,
    CueJudged,
    CueRaised,
    Event,
    SignalNoticed,
    decode_event,
)
from livecue.integrations.simulator import default_demo
from tests.cues import quiet
from tests.cues.live import Live
from tests.cues.stage import of_kind
from tests.folding import TestUnit


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Live, dict[str, Counter[str]]]:
    """The recording replayed, with what every rule found each 5 seconds."""
    unit = TestUnit(tmp_path_factory.mktemp("quiet") / "quiet.db")
    # One transaction for all: nothing here is about keeping it.
    unit.db.execute("BEGIN")
    unit.now = 0
    # Who decides a case of public opinion must hold the role for it.
    unit.write("INSERT INTO grants VALUES ('o','b','',?,'ops')", (quiet.DECIDED_BY,))
    live = Live(words=True, unit=unit)
    found: dict[str, Counter[str]] = {detector.rule: Counter() for detector in DETECTORS}
    now = quiet.START - 5_000
    live.fold([ClockTicked(now=now)])
    for line in quiet.FILE.read_bytes().splitlines()[1:-1]:
        step = msgspec.json.decode(line)
        while now + 5_000 <= step["t"]:
            now += 5_000
            live.fold([ClockTicked(now=now)])
            look(live, now, found)
        for event in step["events"]:
            live.fold([decode_event(msgspec.json.encode(event))])
        # What was said is at the desk with the next tick (M92), and that comes after a quarter of a second.
        live.fold([ClockTicked(now=now + 250)])
    return live, found


def look(live: Live, now: int, found: dict[str, Counter[str]]) -> None:
    scene = Scene(
        now=now, readings=live.pictures["metrics"], shows=live.pictures["shows"], sales=live.pictures["sales"],
        heard=live.state.kept.heard,
    )  # fmt: skip
    for detector in DETECTORS:
        near = NEAR.get(detector.rule)
        for item in detector.detect(scene, live.state.rules.of(detector.rule)):
            kind = {Signal: "signal", Suspended: "unknown"}.get(type(item), "calm")
            told = "thin" if isinstance(item, Calm) and item.why else kind
            found[detector.rule][told] += 1
            if told == "calm" and near is not None and near(scene):
                found[detector.rule]["decided"] += 1


def _left_of(scene: Scene, longer_than_s: int) -> float:
    segment = scene.segment()
    if segment is None or segment.planned_end - segment.planned_start <= longer_than_s * 1000:
        return float("inf")
    return scene.left_ms(segment) / 1000


NEAR: dict[str, Callable[[Scene], bool]] = {
    "R025": lambda scene: scene.pitched() == "p1" and _left_of(scene, 0) <= 60,
    "R031": lambda scene: scene.free_stock(scene.pitched()) is not None,
    "R033": lambda scene: quiet.DEAL in scene.shows.listed and scene.free_stock(quiet.DEAL) is not None,
    "R034": lambda scene: any(0 < offer.ends_at - scene.now < 900_000 for offer in scene.shows.offers),
    "R050": lambda scene: _left_of(scene, 180) <= 200,
    "R051": lambda scene: _left_of(scene, 120) <= 140,
    "R056": lambda scene: any(scene.now - item.when >= 10_000 for item in scene.heard.waiting),
    "R063": lambda scene: len({item.topic for item in scene.heard.complaints}) == 1 < len(scene.heard.complaints),
    "R064": lambda scene: any(case.level >= 3 for case in scene.heard.crises),
    "R065": lambda scene: 0 < scene.now - scene.heard.speech_at <= 10_000,
    "R066": lambda scene: any(scene.now - item.when < 60_000 for item in scene.heard.complaints),
    "R122": lambda scene: scene.now - max(scene.shows.last_draw_at, scene.shows.started_at) >= 840_000,
}
"""Rules that watch no rate: what must stand in the room for them to decide on, instead of finding nothing there."""


def test_the_recording_is_what_its_maker_makes() -> None:
    assert quiet.FILE.read_bytes() == b"".join(quiet.lines())


@pytest.mark.parametrize("rule", sorted(PRESETS))
def test_every_rule_stays_silent_where_nothing_is_wrong(
    rule: str, silent: tuple[Live, dict[str, Counter[str]]]
) -> None:
    live, found = silent
    assert not of_kind(live.announced, CueRaised, rule)
    assert not of_kind(live.announced, SignalNoticed, rule)
    assert not found[rule]["signal"]
    assert found[rule]["calm"] > 50, found[rule]
    if rule in NEAR:
        assert found[rule]["decided"], f"{rule} never had anything to decide on"


def test_a_rule_that_watches_no_rate_is_brought_to_the_point_of_deciding() -> None:
    stateful = {rule for rule, (preset, *_) in PRESETS.items() if "sample" not in preset.values} - {"R030"}
    # Every product with stock is looked at by R030 all the time; R025 needs the end of a pitch beside its sample.
    assert set(NEAR) == stateful | {"R025"}


def test_the_team_of_the_quiet_show_did_all_of_it(silent: tuple[Live, dict[str, Counter[str]]]) -> None:
    live, _ = silent
    assert not of_kind(live.announced, CommandRefused)
    assert not live.state.kept.heard.waiting
    assert [case.state for case in live.state.kept.heard.crises] == ["open"]


def test_the_demo_keeps_the_promises_and_has_something_to_say() -> None:
    live = Live()
    live.play(default_demo(7), until_s=3600)
    raised = of_kind(live.announced, CueRaised)
    assert {cue.rule for cue in raised} >= {"R001", "R014", "R050", "R051"}
    last: dict[str, int] = {}
    for cue in raised:
        if cue.interrupting and cue.role in ("host", "cohost"):
            if cue.rule not in ("R033", "R034", "R050", "R065"):
                assert cue.when - last.get(cue.person, 0) >= 90_000
            last[cue.person] = cue.when
    assert [cue.cue for cue in raised] == [cue.cue for cue in of_kind(live.announced, CueDelivered)]
    ends: list[Event] = [event for event in live.announced if isinstance(event, CueDone | CueDismissed | CueExpired)]
    assert max(Counter(getattr(event, "cue", "") for event in ends).values()) == 1
    judged = of_kind(live.announced, CueJudged)
    assert {"useful", "not_followed", "too_little_data"} <= {item.verdict for item in judged}
    assert {item.rule for item in judged if item.verdict == "not_measured"} >= {"R051"}
    assert all(item.why == "not_measured" for item in judged if item.verdict == "not_measured")
    # The demo opens forty minutes into the show: a cue within one minute, a measured verdict within three.
    began = 1_790_000_000_000 + 40 * 60_000
    assert any(began < cue.when <= began + 60_000 for cue in raised)
    assert any(began < item.when <= began + 180_000 for item in judged if item.verdict != "not_measured")
    minutes = 60
    assert 20 < len(raised) < 1.5 * minutes, "enough to be of use, not so many that nobody listens"
