"""For every rule: how to make it fire, stay just under, recover, lose its figures, or have too little of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from livecue.events import CommentJudged, OpinionMoved, OpinionNoticed, QuestionAnswered, TextFlagged
from livecue.sales import StockView
from tests.cues.stage import Stage

Set = Callable[[Stage], None]


@dataclass(frozen=True)
class Case:
    """``band``: there is a stretch between the bounds where it neither fires nor recovers."""

    rule: str
    fires: Set
    under: Set
    recovered: Set
    unknown: Set
    little: Set
    role: str
    subject: str = ""
    lead_s: float = 6
    """How long after ``fires`` it fires."""
    under_s: float = 20
    band: bool = True
    thin: bool = True
    """``little`` is a matter of a sample, and said so; else it is what comes nearest to it."""
    says: str = ""
    """What is unknown does not keep it from firing: this fact says so."""


def reading(metric: str, value: float | None, window: str = "5m", scope: str = "room", sample: int = 10_000) -> Set:
    return lambda stage: stage.set(metric, value, sample, window, scope)


def minutes(**series: Sequence[float | None]) -> Set:
    def apply(stage: Stage) -> None:
        stage.minutes.update({name.replace("_", "."): list(values) for name, values in series.items()})

    return apply


def both(*steps: Set) -> Set:
    def apply(stage: Stage) -> None:
        for step in steps:
            step(stage)

    return apply


def put(**fields: object) -> Set:
    def apply(stage: Stage) -> None:
        for name, value in fields.items():
            setattr(stage, name, value)

    return apply


def stock(on_hand: int, known: bool = True) -> Set:
    return put(stock=[StockView(sku="p1-a", product="p1", on_hand=on_hand, reserved=0, known=known)])


_number = iter(range(1_000_000))


def judged(label: str, count: int = 1, topic: str = "", hidden: bool = False) -> Set:
    def apply(stage: Stage) -> None:
        for _ in range(count):
            key = f"c{next(_number)}"
            stage.feed(CommentJudged(comment=key, label=label, text="…", topic=topic or key, hidden=hidden))

    return apply


def flagged(where: str, severity: str = "block", entry: str = "A1", word: str = "最有效") -> Set:
    return lambda stage: _ignored(
        stage.feed(TextFlagged(where=where, subject=f"t{next(_number)}", word=word, severity=severity, entry=entry))
    )


def answered(stage: Stage) -> None:
    for item in stage.state.kept.heard.waiting:
        stage.feed(QuestionAnswered(comment=item.comment, by="cs-1"))


def opinion(level: int) -> Set:
    return lambda stage: _ignored(
        stage.feed(OpinionNoticed(case=f"o{next(_number)}", level=level, people=9, comments=12))
    )


def decided(stage: Stage) -> None:
    for item in stage.state.kept.heard.crises:
        stage.feed(OpinionMoved(case=item.case, what="decided", state="open", level=item.level, by="ops-1"))


def apart(first: Set, seconds: float, then: Set) -> Set:
    return both(first, pause(seconds), then)


def pause(seconds: float) -> Set:
    return lambda stage: _ignored(stage.run(seconds))


def _ignored(_: object) -> None:
    return None


P = "product:p1"
_flat = [40.0] * 30
_whole = reading("M44", 10_000, "show")
_untold = reading("M25.comments", None)
_ending = put(left_s=55, segment_s=100)

CASES: tuple[Case, ...] = (
    Case(
        "R001", role="host",
        fires=reading("M45", 79), under=reading("M45", 80), recovered=reading("M45", 96),
        unknown=reading("M45", None), little=reading("M45", 10, sample=49),
    ),
    Case(
        "R002", role="adbuyer",
        fires=reading("M45", 99, "show"), under=reading("M45", 100, "show"), recovered=reading("M45", 110, "show"),
        unknown=reading("M45", None, "show"), little=reading("M45", 10, "show", sample=499),
    ),
    Case(
        "R004", role="host", subject="p1",
        fires=reading("M28", 0.0239, scope=P), under=reading("M28", 0.024, scope=P),
        recovered=reading("M28", 0.03, scope=P), unknown=reading("M28", None, scope=P),
        little=reading("M28", 0.001, scope=P, sample=199),
    ),
    Case(
        "R005", role="host", subject="p1",
        fires=reading("M34", 0.0159, "15m", P), under=reading("M34", 0.016, "15m", P),
        recovered=reading("M34", 0.019, "15m", P), unknown=reading("M34", None, "15m", P),
        little=reading("M34", 0.0, "15m", P, sample=199),
    ),
    Case(
        "R007", role="floor",
        fires=minutes(M03=[20.0] * 15 + [10.0] * 5), under=minutes(M03=[20.0] * 15 + [10.2] * 5),
        recovered=minutes(M03=[20.0] * 20), unknown=minutes(M03=[]), little=minutes(M03=[5.0] * 15 + [1.0] * 5),
    ),
    Case(
        "R011", role="floor",
        fires=minutes(M03=[*_flat, 60.0]), under=minutes(M03=[*_flat, 58.0]), recovered=minutes(M03=[*_flat, 45.0]),
        unknown=minutes(M03=[*_flat[:-1], None]), little=minutes(M03=[*([5.0] * 30), 90.0]),
    ),
    Case(
        "R012", role="host",
        fires=minutes(M06=[200.0, 195.0, 191.0, 187.0]), under=minutes(M06=[200.0, 196.0, 193.0, 190.0]),
        recovered=minutes(M06=[187.0, 190.0, 195.0, 200.0]), unknown=minutes(M06=[None] * 4),
        little=minutes(M06=[29.0, 20.0, 15.0, 10.0]),
    ),
    Case(
        "R013", role="host",
        fires=minutes(M25=[100.0] * 30 + [49.0] * 5, M06=[200.0] * 35),
        under=minutes(M25=[100.0] * 30 + [51.0] * 5, M06=[200.0] * 35),
        recovered=minutes(M25=[100.0] * 35, M06=[200.0] * 35),
        unknown=minutes(M25=[100.0] * 35, M06=[None] * 35),
        little=minutes(M25=[10.0] * 30 + [0.0] * 5, M06=[200.0] * 35),
    ),
    Case(
        "R014", role="host", subject="p1",
        fires=both(reading("M28", 0.04, "15m", P), reading("M34", 0.0159, "15m", P)),
        under=both(reading("M28", 0.04, "15m", P), reading("M34", 0.016, "15m", P)),
        recovered=both(reading("M28", 0.04, "15m", P), reading("M34", 0.03, "15m", P)),
        unknown=both(reading("M28", None, "15m", P), reading("M34", 0.01, "15m", P)),
        little=both(reading("M28", 0.04, "15m", P), reading("M34", 0.001, "15m", P, sample=199)),
    ),
    Case(
        "R015", role="host",
        fires=both(put(elapsed_s=400), reading("M13", 0.049, "show")),
        under=both(put(elapsed_s=400), reading("M13", 0.05, "show")),
        recovered=both(put(elapsed_s=400), reading("M13", 0.06, "show")),
        unknown=both(put(elapsed_s=400), reading("M13", None, "show")),
        little=both(put(elapsed_s=400), reading("M13", 0.0, "show", sample=99)),
    ),
    Case(
        "R018", role="host", subject="p1",
        fires=both(reading("M28", 0.02, scope=P), minutes(M25_comments=[*_flat, 27.0])),
        under=both(reading("M28", 0.025, scope=P), minutes(M25_comments=[*_flat, 27.0])),
        recovered=both(reading("M28", 0.04, scope=P), minutes(M25_comments=[*_flat, 27.0])),
        unknown=both(reading("M28", None, scope=P), minutes(M25_comments=[*_flat, 27.0])),
        little=both(reading("M28", 0.001, scope=P, sample=199), minutes(M25_comments=[*_flat, 27.0])),
    ),
    Case(
        "R019", role="ops", subject="p1",
        fires=reading("M34", 0.0231, "15m", P), under=reading("M34", 0.023, "15m", P),
        recovered=reading("M34", 0.019, "15m", P), unknown=reading("M34", None, "15m", P),
        little=reading("M34", 0.5, "15m", P, sample=199),
    ),
    Case(
        "R022", role="adbuyer", subject="paid",
        fires=both(_whole, reading("M44", 4_900, "show", "source:paid")),
        under=both(_whole, reading("M44", 5_000, "show", "source:paid")),
        recovered=both(_whole, reading("M44", 7_000, "show", "source:paid")),
        unknown=reading("M44", None, "show"),
        little=both(_whole, reading("M44", 1, "show", "source:paid", sample=499)),
    ),
    Case(
        "R023", role="adbuyer", subject="paid",
        fires=both(_whole, reading("M44", 15_100, "show", "source:paid")),
        under=both(_whole, reading("M44", 15_000, "show", "source:paid")),
        recovered=both(_whole, reading("M44", 13_000, "show", "source:paid")),
        unknown=reading("M44", None, "show"),
        little=both(_whole, reading("M44", 90_000, "show", "source:paid", sample=499)),
    ),
    Case(
        "R025", role="floor", subject="p1",
        fires=both(_ending, reading("M41", 261, "1m", P), reading("M41", 1000, "5m", P)),
        under=both(_ending, reading("M41", 259, "1m", P), reading("M41", 1000, "5m", P)),
        recovered=put(left_s=500),
        unknown=both(_ending, reading("M41", None, "1m", P), reading("M41", 1000, "5m", P)),
        little=both(_ending, reading("M41", 900, "1m", P, sample=19), reading("M41", 1000, "5m", P, sample=19)),
    ),
    Case(
        "R030", role="selector", subject="p1",
        fires=stock(49), under=stock(50), recovered=stock(80), unknown=stock(1, known=False),
        little=put(stock=[]), thin=False,
    ),
    Case(
        "R031", role="host", subject="p1",
        fires=stock(50), under=stock(51), recovered=stock(80), unknown=stock(1, known=False),
        little=stock(0), thin=False,
    ),
    Case(
        "R033", role="console", subject="p1", band=False,
        fires=stock(0), under=stock(1), recovered=stock(5), unknown=stock(0, known=False),
        little=both(stock(0), put(listed={})), thin=False,
    ),
    Case(
        "R034", role="console", subject="o1", says="stock",
        fires=put(offer_left_s=599), under=put(offer_left_s=601), recovered=put(offer_left_s=700),
        unknown=both(put(offer_left_s=599), stock(0, known=False)), little=put(offer_left_s=-5), thin=False,
    ),
    Case(
        "R050", role="host", subject="a",
        fires=put(left_s=180), under=put(left_s=181), recovered=put(left_s=240),
        unknown=put(segment="", left_s=100), little=both(put(segment_s=170), put(left_s=100)), thin=False,
    ),
    Case(
        "R051", role="host", subject="a",
        fires=put(left_s=120), under=put(left_s=121), recovered=put(left_s=170),
        unknown=put(segment="", left_s=100), little=both(put(segment_s=110), put(left_s=100)), thin=False,
    ),
    Case(
        "R053", role="tech",
        fires=reading("M92", 801, "1m"), under=reading("M92", 800, "1m"), recovered=reading("M92", 600, "1m"),
        unknown=reading("M92", None, "1m"), little=reading("M92", 5000, "1m", sample=9),
    ),
    Case(
        "R056", role="cs", lead_s=21, under_s=14, band=False,
        fires=judged("question"), under=judged("question"), recovered=answered,
        unknown=_untold, little=judged("question", hidden=True), thin=False,
    ),
    Case(
        "R063", role="floor", band=False,
        fires=judged("complaint", 5), under=judged("complaint", 4), recovered=pause(61),
        unknown=_untold, little=apart(judged("complaint", 4), 61, judged("complaint", 4)), thin=False,
    ),
    Case(
        "R064", role="ops", band=False,
        fires=opinion(3), under=opinion(2), recovered=decided, unknown=_untold,
        little=both(opinion(3), decided), thin=False,
    ),
    Case(
        "R065", role="host", band=False,
        fires=flagged("speech"), under=flagged("speech", severity="warn"), recovered=pause(10),
        unknown=both(put(spoken=False), pause(120)), little=flagged("comment"), thin=False,
    ),
    Case(
        "R066", role="floor", band=False,
        fires=judged("abuse"), under=judged("complaint"), recovered=pause(10),
        unknown=_untold, little=flagged("comment", entry="A1"), thin=False,
    ),
    Case(
        "R122", role="host",
        fires=put(draw_ago_s=1200), under=put(draw_ago_s=1199), recovered=put(draw_ago_s=500),
        unknown=put(status="planned", part="lucky_bag", draw_ago_s=0),
        little=both(put(elapsed_s=60), put(part="lucky_bag")), thin=False,
    ),
)  # fmt: skip
