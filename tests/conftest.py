"""What all tests share: the real data, the browser, and an honest word at the end on what was not run."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from livecue.store import sqlite
from tests.nats import Nats, server_program
from tests.postgres import Cluster, server_folder

REAL_DATA = "LIVECUE_REAL_DATA"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SLOW_S = 60.0
"""A test that takes longer belongs to `make faults`, `make soak` or `make bench`."""

# What a test keeps in a file need not outlive a power cut, and of a test's time a third would be spent waiting for the
# disk. Programs that tests start, and kill, flush as they do everywhere (test_contract looks).
sqlite._PRAGMAS = tuple(pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in sqlite._PRAGMAS)

# The same examples each time: a failure that one run finds, every run finds.
# How long examples take to draw says how busy the machine is, not whether they hold.
settings.register_profile(
    "house", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real records. Each test that uses it has a twin on data of our own making.

    Without the variable the test is reported as not run; with it, a test that skips has failed (see below).
    """
    named = os.environ.get(REAL_DATA)
    if not named:
        pytest.skip("not run: real data")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"{REAL_DATA} names {named}, which is no folder")
    return folder


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser of the browser tests (Playwright's ``executable_path``)."""
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("not run: browser (install chromium and fonts-noto-cjk)")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL of this test run. Its fsync is off: what tests durability starts one of its own."""
    if server_folder() is None:
        pytest.skip("not run: PostgreSQL (install postgresql)")
    cluster = Cluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture(scope="session")
def nats() -> Iterator[Nats]:
    """A nats-server with JetStream of this test run."""
    if server_program() is None:
        pytest.skip("not run: NATS (install nats-server)")
    servers = Nats()
    try:
        servers.start()
        yield servers
    finally:
        servers.remove()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where the real data is named, no test on it may skip itself out of the count."""
    report = yield
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if skipped and os.environ.get(REAL_DATA) and "real_data" in getattr(item, "fixturenames", ()):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} skipped although {REAL_DATA} is set: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not run, by what was missing, and which tests are too slow for `make test`."""
    missing: Counter[str] = Counter()
    for report in terminalreporter.getreports("skipped"):
        where, line, reason = report.longrepr if isinstance(report.longrepr, tuple) else ("", 0, str(report.longrepr))
        reason = str(reason).removeprefix("Skipped: ")
        missing[
            reason.removeprefix("not run: ") if reason.startswith("not run: ") else f"{where}:{line}: {reason}"
        ] += 1
    slow = [
        report
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.duration > SLOW_S
    ]
    if not missing and not slow:
        return
    terminalreporter.section("not run, and too slow")
    for what, count in sorted(missing.items()):
        terminalreporter.write_line(f"{what}: {count} not run")
    for report in slow:
        # Whoever comes first makes what many share (the opened demo), and pays for all of them.
        told = (
            "it belongs to make faults, soak or bench" if report.when == "call" else f"{report.when}, shared or its own"
        )
        terminalreporter.write_line(f"{report.nodeid}: {report.duration:.0f} s; {told}")
