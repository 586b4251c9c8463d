"""Recordings: what is written is read back; damage is counted with its line, and the rest goes on."""

import gzip
import json
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from livecue.errors import BadInput
from livecue.events import (
    ClockTicked,
    CommentPosted,
    CueRaised,
    Event,
    LikeGiven,
    OrderPaid,
    ShowStarted,
    UnknownSeen,
)
from livecue.integrations.recording import Header, Recording, open_recording, write_recording

HEADER = Header(room="r1", name="试播", platform="douyin", started_at=1_000, terms="made for tests")
STEPS: list[tuple[int, str, list[Event]]] = [
    (1_000, "bridge", [ShowStarted(show="s1", command="c1", by="p1")]),
    (1_250, "bridge", [CommentPosted(key="9007199254741001", text="黑色还有吗 😄", user="u1"), LikeGiven(count=3)]),
    (1_250, "shop", [OrderPaid(key="o1", order="o1", amount=1990)]),
    (1_900, "", [UnknownSeen(name="odd", raw=b"\x00\xff")]),
]


def events_of(recording: Recording) -> list[Event]:
    return [event for step in recording.steps() for event in step.events]


@pytest.mark.parametrize("name", ["show.ndjson", "show.ndjson.gz", "show.ndjson.zst"])
def test_what_is_written_is_read_back(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write_recording(path, HEADER, STEPS) == 4
    recording = open_recording(path)
    assert (recording.kind, recording.header) == ("livecue-recording", HEADER)
    for _ in range(2):
        steps = list(recording.steps())
        assert [(step.t, step.source, step.events) for step in steps] == STEPS
        assert [step.line for step in steps] == [2, 3, 4, 5]
        assert (recording.bad_lines, recording.errors) == (0, [])
    assert [item.name for item in tmp_path.iterdir()] == [name]


def test_what_a_room_says_itself_is_counted_and_not_brought_in_again(tmp_path: Path) -> None:
    path = tmp_path / "show.ndjson"
    own: list[Event] = [ClockTicked(now=1), CueRaised(cue="c", rule="R004", role="host"), LikeGiven()]
    write_recording(path, HEADER, [(1, "", own)])
    recording = open_recording(path)
    assert events_of(recording) == [LikeGiven()]
    assert recording.passed_over == {"ClockTicked": 1, "CueRaised": 1}


def test_a_moment_that_falls_is_lifted(tmp_path: Path) -> None:
    path = tmp_path / "show.ndjson"
    write_recording(path, HEADER, [(5, "", [LikeGiven(key="a")]), (3, "", [LikeGiven(key="b")])])
    assert [step.t for step in open_recording(path).steps()] == [5, 5]


def test_damaged_lines_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "show.ndjson"
    lines = [
        json.dumps({"livecue_recording": 1, "room": "r1"}),
        '{"t":1,"source":"x","events":[{"kind":"LikeGiven","count":1},{"kind":"LikeGiven","count":-4},{"kind":"Novel"}]}',
        '{"t":2,"source":"x","events":[{"kind":"Like',
        "",
        '["not","a","step"]',
        '{"t":"soon","events":[]}',
        '{"t":3,"source":"x","events":[{"kind":"CommentPosted","text":"好"}]}',
        '{"end":3,"events":4}',
    ]
    path.write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
    recording = open_recording(path)
    assert events_of(recording) == [LikeGiven(count=1), CommentPosted(text="好")]
    assert [error.line for error in recording.errors] == [2, 2, 3, 5, 6]
    assert recording.bad_lines == 5
    assert "unknown kind 'Novel'" in recording.errors[1].message


@pytest.mark.parametrize("name", ["show.ndjson", "show.ndjson.gz", "show.ndjson.zst"])
def test_a_file_cut_anywhere_gives_its_beginning_and_says_that_it_is_cut(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_recording(path, HEADER, STEPS)
    whole = path.read_bytes()
    everything = [event for _, _, batch in STEPS for event in batch]
    for cut in range(len(whole) - 1):
        path.write_bytes(whole[:cut])
        try:
            recording = open_recording(path)
        except BadInput:
            continue
        events = events_of(recording)
        assert events == everything[: len(events)]
        assert recording.bad_lines >= 1


def test_several_packed_parts_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "show.ndjson"
    write_recording(path, HEADER, STEPS)
    head, *rest = path.read_bytes().splitlines(keepends=True)
    for name, pack in (("a.gz", gzip.compress), ("a.zst", zstandard.compress)):
        (tmp_path / name).write_bytes(pack(head) + pack(b"".join(rest)))
        recording = open_recording(tmp_path / name)
        assert len(events_of(recording)) == 5 and recording.bad_lines == 0


def test_a_line_without_end_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livecue.integrations.recording.lines.MOST_LINE", 1_000)
    path = tmp_path / "show.ndjson.gz"
    steps: list[tuple[int, str, list[Event]]] = [(1, "", [CommentPosted(text="长" * 9_000)]), (2, "", [LikeGiven()])]
    write_recording(path, HEADER, steps)
    recording = open_recording(path)
    assert events_of(recording) == [LikeGiven()]
    assert recording.errors[0].line == 2 and "more than 1000 bytes" in recording.errors[0].message


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no recording"),
        (b"hello\nworld\n", "no recording"),
        (b"\x1f\x8b\x08 not gzip at all", "no recording"),
        (b'{"livecue_recording":99}\n', "reads up to 1"),
        (b'{"livecue_recording":1,"room":5}\n', "header"),
        (b"[" * 100_000, "no recording"),
    ],
)
def test_what_is_no_recording_is_refused_with_a_reason(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=why):
        open_recording(path)


def test_a_missing_file_and_a_folder_are_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot open"):
        open_recording(tmp_path / "nothing")
    with pytest.raises(BadInput, match="cannot open"):
        open_recording(tmp_path)
    with pytest.raises(BadInput, match="cannot write"):
        write_recording(tmp_path / "no" / "folder.ndjson", HEADER, STEPS)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_flipped_bytes_never_crash(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("flip") / data.draw(st.sampled_from(["a.ndjson", "a.ndjson.gz", "a.ndjson.zst"]))
    write_recording(path, HEADER, STEPS)
    body = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(body))
    try:
        recording = open_recording(path)
    except BadInput:
        return
    assert all(isinstance(event, Event) for event in events_of(recording))
