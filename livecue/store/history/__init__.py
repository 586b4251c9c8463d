"""The history: closed shows as Parquet in a folder or a bucket, moved there out of the journal."""

from livecue.store.history.archive import Archived, Archiver, patient
from livecue.store.history.files import history_engine, read_file
from livecue.store.history.kept import JOURNAL, History, HistoryFile, every_history_file, folder_of, history_files
from livecue.store.history.place import FolderPlace, Place, history_place
from livecue.store.history.presets import HistoryPreset, history_preset

__all__ = [
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
    "history_engine",
    "history_files",
    "history_place",
    "history_preset",
    "patient",
    "read_file",
]
