"""Flink SQL: a folder of files, count per kind in tumbling windows of 5 s; two slots, in memory."""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

from pyflink.table import EnvironmentSettings, TableEnvironment

table = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
table.get_config().set("parallelism.default", "2")
folder = Path(sys.argv[1]).resolve()
table.execute_sql(
    "CREATE TABLE events (kind STRING, `at` BIGINT, moment AS TO_TIMESTAMP_LTZ(`at`, 3),"
    " WATERMARK FOR moment AS moment - INTERVAL '1' SECOND)"
    f" WITH ('connector' = 'filesystem', 'path' = 'file://{folder}', 'format' = 'json')"
)
began = time.monotonic()
result = table.execute_sql(
    "SELECT window_start, kind, COUNT(*) AS n FROM TABLE("
    "TUMBLE(TABLE events, DESCRIPTOR(moment), INTERVAL '5' SECOND)) GROUP BY window_start, window_end, kind"
)
events = windows = 0
with result.collect() as rows:
    for row in rows:
        windows += 1
        events += row[2]
print(
    json.dumps(
        {
            "engine": f"Flink SQL {version('apache-flink')}",
            "events": events,
            "windows": windows,
            "seconds": time.monotonic() - began,
        }
    )
)
