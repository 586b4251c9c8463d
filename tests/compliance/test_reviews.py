"""Reviews: what holds a show, four eyes, the author who signs alone, a changed text, what is kept and told."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from livecue.compliance import LABELS, Compliance, find_review, list_reviews
from livecue.events import (
    CommandApplied,
    CommandAsked,
    CommandRefused,
    Event,
    HitDecided,
    LineupChanged,
    OwnWordSet,
    ProductCard,
    ReviewAsked,
    RundownChanged,
    ScriptRead,
    SegmentPlan,
    ShowCancelled,
    ShowHeld,
    ShowPlanned,
    SignOffGiven,
    SignOffRefused,
    TaskAdded,
    TaskClosed,
)
from livecue.flow import RoomInfo
from tests.folding import TestUnit

ROOM = RoomInfo(room="r1", org="o", brand="b", name="Room", nature="real", packs=("absolute", "scarcity", "price"))
SHOWN = dict.fromkeys(LABELS, "none") | {"seller": "yes"}
START = 1_790_000_000_000
MINUTE = 60_000


class Desk:
    """A room's ledger and what comes out of it."""

    def __init__(self, folder: Path) -> None:
        self.unit = TestUnit(folder / "db")
        self.unit.now = START - 48 * 60 * MINUTE
        self.ledger = Compliance(ROOM, None)
        self.commands = 0

    def tell(self, event: Event) -> list[Event]:
        """Fold one event; what was announced."""
        self.unit.announced.clear()
        self.unit.number += 1
        self.ledger.fold([event], self.unit)
        return list(self.unit.announced)

    def ask(self, event: CommandAsked, by: str) -> str:
        """A command of somebody; "" or the code of the refusal. Plans are answered by the shows: here always yes."""
        self.commands += 1
        named = msgspec.structs.replace(event, command=f"c{self.commands}", by=by)
        said = self.tell(named)
        if isinstance(event, ShowPlanned | RundownChanged | LineupChanged | ShowCancelled):
            said = self.tell(CommandApplied(command=named.command))
        refused = [one.code for one in said if isinstance(one, CommandRefused)]
        self.said = said
        return refused[0] if refused else ""

    @property
    def held(self) -> tuple[str, ...] | None:
        """The last word on the show."""
        found = [one.reasons for one in self.said if isinstance(one, ShowHeld)]
        return found[-1] if found else None

    @property
    def digest(self) -> str:
        row = find_review(self.unit, "r1", "s")
        assert row is not None
        return row.review.digest

    def plan(self, text: str = "大家好，看看这口锅", by: str = "lin", **more: Any) -> str:
        segments = (SegmentPlan(segment="a", part="pitch", talk_track=text),)
        return self.ask(
            ShowPlanned(show="s", title="周五晚场", starts_at=START, segments=segments, needs_review=True, **more), by
        )

    def review(self, by: str = "lin", **declared: str) -> str:
        return self.ask(ReviewAsked(show="s", digest=self.digest, declared={**SHOWN, **declared}), by)

    def sign(self, by: str, **more: Any) -> str:
        return self.ask(SignOffGiven(show="s", digest=self.digest, **more), by)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_planned_show_is_held_until_somebody_else_signs(desk: Desk) -> None:
    desk.plan()
    assert desk.held == ("unsigned",)
    assert desk.sign("wang") == "not_asked"
    assert desk.review() == ""
    assert [one.task for one in desk.said if isinstance(one, TaskAdded)] == ["s/script_gate"]
    assert next(one.due_at for one in desk.said if isinstance(one, TaskAdded)) == START - 24 * 60 * MINUTE
    assert desk.sign("lin") == "own_text"
    assert desk.sign("wang", note="ok") == ""
    assert desk.held == ()
    assert TaskClosed(task="s/script_gate", by="wang") in desk.said
    row = find_review(desk.unit, "r1", "s")
    assert row is not None and (row.state, row.signed_by, row.self_signed) == ("signed", "wang", False)
    assert row.review.version == desk.ledger.picture(desk.unit.now).version
    assert desk.sign("wang") == "signed"


def test_a_plan_of_a_program_is_not_held(desk: Desk) -> None:
    assert desk.tell(ShowPlanned(show="s", title="t", starts_at=1)) == []
    assert find_review(desk.unit, "r1", "s") is None
    assert desk.ask(ReviewAsked(show="s", digest="", declared=SHOWN), "lin") == "no_review"


