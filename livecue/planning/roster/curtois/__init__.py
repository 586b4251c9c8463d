"""Benchmarks of shift scheduling (Curtois and Qu): read, solve, count."""

from livecue.planning.roster.curtois.reading import Cover, Instance, Request, Shift, Staff, read_instance
from livecue.planning.roster.curtois.solving import Plan, Solved, broken_rules, penalty_of, solve_instance

__all__ = [
    "Cover",
    "Instance",
    "Plan",
    "Request",
    "Shift",
    "Solved",
    "Staff",
    "broken_rules",
    "penalty_of",
    "read_instance",
    "solve_instance",
]
