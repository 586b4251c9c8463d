"""The labelled lines: enough, varied, reproducible, and nothing of the test in the training."""

import subprocess
import sys
from collections import Counter

from tests.desk.lines import FOLDER, TOPICS, WHOLE, labelled


def test_enough_and_varied() -> None:
    lines = labelled()
    assert len({line.text for line in lines}) >= 3_000
    assert sum(line.how == "hand" for line in lines) >= 1_000
    assert min(Counter(line.label for line in lines).values()) >= 300
    assert min(Counter(line.topic for line in lines if line.label == "question").values()) >= 300


def test_no_template_and_no_text_is_in_both_parts() -> None:
    train = [line for line in labelled() if line.part == "train"]
    test = [line for line in labelled() if line.part == "test"]
    assert {line.family for line in train}.isdisjoint(line.family for line in test)
    assert {line.text for line in train}.isdisjoint(line.text for line in test)
    assert {line.label for line in test} == {line.label for line in train}
    assert {line.topic for line in test} >= set(TOPICS.values())


def test_the_guide_names_every_code() -> None:
    guide = (FOLDER / "GUIDE.md").read_text("utf-8")
    codes = {*WHOLE, *(f"q{letter}" for letter in TOPICS), *(f"c{letter}" for letter in TOPICS)}
    assert [code for code in sorted(codes) if f"`{code}`" not in guide] == []


def test_the_generator_writes_the_same_lines() -> None:
    before = (FOLDER / "lines.tsv").read_bytes()
    subprocess.run([sys.executable, FOLDER / "write_lines.py"], check=True, capture_output=True)
    assert (FOLDER / "lines.tsv").read_bytes() == before
