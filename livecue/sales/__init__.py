"""What was bought: orders, stock by warehouse, reservations, refunds."""

from livecue.sales.ledger import OrderRow, Sales, SalesPicture, StockView, list_orders, list_stock
from livecue.sales.office import MOST_PIECES, Balance, list_balances
from livecue.sales.prices import lowest_paid

__all__ = [
    "MOST_PIECES",
    "Balance",
    "OrderRow",
    "Sales",
    "SalesPicture",
    "StockView",
    "list_balances",
    "list_orders",
    "list_stock",
    "lowest_paid",
]
