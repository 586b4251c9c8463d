"""Resident memory by what it is of."""

from pathlib import Path


def memory_of(pid: int | str = "self") -> dict[str, float]:
    """Resident memory (MB) of a process: all of it, what it made itself, and what is of files."""
    kept: dict[str, float] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, value = line.split(":")
        kept[name] = int(value.split()[0]) / 1024
    return {
        "memory_mb": round(kept["Rss"], 1),
        "own_mb": round(kept["Anonymous"], 1),
        "files_mb": round(kept["Rss"] - kept["Anonymous"], 1),
    }
