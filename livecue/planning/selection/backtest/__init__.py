"""How often the selection is right: on a real file of products, and on shows with known truth."""

from livecue.planning.selection.backtest.made import Compared, World, brief_of, compared, made_backtest, world
from livecue.planning.selection.backtest.real import HostResult, RealResult, SoldItem, read_sold, real_backtest

__all__ = [
    "Compared",
    "HostResult",
    "RealResult",
    "SoldItem",
    "World",
    "brief_of",
    "compared",
    "made_backtest",
    "read_sold",
    "real_backtest",
    "world",
]
