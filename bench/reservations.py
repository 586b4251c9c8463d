"""Reservations of stock: orders from 64 clients into the pump, each answered after its commit, on SQLite or PostgreSQL.

Only the ledger of sales folds: what is measured is the stock ledger with journal, keys, order rows and double entries,
and the reading of what came. The clients are a process of their own (``bench.reserving``). Every post holds ``GROUP``
orders, as a platform's feed or an intake would send them; the pump groups posts further. Some SKUs sell out on the way.
"""

import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from bench.promise import POSTGRES, SQLITE
from bench.reserving import CLIENTS, GROUP, SKUS, receive, send, sku_of
from livecue.app.heap import settle_heap
from livecue.events import Event, StockOpened, decode_events
from livecue.flow import Bus, Pump, Receipt, RoomInfo
from livecue.sales import Sales, list_balances, unbalanced
from livecue.store import Store, store_at

_PIECES, _FEW = 10_000_000, 20
_SCARCE = 50
"""Every so many SKUs there are only ``_FEW`` of one."""


def _pieces(sku: int) -> int:
    return _PIECES if sku % _SCARCE else _FEW


def measure(store: Store, seconds: float, promise: dict[str, str]) -> dict[str, Any]:
    """Run for ``seconds`` over an empty store."""
    pump = Pump(
        store.writer(),
        lambda _, room: (RoomInfo(room=room, org="o", brand="b", nature="rehearsed"), ((Sales,), ())),
        Bus(),
    )
    pump.start()
    settle_heap()
    opened: list[Event] = [StockOpened(key=f"s{n}", sku=f"s{n}", product="p", quantity=_pieces(n)) for n in range(SKUS)]
    pump.post("r0", opened, source="office").result(60)
    cpu = time.process_time()
    said = _serve(pump, seconds)
    cpu = time.process_time() - cpu
    pump.stop()
    latencies = sorted(said["waits"])
    asked = Counter(
        sku_of(client, count, place)
        for client, posts in enumerate(said["posts"])
        for count in range(posts)
        for place in range(GROUP)
    )
    reader = store.reader()
    held = {row.sku: row.reserved for row in list_balances(reader, "o", "b")}
    oversold = sum(max(0, held[f"s{sku}"] - _pieces(sku)) for sku in range(SKUS))
    wrong = {sku: held[f"s{sku}"] for sku in range(SKUS) if held[f"s{sku}"] != min(asked[sku], _pieces(sku))}
    if oversold or wrong or unbalanced(reader):
        raise SystemExit(f"the stock does not sum: {oversold} oversold, of these other pieces are held: {wrong}")
    reader.close()
    orders = sum(asked.values())
    return {
        "reservations_per_s": round(orders / said["seconds"]),
        "p50_ms": round(latencies[len(latencies) // 2] * 1000, 1),
        "p99_ms": round(latencies[int(len(latencies) * 0.99)] * 1000, 1),
        "server_cpu_us_an_order": round(cpu / orders * 1e6, 1),
        "clients_cpu_us_an_order": round(said["cpu_s"] / orders * 1e6, 1),
        "clients": CLIENTS,
        "orders_a_post": GROUP,
        "orders": orders,
        "reserved": sum(held.values()),
        "refused_as_sold_out": orders - sum(held.values()),
        "oversold": oversold,
        "sums": "every balance equals its double entries, every SKU what was asked of it, or all there was",
        "promise": promise,
    }


def _serve(pump: Pump, seconds: float) -> dict[str, Any]:
    """Take posts from the clients' process and answer each when it is committed; what the process says at its end."""
    clients = subprocess.Popen(
        [sys.executable, "-m", "bench.reserving", str(seconds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert clients.stdin is not None and clients.stdout is not None
    answered: SimpleQueue[int] = SimpleQueue()
    failed: list[BaseException] = []

    def answer(back: Any) -> None:
        while (client := answered.get()) >= 0:
            some = [client]
            while not answered.empty():
                some.append(answered.get())
            try:
                send(back, some)
            except BrokenPipeError:
                return

    def done(client: int, future: "Future[Receipt]") -> None:
        if (error := future.exception()) is None:
            answered.put(client)
        else:
            # Its client would wait for an answer for ever.
            failed.append(error)
            clients.kill()

    thread = threading.Thread(target=answer, args=(clients.stdin,), daemon=True)
    thread.start()
    try:
        while not isinstance(came := receive(clients.stdout), dict):
            if came is None:
                why = f": a post was not answered, {failed[0]}" if failed else ""
                raise SystemExit(f"the clients ended before they were done{why}")
            client, room, events = came
            pump.post(room, decode_events(events), source="bench").add_done_callback(partial(done, client))
    except BaseException:
        clients.kill()
        raise
    finally:
        answered.put(-1)
        thread.join()
        clients.wait()
    return came


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

    print(json.dumps(reservations(float(sys.argv[1]) if len(sys.argv) > 1 else 15), indent=1))
