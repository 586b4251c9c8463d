"""The pump: one thread that appends what arrived, folds it and commits both, over and over.

A cycle is one transaction: append every waiting post to the journal, fold what the journal holds (within a
budget of events), run small jobs, commit, and only then answer. A post is therefore durable when its sender
hears of it, and the answer knows the duplicates and, for commands, what became of them.

Where several programs share the rooms, posts reach the journal by an ``Exchange``; the pump then only folds, and only
the rooms that were given to it.

``pump`` its doors and its thread, ``queue`` what waits for it, ``cycle`` one transaction, ``rooms`` what is open and
what failed, ``showing`` what screens are sent.
"""

from livecue.flow.pump.pump import Pump
from livecue.flow.pump.rooms import RoomBroken, Rooms

__all__ = ["Pump", "RoomBroken", "Rooms"]
