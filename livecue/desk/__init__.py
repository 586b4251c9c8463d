"""Every word said to us: triage of comments, hot questions, what the host should hear."""

from livecue.desk.decider import Desk
from livecue.desk.products import Lineup
from livecue.desk.reading import AskedQuestion, hot_questions, judgements_of, label_counts, unanswered
from livecue.desk.state import DeskPicture, HostQuestion, HotQuestion, JudgedView
from livecue.desk.triage import Judgement, judge

__all__ = [
    "AskedQuestion",
    "Desk",
    "DeskPicture",
    "HostQuestion",
    "HotQuestion",
    "JudgedView",
    "Judgement",
    "Lineup",
    "hot_questions",
    "judge",
    "judgements_of",
    "label_counts",
    "unanswered",
]
