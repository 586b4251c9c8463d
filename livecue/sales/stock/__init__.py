"""One stock ledger for every room and platform: rules, the book of one transaction, and the office's edits."""

from livecue.sales.stock.book import Book, Short
from livecue.sales.stock.office import EDITS, MOST_PIECES, Edits, edit
from livecue.sales.stock.reading import (
    Balance,
    MoveRow,
    QuotaRow,
    StockView,
    Unbalanced,
    find_rules,
    list_balances,
    list_moves,
    list_quotas,
    list_stock,
    total_of,
    unbalanced,
)
from livecue.sales.stock.rules import FIRST_PAID, Policy, Rules, Warehouse, read_rules

__all__ = [
    "EDITS",
    "FIRST_PAID",
    "MOST_PIECES",
    "Balance",
    "Book",
    "Edits",
    "MoveRow",
    "Policy",
    "QuotaRow",
    "Rules",
    "Short",
    "StockView",
    "Unbalanced",
    "Warehouse",
    "edit",
    "find_rules",
    "list_balances",
    "list_moves",
    "list_quotas",
    "list_stock",
    "read_rules",
    "total_of",
    "unbalanced",
]
