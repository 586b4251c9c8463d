"""Spark behind the expressions of the boards, in an environment of its own: made when it is asked for."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PYTHON = HERE / ".venv" / "bin" / "python"


def missing() -> str:
    """What is lacking to run it here; "" when nothing is."""
    if shutil.which("java") is None:
        return "Java 17 or newer"
    if not PYTHON.exists():
        return "its environment (`make bench ARGS=spark` makes it; about 500 MB)"
    return ""


def ensure() -> None:
    """Make the environment out of its own lock."""
    if PYTHON.exists():
        return
    subprocess.run([sys.executable, "-m", "venv", str(HERE / ".venv")], check=True)
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(HERE / "requirements.txt")]
    subprocess.run(pip, check=True)


def run_on_spark(
    folder: Path, wanted: dict[str, Any], timeout: float = 600
) -> dict[str, tuple[float, list[list[Any]]]]:
    """(seconds, rows) of each expression over the Parquet files of ``folder``."""
    pickled = folder / "expressions.pickle"
    pickled.write_bytes(pickle.dumps(wanted))
    # PYTHONPATH would let the one environment see the other's packages.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    told = subprocess.run(
        [str(PYTHON), str(HERE / "answer.py"), str(pickled), str(folder)],
        capture_output=True, text=True, check=False, timeout=timeout, env=env,
    )  # fmt: skip
    if told.returncode:
        raise RuntimeError(f"Spark failed: {told.stderr[-3000:]}")
    lines = (json.loads(line) for line in told.stdout.splitlines() if line.startswith("{"))
    return {line["name"]: (line["seconds"], line["rows"]) for line in lines}