def test_a_refused_plan_changes_nothing(desk: Desk) -> None:
    event = ShowPlanned(show="s", title="最好的一场", starts_at=1, needs_review=True, command="x", by="lin")
    desk.tell(event)
    assert desk.tell(CommandRefused(command="x", code="no", why="no")) == []
    assert find_review(desk.unit, "r1", "s") is None


def test_a_hit_that_blocks_is_mended_or_accepted_with_evidence_by_somebody_else(desk: Desk) -> None:
    desk.plan("全网最低价的锅，销量第一")
    assert desk.held == ("block", "unsigned")
    desk.review()
    assert desk.sign("wang") == "hits_open"
    row = find_review(desk.unit, "r1", "s")
    assert row is not None
    first, second = (hit.hit for hit in row.review.open_hits)

    def decide(hit: str, by: str, **more: Any) -> str:
        return desk.ask(HitDecided(show="s", hit=hit, **more), by)

    assert decide(first, "wang") == "no_exemption"
    assert decide(first, "wang", exemption="evidence") == "no_evidence"
    assert decide(first, "lin", exemption="evidence", evidence="报告 12") == "own_text"
    assert decide("gone", "wang", exemption="evidence", evidence="x") == "no_hit"
    assert decide(first, "wang", exemption="evidence", evidence="报告 12") == ""
    assert desk.held == ("block", "unsigned")
    assert decide(second, "wang", decision="change") == ""
    assert desk.sign("wang") == "hits_open"
    assert decide(second, "wang", exemption="order", evidence="2026 年 10 月本平台榜单") == ""
    assert desk.held == ("unsigned",)
    assert desk.sign("wang") == ""
    kept = list_reviews(desk.unit, "r1", "s")[-1].review.decisions[first]
    assert (kept.by, kept.exemption, kept.evidence) == ("wang", "evidence", "报告 12")


def test_a_changed_text_loses_its_signature_and_other_changes_do_not(desk: Desk) -> None:
    desk.plan()
    desk.review()
    desk.sign("wang")
    segment = SegmentPlan(segment="a", part="pitch", talk_track="大家好，看看这口锅", duration_s=300, target_gmv=5)
    desk.ask(RundownChanged(show="s", version=2, segments=(segment,)), "lin")
    assert desk.held is None, "only a length and a target moved"
    desk.ask(
        RundownChanged(show="s", version=3, segments=(msgspec.structs.replace(segment, talk_track="改了"),)), "wang"
    )
    assert desk.held == ("changed",)
    assert [one.task for one in desk.said if isinstance(one, TaskAdded)] == ["s/script_gate"]
    desk.review(by="wang")
    assert desk.sign("wang") == "own_text", "who changed a text is its author"
    assert desk.sign("lin") == "own_text", "the title is still the first author's"
    assert desk.sign("zhao") == ""
    rows = list_reviews(desk.unit, "r1", "s")
    assert [(row.number, row.signed_by) for row in rows] == [(1, "wang"), (2, "zhao")]
    desk.ask(LineupChanged(show="s", products=(ProductCard(product="p", name="锅"),)), "lin")
    assert desk.held == ("changed",)


def test_the_author_signs_alone_after_a_second_reading(desk: Desk) -> None:
    desk.plan()
    desk.review()
    assert desk.sign("lin", alone=True) == "read_first"
    assert desk.ask(ScriptRead(show="s", digest=desk.digest), "lin") == ""
    assert desk.sign("lin", alone=True, reread=True) == "read_too_soon"
    desk.unit.now += 29 * MINUTE
    assert desk.sign("lin", alone=True, reread=True) == "read_too_soon"
    desk.unit.now += MINUTE
    assert desk.sign("lin", alone=True) == "read_again"
    assert desk.sign("lin", reread=True) == "own_text", "somebody else holds the right by now"
    assert desk.sign("lin", alone=True, reread=True) == ""
    row = find_review(desk.unit, "r1", "s")
    assert row is not None and row.self_signed and row.review.read_by == "lin"


