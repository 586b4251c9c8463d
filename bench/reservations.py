"""Reservations of stock: orders from 64 clients into the pump, each answered after its commit, on SQLite or PostgreSQL.

Only the ledger of sales folds: what is measured is the stock ledger with journal, keys, order rows and double entries.
Every post holds ``GROUP`` orders, as a platform's feed or an intake would send them; the pump groups posts further.
"""

import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from bench.promise import POSTGRES, SQLITE
from livecue.app.heap import settle_heap
from livecue.events import Event, Line, OrderCreated, StockOpened
from livecue.flow import Bus, Pump, RoomInfo
from livecue.sales import Sales, list_balances, unbalanced
from livecue.store import Store, store_at

CLIENTS, ROOMS, SKUS, GROUP = 64, 8, 200, 8
_PIECES = 10_000_000


def measure(store: Store, seconds: float, promise: dict[str, str]) -> dict[str, Any]:
    """Run for ``seconds`` over an empty store."""
    pump = Pump(
        store.writer(),
        lambda _, room: (RoomInfo(room=room, org="o", brand="b", nature="rehearsed"), ((Sales,), ())),
        Bus(),
    )
    pump.start()
    settle_heap()
    opened: list[Event] = [StockOpened(key=f"s{n}", sku=f"s{n}", product="p", quantity=_PIECES) for n in range(SKUS)]
    pump.post("r0", opened, source="office").result(60)
    end = time.monotonic() + seconds
    waits: list[list[float]] = [[] for _ in range(CLIENTS)]

    def client(number: int) -> None:
        room, count = f"r{number % ROOMS}", 0
        while time.monotonic() < end:
            events: list[Event] = []
            for place in range(GROUP):
                order = f"{number}-{count}-{place}"
                line = Line(sku=f"s{(number * 7 + count + place) % SKUS}", product="p", quantity=1, price=100)
                events.append(OrderCreated(key=order, order=order, amount=100, user=f"u{number}", lines=(line,)))
            count += 1
            began = time.monotonic()
            pump.post(room, events, source="bench").result(60)
            waits[number].append(time.monotonic() - began)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    pump.stop()
    latencies = sorted(wait for mine in waits for wait in mine)
    made = len(latencies) * GROUP
    reader = store.reader()
    held = sum(row.reserved for row in list_balances(reader, "o", "b"))
    if held != made or unbalanced(reader):
        raise SystemExit(f"{made} reserved, {held} held: the stock does not sum")
    reader.close()
    return {
        "reservations_per_s": round(made / took),
        "p50_ms": round(latencies[len(latencies) // 2] * 1000, 1),
        "p99_ms": round(latencies[int(len(latencies) * 0.99)] * 1000, 1),
        "clients": CLIENTS,
        "orders_a_post": GROUP,
        "orders": made,
        "sums": "every balance equals its double entries",
        "promise": promise,
    }


def reservations(seconds: float = 15) -> dict[str, Any]:
    """On SQLite, and on a PostgreSQL of this machine where there is one."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="livecue-bench-") as folder:
        store = store_at(Path(folder) / "a.db")
        store.migrate()
        found["sqlite"] = measure(store, seconds, SQLITE)
    from tests.postgres import Cluster, server_folder

    if server_folder() is None:
        found["postgresql"] = "not run: no server on this machine"
        return found
    cluster = Cluster(durable=True)
    cluster.start()
    try:
        found["postgresql"] = measure(store_at(Path(), cluster.database()), seconds, POSTGRES)
    finally:
        cluster.remove()
    return found


if __name__ == "__main__":
    import json
    import sys

    print(json.dumps(reservations(float(sys.argv[1]) if len(sys.argv) > 1 else 15), indent=1))
