"""Runs in Spark's own environment: pickled Ibis expressions over Parquet files, answers as JSON lines.

``python answer.py EXPRESSIONS FOLDER``: EXPRESSIONS is a pickle of {name: expression}, FOLDER holds one Parquet file or
folder a set of facts. The expressions are those of ``livecue.insight``: nothing is written a second time.
"""

import json
import os
import pickle
import sys
import time
from pathlib import Path


def main() -> None:
    """Answer every question and say how long each took."""
    expressions, folder = pickle.loads(Path(sys.argv[1]).read_bytes()), Path(sys.argv[2])
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    import ibis
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master(os.environ.get("SPARK_MASTER", "local[2]"))
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.memory", "2g")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    for path in folder.glob("*.parquet"):
        session.read.parquet(str(path)).createOrReplaceTempView(path.stem)
    connection = ibis.pyspark.connect(session)
    for name, expression in expressions.items():
        began = time.monotonic()
        frame = connection.execute(expression)
        rows = json.loads(frame.to_json(orient="values", double_precision=15))
        print(json.dumps({"name": name, "seconds": time.monotonic() - began, "rows": rows}), flush=True)
    session.stop()


if __name__ == "__main__":
    main()
