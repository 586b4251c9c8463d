"""First content: what somebody waits from asking for a page until its figures stand there, by the shipped screens.

The server is up (``livecue demo``, 40 minutes into its show, at its own pace) and so is the browser; a first visit has
an empty cache, a later one what the browser kept. The page itself stamps the moment after the paint.
"""

import shutil
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.ingest import Server, server_cookie
from bench.push import ARGS, CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

FIRST = {
    "console": ("/console/demo", "[data-testid=tile-M41] .lc-num"),
    "stage": ("/stage/demo", "[data-testid=stage-product]"),
    "office": ("/office", "[data-testid=room-row]"),
}
"""Where each face begins, and what of it is content: a figure, the product on sale, a room."""
VISITS = 5
LOOK_MS, PATIENCE_MS = 20, 60_000
_STAMP = """(selector) => {
  const look = () => {
    if (document.querySelector(selector)) setTimeout(() => { window.firstContent = performance.now() }, 0)
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}"""


def stamped(context: "BrowserContext", selector: str) -> "Page":
    """A page whose every visit notes when ``selector`` was first painted."""
    page = context.new_page()
    page.add_init_script(f"({_STAMP})({selector!r})")
    return page


def first_content_ms(page: "Page", address: str) -> float:
    """Go there; milliseconds from asking for the page to its content on the screen."""
    page.goto("about:blank")
    page.goto(address, wait_until="commit")
    # A look every 20 ms: waiting by an expression is what the page's own policy forbids.
    for _ in range(PATIENCE_MS // LOOK_MS):
        stamp = page.evaluate("window.firstContent ?? 0")
        if stamp:
            return float(stamp)
        page.wait_for_timeout(LOOK_MS)
    raise SystemExit(f"{address} showed nothing within {PATIENCE_MS // 1000} s")


def first_content() -> dict[str, Any] | str:
    """Milliseconds of a first visit and of later ones, by face: the middle and the longest of five."""
    path = next((one for one in CHROMIUM if Path(one).exists()), None)
    if path is None:
        return "not run: no Chromium"
    from playwright.sync_api import sync_playwright

    folder = Path(tempfile.mkdtemp(prefix="livecue-bench-"))
    try:
        server = Server(folder, verb="demo")
        base = f"http://127.0.0.1:{server.port}"
        name, value = server_cookie(server).split("=", 1)
        found: dict[str, Any] = {}
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=path, args=ARGS)
            for face, (address, selector) in FIRST.items():
                first, later = [], []
                for visit in range(VISITS + 1):
                    context = browser.new_context(viewport={"width": 1600, "height": 900})
                    context.add_cookies([{"name": name, "value": value, "url": base}])
                    page = stamped(context, selector)
                    took = [first_content_ms(page, base + address) for _ in range(2)]
                    context.close()
                    if visit:  # The very first one finds files and programs that nobody has read yet.
                        first.append(took[0])
                        later.append(took[1])
                found[face] = {"first_visit_ms": spread(first), "later_visit_ms": spread(later)}
            browser.close()
        server.stop()
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def spread(waits: list[float]) -> dict[str, int]:
    """The middle one and the longest."""
    return {"median": round(median(waits)), "longest": round(max(waits))}
