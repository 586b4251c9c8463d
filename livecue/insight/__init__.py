"""After the shows: boards over the history. Every question is one Ibis expression, run by DuckDB or a larger engine."""

from livecue.insight.boards import Board, Boards, CommentSum, CueSums, Figure, Row, ShowLine, run_on_duckdb
from livecue.insight.datasets import DATASETS, keep_facts
from livecue.insight.queries import BY, FIGURES, Asked, By, every, tables
from livecue.insight.sheet import MEDIA_TYPE, workbook_of

__all__ = [
    "BY",
    "DATASETS",
    "FIGURES",
    "MEDIA_TYPE",
    "Asked",
    "Board",
    "Boards",
    "By",
    "CommentSum",
    "CueSums",
    "Figure",
    "Row",
    "ShowLine",
    "every",
    "keep_facts",
    "run_on_duckdb",
    "tables",
    "workbook_of",
]
