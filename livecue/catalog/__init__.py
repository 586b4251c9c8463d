"""What we sell: products, SKUs, prices, offers, draws."""

from livecue.catalog.importing import COLUMNS, Imported, RowError, read_products
from livecue.catalog.ledger import Catalog, CatalogPicture, list_products

__all__ = ["COLUMNS", "Catalog", "CatalogPicture", "Imported", "RowError", "list_products", "read_products"]
