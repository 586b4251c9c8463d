"""Reviews in the room: texts as plans change them, decisions and signatures as people give them, what holds a show."""

from collections.abc import Callable, Iterable

import msgspec

from livecue.compliance import tables
from livecue.compliance.draws import draw_problems, draw_text
from livecue.compliance.engine import Engine
from livecue.compliance.engines import today
from livecue.compliance.known import Known
from livecue.compliance.presets import PRESETS
from livecue.compliance.review import (
    EXEMPTIONS,
    Decision,
    Review,
    ReviewHit,
    ReviewText,
    digest_of,
    examine,
    label_problem,
    with_part,
)
from livecue.compliance.training import is_due
from livecue.events import (
    CommandApplied,
    CommandAsked,
    CommandRefused,
    HitDecided,
    LineupChanged,
    ProductCard,
    ReviewAsked,
    RundownChanged,
    ScriptRead,
    SegmentPlan,
    ShowCancelled,
    ShowEnded,
    ShowHeld,
    ShowPlanned,
    SignOffGiven,
    SignOffRefused,
    TaskAdded,
    TaskClosed,
)
from livecue.flow import RoomInfo, Unit

PLANS = (ShowPlanned, RundownChanged, LineupChanged, ShowCancelled, ShowEnded)
ASKED = (ReviewAsked, HitDecided, ScriptRead, SignOffGiven, SignOffRefused)
KEPT = 60
Problem = tuple[str, str]


