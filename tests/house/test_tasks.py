"""The script that everything starts with, and what `make check` calls acceptable."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest

import tasks
from tests.house.tree import ROOT, text_of
from tools.tasks import console, menu, steps
from tools.tasks.console import Lacking
from tools.tasks.licences import ASSET, Entry, copyleft
from tools.tasks.menu import TASKS
from tools.tasks.steps import Outcome, Run, counted, finish


@pytest.mark.parametrize(
    ("licence", "forbidden"),
    [
        ("MIT", False),
        ("GPL-3.0-only", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("AGPL-3.0-or-later", True),
        ("GNU Affero General Public License v3", True),
        ("LGPL-3.0-only", False),
        ("MIT OR GPL-2.0-or-later", False),
        ("MIT AND GPL-2.0-only", True),
        ("BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1", False),
        ("Mozilla Public License 2.0 (MPL 2.0)", False),
    ],
)
def test_copyleft_is_told_from_what_only_looks_like_it(licence: str, forbidden: bool) -> None:
    assert copyleft(licence) is forbidden


def test_a_licence_that_nobody_states_is_not_acceptable() -> None:
    assert Entry("python", "x", "1", "").verdict == "not stated"
    assert Entry("python", "x", "1", "MIT").verdict == ""


def test_an_asset_line_names_path_thing_and_licence() -> None:
    line = ASSET.match("- `livecue/x/words.txt`: word list by Somebody, at example.org; CC-BY-4.0")
    assert line is not None
    assert (line["path"], line["licence"]) == ("livecue/x/words.txt", "CC-BY-4.0")


@pytest.mark.parametrize(("trained", "licences", "code"), [(0, 0, 0), (1, 0, 1), (0, 1, 1)])
def test_check_trains_the_model_anew_and_fails_where_it_differs(
    trained: int, licences: int, code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[list[str]] = []

    def call(command: list[str | Path]) -> int:
        asked.append([str(part) for part in command])
        return trained if "train_triage.py" in asked[-1][1] else licences

    monkeypatch.setattr(menu, "call", call)
    monkeypatch.setattr(menu.python_env, "ensure", lambda kind: None)
    monkeypatch.setattr(menu, "alone", lambda what: nullcontext())
    (tmp_path / "text" / "cold").mkdir(parents=True)
    (tmp_path / "text" / "cold" / "train.csv.gz").touch()
    monkeypatch.setenv("LIVECUE_REAL_DATA", str(tmp_path))
    assert TASKS["check"]([]) == code
    assert [command[1:3] for command in asked] == [
        ["-m", "tools.tasks.licences"],
        [str(ROOT / "tools" / "train_triage.py"), "--check"],
    ]
    assert (ROOT / "tools" / "train_triage.py").is_file()


def test_check_says_where_the_model_cannot_be_trained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(menu, "call", lambda command: 0)
    monkeypatch.setattr(menu.python_env, "ensure", lambda kind: None)
    monkeypatch.setattr(menu, "alone", lambda what: nullcontext())
    monkeypatch.delenv("LIVECUE_REAL_DATA", raising=False)
    assert TASKS["check"]([]) == 0
    assert "training: not run" in capsys.readouterr().out


def test_help_names_every_task_and_make_forwards_each() -> None:
    shown = subprocess.run([sys.executable, ROOT / "tasks.py"], capture_output=True, text=True, check=True).stdout
    forwarded = re.search(r"^([a-z ]+):$", text_of(Path("Makefile")), re.M)
    assert forwarded is not None
    for name in TASKS:
        assert re.search(rf"^  {name}\b", shown, re.M), name
        assert name in forwarded[1].split()


def test_an_unknown_task_is_refused() -> None:
    done = subprocess.run([sys.executable, ROOT / "tasks.py", "nonsense"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "nonsense" in done.stdout


def test_the_script_can_be_read_by_an_old_python() -> None:
    """It must get as far as saying what is lacking: no syntax newer than Python 3.6."""
    ast.parse(text_of(Path("tasks.py")), feature_version=(3, 6))


def test_what_python_compiles_is_kept_where_it_may_not_lie_beside_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "mine")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    tasks.keep_compiled()
    assert os.environ["PYTHONPYCACHEPREFIX"] == "mine"
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    del os.environ["PYTHONPYCACHEPREFIX"]
    tasks.keep_compiled()
    ask = "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix, sep='\\n')"
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == ["False", str(ROOT / "build" / "compiled")]


def test_a_failed_step_and_a_failed_test_both_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="9" failures="1" errors="1" skipped="2"/></testsuites>')
    assert counted(report) == (5, 2, 2)
    assert counted(tmp_path / "none.xml") is None
    run = Run(
        [
            Outcome("lint", "passed"),
            Outcome("docs", "not run", note="nothing there"),
            Outcome("tests", "failed", counts=(5, 2, 2)),
            Outcome("crashed tests", "failed", counts=(3, 0, 0)),
        ]
    )
    assert finish(run, tmp_path / "summary.txt") == 1
    assert capsys.readouterr().out.rstrip().endswith("9 passed, 3 failed, 3 skipped")
    assert (tmp_path / "summary.txt").read_text().endswith("9 passed, 3 failed, 3 skipped\n")


def test_lanes_run_beside_each_other_and_are_shown_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(steps, "RESULTS", tmp_path)
    mine, other = tmp_path / "mine", tmp_path / "other"

    def lane(name: str, here: Path, there: Path, code: int) -> Callable[[Run], None]:
        # Each waits for the other to have begun: one after the other they would never end.
        program = f"""if True:
            import pathlib, sys
            print("{name} begins", flush=True)
            pathlib.Path({str(here)!r}).touch()
            while not pathlib.Path({str(there)!r}).exists():
                pass
            print("{name} ends")
            sys.exit({code})"""
        return lambda run: run.program(name, [sys.executable, "-c", program])

    run = Run()
    run.beside(lane("first", mine, other, 0), lane("second", other, mine, 3))
    assert [(one.name, one.state) for one in run.outcomes] == [("first", "passed"), ("second", "failed")]
    shown = capfd.readouterr().out
    assert [line for line in shown.splitlines() if not line.startswith("[")] == [
        "first begins",
        "first ends",
        "second begins",
        "second ends",
    ]
    assert finish(run, tmp_path / "summary.txt") == 1


@pytest.mark.skipif(os.name == "nt", reason="no lock is held there")
def test_who_waits_for_the_set_up_of_another_task_hears_ctrl_c(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "OUT", tmp_path)
    monkeypatch.setattr(console, "_ending", threading.Event())

    def wait() -> None:
        with console.alone("it all"):
            raise AssertionError("two at once")

    with console.alone("it all"), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait)
        console.end_running()
        with pytest.raises(KeyboardInterrupt):
            waiting.result(60)


def test_what_needs_the_screens_is_not_run_where_they_cannot_be_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking() -> None:
        raise Lacking("no network")

    monkeypatch.setattr(steps, "RESULTS", tmp_path)
    monkeypatch.setattr(steps, "_quality", lambda run: None)
    monkeypatch.setattr(steps.screens, "ensure_built", lacking)
    run, built = Run(), Future[bool]()
    run.beside(
        lambda lane: steps._quality_and(lane, built, "types"), lambda lane: steps._built_and(lane, built, "lint")
    )
    assert [(one.name, one.state) for one in run.outcomes] == [
        ("types", "not run"),
        ("set up: screens", "failed"),
        ("lint", "not run"),
    ]


def test_the_wheel_holds_what_the_program_reads(tmp_path: Path) -> None:
    """Code, data files, migrations and the built screens: an installed LiveCue needs no tree and no Node."""
    built = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(built, cwd=ROOT, capture_output=True, check=True)
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "livecue").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".db", ".db-wal", ".db-shm"}
    }
    assert wanted - names == set()
    # The screens of an installed LiveCue come with it: they were built before, by `make test` as by a release.
    assert "livecue/web/static/index.html" in names
    assert {"LICENSE", "NOTICE"} <= {Path(name).name for name in names}


def test_the_demo_of_the_pictures_goes_on_however_much_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.tasks.pictures import demo

    # In place of Python: a link, more than a pipe holds, and then a sign of life. It is called with: -m livecue demo
    # --data FOLDER.
    talks = tmp_path / "talks"
    talks.write_text(
        "#!/bin/sh\necho http://127.0.0.1:1/signin?token=abc\n"
        'head -c 1000000 /dev/zero | tr "\\0" "x"\ntouch "$5/lives"\nexec sleep 60\n'
    )
    talks.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(talks))
    with demo(str(tmp_path)) as link:
        assert link.endswith("token=abc")
        until = time.monotonic() + 20
        while not (tmp_path / "lives").exists():
            assert time.monotonic() < until, "it waits for somebody to listen"
            time.sleep(0.01)
