"""What we sell: products, SKUs, prices, offers, draws."""

from livecue.catalog.importing import COLUMNS, DOUBTS, ROW_CODES, Imported, read_products
from livecue.catalog.ledger import Catalog, CatalogPicture, count_products, list_products

__all__ = [
    "COLUMNS",
    "DOUBTS",
    "ROW_CODES",
    "Catalog",
    "CatalogPicture",
    "Imported",
    "count_products",
    "list_products",
    "read_products",
]
