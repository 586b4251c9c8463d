"""Lays a debrief out: its parts, their tables, in one language."""

from collections.abc import Sequence

from livecue.debrief.body import DebriefBody, Finding, ImprovementLine, QuestionLine, readings_of
from livecue.debrief.cuelines import LEAST_MEASURED
from livecue.debrief.findings import cues as cue_words
from livecue.debrief.view.cells import Cell, Part, Speaker, Table
from livecue.debrief.words import change, drift, label, metric_name, moment, said
from livecue.metrics import Reading
from livecue.reference import METRICS


def parts_of(body: DebriefBody, language: str) -> list[Part]:
    """Every part in the order of the page."""
    say = Speaker(language, body.currency, body.time_zone)
    return [
        Part("summary", say.head("summary"), _summary(body, say)),
        Part("improvements", say.head("improvements"), _improvements(body, say)),
        Part("goals", say.head("goals"), _goals(body, say)),
        Part("segments", say.head("segments"), _segments(body, say)),
        Part("funnel", say.head("funnel"), _funnel(body, say)),
        Part("money", say.head("money"), _money(body, say)),
        Part("traffic", say.head("traffic"), _traffic(body, say)),
        Part("products", say.head("products"), _products(body, say)),
        Part("cues", say.head("cues"), _cues(body, say)),
        Part("cue_list", say.head("cue_list"), _cue_list(body, say), printed=False),
        Part("questions", say.head("questions"), _questions(body, say)),
        Part("incidents", say.head("incidents"), _incidents(body, say)),
        Part("definitions", say.head("definition"), _definitions(body, say)),
    ]


def about(body: DebriefBody, language: str) -> list[tuple[str, str]]:
    """What show this is: heading and value."""
    say = Speaker(language, body.currency, body.time_zone)

    def at(ms: int) -> str:
        return moment(ms, body.time_zone)

    lines = [
        (say.head("show"), body.title),
        (say.head("room"), body.room_name or body.room),
        (say.head("platform"), body.platform),
        (say.head("nature"), say.named("nature", body.nature)),
        (say.head("planned"), at(body.starts_at)),
        (say.head("started"), at(body.started_at)),
        (say.head("ended"), at(body.ended_at)),
        (say.head("written"), at(body.written_at)),
        (say.head("currency"), body.currency),
        (say.head("time_zone"), body.time_zone),
    ]
    if body.revised_at != body.written_at:
        lines.append((say.head("revised"), at(body.revised_at)))
    return lines


def warning(body: DebriefBody, language: str) -> str:
    """That a show was made up, replayed or rehearsed; "" for a real one."""
    if body.nature == "real":
        return ""
    say = Speaker(language, body.currency, body.time_zone)
    return say.of(said(label("head", "made_up"), {"nature": label("nature", body.nature)}))


# Summary and improvements.


def _summary(body: DebriefBody, say: Speaker) -> list[Table]:
    def table(name: str, findings: Sequence[Finding]) -> Table:
        rows = [[say.words(item.text), say.text(" ".join([item.rule, *item.metrics]))] for item in findings]
        return Table(say.head(name), [say.head("what"), f"{say.head('rule')} / {say.head('metric')}"], rows)

    return [table("highlights", body.highlights), table("problems", body.problems)]


def _improvements(body: DebriefBody, say: Speaker) -> list[Table]:
    columns = [
        *(
            say.head(name)
            for name in ("item", "post", "person", "due", "evidence", "state", "moved", "rule", "documents")
        ),
    ]
    rows = [
        [
            say.words(line.title),
            say.words(cue_words.role_name(line.role)),
            say.text(line.person_name or say.head("nobody")),
            say.moment(line.due_at),
            say.words(line.evidence),
            say.text(say.named("state", "carried_on" if line.state == "carried" else line.state)),
            _moved(line, say),
            say.text(line.rule),
            say.text(" ".join(line.documents)),
        ]
        for line in body.improvements
    ]
    carried = Table(
        say.head("carried"),
        [say.head("item"), say.head("post"), say.head("state")],
        [
            [
                say.words(line.words) if line.words else say.text(line.title),
                say.words(cue_words.role_name(line.role)),
                say.text(say.named("state", line.state)),
            ]
            for line in body.carried
        ],
    )
    return [Table(say.head("improvements"), columns, rows), carried]


