"""The service desk: one inbox of conversations on two clocks, with answers made of facts."""

from livecue.desk.service.answers import Known, Proposal, likeness, propose
from livecue.desk.service.decider import Service
from livecue.desk.service.drafts import Draft, Entry, Index, drafts, entries_of, fill, past_answers
from livecue.desk.service.figures import (
    Asked,
    Figures,
    Share,
    Taken,
    asked_between,
    conversations_between,
    figures,
    platform_share,
    suggestions_between,
)
from livecue.desk.service.grounding import ungrounded, word_for_word
from livecue.desk.service.hotspots import HotSpot, HotSpots, hot_spots
from livecue.desk.service.hours import Spans, in_force, open_ms, shift_of
from livecue.desk.service.knowledge import (
    VARIABLES,
    Fact,
    Knowledge,
    Template,
    list_facts,
    list_templates,
    places_of,
)
from livecue.desk.service.masking import mask_name, mask_text
from livecue.desk.service.naming import conversation_of
from livecue.desk.service.picture import due_of
from livecue.desk.service.presets import PlatformClock, auto, platform_clock, team_clock
from livecue.desk.service.rates import Rate, RatePreset, rate_preset, rates
from livecue.desk.service.reading import (
    InboxRow,
    MessageRow,
    OutreachRow,
    SuggestionRow,
    find_conversation,
    history_of,
    hours_of,
    list_closed,
    list_messages,
    list_open,
    list_outreach,
    list_suggestions,
    name_of,
    viewers_of,
)
from livecue.desk.service.state import AgentView, ServicePicture, WaitingView

__all__ = [
    "VARIABLES",
    "AgentView",
    "Asked",
    "Draft",
    "Entry",
    "Fact",
    "Figures",
    "HotSpot",
    "HotSpots",
    "InboxRow",
    "Index",
    "Knowledge",
    "Known",
    "MessageRow",
    "OutreachRow",
    "PlatformClock",
    "Proposal",
    "Rate",
    "RatePreset",
    "Service",
    "ServicePicture",
    "Share",
    "Spans",
    "SuggestionRow",
    "Taken",
    "Template",
    "WaitingView",
    "asked_between",
    "auto",
    "conversation_of",
    "conversations_between",
    "drafts",
    "due_of",
    "entries_of",
    "figures",
    "fill",
    "find_conversation",
    "history_of",
    "hot_spots",
    "hours_of",
    "in_force",
    "likeness",
    "list_closed",
    "list_facts",
    "list_messages",
    "list_open",
    "list_outreach",
    "list_suggestions",
    "list_templates",
    "mask_name",
    "mask_text",
    "name_of",
    "open_ms",
    "past_answers",
    "places_of",
    "platform_clock",
    "platform_share",
    "propose",
    "rate_preset",
    "rates",
    "shift_of",
    "suggestions_between",
    "team_clock",
    "ungrounded",
    "viewers_of",
    "word_for_word",
]
