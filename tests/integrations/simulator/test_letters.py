"""Customers who write in private: they ask, wait, ask again, thank and rate, and change nothing else of the show."""

from livecue.events import (
    ConversationOpened,
    ConversationRated,
    DutyLeft,
    DutyTaken,
    Event,
    MessageReceived,
    MessageSent,
    ReplyAsked,
    SendMessage,
)
from livecue.integrations.simulator import Crew, Scenario, Simulation, plain_show
from livecue.kit import stable_id

START = 1_790_000_000_000


def played(letters: float, answered: bool, seconds: int = 1500) -> list[Event]:
    import msgspec

    scenario: Scenario = msgspec.structs.replace(plain_show(5, START, 1800), letters=letters)
    simulation, events = Simulation(scenario), []
    waiting: list[tuple[int, str]] = []
    for now in range(START - 3000, START + seconds * 1000, 250):
        step = simulation.step(now + 250)
        events += step
        if answered:
            waiting += [(now + 20_000, e.conversation) for e in step if isinstance(e, MessageReceived)]
        for _, conversation in [one for one in waiting if one[0] <= now]:
            action = stable_id("a", conversation, now)
            simulation.perform(action, SendMessage(conversation=conversation, text="您好", reply=action))
        waiting = [one for one in waiting if one[0] > now]
    return events


def test_answered_customers_thank_and_rate_and_unanswered_ones_ask_again() -> None:
    served, left = played(2.0, True), played(2.0, False)
    rated = [event for event in served if isinstance(event, ConversationRated)]
    assert rated and all(1 <= event.score <= 5 for event in rated)
    assert [event for event in served if isinstance(event, MessageSent) and event.reply]
    texts = [event.text for event in left if isinstance(event, MessageReceived)]
    assert {"在吗", "有人吗", "？？", "还在吗，等半天了", "转人工"} & set(texts)
    assert not [event for event in left if isinstance(event, ConversationRated)]


def test_letters_change_nothing_else() -> None:
    without = played(0, False, 300)
    served = [event for event in played(2.0, False, 300) if type(event).__module__ != MessageReceived.__module__]
    assert served == without


def test_the_crew_answers_unless_somebody_plays_it() -> None:
    scenario = plain_show(5, START, 1800)
    crew, other = Crew(scenario), Crew(scenario)
    other.take_over("cs")
    for one in (crew, other):
        for number in range(20):
            one.hear(ConversationOpened(conversation=f"c{number}", channel="message", when=START + 1000))
    assert [command for command in crew.step(START + 60_000) if isinstance(command, ReplyAsked)]
    assert not [command for command in other.step(START + 60_000) if isinstance(command, ReplyAsked)]


def test_where_people_serve_the_crew_leaves_the_messages_and_its_own_goes_off_duty() -> None:
    crew = Crew(plain_show(5, START, 1800))
    crew.step(START + 900)
    crew.hear(DutyTaken(command="d1", by="an", person="an", role="cs"))
    for number in range(20):
        crew.hear(ConversationOpened(conversation=f"c{number}", channel="message", when=START + 1000))
    due = crew.step(START + 60_000)
    assert not [command for command in due if isinstance(command, ReplyAsked)]
    assert [(one.person, one.role) for one in due if isinstance(one, DutyLeft)] == [("sim-sun", "cs")]
    crew.hear(DutyLeft(command="d2", by="an", person="an", role="cs"))
    crew.hear(ConversationOpened(conversation="c99", channel="message", when=START + 61_000))
    for number in range(100, 120):
        crew.hear(ConversationOpened(conversation=f"c{number}", channel="message", when=START + 61_000))
    due = crew.step(START + 120_000)
    assert [command for command in due if isinstance(command, ReplyAsked)]
    assert [(one.person, one.role) for one in due if isinstance(one, DutyTaken)] == [("sim-sun", "cs")], "back again"
