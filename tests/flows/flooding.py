"""One sender of several that send more than a server can count, in a process of its own.

Called as ``python -m tests.flows.flooding PORT TOKEN ROOM FIRST COUNT RATE``: makes the posts FIRST to FIRST+COUNT-1,
says ``ready``, waits for a line, and offers them at RATE events a second (0: as fast as they are taken). What is
refused is sent again after the time that was named, until it is taken. Prints what became of them as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

LIKES, COMMENTS, ORDERS = 1_900, 75, 25
"""Lines of one post."""
LINES = LIKES + COMMENTS + ORDERS
CONNECTIONS = 32
"""What all processes hold on their way must be more than one transaction of the pump folds (60,000 events): else those
that wait for their answers slow each other down, and nothing is ever too much."""
CALM_CONNECTIONS = 4
"""Of which so many are used where it is sent as fast as it is taken: few enough that nothing is refused."""

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def body_of(number: int) -> bytes:
    """One post; every line of it has a key of its own."""
    lines: list[dict[str, Any]] = []
    for place in range(LIKES):
        lines.append({"kind": "LikeGiven", "key": f"l{number}.{place}", "user": f"u{place % 700}", "count": 3})
    for place in range(COMMENTS):
        said = f"第 {number} 位问第 {place} 遍，什么时候发货"
        lines.append({"kind": "CommentPosted", "key": f"c{number}.{place}", "user": f"u{place}", "text": said})
    for place in range(ORDERS):
        order = f"o{number}.{place}"
        bought = [{"sku": "s", "product": "p", "quantity": 1, "price": 990}]
        lines.append({"kind": "OrderPaid", "key": order, "order": order, "amount": 990, "user": order, "lines": bought})
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


class Flood:
    """The posts of this process, each due at a moment; whichever connection is free takes it."""

    def __init__(self, port: int, token: str, room: str, bodies: list[bytes], rate: float) -> None:
        self.port = port
        self.head = (
            f"POST /bridge/v1/rooms/{room}/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        )
        self.bodies = bodies
        self.gap_s = LINES / rate if rate else 0.0
        self.told: Counter[str] = Counter()
        self.offered: list[float] = []
        """When each was offered first, by the monotonic clock."""
        self.waits: list[int] = []

    async def run(self) -> None:
        """Offer all, and again what is refused. Who waits to send again keeps no connection from others."""
        self._free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for _ in range(CONNECTIONS):
            self._free.put_nowait(await self._open())
        self.began = time.monotonic()
        if self.gap_s:
            await asyncio.gather(*(self._offer(number) for number in range(len(self.bodies))))
        else:
            numbers = iter(range(len(self.bodies)))
            await asyncio.gather(*(self._one_after_another(numbers) for _ in range(CALM_CONNECTIONS)))
        self.ended = time.monotonic()
        while not self._free.empty():
            self._free.get_nowait()[1].close()

    async def _one_after_another(self, numbers: Iterator[int]) -> None:
        for number in numbers:
            await self._offer(number)

    async def _offer(self, number: int) -> None:
        await asyncio.sleep(max(0.0, self.began + number * self.gap_s - time.monotonic()))
        first = True
        while True:
            connection = await self._free.get()
            if first:
                self.offered.append(time.monotonic())
                first = False
            try:
                wait = await self._send(*connection, self.bodies[number])
            except (asyncio.IncompleteReadError, ConnectionError):
                # It was idle for so long that the server has closed it.
                self.told["reopened"] += 1
                connection, wait = await self._open(), -1
            self._free.put_nowait(connection)
            if not wait:
                return
            await asyncio.sleep(max(0, wait))

    async def _open(self) -> Connection:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def _send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> int:
        """Seconds to wait until it may be sent again; 0 when it was taken."""
        writer.write(self.head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        said = json.loads(await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0])))
        status = int(head.split()[1])
        self.told["posts"] += 1
        if status == 200:
            self.told["accepted"] += said["accepted"]
            return 0
        assert status == 429 and said["error"] == "overloaded", (status, said)
        self.told["refused"] += 1
        wait = int(head.split("retry-after:")[1].split("\r\n")[0])
        self.waits.append(wait)
        return wait


def main() -> None:
    """See the module."""
    port, token, room, first, count, rate = sys.argv[1:7]
    bodies = [body_of(int(first) + place) for place in range(int(count))]
    flood = Flood(int(port), token, room, bodies, float(rate))
    print("ready", flush=True)
    sys.stdin.readline()
    asyncio.run(flood.run())
    told = {
        **flood.told,
        "began": flood.offered[0],
        "offered": flood.offered[-1],
        "ended": flood.ended,
        "waits": sorted(set(flood.waits)),
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
