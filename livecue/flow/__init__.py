"""How things move: intake, pump, outbox, runner, timer, bus. Knows no word of the trade but the vocabulary."""

from livecue.flow.asked import Asked, answered, await_answer
from livecue.flow.bus import Bus, Frame, Slot, Tap
from livecue.flow.exchange import Exchange
from livecue.flow.inbox import Inbox
from livecue.flow.intake import Rejected, Sifted, keyed, keyed_all, read_lines
from livecue.flow.keeping import RowsOnly
from livecue.flow.ledger import Decider, Ledger, RoomInfo
from livecue.flow.masks import unmasked
from livecue.flow.outbox import (
    GAVE_UP,
    ActionRow,
    OpenAction,
    Outbox,
    OutboxPicture,
    action_id_of,
    action_kinds,
    fate_of,
    kind_of_action,
    list_actions,
)
from livecue.flow.post import Post, Receipt
from livecue.flow.pressure import Pressure
from livecue.flow.pulse import BOUNDS_S, Pulse, Spread
from livecue.flow.pump import Pump
from livecue.flow.room import Makers
from livecue.flow.runner import MOST_ATTEMPTS, Door, Runner
from livecue.flow.timer import REST_MS, TICK_MS, Timer
from livecue.flow.unit import Unit

__all__ = [
    "BOUNDS_S",
    "GAVE_UP",
    "MOST_ATTEMPTS",
    "REST_MS",
    "TICK_MS",
    "ActionRow",
    "Asked",
    "Bus",
    "Decider",
    "Door",
    "Exchange",
    "Frame",
    "Inbox",
    "Ledger",
    "Makers",
    "OpenAction",
    "Outbox",
    "OutboxPicture",
    "Post",
    "Pressure",
    "Pulse",
    "Pump",
    "Receipt",
    "Rejected",
    "RoomInfo",
    "RowsOnly",
    "Runner",
    "Sifted",
    "Slot",
    "Spread",
    "Tap",
    "Timer",
    "Unit",
    "action_id_of",
    "action_kinds",
    "answered",
    "await_answer",
    "fate_of",
    "keyed",
    "keyed_all",
    "kind_of_action",
    "list_actions",
    "read_lines",
    "unmasked",
]
