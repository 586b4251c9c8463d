"""The one room that knows every other: wiring of parts, doors, drivers and the web."""

from livecue.app.archiving import FileState, HistoryState, history_of, offline, verify_history
from livecue.app.checking import Finding, run_checks
from livecue.app.driving import Driver, Steps
from livecue.app.house import ROLES, App, make_folder, makers, note_backup
from livecue.app.lock import address_of, forget_address, note_address, take_lock
from livecue.app.logs import open_log
from livecue.app.moving import move, move_target
from livecue.app.placing import broker_of, store_of
from livecue.app.replaying import Replay, Totals, export_show
from livecue.app.serving import free_port, lan_address, serve, web_of
from livecue.app.simulated import Demo, heard_before
from livecue.app.texts import check_file

__all__ = [
    "ROLES",
    "App",
    "Demo",
    "Driver",
    "FileState",
    "Finding",
    "HistoryState",
    "Replay",
    "Steps",
    "Totals",
    "address_of",
    "broker_of",
    "check_file",
    "export_show",
    "forget_address",
    "free_port",
    "heard_before",
    "history_of",
    "lan_address",
    "make_folder",
    "makers",
    "move",
    "move_target",
    "note_address",
    "note_backup",
    "offline",
    "open_log",
    "run_checks",
    "serve",
    "store_of",
    "take_lock",
    "verify_history",
    "web_of",
]
