"""When and how: rooms, shows, phases, the rundown, what is pinned now."""

from livecue.shows.ledger import NATURES, PARTS, Shows
from livecue.shows.reading import (
    SegmentRow,
    ShowRow,
    find_room,
    find_show,
    length_of,
    list_removed,
    list_rooms,
    list_segments,
    list_shows,
    rooms_on_air,
    shows_between,
    span_of,
    titles_of,
)
from livecue.shows.state import Draw, Offer, SegmentState, ShowsPicture

__all__ = [
    "NATURES",
    "PARTS",
    "Draw",
    "Offer",
    "SegmentRow",
    "SegmentState",
    "ShowRow",
    "Shows",
    "ShowsPicture",
    "find_room",
    "find_show",
    "length_of",
    "list_removed",
    "list_rooms",
    "list_segments",
    "list_shows",
    "rooms_on_air",
    "shows_between",
    "span_of",
    "titles_of",
]
