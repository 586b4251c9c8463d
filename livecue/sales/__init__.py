"""What was bought: orders, stock by warehouse, reservations, refunds."""

from livecue.sales.ledger import OrderRow, Sales, SalesPicture, StockView, list_orders, list_stock

__all__ = ["OrderRow", "Sales", "SalesPicture", "StockView", "list_orders", "list_stock"]