def _moved(line: ImprovementLine, say: Speaker) -> Cell:
    """The item's metric in its own show and in the one that took it up."""
    if not line.metrics:
        return say.text(say.head("moved_not"))
    effect = line.effect
    if effect is None or not effect.ended:
        waits = "moved_waits" if effect is None else "moved_off" if effect.called_off else "moved_runs"
        return Cell(say.head(waits), unknown=True)
    before, after = say.figure(effect.before), say.figure(effect.after)
    text = f"{say.metric(effect.before.metric)} {before.text} → {after.text}"
    return Cell(text, unknown=before.unknown or after.unknown)


def _goals(body: DebriefBody, say: Speaker) -> list[Table]:
    note = "" if body.starts_at else say.head("unplanned")
    goals = [
        [
            say.text(say.metric(line.metric)),
            say.quantity(line.target, line.actual.unit),
            say.figure(line.actual),
            say.share(line.attained),
        ]
        for line in body.goals
    ]
    usual = [
        [
            say.text(say.metric(line.actual.metric)),
            say.figure(line.actual),
            say.quantity(line.usual, line.actual.unit),
            say.text(_change(line.actual.value, line.usual)),
            say.count(line.shows),
        ]
        for line in body.usual
    ]
    heads = [say.head(name) for name in ("metric", "target", "actual", "attained")]
    return [
        Table(say.head("goals"), heads, goals, note),
        Table(say.head("usual"), [say.head(name) for name in ("metric", "actual", "median", "change", "shows")], usual),
    ]


def _change(actual: float | None, usual: float | None) -> str:
    return change(actual / usual - 1) if actual is not None and usual else ""


# Segments, funnel, money, traffic, products.


def _segments(body: DebriefBody, say: Speaker) -> list[Table]:
    columns = (
        "segment", "part", "product", "host", "plan_time", "actual_time", "start_drift", "length_drift", "target_gmv",
        "attained", "target_orders", "attained_orders",
    )  # fmt: skip
    rows = []
    for line in body.segments:
        zone = body.time_zone
        ran = f"{moment(line.started_at, zone, False)} – {moment(line.ended_at, zone, False)}"
        rows.append(
            [
                say.text(line.title or line.segment),
                say.text(say.named("part", line.part)),
                say.text(body.name_of(line.product)),
                say.text(body.person_of(line.host) or say.head("no_host")),
                say.text(f"{moment(line.planned_start, zone, False)} – {moment(line.planned_end, zone, False)}"),
                say.text(ran if line.started_at else say.head("not_run")),
                say.text("" if line.start_drift_ms is None else say.of(drift(line.start_drift_ms))),
                say.text("" if line.length_drift_ms is None else say.of(drift(line.length_drift_ms))),
                say.quantity(line.target_gmv or None, "money"),
                say.share(line.gmv_attained),
                say.quantity(line.target_orders or None, "orders"),
                say.share(line.orders_attained),
            ]
        )
    figures = [([line.title or line.segment], line.figures) for line in body.segments]
    hosts = [
        ([body.person_of(line.host) or say.head("no_host"), str(len(line.segments))], line.figures)
        for line in body.hosts
    ]
    note = "" if body.segments else say.head("unplanned")
    return [
        Table(say.head("segments"), [say.head(name) for name in columns], rows, note),
        _wide(say, "segment_figures", [say.head("segment")], figures),
        _wide(say, "hosts", [say.head("host"), say.head("segment")], hosts),
    ]


