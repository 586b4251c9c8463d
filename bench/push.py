"""Event in to event on screen: 200 clients of the console's own stream, and one Chromium that stamps the paint.

A marker comment every 100 ms carries the moment it was sent, among 5,000 events a second of the load mix; each client
notes when it first sees it. Sender and clients share the machine and its clock. That 200 clients come at the same
moment, each for a whole picture, is told apart (``joining``): the figures are of markers sent two seconds later on.
"""

import argparse
import asyncio
import json
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.ingest import Server, prepare, server_cookie
from livecue.integrations.simulator import load_lines, load_opening

MARK = re.compile(rb"mark-(\d{13})")
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


JOIN_S = 2.0
"""How long after the clients' coming the figures begin."""


async def _client(port: int, cookie: str, until: float, waits: list[float], joined: list[float]) -> None:
    came = time.time()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    writer.write(f"GET /api/rooms/bench0/live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
    seen: set[bytes] = set()
    rest = b""
    while time.time() < until:
        try:
            part = await asyncio.wait_for(reader.read(1 << 20), 2)
        except TimeoutError:
            continue
        now = time.time() * 1000
        rest = rest[-40:] + part
        for mark in MARK.findall(rest):
            if mark not in seen:
                if not seen:
                    joined.append(now - came * 1000)
                seen.add(mark)
                if int(mark) >= (came + JOIN_S) * 1000:
                    waits.append(now - int(mark))
    writer.close()


async def _sender(port: int, token: str, rate: int, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    blocks = load_lines(5, rate, start_ms=int(time.time() * 1000), lines=500)
    begin, sent = time.time(), 0

    async def post(body: bytes) -> None:
        head = f"POST /bridge/v1/rooms/bench0/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        writer.write(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"content-length: (\d+)", answer.lower()).group(1))  # type: ignore[union-attr]
        await reader.readexactly(length)

    while time.time() < until:
        stamp = int(time.time() * 1000)
        mark = json.dumps(
            {"kind": "CommentPosted", "key": f"mark-{stamp}", "text": f"mark-{stamp}", "user": "bench"}
        ).encode()
        await post(next(blocks).body + mark)
        sent += 501
        ahead = begin + sent / rate - time.time()
        if ahead > 0:
            await asyncio.sleep(ahead)
    writer.close()
    return sent


def _painted(port: int, cookie: str, since: float, until: float, out: list[float], ready: threading.Event) -> None:
    from playwright.sync_api import sync_playwright

    path = next((one for one in CHROMIUM if Path(one).exists()), None)
    if path is None:
        ready.set()
        return
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=ARGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        name, value = cookie.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/console/bench0")
        page.wait_for_selector("[data-testid=comment-row]", timeout=60_000)
        page.evaluate(
            # Only what changed is read: asking for the text of the whole page would lay it out anew each time.
            """() => { window.waits = []; const seen = new Set();
            const read = (text) => { for (const m of (text || '').matchAll(/mark-(\\d{13})/g)) {
              if (seen.has(m[1])) continue; seen.add(m[1]);
              const sent = Number(m[1]);
              requestAnimationFrame(() => setTimeout(() => window.waits.push([sent, Date.now() - sent]), 0)) } };
            new MutationObserver((records) => { for (const record of records) {
              if (record.type === 'characterData') read(record.target.data);
              for (const node of record.addedNodes) read(node.textContent) } }
            ).observe(document.body, {childList: true, subtree: true, characterData: true}) }"""
        )
        ready.set()
        while time.time() < until:
            page.wait_for_timeout(500)
        out += [wait for mark, wait in page.evaluate("() => window.waits") if mark >= since * 1000]
        browser.close()


def spread(waits: list[float]) -> dict[str, float]:
    """p50, p95, p99 and the number of samples."""
    ordered = sorted(waits)
    if not ordered:
        return {"n": 0}

    def pick(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)

    return {"n": len(ordered), "p50_ms": pick(0.5), "p95_ms": pick(0.95), "p99_ms": pick(0.99)}


def push(clients: int, rate: int, seconds: float, browser: bool) -> dict[str, Any]:
    """One run; returns what was measured."""
    folder = Path(tempfile.mkdtemp(prefix="livecue-bench-"))
    try:
        token = prepare(folder, 1)[0]
        server = Server(folder)
        cookie = server_cookie(server)
        painted: list[float] = []
        ready = threading.Event()
        begin = time.time()
        warm = 25.0 if browser else 3.0
        end = begin + warm + seconds
        since = begin + warm + JOIN_S
        thread = threading.Thread(target=_painted, args=(server.port, cookie, since, end, painted, ready))
        joined: list[float] = []

        async def run() -> tuple[list[float], int]:
            waits: list[float] = []
            await _opening(server.port, token)
            sender = asyncio.create_task(_sender(server.port, token, rate, end))
            if browser:
                thread.start()
            await asyncio.sleep(warm)
            cpu, own = server.cpu_s(), time.process_time()
            await asyncio.gather(*(_client(server.port, cookie, end, waits, joined) for _ in range(clients)))
            measured["server_cpu_share"] = round((server.cpu_s() - cpu) / seconds, 2)
            measured["clients_cpu_share"] = round((time.process_time() - own) / seconds, 2)
            return waits, await sender

        measured: dict[str, Any] = {}
        waits, sent = asyncio.run(run())
        if browser:
            thread.join()
        measured |= {
            "clients": clients,
            "events_per_s": round(sent / (warm + seconds)),
            "joining": spread(joined),
            "client": spread(waits),
            "paint": spread(painted) if browser else "not run",
            "memory_mb": round(server.memory_mb()),
        }
        server.stop()
        return measured
    finally:
        shutil.rmtree(folder, ignore_errors=True)


CROWDS = (100, 200, 400, 700, 1000)
"""Clients of the stream: where the waits turn up is the knee."""
AIM_MS = 100
"""What the slowest of a hundred news may take to a client."""


def crowd(clients: Sequence[int] = CROWDS, rate: int = 5000, seconds: float = 20) -> dict[str, Any]:
    """More and more clients, no browser, and what follows from it."""
    runs = {number: push(number, rate, seconds, False) for number in clients}
    return {**{f"{number} clients": run for number, run in runs.items()}, **knee(runs)}


def knee(runs: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    """Where the waits turn up; 0 is not even the smallest crowd.

    ``within_aim``: the largest crowd up to which the slowest of a hundred waits is no more than ``AIM_MS``; ``knee``:
    the largest up to which the middle wait is at most twice that of the smallest. A crowd that was told nothing, or
    whose clients took a whole core of the machine for themselves, is behind both.
    """
    within = bent = 0
    first = None
    aim_kept = straight = True
    for number, run in sorted(runs.items()):
        waits, own = run["client"], run["clients_cpu_share"]
        told = waits["n"] > 0 and own < 0.95
        first = waits.get("p50_ms") if first is None else first
        aim_kept = aim_kept and told and waits["p99_ms"] <= AIM_MS
        straight = straight and told and waits["p50_ms"] <= 2 * first
        within, bent = number if aim_kept else within, number if straight else bent
    return {
        "within_aim": within,
        "knee": bent,
        "clients_short_of_processor": [n for n, run in sorted(runs.items()) if run["clients_cpu_share"] >= 0.95],
    }


async def _opening(port: int, token: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = load_opening(int(time.time() * 1000))
    head = f"POST /bridge/v1/rooms/bench0/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    writer.write(head.encode() + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    await reader.read()
    writer.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rate", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--crowd", action="store_true", help="100 to 1,000 clients, and where the knee is")
    asked = parser.parse_args()
    if asked.crowd:
        print(json.dumps(crowd(rate=asked.rate, seconds=asked.seconds), indent=1))
        raise SystemExit
    print(json.dumps(push(asked.clients, asked.rate, asked.seconds, not asked.no_browser), indent=1))
