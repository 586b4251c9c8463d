"""`make test`: every check, one after another, whatever the others say; then a table and one plain line of figures."""

from __future__ import annotations

import xml.etree.ElementTree as Xml
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tools.tasks import debian, python_env, screens
from tools.tasks.console import OUT, ROOT, Lacking, alone, call, clock, end_running, say

LIMIT_S = 40 * 60
"""No single step may take longer. The whole run is promised in 20 minutes on two cores; slower machines may finish."""

RESULTS = OUT / "test"
SUMMARY = RESULTS / "summary.txt"

Command = Sequence[str | Path]
Env = Mapping[str, str] | None


@dataclass
class Outcome:
    """What became of one step. ``counts`` are (passed, failed, skipped) tests where the step is a test program."""

    name: str
    state: str
    seconds: float = 0.0
    note: str = ""
    counts: tuple[int, int, int] | None = None

    @property
    def figures(self) -> tuple[int, int, int]:
        """The step in tests; a step that is no test program counts as one."""
        one = (int(self.state == "passed"), int(self.state == "failed"), int(self.state == "not run"))
        if self.counts is None:
            return one
        passed, failed, skipped = self.counts
        # A test program may fail without a failed test (a crash, an interrupted run): that is one failure.
        return (passed, max(failed, one[1]), skipped)


@dataclass
class Run:
    """The steps so far. ``sink`` takes what they print; without one this terminal does."""

    outcomes: list[Outcome] = field(default_factory=list)
    sink: IO[str] | None = None
    ended: bool = False
    """Nothing more is begun: somebody pressed Ctrl-C."""
    saved_s: float = 0.0
    """What the steps that ran beside each other took together, more than the clock."""

    def step(self, name: str, work: Callable[[], int | None]) -> bool:
        """Do one step: 0 or None is passed, Lacking is failed with its text. Returns whether it passed."""
        if self.ended:
            return False
        say(f"— {name}", self.sink)
        started = clock()
        outcome = Outcome(name, "passed")
        try:
            code = work()
        except Lacking as lacking:
            print(lacking, file=self.sink, flush=True)
            outcome.state, outcome.note = "failed", str(lacking).splitlines()[0]
        else:
            if code:
                outcome.state, outcome.note = "failed", "too slow, stopped" if code == 124 else ""
        outcome.seconds = clock() - started
        self.outcomes.append(outcome)
        return outcome.state == "passed"

    def program(
        self, name: str, command: Command, *, cwd: Path = ROOT, env: Env = None, report: Path | None = None
    ) -> None:
        """Do one step that is another program; ``report`` is the JUnit file that a test program writes."""
        if self.ended:
            return
        if report is not None:
            report.unlink(missing_ok=True)
        self.step(name, lambda: call(command, cwd=cwd, env=env, limit_s=LIMIT_S, sink=self.sink))
        if report is not None:
            self.outcomes[-1].counts = counted(report)

    def beside(self, *lanes: Callable[[Run], None]) -> None:
        """Do the steps of each lane at the same time, one core each; what a lane prints is shown when all are done."""
        started = clock()
        logs = [(RESULTS / f"lane-{number}.log").open("w+", encoding="utf-8") for number in range(len(lanes))]
        runs = [Run(sink=log) for log in logs]
        with ThreadPoolExecutor(len(lanes)) as pool:
            done = [pool.submit(lane, run) for lane, run in zip(lanes, runs, strict=True)]
            try:
                for one in done:
                    one.result()
            except KeyboardInterrupt:
                for lane in runs:
                    lane.ended = True
                end_running()
                raise
        for log, lane in zip(logs, runs, strict=True):
            log.seek(0)
            print(log.read(), end="", flush=True)
            log.close()
            self.outcomes += lane.outcomes
        self.saved_s += sum(outcome.seconds for lane in runs for outcome in lane.outcomes) - (clock() - started)

    def not_run(self, name: str, why: str) -> None:
        self.outcomes.append(Outcome(name, "not run", note=why))


def counted(report: Path) -> tuple[int, int, int] | None:
    """(passed, failed, skipped) of a JUnit report, or None when there is none to read."""
    try:
        suites = Xml.parse(report).getroot().iter("testsuite")
    except (OSError, Xml.ParseError):
        return None
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return (max(0, total - failed - skipped), failed, skipped)


def test(arguments: list[str]) -> int:
    """Set up and run everything that is fast. ``arguments`` go to pytest."""
    run = Run()
    RESULTS.mkdir(parents=True, exist_ok=True)
    with alone("this tree"):
        run.beside(_python_packages, _system)
    if any(outcome.name == PACKAGES and outcome.state != "passed" for outcome in run.outcomes):
        run.not_run("everything else", "the Python packages are not there")
        return finish(run)
    built: Future[bool] = Future()
    # About as long as each other: mypy and the screens' types, the screens themselves, eslint and their tests.
    run.beside(
        lambda lane: _quality_and(lane, built, "screens: types"),
        lambda lane: _built_and(lane, built, "screens: lint", "screens: unit tests"),
    )
    report = RESULTS / "pytest.xml"
    command: list[str | Path] = [python_env.PYTHON, "-m", "pytest", "--numprocesses", "auto", "--dist", "loadscope"]
    # As collected: sorted by their number, the few long ones in the browser would come last, one worker idle meanwhile.
    command += ["--no-loadscope-reorder"]
    command += ["--durations", "10", "--quiet", f"--junitxml={report}", *arguments]
    run.program("tests", command, report=report)
    return finish(run)


