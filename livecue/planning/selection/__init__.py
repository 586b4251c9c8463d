"""智能选品: what goes into a show, in which order, and why."""

from livecue.planning.selection.candidate import (
    ROLES,
    Brief,
    Candidate,
    Evidence,
    Lock,
    Phase,
    Rule,
    Weights,
)
from livecue.planning.selection.choose import KINDS, Answer, ask, choose, proposals, worth_table
from livecue.planning.selection.order import Place, ordered, worth_of_order
from livecue.planning.selection.proposal import Contradiction, Near, Need, Pick, Proposal, Tight

__all__ = [
    "KINDS",
    "ROLES",
    "Answer",
    "Brief",
    "Candidate",
    "Contradiction",
    "Evidence",
    "Lock",
    "Near",
    "Need",
    "Phase",
    "Pick",
    "Place",
    "Proposal",
    "Rule",
    "Tight",
    "Weights",
    "ask",
    "choose",
    "ordered",
    "proposals",
    "worth_of_order",
    "worth_table",
]
