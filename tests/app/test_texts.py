"""``livecue check-text``: lines, wordings, exit code, and clear errors."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from livecue.app import check_file
from livecue.errors import BadInput


def told(
    file: Path, *, category: str = "", door: str = "script", platform: str = "", on: str = "", as_json: bool = False
):  # type: ignore[no-untyped-def]
    said: list[str] = []
    return check_file(file, category, door, platform, on, said.append, as_json), said


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "t.txt"
    made.write_text("大家好\n全网最低价的锅\n仅剩3件\n", "utf-8")
    return made


def test_lines_are_told_with_place_article_and_wording(file: Path) -> None:
    worst, said = told(file)
    assert worst == "block"
    assert said[0].startswith("2:1 block A1.cheapest 全网最低价 [广告法 第九条(三)")
    assert said[1].startswith("    -> 本场到手价")
    assert said[-1].startswith("3 lines: 1 block, 1 warn; rules ")
    worst, said = told(file, as_json=True)
    assert [msgspec.json.decode(line)["line"] for line in said] == [2, 3]


def test_a_day_and_a_platform_choose_the_rules(tmp_path: Path) -> None:
    made = tmp_path / "t.txt"
    made.write_text("原价\n去拼多多看看\n", "utf-8")
    assert told(made)[0] == "block"
    assert told(made, on="2022-06-30")[0] == "silent"
    assert told(made, on="2022-06-30", platform="douyin")[0] == "warn"


def test_what_cannot_be_is_said(tmp_path: Path, file: Path) -> None:
    with pytest.raises(BadInput, match="no door"):
        told(file, door="window")
    with pytest.raises(BadInput, match="with its year"):
        told(file, on="tomorrow")
    with pytest.raises(BadInput, match="cannot be read"):
        told(tmp_path / "missing.txt")
    (tmp_path / "gbk.txt").write_bytes("全网最低价".encode("gb18030"))
    with pytest.raises(BadInput, match="UTF-8"):
        told(tmp_path / "gbk.txt")
    (tmp_path / "empty.txt").write_bytes(b"")
    assert told(tmp_path / "empty.txt")[0] == "silent"


def test_the_command_says_by_its_exit_code(file: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "livecue", "check-text", "-"], input=file.read_bytes(), capture_output=True, check=False
    )
    assert run.returncode == 1 and "A1.cheapest" in run.stdout.decode("utf-8")