class Reviews:
    """The reviews of one room over its ledger's state."""

    def __init__(self, room: RoomInfo, reviews: dict[str, Review]) -> None:
        self._room, self._reviews = room, reviews

    def plan(self, event: CommandAsked, known: Known, engine: Engine, unit: Unit) -> None:
        """A plan that stands: its texts are examined anew where they changed."""
        if isinstance(event, ShowCancelled | ShowEnded):
            self._reviews.pop(event.show, None)
            return
        if isinstance(event, ShowPlanned):
            if event.show not in self._reviews and not event.needs_review:
                return
            review = self._reviews.setdefault(event.show, Review(show=event.show))
            review.starts_at = event.starts_at
            while len(self._reviews) > KEPT:
                del self._reviews[min(self._reviews, key=lambda show: self._reviews[show].starts_at)]
            title = ReviewText("title", event.show, "title", event.title, "", self._room.category, event.by)
            with_part(review, "title", [title])
            self._script(review, event.segments, known, event.by, unit)
            self._cards(review, event.products, event.by)
        elif isinstance(event, RundownChanged | LineupChanged):
            found = self._reviews.get(event.show)
            if found is None:
                return
            review = found
            if isinstance(event, RundownChanged):
                self._script(review, event.segments, known, event.by, unit)
            else:
                self._cards(review, event.products, event.by)
        else:
            return
        self._changed(review, known, engine, unit)
        if isinstance(event, ShowPlanned):
            self._remind_of_training(event, unit)

    def recheck(self, known: Known, engine: Engine, unit: Unit) -> None:
        """The rules changed: what is planned is examined anew; a signature is lost only where a new block came."""
        for review in list(self._reviews.values()):
            before = {hit.hit for hit in review.hits}
            review.hits = self._examine(review, known, engine, unit)
            review.version = engine.version
            if review.signed_by and any(hit.hit not in before for hit in review.open_hits):
                self._reopen(review, "rules", unit)
            self._tell(review, unit)

    def ask(self, event: CommandAsked, known: Known, engine: Engine, unit: Unit) -> None:
        """A person's step; answered."""
        problem = self._step(event, known, engine, unit)
        if problem is None:
            unit.announce(CommandApplied(command=event.command))
        else:
            unit.announce(CommandRefused(command=event.command, code=problem[0], why=problem[1]))

    def _step(self, event: CommandAsked, known: Known, engine: Engine, unit: Unit) -> Problem | None:
        review = self._reviews.get(getattr(event, "show", ""))
        if review is None:
            return "no_review", "this show has no texts to be reviewed; plan it first"
        if getattr(event, "digest", review.digest) != review.digest:
            return "changed_meanwhile", "the texts were changed meanwhile; read them again"
        if review.signed_by and not isinstance(event, SignOffRefused):
            return "signed", "these texts are signed; a change of them asks for a new signature"
        steps: dict[type[CommandAsked], Callable[[Review, CommandAsked, Unit], Problem | None]] = {
            ReviewAsked: self._asked, HitDecided: self._decided, ScriptRead: self._read, SignOffGiven: self._signed,
            SignOffRefused: self._refused,
        }  # fmt: skip
        problem = steps[type(event)](review, event, unit)
        if problem is None:
            if isinstance(event, ReviewAsked):
                review.hits = self._examine(review, known, engine, unit)
                review.version = engine.version
            self._tell(review, unit)
        return problem

    # Texts.

    def _script(self, review: Review, segments: Iterable[SegmentPlan], known: Known, by: str, unit: Unit) -> None:
        texts = []
        day = today(self._room.time_zone, review.starts_at or unit.now)
        review.draws = {}
        for item in segments:
            category = known.category(item.product, self._room.category)
            for name in ("title", "talk_track", "screen", "stock_cue"):
                text = getattr(item, name)
                if text.strip():
                    door = "script" if name == "talk_track" else "title"
                    place = f"{item.segment}/{name}"
                    texts.append(
                        msgspec.convert(
                            {"place": place, "subject": item.segment, "door": door, "text": text,
                             "product": item.product, "category": category, "by": by},
                            ReviewText,
                        )
                    )  # fmt: skip
            if item.draw is not None:
                place = f"{item.segment}/draw"
                texts.append(ReviewText(place, item.segment, "title", draw_text(item.draw), "", category, by))
            if item.draw is not None or item.part == "lucky_bag":
                review.draws[item.segment] = draw_problems(item, day, self._room.currency)
        with_part(review, "script", texts)

    def _cards(self, review: Review, products: Iterable[ProductCard], by: str) -> None:
        texts = [
            ReviewText(
                f"{card.product}/card", card.product, "title", "；".join((card.name, *card.selling_points)),
                card.product, card.category or self._room.category, by,
            )
            for card in products
        ]  # fmt: skip
        with_part(review, "cards", texts)

    def _changed(self, review: Review, known: Known, engine: Engine, unit: Unit) -> None:
        digest = digest_of(review.texts)
        if digest != review.digest:
            signed = bool(review.signed_by)
            review.number += 1
            review.digest, review.made_at = digest, unit.now
            review.asked_by = review.read_by = review.returned_by = ""
            review.asked_at = review.read_at = review.returned_at = 0
            if signed:
                self._reopen(review, "changed", unit)
        elif review.signed_by:
            # Nothing that was signed has changed (a time, a target): the signature stands.
            return
        review.hits = self._examine(review, known, engine, unit)
        review.version = engine.version
        self._tell(review, unit)

    def _examine(self, review: Review, known: Known, engine: Engine, unit: Unit) -> list[ReviewHit]:
        day = today(self._room.time_zone, unit.now)
        facts = {text.product: known.facts(text.product, unit.now, day) for text in review.texts if text.product}
        hits = examine(review, engine, facts, self._room.category)
        still = {hit.hit for hit in hits}
        review.decisions = {hit: made for hit, made in review.decisions.items() if hit in still}
        return hits

    def _reopen(self, review: Review, why: str, unit: Unit) -> None:
        review.signed_by, review.signed_at, review.self_signed, review.note, review.lost = "", 0, False, "", why
        self._task(review, unit)

    # Steps of people.

    def _asked(self, review: Review, event: CommandAsked, unit: Unit) -> Problem | None:
        assert isinstance(event, ReviewAsked)
        wrong = label_problem(event.declared)
        if wrong is not None:
            return "labels_open", wrong
        review.declared = dict(event.declared)
        review.asked_by, review.asked_at, review.asked_note = event.by, unit.now, event.note[:500]
        review.returned_by, review.returned_at = "", 0
        unit.announce(TaskClosed(task=f"{review.show}/script_fix", outcome="done", by=event.by))
        self._task(review, unit)
        return None

    def _decided(self, review: Review, event: CommandAsked, unit: Unit) -> Problem | None:
        assert isinstance(event, HitDecided)
        hit = next((item for item in review.hits if item.hit == event.hit), None)
        if hit is None:
            return "no_hit", "this hit is gone: the text was changed; look again"
        if event.decision not in ("accepted", "change"):
            return "bad_decision", "a hit is accepted, or its text is to be changed"
        if event.decision == "accepted":
            if hit.cls == "LABEL":
                return "label_open", "a label is shown or it is not: the author says so when asking for the review"
            if hit.cls == "DRAW":
                return "draw_open", "the law asks this of every draw: complete the draw in its segment"
            if event.exemption not in EXEMPTIONS:
                return "no_exemption", f"name the exemption: {', '.join(sorted(EXEMPTIONS))}"
            if not event.evidence.strip():
                return "no_evidence", "say where the proof lies, or why the exemption applies"
        if event.by in review.authors and not event.alone:
            return "own_text", "somebody else decides: you wrote one of these texts"
        review.decisions[event.hit] = Decision(
            event.by, unit.now, event.decision, event.exemption, event.evidence[:1000]
        )
        return None

    def _read(self, review: Review, event: CommandAsked, unit: Unit) -> Problem | None:
        assert isinstance(event, ScriptRead)
        review.read_by, review.read_at = event.by, unit.now
        return None

    def _signed(self, review: Review, event: CommandAsked, unit: Unit) -> Problem | None:
        assert isinstance(event, SignOffGiven)
        if not review.asked_by:
            return "not_asked", "first the author sends the texts to the review and says which labels are shown"
        if review.open_hits:
            count = len(review.open_hits)
            return "hits_open", f"{count} hits that block are open: change the texts, or accept each with its evidence"
        own = event.by in review.authors
        if own:
            if not event.alone:
                return "own_text", "somebody else signs: you wrote one of these texts"
            if review.read_by != event.by:
                return "read_first", "nobody else may sign here: read all texts a first time and say so"
            gap = PRESETS.second_reading_minutes * 60_000
            if unit.now - review.read_at < gap:
                left = -(-(gap - (unit.now - review.read_at)) // 60_000)
                return "read_too_soon", f"the second reading is due in {left} minutes: look at it with fresh eyes"
            if not event.reread:
                return "read_again", "confirm that you have read all of it a second time"
        review.signed_by, review.signed_at, review.self_signed = event.by, unit.now, own
        review.note, review.lost, review.returned_by = event.note[:1000], "", ""
        unit.announce(TaskClosed(task=f"{review.show}/script_gate", outcome="done", by=event.by))
        return None

    def _refused(self, review: Review, event: CommandAsked, unit: Unit) -> Problem | None:
        assert isinstance(event, SignOffRefused)
        if not event.reason.strip():
            return "no_reason", "say what has to be changed"
        was_signed = bool(review.signed_by)
        review.signed_by, review.signed_at, review.self_signed = "", 0, False
        review.returned_by, review.returned_at, review.returned_why = event.by, unit.now, event.reason[:1000]
        author = review.asked_by or (review.authors[0] if len(review.authors) == 1 else "")
        review.asked_by, review.asked_at = "", 0
        english = self._room.language == "en"
        unit.announce(
            TaskAdded(
                task=f"{review.show}/script_fix",
                title="Mend the script as the review says" if english else "按审核意见修改脚本",
                role="ops", person=author, show=review.show, due_at=self._due(review, unit), cause="R069",
            )
        )  # fmt: skip
        if was_signed:
            self._task(review, unit)
        return None

    def _task(self, review: Review, unit: Unit) -> None:
        """The task of the SOP, opened anew for whoever signs: a day before the start, or now when that is over."""
        english = self._room.language == "en"
        unit.announce(
            TaskAdded(
                task=f"{review.show}/script_gate",
                title="Script passed the compliance review" if english else "脚本合规审核通过",
                role="legal", show=review.show, due_at=self._due(review, unit), cause="sop:script_gate",
            )
        )  # fmt: skip

    def _remind_of_training(self, event: ShowPlanned, unit: Unit) -> None:
        """Who goes on the air is trained once a month (R068): whoever is not gets a task before the show."""
        room, english = self._room, self._room.language == "en"
        for person in sorted({*event.hosts, *(item.host for item in event.segments if item.host)}):
            rows = unit.ask(tables.TRAINED_LAST, (room.org, room.brand, person))
            if is_due(str(rows[0][0] or ""), event.starts_at):
                unit.announce(
                    TaskAdded(
                        task=f"training/{person}",
                        title="Advertising Law training of this month" if english else "参加本月广告法培训",
                        person=person, show=event.show, due_at=event.starts_at, cause="R068",
                    )
                )  # fmt: skip

    def _due(self, review: Review, unit: Unit) -> int:
        return max(review.starts_at - PRESETS.review_hours * 3_600_000, unit.now)

    # What is told and kept.

    def _tell(self, review: Review, unit: Unit) -> None:
        unit.announce(ShowHeld(show=review.show, reasons=review.reasons, digest=review.digest))
        room = self._room
        body = msgspec.json.encode(review).decode()
        unit.write(
            tables.SAVE_REVIEW,
            (
                room.org, room.brand, room.room, review.show, review.number, review.state, unit.now, review.signed_by,
                review.signed_at, int(review.self_signed), len(review.open_hits), body,
            ),
        )  # fmt: skip
