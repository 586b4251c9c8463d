"""A recorded show is a recording that the program's own reader takes whole."""

from pathlib import Path

from livecue.events import SegmentStarted, ShowEnded, ShowPlanned, ShowStarted, ViewerEntered
from livecue.integrations import recording
from livecue.integrations.simulator import SOURCE, plain_show, recording_lines, show_steps
from tests.integrations.simulator.made import START, of


def test_the_same_scenario_gives_the_same_recording_byte_for_byte() -> None:
    scenario = plain_show(2, START, 300)
    first, second = (b"".join(recording_lines(scenario)) for _ in range(2))
    assert first == second and first.count(b"\n") > 200


def test_steps_hold_everything_in_order_and_call_it_simulated() -> None:
    steps = list(show_steps(plain_show(2, START, 300)))
    times = [when for when, _, _ in steps]
    assert times == sorted(times)
    assert {source for _, source, _ in steps} == {SOURCE, "livecue"} and SOURCE == "simulator"
    events = [event for _, _, events in steps for event in events]
    assert [len(of(events, kind)) for kind in (ShowPlanned, ShowStarted, ShowEnded)] == [1, 1, 1]
    assert len(of(events, SegmentStarted)) == 20 and of(events, ViewerEntered)
    assert all(event.at < when for when, source, batch in steps if source == SOURCE for event in batch)


def test_the_recordings_own_reader_takes_it_whole(tmp_path: Path) -> None:
    scenario = plain_show(2, START, 120)
    path = tmp_path / "show.ndjson"
    path.write_bytes(b"".join(recording_lines(scenario)))
    steps = list(show_steps(scenario))
    opened = recording.open_recording(path)
    read = [(step.t, list(step.events)) for step in opened.steps()]
    assert opened.errors == [] and not opened.passed_over and opened.header.nature == "simulated"
    assert [events for _, events in read] == [events for _, _, events in steps]
    assert [when for when, _ in read] == [when for when, _, _ in steps]
