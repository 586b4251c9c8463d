"""What a debrief says, section by section: F05, F06 and F07 of one show, kept as JSON.

Times are room ms (0 is none), money is minor units of ``currency``. Every figure is a ``Reading``: what is
unknown carries its reason and is shown as unverified (待核验), never as 0.
"""

import msgspec

from livecue.metrics import Reading
from livecue.reference import Words


class SegmentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A segment of the rundown, plan against actual (R123). None where it did not run."""

    segment: str
    part: str
    title: str
    product: str
    host: str
    planned_start: int
    planned_end: int
    started_at: int
    ended_at: int
    start_drift_ms: int | None
    """Actual start less planned start: above 0 is late."""
    length_drift_ms: int | None
    """Time on this segment (M09) less its planned length: above 0 is overrun."""
    target_gmv: int
    target_orders: int
    gmv_attained: float | None
    """M41 of the segment over its target; None without a target or a figure."""
    orders_attained: float | None
    figures: list[Reading]


class FunnelStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the funnel. ``rate`` is people of this step over people of the step before."""

    step: str
    """impressions, entries, exposures, clicks, created or paid."""
    times: Reading
    people: Reading
    rate: Reading | None = None


class ProductLine(msgspec.Struct, frozen=True, kw_only=True):
    """A product of the lineup, or one that was sold without being on it (``planned`` False)."""

    product: str
    name: str
    role: str = ""
    number: int = 0
    price: int = 0
    planned: bool = True
    sold_out_at: int = 0
    """When its last known SKU ran out, 0 never."""
    sold_out_listed_ms: int = 0
    """How long it stayed in the cart without stock (R033)."""
    figures: list[Reading] = []


class SourceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A traffic source (M12)."""

    via: str
    figures: list[Reading]


class HostLine(msgspec.Struct, frozen=True, kw_only=True):
    """What the segments of one host came to, added up; "" are segments without a named host."""

    host: str
    segments: list[str]
    figures: list[Reading]


class RuleLine(msgspec.Struct, frozen=True, kw_only=True):
    """How the cues of one rule fared. An escalated cue counts once, with the one it came from.

    ``effect`` is pooled over ``measured`` judged cues with its 90 % interval (0.1 is 10 % more than expected);
    None with fewer than three: too little data.
    """

    rule: str
    given: int
    followed: int
    dismissed: int
    unanswered: int
    escalated: int
    verdicts: dict[str, int]
    """useful, harmful, no_effect, too_little_data, not_measured, not_followed, and open for what is not judged."""
    metric: str = ""
    measured: int = 0
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    reasons: list[str] = []
    """What people said when they dismissed one."""


class CueLine(msgspec.Struct, frozen=True, kw_only=True):
    """One cue. ``outcome``: done, dismissed, expired or open."""

    cue: str
    rule: str
    role: str
    person: str
    subject: str
    raised_at: int
    ended_at: int
    outcome: str
    reason: str
    verdict: str
    metric: str
    effect: float | None
    low: float | None
    high: float | None
    why: str


class CueSums(msgspec.Struct, frozen=True, kw_only=True):
    """Cues given, followed, useful over all rules."""

    given: int = 0
    followed: int = 0
    dismissed: int = 0
    unanswered: int = 0
    useful: int = 0


class IncidentLine(msgspec.Struct, frozen=True, kw_only=True):
    """Something that went wrong (F26). ``kind`` is that of ``labels.toml``; ``text`` says it in both languages."""

    kind: str
    when: int
    until: int = 0
    subject: str = ""
    text: Words


class QuestionLine(msgspec.Struct, frozen=True, kw_only=True):
    """What viewers asked about one topic of one product (F08): ``texts`` are a few of their words, nobody's name."""

    topic: str
    product: str
    count: int
    answered: int
    share: float
    """Of all questions (M85)."""
    texts: list[str]

    @property
    def unanswered(self) -> int:
        """How many of them nobody answered."""
        return self.count - self.answered


class GoalLine(msgspec.Struct, frozen=True, kw_only=True):
    """A target of the plan against what came (M86). ``target`` in the metric's own unit, money in minor units."""

    metric: str
    target: int
    actual: Reading
    attained: float | None


