"""What we sell: products, SKUs, prices, offers, draws."""

from livecue.catalog.importing import COLUMNS, ROW_CODES, BadTable, Imported, RowError, read_products, read_table
from livecue.catalog.ledger import Catalog, CatalogPicture, list_products

__all__ = [
    "COLUMNS",
    "ROW_CODES",
    "BadTable",
    "Catalog",
    "CatalogPicture",
    "Imported",
    "RowError",
    "list_products",
    "read_products",
    "read_table",
]
