"""Replays files: our own recordings and the logs that platform folders can read. Pure: the caller owns the clock."""

from livecue.integrations.recording.journal import ENTERED, Header, write_recording
from livecue.integrations.recording.recording import (
    LineFormat,
    LineReader,
    Recording,
    RowError,
    Step,
    known_formats,
    open_recording,
)

__all__ = [
    "ENTERED",
    "Header",
    "LineFormat",
    "LineReader",
    "Recording",
    "RowError",
    "Step",
    "known_formats",
    "open_recording",
    "write_recording",
]
