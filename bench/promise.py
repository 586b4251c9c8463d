"""What an answer promises in each shape: printed beside every figure, so that none is read for more than it is."""

import os
from collections.abc import Mapping

SQLITE = {
    "answered": "after the commit of a transaction that is flushed (SQLite WAL, synchronous=FULL)",
    "killed_process": "kept",
    "power_loss_of_the_machine": "kept, if its disk keeps what it says is flushed",
    "loss_of_the_disk": "lost",
}
POSTGRES = {
    "answered": "after PostgreSQL has flushed it (synchronous_commit on)",
    "killed_process": "kept, LiveCue or the server",
    "power_loss_of_the_machine": "kept, if its disk keeps what it says is flushed",
    "loss_of_the_disk": "lost, unless PostgreSQL is replicated",
}
NATS_ONE = {
    "answered": "after one NATS node has acknowledged it, which is before its flush; what is folded PostgreSQL flushes",
    "killed_process": "kept, LiveCue or the server",
    "power_loss_of_the_machine": "what the node had not flushed and nobody had folded may be lost",
    "loss_of_the_disk": "what nobody had folded is lost",
}
NATS_THREE = {
    "answered": "after most of three NATS nodes have acknowledged it; what is folded PostgreSQL flushes",
    "killed_process": "kept",
    "power_loss_of_the_machine": "kept through the loss of one node; with all three on one machine as one node",
    "loss_of_the_disk": "kept, of one node",
}
NOTHING = {"answered": "nobody; counted in memory", "killed_process": "lost", "power_loss_of_the_machine": "lost"}


def promise_of(env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Of the shape that the servers of this bench are started in: they read the same environment."""
    if not env.get("LIVECUE_STORE_DSN"):
        return SQLITE
    if not env.get("LIVECUE_STORE_NATS"):
        return POSTGRES
    return NATS_THREE if int(env.get("LIVECUE_STORE_NATS_REPLICAS") or 1) >= 3 else NATS_ONE
