"""When: the calendar of shows and contents, what it refuses, its feed."""

from livecue.planning.calendar.contents import KINDS, Content, contents_between, shipped
from livecue.planning.calendar.feeds import Feed, FeedRow, find_feed, list_feeds, new_feed, revoke_feed
from livecue.planning.calendar.house import Calendar, zone_known
from livecue.planning.calendar.ics import IcsEvent, escape, fold, ics_of
from livecue.planning.calendar.preparation import Preparation, PreparationPicture, task_of
from livecue.planning.calendar.steps import Step, steps
from livecue.planning.calendar.view import (
    LONGEST,
    CalendarView,
    ShowEntry,
    calendar_of,
    day_of,
    entries_between,
    ics_events,
    resources,
    sold,
)

__all__ = [
    "KINDS",
    "LONGEST",
    "Calendar",
    "CalendarView",
    "Content",
    "Feed",
    "FeedRow",
    "IcsEvent",
    "Preparation",
    "PreparationPicture",
    "ShowEntry",
    "Step",
    "calendar_of",
    "contents_between",
    "day_of",
    "entries_between",
    "escape",
    "find_feed",
    "fold",
    "ics_events",
    "ics_of",
    "list_feeds",
    "new_feed",
    "resources",
    "revoke_feed",
    "shipped",
    "sold",
    "steps",
    "task_of",
    "zone_known",
]
