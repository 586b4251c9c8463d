"""The shape that a part of the bench is measured in: servers of its own, named to every LiveCue it starts."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench.promise import promise_of


@contextmanager
def shape(nodes: int) -> Iterator[None]:
    """PostgreSQL, which flushes; with ``nodes`` of NATS the journal on them."""
    from tests.nats import Nats
    from tests.postgres import Cluster

    cluster = Cluster(durable=True)
    broker = Nats(nodes) if nodes else None
    before = {name: value for name, value in os.environ.items() if name.startswith("LIVECUE_STORE_")}
    try:
        cluster.start()
        for name in before:
            del os.environ[name]
        os.environ["LIVECUE_STORE_DSN"] = cluster.database()
        if broker is not None:
            broker.start()
            place = broker.broker()
            os.environ["LIVECUE_STORE_NATS"] = place.url
            os.environ["LIVECUE_STORE_NATS_PREFIX"] = place.prefix
            os.environ["LIVECUE_STORE_NATS_REPLICAS"] = str(place.replicas)
        yield
    finally:
        for name in [name for name in os.environ if name.startswith("LIVECUE_STORE_")]:
            del os.environ[name]
        os.environ.update(before)
        if broker is not None:
            broker.remove()
        cluster.remove()


def shaped(nodes: int, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What ``work`` measures in that shape, with what an answer promises there."""
    from tests.postgres import server_folder

    if server_folder() is None:
        return {"not_run": "no PostgreSQL on this machine"}
    if nodes and shutil.which("nats-server") is None:
        return {"not_run": "no nats-server on this machine"}
    with shape(nodes):
        return {**work(), "promise": promise_of()}
