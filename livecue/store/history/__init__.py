"""The history: closed shows as Parquet in a folder or a bucket, moved there out of the journal."""

from livecue.store.history.archive import Archived, Archiver, patient
from livecue.store.history.files import history_engine, read_file
from livecue.store.history.kept import (
    GONE,
    JOURNAL,
    History,
    HistoryFile,
    every_history_file,
    folder_of,
    forget_file,
    history_files,
    save_file,
)
from livecue.store.history.place import FolderPlace, Place, history_place
from livecue.store.history.presets import HistoryPreset, history_preset

__all__ = [
    "GONE",
    "JOURNAL",
    "Archived",
    "Archiver",
    "FolderPlace",
    "History",
    "HistoryFile",
    "HistoryPreset",
    "Place",
    "every_history_file",
    "folder_of",
    "forget_file",
    "history_engine",
    "history_files",
    "history_place",
    "history_preset",
    "patient",
    "read_file",
    "save_file",
]
