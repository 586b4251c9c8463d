"""What was bought: orders by explicit states, parcels, after-sale cases, and one stock ledger for every room."""

from livecue.sales.ledger import Sales, SalesPicture
from livecue.sales.machine import CASE, CASE_TYPES, MACHINES, ORDER, PARCEL, Machine
from livecue.sales.mapping import STATE_MAPS, StateMap
from livecue.sales.presets import SALES_PRESETS, SalesPreset, preset_at
from livecue.sales.prices import lowest_paid
from livecue.sales.reading import OrderRow, list_orders
from livecue.sales.stock import (
    MOST_PIECES,
    Balance,
    MoveRow,
    Policy,
    QuotaRow,
    Rules,
    StockView,
    Unbalanced,
    Warehouse,
    find_rules,
    list_balances,
    list_moves,
    list_quotas,
    list_stock,
    unbalanced,
)

__all__ = [
    "CASE",
    "CASE_TYPES",
    "MACHINES",
    "MOST_PIECES",
    "ORDER",
    "PARCEL",
    "SALES_PRESETS",
    "STATE_MAPS",
    "Balance",
    "Machine",
    "MoveRow",
    "OrderRow",
    "Policy",
    "QuotaRow",
    "Rules",
    "Sales",
    "SalesPicture",
    "SalesPreset",
    "StateMap",
    "StockView",
    "Unbalanced",
    "Warehouse",
    "find_rules",
    "list_balances",
    "list_moves",
    "list_orders",
    "list_quotas",
    "list_stock",
    "lowest_paid",
    "preset_at",
    "unbalanced",
]
