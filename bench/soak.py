"""A long show: 2,000 events a second with 50 open consoles, for an hour or as long as asked.

Every ten seconds memory, what waits and the time from event to client are noted. Kept: ``build/soak.json`` and a plot,
``build/soak.svg``. The first quarter is the warm-up: people, windows, keys and caches fill. The verdict compares the
second quarter with the last: resident memory may grow by 5 %, and so may what of it the program made itself (heap of
Python and libraries, without mapped files); the median wait to a client may grow by half, and nothing may be left
waiting. When memory grows, a shorter run inside this process tells which lines of code hold more (``bench.growth``).
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.ingest import Server, health, prepare, server_cookie
from bench.memory import memory_of
from bench.promise import promise_of
from bench.push import _client, _opening, spread
from livecue.integrations.simulator import load_lines

EVERY_S = 10.0
LINES = 200
RATE = 2_000
GROWTH = 1.05
SLOWER = 1.5
PLOTTED = ("memory_mb", "own_mb", "p50_ms", "p99_ms", "waiting")
_WIDE, _HIGH = 720, 150
EXPLAINED = 2.4
"""Million events over which it is told what grows."""


async def _sender(port: int, token: str, rate: int, until: float) -> tuple[int, int]:
    """Post at a steady rate; returns (sent, accepted)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    blocks = load_lines(7, 20_000, start_ms=int(time.time() * 1000), lines=LINES)
    begin, sent, accepted = time.time(), 0, 0
    while time.time() < until:
        stamp = int(time.time() * 1000)
        mark = json.dumps({"kind": "CommentPosted", "key": f"mark-{stamp}", "text": f"mark-{stamp}", "user": "soak"})
        body = next(blocks).body + mark.encode()
        head = f"POST /bridge/v1/rooms/bench0/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        writer.write(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.split(b"content-length:")[1].split(b"\r\n")[0])
        said = json.loads(await reader.readexactly(length))
        sent += LINES + 1
        accepted += said["accepted"]
        ahead = begin + sent / rate - time.time()
        if ahead > 0:
            await asyncio.sleep(ahead)
    writer.close()
    return sent, accepted


async def _notes(server: Server, waits: list[float], until: float) -> list[dict[str, float]]:
    notes: list[dict[str, float]] = []
    begin, taken = time.time(), 0
    while time.time() < until:
        await asyncio.sleep(EVERY_S)
        said = await asyncio.to_thread(health, server)
        mine, taken = waits[taken:], len(waits)
        notes.append(
            {
                "s": round(time.time() - begin, 1),
                **memory_of(server.process.pid),
                "waiting": said["waiting_events"] + said["backlog"],
                "folded": said["folded_events"],
                "p50_ms": spread(mine).get("p50_ms", 0.0),
                "p99_ms": spread(mine).get("p99_ms", 0.0),
            }
        )
    return notes


def soak(seconds: float, rate: int = RATE, clients: int = 50) -> dict[str, Any]:
    """One run; the notes, the two quarters that are compared, and what is wrong (nothing when it stood)."""
    folder = Path(tempfile.mkdtemp(prefix="livecue-soak-"))
    try:
        token = prepare(folder, 1)[0]
        server = Server(folder)
        cookie = server_cookie(server)
        end = time.time() + seconds
        waits: list[float] = []

        async def run() -> tuple[list[dict[str, float]], tuple[int, int]]:
            await _opening(server.port, token)
            sender = asyncio.create_task(_sender(server.port, token, rate, end))
            watching = [asyncio.create_task(_client(server.port, cookie, end, waits, [])) for _ in range(clients)]
            notes = await _notes(server, waits, end)
            await asyncio.gather(*watching)
            return notes, await sender

        notes, (sent, accepted) = asyncio.run(run())
        left = health(server)
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return judged(notes) | {
        "seconds": seconds,
        "events_per_s": round(sent / seconds),
        "accepted": accepted,
        "clients": clients,
        "left_waiting": left["waiting_events"] + left["backlog"],
        "stopped": left["stopped"],
        "promise": promise_of(),
        "notes": notes,
    }


def judged(notes: list[dict[str, float]]) -> dict[str, Any]:
    """The second quarter against the last."""
    quarter = len(notes) // 4
    if not quarter:
        return {"wrong": ["too short to be judged: at least 40 s"]}
    early, late = notes[quarter : 2 * quarter], notes[-quarter:]
    found: dict[str, Any] = {}
    wrong = []
    for name, most in (("memory_mb", GROWTH), ("own_mb", GROWTH), ("p50_ms", SLOWER)):
        before, after = (statistics.median(note[name] for note in part) for part in (early, late))
        found[name] = [before, after]
        if after > before * most:
            wrong.append(f"{name} went from {before} to {after}")
    if statistics.median(note["waiting"] for note in late) > 1000:
        wrong.append("events wait: more comes than is folded")
    return found | {"wrong": wrong}


def explained(found: dict[str, Any]) -> dict[str, Any]:
    """Where memory grew: which lines of code hold more, by a shorter run inside this process; else nothing."""
    if not any(line.startswith(("memory_mb", "own_mb")) for line in found["wrong"]):
        return {}
    from bench.growth import growth

    return {"grows": growth(int(EXPLAINED * 1_000_000))}


def plot(notes: list[dict[str, float]]) -> str:
    """SVG: memory, of it what the program made itself, the waits of the clients and the queue over time."""
    parts = []
    for place, name in enumerate(PLOTTED):
        top = max((note[name] for note in notes), default=0) or 1
        last = max(notes[-1]["s"], 1)
        floor, scale = (place + 1) * _HIGH - 20, (_HIGH - 50) / top
        points = " ".join(f"{40 + n['s'] / last * (_WIDE - 60):.1f},{floor - n[name] * scale:.1f}" for n in notes)
        label = f'<text x="40" y="{place * _HIGH + 18}" font-size="13">{name}, at most {top:g}</text>'
        parts.append(f'{label}<polyline points="{points}" fill="none" stroke="#1f6feb"/>')
    size = f'width="{_WIDE}" height="{len(PLOTTED) * _HIGH}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">{"".join(parts)}</svg>'


def main() -> None:
    """Run, keep the notes and the plot, print the verdict; ends with 1 when something grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--rate", type=int, default=RATE)
    parser.add_argument("--clients", type=int, default=50)
    asked = parser.parse_args()
    found = soak(asked.seconds, asked.rate, asked.clients)
    found |= explained(found)
    keep(found)
    print(json.dumps({name: value for name, value in found.items() if name != "notes"}, indent=1))
    sys.exit(1 if found["wrong"] else 0)


def keep(found: dict[str, Any], folder: Path = Path("build")) -> None:
    """Write ``soak.json`` and ``soak.svg``."""
    folder.mkdir(exist_ok=True)
    (folder / "soak.json").write_text(json.dumps(found, indent=1))
    if found["notes"]:
        (folder / "soak.svg").write_text(plot(found["notes"]))


if __name__ == "__main__":
    main()