class UsualLine(msgspec.Struct, frozen=True, kw_only=True):
    """A figure against the median of the room's shows before; None with fewer than three of them."""

    actual: Reading
    usual: float | None
    shows: int


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A highlight or a problem, said by a named rule of ``presets.toml`` with the figures behind it."""

    code: str
    rule: str
    kind: str
    subject: str
    text: Words
    metrics: list[str]


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What moved since: a metric of the item in its own show, and in the show whose plan took the item up.

    ``ended`` False: that show is not over, and ``after`` unknown. ``called_off``: nor will it ever be.
    """

    before: Reading
    after: Reading
    ended: bool
    called_off: bool = False


class ImprovementLine(msgspec.Struct, frozen=True, kw_only=True):
    """An item of F07. ``person`` is who was on duty for the role, "" when nobody was. ``talk``: a talk point (F05).

    ``state`` and ``effect`` are as of when the debrief is read; ``effect`` is None until a plan takes the item up.
    """

    improvement: str
    code: str
    rule: str
    subject: str
    title: Words
    evidence: Words
    role: str
    person: str
    person_name: str
    due_at: int
    metrics: list[str]
    documents: list[str]
    talk: bool
    state: str = "proposed"
    effect: Effect | None = None


class CarriedLine(msgspec.Struct, frozen=True, kw_only=True):
    """An improvement of an earlier show that this show's plan took up, and how it stands."""

    improvement: str
    title: str
    role: str
    state: str
    words: Words | None = None
    """The title in both languages; None where a person wrote it."""


class DebriefBody(msgspec.Struct, frozen=True, kw_only=True):
    """The whole debrief. ``nature`` other than real is said wherever it is shown."""

    v: int = 1
    org: str
    brand: str
    room: str
    room_name: str
    platform: str
    nature: str
    currency: str
    time_zone: str
    language: str
    show: str
    title: str
    starts_at: int
    """As planned; 0 for a show without a plan."""
    started_at: int
    ended_at: int
    measured_at: int
    """When the figures were read."""
    written_at: int
    revised_at: int
    """When a later judgement of a cue last changed it; ``written_at`` when none did."""
    segments: list[SegmentLine]
    funnel: list[FunnelStep]
    funnel_rates: list[Reading]
    money: list[Reading]
    """As of that night: gross."""
    net: list[Reading]
    """After refunds, as of ``net_at``: refunds keep arriving."""
    net_at: int
    return_days: int
    """Days in which a buyer may return the goods, counted from their receipt: before ``net_until`` nothing is final."""
    net_until: int
    traffic: list[Reading]
    interaction: list[Reading]
    service: list[Reading]
    sources: list[SourceLine]
    products: list[ProductLine]
    hosts: list[HostLine]
    goals: list[GoalLine]
    usual: list[UsualLine]
    carried: list[CarriedLine]
    people: dict[str, str] = {}
    """Names of the team's people who were on duty, by the ids that stand elsewhere."""
    cue_sums: CueSums = CueSums()
    cue_rules: list[RuleLine] = []
    cues: list[CueLine] = []
    incidents: list[IncidentLine] = []
    incident_counts: dict[str, int] = {}
    """By kind, those included that are too many to have a line."""
    stuttered_ms: int = 0
    opinion_level: int = 0
    """The highest level of public opinion that somebody set, 0 none."""
    questions: list[QuestionLine] = []
    """Most asked first."""
    unanswered: list[QuestionLine] = []
    """Those with most left unanswered first."""
    questions_let_go: int = 0
    """Questions too many to be followed to the end of the show: an answer to one of them is not counted."""
    complaints: list[QuestionLine] = []
    highlights: list[Finding] = []
    problems: list[Finding] = []
    improvements: list[ImprovementLine] = []

    def name_of(self, product: str) -> str:
        """The product's name, its id when the lineup does not know it."""
        return next((line.name for line in self.products if line.product == product and line.name), product)

    def person_of(self, person: str) -> str:
        """The name of somebody of the team, the id when nobody told it."""
        return self.people.get(person, person)


def readings_of(body: DebriefBody) -> list[Reading]:
    """Every figure of a debrief, in the order of its sections."""
    found = [*body.funnel_rates, *body.money, *body.net, *body.traffic, *body.interaction, *body.service]
    for step in body.funnel:
        found += [step.times, step.people, *([step.rate] if step.rate else [])]
    for lines in (body.segments, body.products, body.sources, body.hosts):
        for line in lines:
            found += line.figures
    return [*found, *(line.actual for line in body.goals), *(line.actual for line in body.usual)]
