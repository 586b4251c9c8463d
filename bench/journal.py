"""What an answer costs where the journal stands: in PostgreSQL, on one NATS node, on three.

``python -m bench.journal [SECONDS]``: real servers of its own on this machine. Some senders each post 200 likes and
wait for the answer; nothing is folded. Printed for each place: posts and events a second, the middle and the slowest
answers, the load of the machine before. The promise of an answer differs by place: see docs, scaled.
"""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.promise import NATS_ONE, NATS_THREE, POSTGRES
from livecue.events import Event, LikeGiven, encode_events
from livecue.flow import RoomInfo
from livecue.flow.appending import Appender
from livecue.flow.post import Post
from livecue.store import Store, store_at
from tests.nats import Nats
from tests.postgres import Cluster

SENDERS = 16
ROOMS = 8
EVENTS = 200


def measure(store: Store, seconds: float) -> tuple[int, list[float]]:
    """How many posts were answered, and how long each took (s)."""

    def answered(posts: object) -> None:
        for post in posts:  # type: ignore[attr-defined]
            post.done.set_result(post.kept())

    appender = Appender(store.writer(), lambda _, r: RoomInfo(room=r, org="o", brand="b"), answered)
    appender.start()
    took: list[list[float]] = [[] for _ in range(SENDERS)]
    end = time.monotonic() + seconds

    def send(me: int) -> None:
        number = 0
        while time.monotonic() < end:
            number += 1
            events: list[Event] = [LikeGiven(key=f"{me}/{number}/{n}") for n in range(EVENTS)]
            began = time.monotonic()
            post = Post(f"room{me % ROOMS}", events, "bench", "", -1, 0, False)
            appender.put(post)
            post.done.result(60)
            took[me].append(time.monotonic() - began)

    threads = [threading.Thread(target=send, args=(me,)) for me in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    appender.stop()
    found = sorted(one for mine in took for one in mine)
    return len(found), found


def main() -> None:
    """See the module."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    packed = len(encode_events([LikeGiven(key=f"1/1/{n}") for n in range(EVENTS)]))
    print(f"{SENDERS} senders, {ROOMS} rooms, posts of {EVENTS} likes ({packed} bytes packed), {seconds:.0f} s each")
    cluster, one, three = Cluster(durable=True), Nats(1), Nats(3)
    try:
        cluster.start()
        for name, nats, promise in (
            ("PostgreSQL", None, POSTGRES),
            ("NATS, one node", one, NATS_ONE),
            ("NATS, three nodes", three, NATS_THREE),
        ):
            if nats is not None:
                nats.start()
            broker = nats.broker() if nats is not None else None
            store = store_at(Path(tempfile.gettempdir()), cluster.database(), broker)
            load = os.getloadavg()[0]
            count, took = measure(store, seconds)
            store.reader().close()
            print(
                f"{name:18} {count / seconds:8.0f} posts/s {count * EVENTS / seconds:10.0f} events/s"
                f"  p50 {took[len(took) // 2] * 1000:6.1f} ms  p99 {took[len(took) * 99 // 100] * 1000:6.1f} ms"
                f"  load before {load:.1f}; "
                + "; ".join(f"{what.replace('_', ' ')}: {said}" for what, said in promise.items()),
                flush=True,
            )
    finally:
        for server in (one, three):
            server.remove()
        cluster.remove()


if __name__ == "__main__":
    main()