def _wide(
    say: Speaker, name: str, heads: Sequence[str], lines: Sequence[tuple[Sequence[str], Sequence[Reading]]]
) -> Table:
    """One row a thing, one column a figure."""
    metrics = [say.metric(reading.metric) for reading in lines[0][1]] if lines else []
    rows = [[*map(say.text, texts), *map(say.figure, figures)] for texts, figures in lines]
    return Table(say.head(name), [*heads, *metrics], rows)


def _tall(say: Speaker, name: str, figures: Sequence[Reading], note: str = "") -> Table:
    """One row a figure, with everything a person needs to trust or doubt it."""
    heads = [say.head(head) for head in ("metric", "value", "sample", "source", "as_of")]
    rows = [
        [
            say.text(say.metric(reading.metric)),
            say.figure(reading),
            say.count(reading.sample) if reading.value is not None else say.text(""),
            say.text(reading.source),
            say.moment(reading.at),
        ]
        for reading in figures
    ]
    return Table(say.head(name), heads, rows, note)


def _funnel(body: DebriefBody, say: Speaker) -> list[Table]:
    rows = [
        [
            say.text(say.named("step", step.step)),
            say.figure(step.times),
            say.figure(step.people),
            say.figure(step.rate) if step.rate else say.text(""),
        ]
        for step in body.funnel
    ]
    heads = [say.head(name) for name in ("step", "times", "people", "rate")]
    return [Table(say.head("funnel"), heads, rows), _tall(say, "figures", body.funnel_rates)]


def _money(body: DebriefBody, say: Speaker) -> list[Table]:
    zone = body.time_zone
    note = said(
        label("head", "net_note"),
        {"at": moment(body.net_at, zone), "days": body.return_days, "until": moment(body.net_until, zone)},
    )
    return [_tall(say, "gross", body.money), _tall(say, "net", body.net, say.of(note))]


def _traffic(body: DebriefBody, say: Speaker) -> list[Table]:
    sources = [([say.named("via", line.via)], line.figures) for line in body.sources]
    return [
        _tall(say, "traffic", body.traffic),
        _wide(say, "sources", [say.head("source")], sources),
        _tall(say, "interaction", body.interaction),
        _tall(say, "service", body.service),
    ]


def _products(body: DebriefBody, say: Speaker) -> list[Table]:
    heads = [say.head(name) for name in ("number", "product", "role", "price", "sold_out_at", "sold_out_listed")]
    rows = [
        [
            say.text(str(line.number) if line.number else ""),
            say.text(line.name),
            say.text(say.named("product_role", line.role) if line.planned else say.head("unplanned_product")),
            say.quantity(line.price or None, "money"),
            say.moment(line.sold_out_at, with_date=False) if line.sold_out_at else say.text(""),
            say.length(line.sold_out_listed_ms),
        ]
        for line in body.products
    ]
    figures = [([line.name], line.figures) for line in body.products]
    return [Table(say.head("products"), heads, rows), _wide(say, "product_figures", [say.head("product")], figures)]


# Cues, words, incidents.


def _cues(body: DebriefBody, say: Speaker) -> list[Table]:
    counted = ("given", "followed", "dismissed", "no_answer", "escalated")
    heads = [say.head("rule"), *map(say.head, counted)]
    heads += [say.head(name) for name in ("verdicts", "metric", "effect", "reasons")]
    rows = [
        [
            say.words(cue_words.rule_name(line.rule)),
            *map(say.count, (line.given, line.followed, line.dismissed, line.unanswered, line.escalated)),
            say.words(cue_words.verdicts(line)),
            say.text(say.metric(line.metric) if line.metric else ""),
            _effect(say, line.effect, line.low, line.high, line.measured if line.metric else None),
            say.text("；".join(line.reasons)),
        ]
        for line in body.cue_rules
    ]
    whole = body.cue_sums
    useful = f"{say.named('verdict', 'useful')} {whole.useful}"
    note = "  ".join(
        [
            f"{say.head('given')} {whole.given}",
            f"{say.head('followed')} {whole.followed}",
            f"{say.head('dismissed')} {whole.dismissed}",
            f"{say.head('no_answer')} {whole.unanswered}",
            useful,
        ]
    )
    return [Table(say.head("cues"), heads, rows, note)]


