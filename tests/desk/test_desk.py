"""The decider: every comment once, hot questions, who waits, answers, and the same however the stream is cut."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest

from livecue.desk import Desk, hot_questions, judgements_of, label_counts, unanswered
from livecue.desk.likeness import pairs_of
from livecue.desk.state import DeskState
from livecue.errors import BadInput
from livecue.events import (
    ClockTicked,
    CommandApplied,
    CommandRefused,
    CommentJudged,
    CommentPosted,
    Event,
    ProductCard,
    ProductDelisted,
    ProductListed,
    ProductPinned,
    ProductUnpinned,
    QuestionAnswered,
    ShowEnded,
    ShowPlanned,
    ShowStarted,
    SourceBack,
    SourceGone,
    SpeechHeard,
    TextFlagged,
    decode_events,
    encode_events,
)
from livecue.shows import Shows
from tests.desk.lines import labelled
from tests.folding import ROOM, TestUnit

CARDS = (
    ProductCard(product="coat", name="羊毛双面呢大衣", number=1),
    ProductCard(product="shoe", name="轻便小白鞋", number=2),
)


class Stage:
    """A room with the ledger of shows and the desk, moved as the pump moves them."""

    def __init__(self, path: Path) -> None:
        self.unit = TestUnit(path)
        self.unit.db.execute("BEGIN")
        self.shows = Shows(ROOM, None)
        self.desk = Desk()
        self.state: DeskState = self.desk.open(ROOM, None)
        self.pictures = {"shows": self.shows.picture(self.unit.now)}
        self.count = 0

    def run(self, events: Sequence[Event]) -> None:
        """One run: a tick alone, or whatever lies between two ticks; then the round it brings about."""
        if isinstance(events[0], ClockTicked):
            self.unit.now = events[0].now
        known = [event for event in events if type(event) in Shows.kinds]
        said, self.unit.announced = self.unit.announced, []
        if known:
            self.shows.fold(known, self.unit)
        if isinstance(events[0], ClockTicked):
            self.pictures = {"shows": self.shows.picture(self.unit.now)}
        mine = [event for event in events if type(event) in Desk.kinds]
        self.unit.announced = []
        if mine:
            self.state = self.desk.decide(self.state, mine, self.pictures, self.unit)
        self.unit.announced = said + self.unit.announced

    def feed(self, *events: Event) -> None:
        """Events in order, cut at ticks as the pump cuts."""
        waiting: list[Event] = []
        for event in events:
            if isinstance(event, ClockTicked):
                if waiting:
                    self.run(waiting)
                    waiting = []
                self.run([event])
            else:
                waiting.append(event)
        if waiting:
            self.run(waiting)

    def on_air(self) -> None:
        self.feed(
            ShowPlanned(command="p", show="s", title="晚场", starts_at=self.unit.now, products=CARDS),
            ShowStarted(command="q", show="s"),
            self.unit.tick(),
        )

    def say(self, text: str, user: str = "", **more: bool) -> str:
        """A viewer writes; its key comes back."""
        self.count += 1
        key = f"c{self.count}"
        self.feed(CommentPosted(key=key, text=text, user=user or f"u{self.count}", **more))
        return key

    def later(self, ms: int) -> None:
        """Room time passes, tick by tick in steps of five seconds."""
        end = self.unit.now + ms
        while self.unit.now < end:
            self.feed(self.unit.tick(min(5_000, end - self.unit.now)))

    def answer(self, comment: str, how: str = "host", by: str = "ann") -> None:
        self.count += 1
        self.feed(QuestionAnswered(command=f"a{self.count}", by=by, comment=comment, how=how))

    @property
    def picture(self) -> "object":
        return self.desk.picture(self.state, self.unit.now)

    def said(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.unit.announced if isinstance(event, kind)]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    made = Stage(tmp_path / "desk.db")
    made.on_air()
    return made


def test_every_comment_is_judged_once(stage: Stage) -> None:
    keys = [stage.say(line.text) for line in labelled()[:90]]
    judged = stage.said(CommentJudged)
    assert [event.comment for event in judged] == keys
    rows = stage.unit.rows("SELECT comment, org, brand, show FROM comment_judgements ORDER BY judged_at, rowid")
    assert sorted(row[0] for row in rows) == sorted(keys)
    assert {row[1:] for row in rows} == {("o", "b", "s")}
    assert list(stage.picture.judged) == keys[-60:]


def test_a_batch_is_judged_like_its_comments_one_by_one(tmp_path: Path) -> None:
    texts = [line.text for line in labelled()[::40]]
    comments = [CommentPosted(key=f"k{at}", text=text, user=f"u{at % 50}") for at, text in enumerate(texts)]
    one, many = Stage(tmp_path / "one.db"), Stage(tmp_path / "many.db")
    for stage in (one, many):
        stage.on_air()
    many.feed(*comments)
    for comment in comments:
        one.feed(comment)
    assert one.said(CommentJudged) == many.said(CommentJudged)
    assert one.desk.dump(one.state) == many.desk.dump(many.state)


def test_the_team_s_own_comments_are_not_viewers_words(stage: Stage) -> None:
    stage.say("黑色还有吗", by_host=True)
    assert stage.said(CommentJudged) == []
    assert stage.picture.waiting == 0


def test_a_judgement_says_what_is_needed_and_no_more(stage: Stage) -> None:
    stage.say("来了", user="ann")
    stage.say("大衣起球吗", user="bob")
    quiet, asked = stage.said(CommentJudged)
    assert (quiet.label, quiet.text, quiet.user) == ("chat", "", "")
    assert (asked.label, asked.topic, asked.product, asked.for_host) == ("question", "quality", "coat", True)
    assert (asked.text, asked.user, asked.when) == ("大衣起球吗", "bob", stage.unit.now)


def test_hiding_is_proposed_with_a_reason_and_nothing_is_hidden(stage: Stage) -> None:
    stage.say("你这个傻逼主播")
    stage.say("质量太差了，骗人的")
    insult, critic = stage.said(CommentJudged)
    assert (insult.hidden, insult.reason) == (True, "abuse")
    assert (critic.hidden, critic.reason) == (False, "")
    assert stage.unit.acted == []
    assert stage.picture.judged["c1"].reason == "abuse"


def test_hot_questions_of_five_minutes(stage: Stage) -> None:
    for text in ("大衣多少钱", "1号多少钱", "大衣咋卖", "羊毛双面呢大衣多少钱"):
        stage.say(text)
    stage.say("鞋子发什么快递")
    stage.say("发货快吗")
    first, second = stage.picture.hot
    assert (first.topic, first.product, first.count, first.text) == ("price", "coat", 4, "大衣多少钱")
    assert second.topic == "logistics"
    stage.later(330_000)
    assert stage.picture.hot == []


def test_one_person_counts_once(stage: Stage) -> None:
    for _ in range(5):
        stage.say("大衣多少钱", user="ann")
    assert stage.picture.hot == []
    stage.say("大衣多少钱", user="bob")
    assert [item.count for item in stage.picture.hot] == [2]


def test_masked_people_are_counted_by_comment(stage: Stage) -> None:
    stage.feed(*(CommentPosted(key=f"m{at}", text="大衣多少钱", user="") for at in range(3)))
    assert [item.count for item in stage.picture.hot] == [3]


def test_other_questions_are_clustered_by_likeness(stage: Stage) -> None:
    for text in ("明天几点开播", "主播明天几点开播呀", "明天几点开播吗？", "购物车在哪里", "主播多高"):
        stage.say(text)
    assert {event.topic for event in stage.said(CommentJudged)} == {"other"}
    assert [(item.text, item.count) for item in stage.picture.hot] == [("明天几点开播", 3)]


def test_the_same_words_meet_however_many_questions_come_between(stage: Stage) -> None:
    asked = ["这衣服在哪买的", "这衣服在哪买的😄", "这衣服在哪买的～", "这衣服在哪买的 👍🌹"]
    places = [chr(0x5000 + at * 3) + chr(0x6000 + at * 5) + chr(0x7000 + at * 7) for at in range(90)]
    for round_, text in enumerate(asked):
        stage.say(text)
        for place in places[round_ * 30 : round_ * 30 + 30]:
            stage.say(f"{place}在哪里？")
    assert {event.label for event in stage.said(CommentJudged)} == {"question"}
    assert [(item.text, item.count) for item in stage.picture.hot] == [("这衣服在哪买的", 4)]


@pytest.mark.parametrize(("one", "other"), [("？？", "😀"), ("ราคาเท่าไหร่", "ราคาเทาไหร"), ("请问一下", "吗")])
def test_signs_alone_and_words_with_other_marks_are_not_the_same(one: str, other: str) -> None:
    assert pairs_of(one) != pairs_of(other)


def test_what_the_host_should_hear_by_number_and_age(stage: Stage) -> None:
    stage.say("小白鞋磨脚吗")
    stage.later(30_000)
    for _ in range(3):
        stage.say("大衣多少钱")
    stage.say("能退吗")
    stage.say("主播好美")
    first, second = stage.picture.for_host
    assert (first.product, first.count, first.comment) == ("coat", 3, "c2")
    assert (second.text, second.count) == ("小白鞋磨脚吗", 1)
    stage.later(180_000)
    stage.say("大衣多少钱")
    assert [item.count for item in stage.picture.for_host] == [4, 1]


def test_who_waits_and_how_long(stage: Stage) -> None:
    assert (stage.picture.waiting, stage.picture.oldest_wait_ms) == (0, 0)
    stage.say("大衣多少钱")
    stage.later(20_000)
    stage.say("能退吗")
    assert (stage.picture.waiting, stage.picture.oldest_wait_ms) == (2, 20_000)
    stage.later(620_000)
    assert stage.picture.waiting == 0
    assert [item.text for item in unanswered(stage.unit, "r1", "s")] == ["大衣多少钱", "能退吗"]


def test_a_public_answer_is_one_to_all_who_ask_the_same(stage: Stage) -> None:
    keys = [stage.say("大衣多少钱") for _ in range(3)]
    other = stage.say("小白鞋多少钱")
    stage.later(9_000)
    stage.answer(keys[1])
    applied = stage.said(CommandApplied)[-1]
    assert applied.command == "a5"
    told = stage.said(QuestionAnswered)
    assert [(event.comment, event.how, event.by, event.command) for event in told] == [
        (keys[0], "host", "ann", ""),
        (keys[2], "host", "ann", ""),
    ]
    assert stage.picture.waiting == 1
    assert stage.picture.hot == []
    assert [item.comment for item in stage.picture.for_host] == [other]
    assert stage.picture.counts["answered"] == 3
    rows = stage.unit.rows("SELECT comment, state, how, answered_by, answered_at - asked_at FROM questions ORDER BY 1")
    assert rows == [(key, "answered", "host", "ann", 9_000) for key in keys] + [
        (other, "asked", "", "", -stage_asked(stage, other))
    ]


def stage_asked(stage: Stage, comment: str) -> int:
    [(at,)] = stage.unit.rows("SELECT asked_at FROM questions WHERE comment = ?", (comment,))
    return int(at)


@pytest.mark.parametrize(("how", "state"), [("private", "answered"), ("ignored", "ignored")])
def test_a_private_answer_is_one_to_one(stage: Stage, how: str, state: str) -> None:
    keys = [stage.say("大衣多少钱") for _ in range(2)]
    stage.answer(keys[0], how)
    assert stage.said(QuestionAnswered) == []
    assert stage.picture.waiting == 1
    assert stage.unit.rows("SELECT state FROM questions WHERE comment = ?", (keys[0],)) == [(state,)]


def test_refused_answers_say_why(stage: Stage) -> None:
    key = stage.say("大衣多少钱")
    stage.answer(key)
    stage.answer(key)
    stage.answer("nobody")
    stage.answer(stage.say("鞋多少钱"), "shout")
    refused = stage.said(CommandRefused)
    assert [event.code for event in refused] == ["already_answered", "unknown_comment", "bad_how"]
    assert all(event.why for event in refused)


def test_a_complaint_can_be_dealt_with_too(stage: Stage) -> None:
    key = stage.say("十天了还不发货")
    stage.answer(key, "private")
    assert len(stage.said(CommandRefused)) == 0
    stage.answer(key, "private")
    assert [event.code for event in stage.said(CommandRefused)] == ["already_answered"]


def test_flagged_words_stand_beside_the_judgement(stage: Stage) -> None:
    key = stage.say("全网最低价多少钱")
    flag = TextFlagged(where="comment", subject=key, word="全网最低", severity="warn", entry="A1")
    stage.feed(flag, flag, msgspec.structs.replace(flag, word="最低价"), msgspec.structs.replace(flag, where="speech"))
    assert stage.picture.judged[key].flagged == ("全网最低", "最低价")


def test_the_product_that_is_shown_is_meant(stage: Stage) -> None:
    stage.feed(
        CommentPosted(key="a", text="多少钱"),
        ProductPinned(product="shoe"),
        CommentPosted(key="b", text="多少钱"),
        ProductUnpinned(product="coat"),
        CommentPosted(key="c", text="多少钱"),
        ProductUnpinned(product="shoe"),
        CommentPosted(key="d", text="多少钱"),
    )
    assert [event.product for event in stage.said(CommentJudged)] == ["", "shoe", "shoe", ""]


def test_the_cart_renumbers_products(stage: Stage) -> None:
    stage.feed(
        CommentPosted(key="a", text="2号多少钱"),
        ProductListed(product="coat", number=2),
        CommentPosted(key="b", text="2号多少钱"),
        ProductDelisted(product="coat"),
        CommentPosted(key="c", text="1号多少钱"),
    )
    assert [event.product for event in stage.said(CommentJudged)] == ["shoe", "coat", "coat"]


def test_speech_is_watched_while_somebody_hears_it(stage: Stage) -> None:
    def watched() -> str:
        return str(stage.picture.speech)

    assert watched() == "not_watched"
    stage.feed(SpeechHeard(text="欢迎大家"))
    assert watched() == "watched"
    stage.later(100_000)
    assert watched() == "watched"
    stage.later(30_000)
    assert watched() == "not_watched"
    stage.feed(SourceBack(feed="speech"))
    assert watched() == "watched"
    stage.feed(SourceGone(feed="interaction"))
    assert watched() == "watched"
    stage.feed(SourceGone(feed="speech"))
    assert watched() == "not_watched"


def test_a_new_show_begins_with_an_empty_desk(stage: Stage) -> None:
    stage.say("大衣多少钱")
    stage.feed(ShowEnded(command="e", show="s"), stage.unit.tick())
    assert (stage.picture.waiting, stage.picture.counts) == (0, {})
    stage.say("大衣多少钱")
    assert [row[0] for row in stage.unit.rows("SELECT show FROM questions ORDER BY asked_at")] == ["s", ""]


def test_rows_for_the_debrief(stage: Stage) -> None:
    start = stage.unit.now
    for text in ("大衣多少钱", "大衣咋卖", "大衣多钱", "能退吗", "可以退货吗"):
        stage.say(text)
    stage.say("来了")
    stage.answer("c1")
    first, second = hot_questions(stage.unit, "r1", "s")
    assert (first.topic, first.product, first.asked, first.answered, first.text) == (
        "price",
        "coat",
        3,
        3,
        "大衣多少钱",
    )
    assert (second.topic, second.asked, second.answered) == ("after_sale", 2, 0)
    assert [(item.topic, item.asked) for item in unanswered(stage.unit, "r1", "s")] == [("after_sale", 2)]
    assert hot_questions(stage.unit, "r1", "another") == []
    assert label_counts(stage.unit, "r1", "s", start, stage.unit.now) == {"chat": 1, "question": 5}
    judged = judgements_of(stage.unit, "r1", start, stage.unit.now)
    assert judged["c1"] == msgspec.structs.replace(stage.picture.judged["c1"])


def test_memory_is_bounded(stage: Stage) -> None:
    texts = [line.text for line in labelled() if line.label == "question"]
    for turn in range(3):
        stage.feed(
            *(CommentPosted(key=f"{turn}-{at}", text=text, user=f"u{at}-{turn}") for at, text in enumerate(texts)),
            stage.unit.tick(),
        )
    kept = stage.state.kept
    assert len(kept.judged) == 60
    assert len(kept.waiting) == 300
    assert len(kept.clusters) <= 120
    assert max(len(cluster.askers) for cluster in kept.clusters.values()) <= 400
    assert len(stage.desk.dump(stage.state)) < 300_000
    assert len(stage.picture.for_host) <= 6
    assert len(stage.picture.hot) <= 8


def test_what_is_asked_beyond_memory_waits_too(stage: Stage) -> None:
    """500 ask the same, then 20 something else, all in one breath: nobody is left out, and one answer is to all."""
    same = [CommentPosted(key=f"s{n}", text="什么时候发货呀", user=f"u{n}") for n in range(500)]
    other = [CommentPosted(key=f"t{n}", text="尺码偏大吗", user=f"v{n}") for n in range(20)]
    stage.feed(*same, *other)
    assert len(stage.state.kept.waiting) == 300 and stage.picture.waiting == 520
    stage.unit.announced = []
    # One of those in line is answered on the air.
    stage.answer("s450")
    answered = {event.comment for event in stage.said(QuestionAnswered)}
    assert answered == {f"s{n}" for n in range(500) if n != 450}
    assert stage.picture.waiting == 20
    stage.feed(stage.unit.tick())
    assert set(stage.state.kept.waiting) == {f"t{n}" for n in range(20)} and not stage.state.kept.beyond
    assert [(item.asked, item.answered) for item in hot_questions(stage.unit, "r1", "s")] == [(500, 500), (20, 0)]
    # Twice is once, and what nobody answers is forgotten as ever.
    stage.answer("s450")
    assert [event.code for event in stage.said(CommandRefused)] == ["unknown_comment"] or stage.said(CommandRefused)
    stage.later(610_000)
    assert stage.picture.waiting == 0


def test_what_was_answered_by_itself_closes_all_alike_and_no_person_can_say_so(stage: Stage) -> None:
    stage.feed(*[CommentPosted(key=f"s{n}", text="什么时候发货呀", user=f"u{n}") for n in range(3)])
    stage.unit.announced = []
    stage.answer("s0", how="auto")
    assert [event.code for event in stage.said(CommandRefused)] == ["bad_how"] and stage.picture.waiting == 3
    stage.feed(QuestionAnswered(comment="s0", how="auto"))
    assert {(event.comment, event.how) for event in stage.said(QuestionAnswered)} == {("s1", "auto"), ("s2", "auto")}
    assert stage.picture.waiting == 0


def _stream(luck: random.Random, start: int) -> list[Event]:
    lines = labelled()
    events: list[Event] = []
    now, keys = start, ["none"]
    for at in range(400):
        roll = luck.random()
        if roll < 0.7:
            keys.append(f"k{at}")
            events.append(CommentPosted(key=keys[-1], text=luck.choice(lines).text, user=f"u{luck.randrange(40)}"))
        elif roll < 0.85:
            now += 250 * luck.choice((1, 1, 1, 200))
            events.append(ClockTicked(now=now))
        elif roll < 0.9:
            how = luck.choice(("host", "private", "ignored"))
            events.append(QuestionAnswered(command=f"a{at}", by="ann", comment=luck.choice(keys[-20:]), how=how))
        elif roll < 0.94:
            events.append(ProductPinned(product=luck.choice(("coat", "shoe"))))
        elif roll < 0.97:
            events.append(ProductListed(product=luck.choice(("coat", "shoe")), number=luck.randrange(1, 9)))
        else:
            events.append(SpeechHeard(text="看这里"))
    return events


def _same(parts: Callable[[Stage], object], one: Stage, other: Stage) -> None:
    assert parts(one) == parts(other)


@pytest.mark.parametrize("seed", range(6))
def test_however_the_stream_is_cut(tmp_path: Path, seed: int) -> None:
    luck = random.Random(seed)
    whole, cut = Stage(tmp_path / "whole.db"), Stage(tmp_path / "cut.db")
    for stage in (whole, cut):
        stage.on_air()
    events = _stream(luck, whole.unit.now)
    whole.feed(*events)
    at = 0
    while at < len(events):
        step = luck.randrange(1, 40)
        cut.feed(*events[at : at + step])
        # And as if the process had died here: everything again from the snapshot.
        cut.state = cut.desk.open(ROOM, cut.desk.dump(cut.state))
        at += step
    rows = "SELECT * FROM {} ORDER BY 1, 2, 3, 4, 5, 6"
    _same(lambda stage: [event for event in stage.unit.announced], whole, cut)
    _same(lambda stage: stage.desk.dump(stage.state), whole, cut)
    _same(lambda stage: stage.picture, whole, cut)
    _same(lambda stage: stage.unit.rows(rows.format("comment_judgements")), whole, cut)
    _same(lambda stage: stage.unit.rows(rows.format("questions")), whole, cut)


def test_the_state_is_never_changed_in_place(stage: Stage) -> None:
    for event in _stream(random.Random(9), stage.unit.now):
        before, dump = stage.state, stage.desk.dump(stage.state)
        stage.feed(event)
        assert stage.desk.dump(before) == dump


def test_a_quiet_tick_costs_nothing(stage: Stage) -> None:
    before = stage.state
    stage.feed(stage.unit.tick())
    assert stage.state is before


def test_a_damaged_snapshot_is_refused() -> None:
    with pytest.raises(BadInput):
        Desk().open(ROOM, b"\xc1")


def test_a_judgement_survives_the_journal(stage: Stage) -> None:
    stage.say("你这个傻逼主播")
    judged = stage.said(CommentJudged)
    assert decode_events(encode_events(judged)) == judged
