"""Orders as files: what a shop's back end exports comes in, the feed goes out, and a statement is held against it."""

from livecue.sales.files.exporting import MEDIA_TYPE, orders_workbook, statement_workbook
from livecue.sales.files.importing import COLUMNS, Imported, hold_refunds, read_orders
from livecue.sales.files.reviews import ReviewsRead, read_reviews
from livecue.sales.files.statement import Difference, Reconciled, StatementLine, compare_statement, read_statement

__all__ = [
    "COLUMNS",
    "MEDIA_TYPE",
    "Difference",
    "Imported",
    "Reconciled",
    "ReviewsRead",
    "StatementLine",
    "compare_statement",
    "hold_refunds",
    "orders_workbook",
    "read_orders",
    "read_reviews",
    "read_statement",
    "statement_workbook",
]
