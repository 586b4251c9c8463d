"""A simulated show: seeded, calibrated on real aggregates, and called simulated wherever it appears.

``Simulation`` is the room and the platform, ``Crew`` the team; step both in room time and let them hear what the room
announces. Nothing here reaches a real platform.
"""

from livecue.integrations.simulator.calibration import REAL, Band
from livecue.integrations.simulator.crew import PREPARES_MS, Crew, CuePlan, plan_for_cue
from livecue.integrations.simulator.demo import (
    BIG_OPENS_S,
    CREW,
    DEMO_OPENS_S,
    big_show,
    default_demo,
    plain_show,
    rundown,
)
from livecue.integrations.simulator.driven import SimulatedShow
from livecue.integrations.simulator.engine import GRID_MS
from livecue.integrations.simulator.levers import LEVER_OF, Planted
from livecue.integrations.simulator.load import LoadBlock, LoadMix, load_lines, load_opening
from livecue.integrations.simulator.platform import IDEMPOTENT, PERFORMS, Call
from livecue.integrations.simulator.recording import SOURCE, recording_lines, show_steps
from livecue.integrations.simulator.rehearsal import rehearsal_of
from livecue.integrations.simulator.scenario import (
    AnyIncident,
    BannedWord,
    ComplaintFlood,
    DrawRuns,
    FeedGap,
    Incident,
    OfferRuns,
    Oversell,
    Person,
    PlantedEffect,
    Product,
    RefundWave,
    RudeComments,
    Scenario,
    ScriptedAnswer,
    SellOut,
    Slump,
    Stutter,
    TrafficDrop,
    TrafficSurge,
)
from livecue.integrations.simulator.simulation import Books, Simulation

__all__ = [
    "BIG_OPENS_S",
    "CREW",
    "DEMO_OPENS_S",
    "GRID_MS",
    "IDEMPOTENT",
    "LEVER_OF",
    "PERFORMS",
    "PREPARES_MS",
    "REAL",
    "SOURCE",
    "AnyIncident",
    "Band",
    "BannedWord",
    "Books",
    "Call",
    "ComplaintFlood",
    "Crew",
    "CuePlan",
    "DrawRuns",
    "FeedGap",
    "Incident",
    "LoadBlock",
    "LoadMix",
    "OfferRuns",
    "Oversell",
    "Person",
    "Planted",
    "PlantedEffect",
    "Product",
    "RefundWave",
    "RudeComments",
    "Scenario",
    "ScriptedAnswer",
    "SellOut",
    "SimulatedShow",
    "Simulation",
    "Slump",
    "Stutter",
    "TrafficDrop",
    "TrafficSurge",
    "big_show",
    "default_demo",
    "load_lines",
    "load_opening",
    "plain_show",
    "plan_for_cue",
    "recording_lines",
    "rehearsal_of",
    "rundown",
    "show_steps",
]