PACKAGES = "set up: Python packages"


def _python_packages(run: Run) -> None:
    run.step(PACKAGES, lambda: python_env.ensure(python_env.EVERYTHING))


def _system(run: Run) -> None:
    """Chromium, letters and PostgreSQL: a failure where we may install them, said and left out where we may not."""
    if debian.may_install():
        run.step("set up: Debian packages", lambda: debian.install(debian.FOR_TESTS, why="the tests"))
        return
    lacking = debian.missing(debian.FOR_TESTS)
    if lacking:
        by_hand = f"sudo apt-get install {' '.join(lacking)}"
        say(f"The tests cannot all run: missing {', '.join(lacking)}. On Debian or Ubuntu: {by_hand}")
        run.not_run("set up: Debian packages", by_hand)


def _quality(run: Run) -> None:
    ruff = python_env.program("ruff")
    run.program("format (ruff format)", [ruff, "format", "--check"])
    run.program("lint (ruff)", [ruff, "check", "--quiet"])
    run.program(
        "types (mypy --strict)", [python_env.PYTHON, "-m", "mypy", "--strict", "livecue", "tools/tasks", "bench"]
    )
    run.program("import contracts (import-linter)", [python_env.program("lint-imports"), "--no-logo"])
    run.program("licences", [python_env.PYTHON, "-m", "tools.tasks.licences"])
    if has_docs():
        run.program("docs up to date", [python_env.PYTHON, "-m", "livecue.docs", "--check"])
    else:
        run.not_run("docs up to date", "nothing generates docs yet")


SCREENS = {"screens: lint": "lint", "screens: types": "typecheck", "screens: unit tests": "test"}
"""Step to script of ui/package.json."""


def _quality_and(run: Run, built: Future[bool], *names: str) -> None:
    _quality(run)
    _screens(run, built.result(), *names)


def _built_and(run: Run, built: Future[bool], *names: str) -> None:
    """Build the screens and tell the lane that waits for them; then the steps that need them."""
    try:
        with alone("this tree"):
            done = screens.present() and run.step("set up: screens", screens.ensure_built)
    except BaseException:
        built.set_result(False)
        raise
    built.set_result(done)
    _screens(run, done, *names)


def _screens(run: Run, built: bool, *names: str) -> None:
    if not screens.present():
        run.not_run(", ".join(names), "there is no ui/")
        return
    if not built:
        for name in names:
            run.not_run(name, "the screens were not built")
        return
    tool = screens.npm()
    with alone("the screens"):
        # What is built may be up to date while the packages that built it are gone.
        screens.ensure_packages(tool)
    offered = screens.scripts()
    for name in names:
        script = SCREENS[name]
        if script not in offered:
            run.not_run(name, f"ui/package.json has no script {script}")
        elif "vitest" in offered[script]:
            report = RESULTS / "screens.xml"
            extra = ("--reporter=default", "--reporter=junit", f"--outputFile.junit={report}")
            run.program(name, tool.run(script, *extra), cwd=screens.UI, env=tool.env(), report=report)
        else:
            run.program(name, tool.run(script), cwd=screens.UI, env=tool.env())


def has_docs() -> bool:
    """Whether the generator of the docs' pages is in the tree."""
    return (ROOT / "livecue" / "docs.py").exists() or (ROOT / "livecue" / "docs" / "__main__.py").exists()


def finish(run: Run, summary: Path = SUMMARY) -> int:
    """Print the table and the line that the CI reads, and keep both; 1 when anything failed."""
    wide = max(len(outcome.name) for outcome in run.outcomes)
    lines = [f"{'step':<{wide}}  {'seconds':>7}  result"]
    for outcome in run.outcomes:
        counts = ""
        if outcome.counts is not None:
            counts = " ({} passed, {} failed, {} skipped)".format(*outcome.counts)
        note = f": {outcome.note}" if outcome.note else ""
        lines.append(f"{outcome.name:<{wide}}  {outcome.seconds:>7.1f}  {outcome.state}{counts}{note}")
    total = sum(outcome.seconds for outcome in run.outcomes) - run.saved_s
    lines.append(f"{'all':<{wide}}  {total:>7.1f}")
    figures = [sum(column) for column in zip(*(outcome.figures for outcome in run.outcomes), strict=True)]
    lines += ["", "{} passed, {} failed, {} skipped".format(*figures)]
    text = "\n".join(lines)
    summary.write_text(text + "\n", encoding="utf-8")
    print(f"\n{text}", flush=True)
    return 1 if figures[1] else 0


def long_tests(mark: str) -> Callable[[list[str]], int]:
    """The task that runs the tests of one mark (`faults`, `soak`), one at a time and with their output shown."""

    def task(arguments: list[str]) -> int:
        with alone("this tree"):
            python_env.ensure(python_env.EVERYTHING)
            screens.ensure_built()
        # The watch that ends a hanging test of `make test` would end these.
        patient = ["-o", "faulthandler_timeout=0"]
        code = call([python_env.PYTHON, "-m", "pytest", "-m", mark, *patient, "--durations", "10", "-rs", *arguments])
        if code == 5:  # pytest: nothing collected
            say(f"There are no tests marked {mark}: not run.")
        return code

    return task
