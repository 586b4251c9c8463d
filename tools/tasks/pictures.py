"""The READMEs' pictures, taken anew from the running program: `python3 tasks.py pictures`."""

from __future__ import annotations

import base64
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import IO

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tools.tasks.console import ROOT, say
from tools.tasks.debian import BROWSERS

DOCS = ROOT / "docs"
PICTURES = {"zh-CN": "screenshot.webp", "en-GB": "screenshot.en.webp"}
"""File by language of the page; the demo opens in the first."""
WINDOW: ViewportSize = {"width": 1440, "height": 900}
QUALITY, MOST_BYTES = 90, 300_000
CUE_MS = 180_000
"""The demo brings a cue within a minute of its own."""
LINK = re.compile(r"http://\S+/signin\?token=\S+")


def take() -> int:
    """Open a demo of its own, wait for a cue, and take the console in each language."""
    with (
        tempfile.TemporaryDirectory(prefix="livecue-pictures-") as data,
        demo(data) as link,
        sync_playwright() as play,
    ):
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        if program is None:
            raise SystemExit(f"No browser to take pictures with: install one of {', '.join(BROWSERS)}.")
        chromium = play.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page(viewport=WINDOW, locale="zh-CN", color_scheme="dark")
        page.goto(link)
        page.goto(re.sub("/signin.*", "/console/demo", link))
        page.get_by_test_id("cue-card").first.wait_for(timeout=CUE_MS)
        return max([shoot(page, language) for language in PICTURES])


def shoot(page: Page, language: str) -> int:
    """One picture; 1 when it is too large for a page that everybody loads."""
    if page.locator("html").get_attribute("lang") != language:
        page.get_by_test_id("lang-switch").click()
        page.locator(f"html[lang={language}]").wait_for()
    # Nothing is pointed at, and what slides in has come.
    page.mouse.move(0, 0)
    page.wait_for_timeout(1000)
    file = DOCS / PICTURES[language]
    # WebP is a third of PNG, and sharper than JPEG, the only other that Playwright's own call knows.
    told = page.context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    file.write_bytes(base64.b64decode(told["data"]))
    size = file.stat().st_size
    say(f"{file.relative_to(ROOT)}: {size // 1000} KB")
    return int(size > MOST_BYTES)


@contextmanager
def demo(data: str) -> Iterator[str]:
    """``livecue demo`` over a folder of its own; its sign-in link."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "livecue", "demo", "--data", data, "--port", port]
    # Wide enough that the link stands on one line.
    told = {**os.environ, "COLUMNS": "200", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=told)
    try:
        assert process.stdout is not None
        link = link_in(process.stdout)
        # What it goes on to say is read and forgotten: a pipe that is full would stop it.
        Thread(target=deque, args=(process.stdout, 0), daemon=True).start()
        yield link
    finally:
        process.terminate()
        process.wait(30)


def link_in(said: IO[str]) -> str:
    """The first sign-in link of what a program says."""
    heard = []
    for line in said:
        heard.append(line)
        if found := LINK.search(line):
            return found.group()
    raise SystemExit("The demo did not open:\n" + "".join(heard))


if __name__ == "__main__":
    sys.exit(take())