def test_a_first_reading_does_not_outlive_the_text(desk: Desk) -> None:
    desk.plan()
    desk.ask(ScriptRead(show="s", digest=desk.digest), "lin")
    old = desk.digest
    desk.plan("改了")
    desk.review()
    desk.unit.now += 60 * MINUTE
    assert desk.sign("lin", alone=True, reread=True) == "read_first"
    assert desk.ask(ScriptRead(show="s", digest=old), "lin") == "changed_meanwhile"


def test_labels_are_declared_and_a_needed_one_cannot_be_none(desk: Desk) -> None:
    desk.plan("今晚抽奖送锅，原价别问了")
    assert desk.ask(ReviewAsked(show="s", digest=desk.digest, declared={"seller": "yes"}), "lin") == "labels_open"
    assert desk.review(ai="no") == ""
    row = find_review(desk.unit, "r1", "s")
    assert row is not None
    labels = {hit.entry for hit in row.review.open_hits if hit.cls == "LABEL"}
    assert labels == {"label.ai", "label.draw_rules", "label.price_basis"}
    hit = next(hit.hit for hit in row.review.open_hits if hit.cls == "LABEL")
    assert desk.ask(HitDecided(show="s", hit=hit, exemption="evidence", evidence="x"), "wang") == "label_open"
    assert desk.review(ai="yes", draw_rules="yes", price_basis="yes") == ""
    row = find_review(desk.unit, "r1", "s")
    assert row is not None and not [hit for hit in row.review.open_hits if hit.cls == "LABEL"]


def test_missing_papers_hold_and_may_be_shown_to_the_reviewer(desk: Desk) -> None:
    card = ProductCard(product="p", name="面霜", category="美妆", facts={"papers": "cosmetic_filing@2026-01-01"})
    desk.plan(products=(card,))
    row = find_review(desk.unit, "r1", "s")
    assert row is not None and [hit.entry for hit in row.review.open_hits] == ["paper.cosmetic_filing|special_cosmetic"]
    good = msgspec.structs.replace(card, facts={"papers": "cosmetic_filing@2030-01-01"})
    desk.ask(LineupChanged(show="s", products=(good,)), "lin")
    row = find_review(desk.unit, "r1", "s")
    assert row is not None and row.review.open_hits == []


def test_sent_back_with_a_reason_makes_a_task_for_the_author(desk: Desk) -> None:
    desk.plan()
    desk.review()
    refuse = SignOffRefused(show="s", digest=desk.digest, reason="")
    assert desk.ask(refuse, "wang") == "no_reason"
    assert desk.ask(msgspec.structs.replace(refuse, reason="第二段改口"), "wang") == ""
    assert desk.held == ("returned",)
    (task,) = [one for one in desk.said if isinstance(one, TaskAdded)]
    assert (task.task, task.person) == ("s/script_fix", "lin")
    assert desk.sign("wang") == "not_asked"
    desk.review()
    assert TaskClosed(task="s/script_fix", outcome="done", by="lin") in desk.said
    assert desk.sign("wang") == ""


def test_a_new_word_takes_the_signature_only_where_it_hits(desk: Desk) -> None:
    desk.plan("看看这口国货之光")
    desk.review()
    desk.sign("wang")
    word = OwnWordSet(word="友商", severity="block", reason="r", command="w1", by="wang")
    said = desk.tell(word)
    assert [one.reasons for one in said if isinstance(one, ShowHeld)] == [()]
    said = desk.tell(msgspec.structs.replace(word, word="国货之光", command="w2"))
    assert [one.reasons for one in said if isinstance(one, ShowHeld)] == [("block", "rules")]


def test_hosts_without_this_months_training_are_reminded(desk: Desk) -> None:
    desk.plan(hosts=("zhou",))
    assert [(one.task, one.person, one.cause) for one in desk.said if isinstance(one, TaskAdded)] == [
        ("training/zhou", "zhou", "R068")
    ]


def test_the_state_survives_a_restart_and_a_cancelled_show_is_forgotten(desk: Desk) -> None:
    desk.plan("全网最低价")
    desk.review()
    again = Compliance(ROOM, desk.ledger.dump())
    assert again.dump() == desk.ledger.dump()
    desk.ledger = again
    assert desk.sign("wang") == "hits_open"
    desk.ask(ShowCancelled(show="s"), "lin")
    assert desk.ask(ScriptRead(show="s", digest="x"), "lin") == "no_review"
