"""The 64 clients of the reservations bench, in a process of their own: what they cost is not the server's.

Called as ``python -m bench.reserving SECONDS``. Reads and writes frames of MessagePack on its standard streams: a post
goes out as [client, room, encoded events], and the clients whose posts are committed come back, as many as there are.
A client sends its next post when the one before was answered. The last frame says how many posts each client sent, how
long each waited, and what the clients took of the processor.
"""

import struct
import sys
import time
from typing import IO, Any

import msgspec

from livecue.events import Event, Line, OrderCreated, encode_events

CLIENTS, ROOMS, SKUS, GROUP = 64, 8, 200, 8
_LENGTH = struct.Struct("<I")


def send(stream: IO[bytes], *things: Any) -> None:
    """Write frames at once."""
    for thing in things:
        blob = msgspec.msgpack.encode(thing)
        stream.write(_LENGTH.pack(len(blob)) + blob)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next frame; None behind the last."""
    head = stream.read(_LENGTH.size)
    return msgspec.msgpack.decode(stream.read(_LENGTH.unpack(head)[0])) if len(head) == _LENGTH.size else None


def sku_of(client: int, count: int, place: int) -> int:
    """What an order asks for."""
    return (client * 7 + count + place) % SKUS


def post_of(client: int, count: int) -> tuple[int, str, bytes]:
    """A client's ``count``-th post: ``GROUP`` new orders of a piece each."""
    events: list[Event] = []
    for place in range(GROUP):
        order = f"{client}-{count}-{place}"
        line = Line(sku=f"s{sku_of(client, count, place)}", product="p", quantity=1, price=100)
        events.append(OrderCreated(key=order, order=order, amount=100, user=f"u{client}", lines=(line,)))
    return client, f"r{client % ROOMS}", encode_events(events)


def main() -> None:
    """See the module."""
    seconds = float(sys.argv[1])
    server, back = sys.stdout.buffer, sys.stdin.buffer
    counts = [0] * CLIENTS
    began = time.monotonic()
    sent = [began] * CLIENTS
    send(server, *(post_of(client, 0) for client in range(CLIENTS)))
    waits: list[float] = []
    cpu = time.process_time()
    open_posts = CLIENTS
    while open_posts:
        answered = receive(back)
        now = time.monotonic()
        again = answered if now < began + seconds else []
        for client in answered:
            waits.append(now - sent[client])
            counts[client] += 1
        open_posts += len(again) - len(answered)
        for client in again:
            sent[client] = time.monotonic()
            send(server, post_of(client, counts[client]))
    took, cpu = time.monotonic() - began, time.process_time() - cpu
    send(server, {"posts": counts, "waits": waits, "seconds": took, "cpu_s": cpu})


if __name__ == "__main__":
    main()
