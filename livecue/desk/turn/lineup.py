"""What a tick looks for: whether the show, its lineup, or what waits as rows has moved."""

from collections.abc import Mapping, Sequence

from livecue.desk.state import BUCKET_MS, MOST_WAITING, Kept, Waiting
from livecue.events import ProductCard
from livecue.shows import ShowsPicture


def running_show(shows: ShowsPicture) -> str:
    """The show that is on air, else ""."""
    return shows.show if shows.status == "on_air" else ""


def same_lineup(products: Sequence[ProductCard], listed: Mapping[str, int], shows: ShowsPicture) -> bool:
    """Whether the ledger of shows still offers the same under the same numbers."""
    return listed == shows.listed and list(products) == shows.products


def wants_more(waiting: Mapping[str, Waiting], beyond: Mapping[int, int]) -> bool:
    """Whether questions that wait as rows are to be taken into memory: many at once, not one for each answer."""
    return bool(beyond) and len(waiting) <= MOST_WAITING // 2


def due(kept: Kept, shows: ShowsPicture | None, now: int) -> bool:
    """Whether a tick has anything to do: most have not, and there are four a second in every room."""
    if now // BUCKET_MS != kept.span or wants_more(kept.waiting, kept.beyond):
        return True
    return shows is not None and (
        kept.show != running_show(shows)
        or kept.pinned != shows.pinned
        or not same_lineup(kept.products, kept.listed, shows)
    )