def _effect(say: Speaker, effect: float | None, low: float | None, high: float | None, measured: int | None) -> Cell:
    """The effect with its interval; ``measured`` None is judged by no metric."""
    if effect is not None and low is not None and high is not None:
        return Cell(f"{change(effect)} ({change(low)} … {change(high)})", effect, "ratio")
    if measured is None:
        return say.text(say.head("no_metric"))
    few = said(label("head", "few"), {"n": measured})
    return Cell(say.of(few), unknown=True) if measured < LEAST_MEASURED else say.text("")


def _cue_list(body: DebriefBody, say: Speaker) -> list[Table]:
    names = ("when", "rule", "role", "person", "subject", "outcome", "reasons", "verdict", "metric", "effect")
    rows = [
        [
            say.moment(line.raised_at, with_date=False),
            say.words(cue_words.rule_name(line.rule)),
            say.words(cue_words.role_name(line.role)),
            say.text(body.person_of(line.person)),
            say.text(body.name_of(line.subject)),
            say.text(say.named("outcome", line.outcome)),
            say.text(line.reason),
            say.text(say.named("verdict", line.verdict or "open")),
            say.text(line.metric),
            _effect(say, line.effect, line.low, line.high, None if not line.metric else LEAST_MEASURED),
        ]
        for line in body.cues
    ]
    return [Table(say.head("cue_list"), [say.head(name) for name in names], rows)]


def _questions(body: DebriefBody, say: Speaker) -> list[Table]:
    heads = [say.head(n) for n in ("topic", "product", "count", "share", "answered", "open_questions", "texts")]

    def row(line: QuestionLine) -> list[Cell]:
        return [
            say.text(say.named("topic", line.topic or "other")),
            say.text(body.name_of(line.product)),
            say.count(line.count),
            say.share(line.share),
            say.count(line.answered),
            say.count(line.unanswered),
            say.text(" / ".join(line.texts)),
        ]

    complaints = [[*row(line)[:4], row(line)[-1]] for line in body.complaints]
    lost = said(label("head", "let_go"), {"n": f"{body.questions_let_go:,}"})
    note = say.of(lost) if body.questions_let_go else ""
    return [
        Table(say.head("questions"), heads, [row(line) for line in body.questions]),
        Table(say.head("unanswered"), heads, [row(line) for line in body.unanswered], note),
        Table(say.head("complaints"), [*heads[:4], heads[-1]], complaints),
    ]


def _incidents(body: DebriefBody, say: Speaker) -> list[Table]:
    rows = [
        [
            say.moment(line.when, with_date=False),
            say.text(say.named("incident_kind", line.kind)),
            say.words(line.text),
        ]
        for line in body.incidents
    ]
    counts = "  ".join(f"{say.named('incident_kind', kind)} {n}" for kind, n in sorted(body.incident_counts.items()))
    note = say.of(said(label("head", "more_incidents"), {"counts": counts})) if counts else ""
    return [Table(say.head("incidents"), [say.head(name) for name in ("when", "kind", "what")], rows, note)]


def _definitions(body: DebriefBody, say: Speaker) -> list[Table]:
    """What every metric in the debrief means."""
    used = sorted({reading.metric for reading in readings_of(body)})
    rows = [[say.text(metric), say.words(metric_name(metric)), say.text(_formula(metric, say))] for metric in used]
    return [Table(say.head("definition"), [say.head("metric"), say.head("name"), say.head("definition")], rows)]


def _formula(metric: str, say: Speaker) -> str:
    row = METRICS.get(metric.partition(".")[0])
    return say.of(row.formula) if row else ""
