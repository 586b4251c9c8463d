"""PySpark structured streaming: a folder of files, one file a trigger, count per kind and 5 s; in memory."""

import json
import sys
import time
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, timestamp_millis, window
from pyspark.sql.types import LongType, StringType, StructField, StructType

spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.driver.memory", "2g")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
folder = str(Path(sys.argv[1]).resolve())
shape = StructType([StructField("kind", StringType()), StructField("at", LongType())])
events = spark.readStream.schema(shape).option("maxFilesPerTrigger", 1).json(folder)
counts = events.withColumn("when", timestamp_millis(col("at"))).groupBy(window("when", "5 seconds"), "kind").count()
began = time.monotonic()
query = counts.writeStream.outputMode("update").format("noop").trigger(processingTime="0 seconds").start()
query.processAllAvailable()
took = time.monotonic() - began
progress = query.recentProgress
batches = sorted(p["durationMs"]["triggerExecution"] for p in progress if p["numInputRows"])
query.stop()
print(
    json.dumps(
        {
            "engine": f"PySpark {spark.version} structured streaming",
            "events": sum(p["numInputRows"] for p in progress),
            "seconds": took,
            "batch_p50_ms": batches[len(batches) // 2],
            "batch_max_ms": batches[-1],
        }
    )
)
spark.stop()
