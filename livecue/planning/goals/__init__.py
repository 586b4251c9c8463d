"""What a show shall bring and what it costs: the goal tree, and profit and loss."""

from livecue.planning.goals.house import Goals, find_budget, own_goals
from livecue.planning.goals.profit import Assumptions, Item, ProductLine, ProfitAndLoss, profit_of, units_for
from livecue.planning.goals.results import became, brought, items_of, results_of
from livecue.planning.goals.split import Child, Split, shares, split
from livecue.planning.goals.tree import SHOW, Node, Own, ShowResult, span_of, tree_of

__all__ = [
    "SHOW",
    "Assumptions",
    "Child",
    "Goals",
    "Item",
    "Node",
    "Own",
    "ProductLine",
    "ProfitAndLoss",
    "ShowResult",
    "Split",
    "became",
    "brought",
    "find_budget",
    "items_of",
    "own_goals",
    "profit_of",
    "results_of",
    "shares",
    "span_of",
    "split",
    "tree_of",
    "units_for",
]
