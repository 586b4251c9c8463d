"""Reads the rows of a past show back into what the rules look at."""

from collections.abc import Iterable, Iterator

import msgspec

from livecue.cues.heard import heard_lately, heard_more
from livecue.cues.past.body import FIGURES, PITCHED, Shown, Word, decode
from livecue.cues.scene import Heard, Scene
from livecue.errors import BadInput
from livecue.events import CommentJudged, ProductCard, QuestionAnswered, TextFlagged
from livecue.flow import TICK_MS
from livecue.metrics import Reading
from livecue.sales import SalesPicture, StockView
from livecue.shows import Draw, Offer, SegmentState, ShowsPicture
from livecue.store import Reader

MOST_SCENES = 24 * 720
"""A show's first 24 hours are counted: what never ends must not be counted for ever."""
_PAGE = 720
_ASKED = frozenset((metric, window, scope) for metric, window, scope in FIGURES)


class Moment(msgspec.Struct, frozen=True):
    """A scene of the past, what fed it, and whether every rule was asked then or only those about words."""

    scene: Scene
    whole: bool
    spoken: bool
    rundown: bool


def rows_of(db: Reader, org: str, brand: str, room: str, show: str) -> Iterator[tuple[int, bytes]]:
    """Room time and body of every kept scene of a show, in order."""
    after, left = -1, MOST_SCENES
    while left > 0:
        rows = db.rows(
            "SELECT at, body FROM past_scenes WHERE org = ? AND brand = ? AND room = ? AND show = ? AND at > ?"
            " ORDER BY at LIMIT ?",
            (org, brand, room, show, after, min(_PAGE, left)),
        )
        yield from rows
        if len(rows) < _PAGE:
            return
        after, left = rows[-1][0], left - len(rows)


def past_scenes(rows: Iterable[tuple[int, bytes]]) -> Iterator[Moment]:
    """The moments at which rules were asked. Raises ``BadInput`` on a damaged row."""
    heard = Heard()
    shows, sales = _EMPTY_SHOWS, SalesPicture(stock=[], unpaid=0, paid=0, refunds=0, mismatches=0)
    readings = KeptReadings({}, {}, "")
    rundown = False
    for at, blob in rows:
        try:
            body = decode(blob)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise BadInput(f"a kept scene is damaged: {error}") from error
        for when, words in _together(body.words):
            heard = heard_more(heard, [_event(word) for word in words], when)
            # What was said is looked at on the next tick.
            scene = Scene(now=when + TICK_MS, readings=readings, shows=shows, sales=sales, heard=heard)
            if scene.now < at:
                yield Moment(scene, False, body.spoken, rundown)
        if body.shown is not None:
            shows, rundown = _shows(body.shown), body.shown.planned > 0
        if body.stock is not None:
            sales = _sales(body.stock)
        # Rows of before it was kept only know that somebody listens.
        heard = msgspec.structs.replace(heard, speech_at=body.speech_at or (at if body.spoken else 0))
        minutes = readings.minutes if body.minutes is None else body.minutes
        heard = heard_lately(heard, at)
        scene = Scene(now=at, readings=readings, shows=shows, sales=sales, heard=heard)
        readings = KeptReadings(body.figures, minutes, scene.pitched())
        yield Moment(msgspec.structs.replace(scene, readings=readings), True, body.spoken, rundown)


class KeptReadings:
    """``Readings`` as they were in one scene."""

    def __init__(
        self, figures: dict[str, tuple[float | None, int, str]], minutes: dict[str, list[float | None]], pitched: str
    ) -> None:
        self.minutes = minutes
        self._figures = figures
        self._pitched = f"product:{pitched}"

    def reading(self, metric: str, window: str = "5m", scope: str = "room") -> Reading:
        """The figure; one that no rule looked at then was not kept (``not_kept``)."""
        kind = PITCHED if scope == self._pitched else scope
        value, sample, why = self._figures.get(f"{metric}|{window}|{kind}", (None, 0, "not_kept"))
        return Reading(metric=metric, window=window, scope=scope, value=value, sample=sample, why=why)

    def minutes_of(self, metric: str, count: int) -> list[float | None]:
        """The room's figure of the last minutes, at most 36."""
        return self.minutes.get(metric, [])[-count:] if count > 0 else []


def _together(words: Iterable[Word]) -> list[tuple[int, list[Word]]]:
    groups: list[tuple[int, list[Word]]] = []
    for word in words:
        if groups and groups[-1][0] == word.when:
            groups[-1][1].append(word)
        else:
            groups.append((word.when, [word]))
    return groups


def _event(word: Word) -> CommentJudged | TextFlagged | QuestionAnswered:
    if word.kind == "answered":
        return QuestionAnswered(comment=word.about)
    if word.kind == "flag":
        return TextFlagged(where=word.where, subject=word.about, word="", severity=word.severity, entry=word.entry)
    return CommentJudged(comment=word.about, label=word.kind, topic=word.topic, product=word.product)


_EMPTY_SHOWS = ShowsPicture(
    show="", title="", status="on_air", starts_at=0, started_at=0, ended_at=0, segment="", segment_started_at=0,
    version=1, segments=[], pinned="", pinned_at=0, listed={}, products=[], offers=[], draws=[], last_draw_at=0,
    goals={}, stream="unknown", feeds={}, carried=[],
)  # fmt: skip


def _shows(shown: Shown) -> ShowsPicture:
    segments = []
    running = shown.running
    if running is not None:
        segments.append(_segment(running.segment, running.part))
        segments[0] = msgspec.structs.replace(
            segments[0],
            product=running.product,
            planned_start=running.planned_start,
            planned_end=running.planned_end,
            started_at=running.started_at,
            expected_end=running.expected_end,
        )
    if running is None and shown.planned:
        # There is a rundown, of which nothing runs.
        segments.append(_segment("", ""))
    if shown.bags and (running is None or running.part != "lucky_bag"):
        segments.append(_segment("", "lucky_bag"))
    return msgspec.structs.replace(
        _EMPTY_SHOWS,
        starts_at=shown.started_at,
        started_at=shown.started_at,
        segment=running.segment if running else "",
        segment_started_at=shown.segment_started_at,
        segments=segments,
        pinned=shown.pinned,
        pinned_at=shown.pinned_at,
        listed=dict.fromkeys(shown.listed, 0),
        products=[ProductCard(product=p, name="", role=role, category=kind) for p, role, kind in shown.products],
        offers=[Offer(offer, "", product, ends_at) for offer, product, ends_at in shown.offers],
        draws=[Draw("", "", 0)] if shown.drawing else [],
        last_draw_at=shown.last_draw_at,
        stream=shown.stream,
    )


def _segment(segment: str, part: str) -> SegmentState:
    return SegmentState(
        segment=segment, part=part, title="", product="", host="", planned_start=0, planned_end=0, started_at=0,
        ended_at=0, expected_start=0, expected_end=0, target_gmv=0, target_orders=0, talk_track="",
    )  # fmt: skip


def _sales(stock: dict[str, int | None]) -> SalesPicture:
    views = [
        StockView(sku=product, product=product, on_hand=free or 0, reserved=0, known=free is not None)
        for product, free in stock.items()
    ]
    return SalesPicture(stock=views, unpaid=0, paid=0, refunds=0, mismatches=0)
