"""When: the calendar of shows and contents, what it refuses, its feed."""

from livecue.planning.calendar.advice import Advice, Members, Slot, advice_for
from livecue.planning.calendar.contents import KINDS, Content, contents_between, days_off, shipped
from livecue.planning.calendar.feeds import Feed, FeedRow, find_feed, list_feeds, new_feed, revoke_feed
from livecue.planning.calendar.house import Calendar, zone_known
from livecue.planning.calendar.ics import IcsEvent, escape, fold, ics_of
from livecue.planning.calendar.meetings import (
    Agenda,
    Asked,
    Beside,
    Meeting,
    Times,
    agenda_of,
    ics_meetings,
    ics_tasks,
    meetings_of,
    times_of,
)
from livecue.planning.calendar.preparation import Preparation, PreparationPicture, task_of
from livecue.planning.calendar.steps import Step, steps, title_of
from livecue.planning.calendar.view import (
    LONGEST,
    CalendarView,
    ShowEntry,
    calendar_of,
    day_of,
    entries_between,
    entry_of,
    ics_events,
    resources,
    sold,
)

__all__ = [
    "KINDS",
    "LONGEST",
    "Advice",
    "Agenda",
    "Asked",
    "Beside",
    "Calendar",
    "CalendarView",
    "Content",
    "Feed",
    "FeedRow",
    "IcsEvent",
    "Meeting",
    "Members",
    "Preparation",
    "PreparationPicture",
    "ShowEntry",
    "Slot",
    "Step",
    "Times",
    "advice_for",
    "agenda_of",
    "calendar_of",
    "contents_between",
    "day_of",
    "days_off",
    "entries_between",
    "entry_of",
    "escape",
    "find_feed",
    "fold",
    "ics_events",
    "ics_meetings",
    "ics_of",
    "ics_tasks",
    "list_feeds",
    "meetings_of",
    "new_feed",
    "resources",
    "revoke_feed",
    "shipped",
    "sold",
    "steps",
    "task_of",
    "times_of",
    "title_of",
    "zone_known",
]
