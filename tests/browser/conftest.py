"""A browser and a demo that has just opened, for the tests that drive the screens."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from livecue.web.server import STATIC
from tests.browser.server import OPENS_S, Desk, LiveServer, copy_of

SCREENS = Path(__file__).parents[2] / "build" / "test" / "screens"
PATIENCE_MS = 30_000
"""For what the server does by itself; a machine busy with other tests is slow, not wrong."""
ROOM_BYTES = 1 << 30
"""A data folder that is forty minutes old takes a sixteenth of it."""
LANGUAGE = "livecue.language"
"""Where a device remembers its language."""
DESKTOP = {"width": 1600, "height": 900}
_FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def screens() -> None:
    """Skips where the screens are not built."""
    if not (STATIC / "index.html").is_file():
        pytest.skip("not run: built screens (make setup builds them)")


@pytest.fixture(scope="session")
def browser(chromium_path: str, screens: None) -> Iterator[Browser]:
    """One Chromium for all; each test has contexts of its own."""
    expect.set_options(timeout=PATIENCE_MS)
    flags = [*_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*_FLAGS]
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium_path, args=flags)
        yield made
        made.close()


def in_memory() -> Path | None:
    """Where files are kept in memory, if there is room: thousands of commits wait for no disk there."""
    place = Path("/dev/shm")
    usable = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return place if usable and shutil.disk_usage(place).free > ROOM_BYTES else None


@pytest.fixture(scope="session")
def opened_demo(screens: None, chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose demo stands at its opening, 40 minutes into the show; made once for all workers."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / "opened-demo"
    with (root / "opened-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with tempfile.TemporaryDirectory(prefix="livecue-opening-", dir=in_memory()) as quick:
                server = LiveServer(Path(quick) / "demo")
                try:
                    # Forty minutes of a show, on a machine that is busy with other tests.
                    server.start(2 * OPENS_S)
                finally:
                    server.stop()
                # Whole, or not there: a run that is ended in between leaves no half of one.
                shutil.rmtree(root / "opening-demo", ignore_errors=True)
                shutil.copytree(server.data, root / "opening-demo")
            (root / "opening-demo").rename(folder)
    return folder


@pytest.fixture(scope="module")
def server(opened_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A demo of this module's own, at its opening."""
    made = LiveServer(copy_of(opened_demo, tmp_path_factory.mktemp("server") / "data"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def desk(server: LiveServer) -> Desk:
    """The owner at the server's door."""
    return Desk(server, server.link)


class Faults:
    """What a page complained of: script errors, error messages of its console, requests to elsewhere."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.foreign: list[str] = []

    def watch(self, context: BrowserContext, base: str) -> None:
        """Listen to every page of ``context``."""

        def on_console(message: ConsoleMessage) -> None:
            # A refused request is told by the page in its own words, and the browser notes it as an error besides.
            if message.type == "error" and "Failed to load resource" not in message.text:
                self.errors.append(message.text)

        def on_request(request: Request) -> None:
            if not request.url.startswith((base, "data:", "blob:")):
                self.foreign.append(request.url)

        context.on("console", on_console)
        context.on("request", on_request)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))


Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, server: LiveServer, desk: Desk) -> Iterator[Enter]:
    """``enter()``: a fresh browser signed in as the owner (or ``enter(person)``), standing at the list of rooms.

    ``enter(link="")`` is signed in as nobody. At the end no page may have complained or have asked elsewhere.
    """
    contexts: list[BrowserContext] = []
    faults = Faults()

    def make(person: str = "", *, link: str | None = None, language: str = "zh", **options: object) -> Page:
        options.setdefault("viewport", DESKTOP)
        context = browser.new_context(base_url=server.base, locale="zh-CN", timezone_id="Asia/Shanghai", **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        faults.watch(context, server.base)
        if language != "zh":
            context.add_init_script(
                # The empty page that a browser opens with has no storage.
                "if (location.protocol !== 'about:')"
                f" localStorage.getItem('{LANGUAGE}') ?? localStorage.setItem('{LANGUAGE}', '{language}')"
            )
        page = context.new_page()
        if link != "":
            page.goto(link or desk.link_for(person))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults.errors, faults.errors
    assert not faults.foreign, faults.foreign


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """``shoot(page, "console")`` keeps a screenshot as test output, named by test, place and language."""

    def take(page: Page, place: str) -> None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        language = str(page.evaluate("document.documentElement.lang"))[:2]
        name = f"{request.node.name.removeprefix('test_')}-{place}-{language}.png"
        # Pages of the office are longer than the window; console and stage fill it.
        page.screenshot(path=SCREENS / name, full_page="/office/" in page.url)

    return take
