"""bytewax: read lines in batches, count per kind and 5 s in the state of ``stateful_batch``; one worker, in memory."""

import json
import sys
import time
from itertools import islice
from pathlib import Path

import bytewax.operators as op
from bytewax.dataflow import Dataflow
from bytewax.inputs import FixedPartitionedSource, StatefulSourcePartition
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.testing import run_main

BATCH = 2_000
seen = {"events": 0, "windows": 0}


class Files(StatefulSourcePartition):
    def __init__(self, paths):
        self._lines = (line for path in paths for line in path.open("rb"))

    def next_batch(self):
        batch = list(islice(self._lines, BATCH))
        if not batch:
            raise StopIteration
        seen["events"] += len(batch)
        return batch

    def snapshot(self):
        return None


class Folder(FixedPartitionedSource):
    def list_parts(self):
        return ["all"]

    def build_part(self, step_id, for_part, resume_state):
        return Files(sorted(Path(sys.argv[1]).glob("*.ndjson")))


class Counts(op.StatefulBatchLogic):
    """Counts by window; a window is told when a later one begins."""

    def __init__(self, resume):
        self._window, self._count = 0, 0

    def on_batch(self, values):
        told = []
        for window in values:
            if window != self._window:
                if self._count:
                    told.append((self._window, self._count))
                self._window, self._count = window, 0
            self._count += 1
        return told, False

    def on_eof(self):
        return [(self._window, self._count)], True

    def snapshot(self):
        return (self._window, self._count)


class Last(StatelessSinkPartition):
    def write_batch(self, items):
        seen["windows"] += len(items)


class Out(DynamicSink):
    def build(self, step_id, worker_index, worker_count):
        return Last()


def keyed(line):
    event = json.loads(line)
    return event["kind"], event["at"] // 5_000


flow = Dataflow("count")
lines = op.input("in", flow, Folder())
counts = op.stateful_batch("count", op.map("key", lines, keyed), Counts)
op.output("out", counts, Out())
began = time.monotonic()
run_main(flow)
print(json.dumps({"engine": "bytewax stateful_batch", "seconds": time.monotonic() - began, **seen}))
