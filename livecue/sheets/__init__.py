"""Tables that people bring: spreadsheets and CSV files as rows, values of cells, errors by row and column."""

from livecue.sheets.reading import MB, BadTable, Row, RowError, places_of, read_rows
from livecue.sheets.values import NoYear, amount, basis_points, day, hundredfold, looks_like_fen, moment, parts

__all__ = [
    "MB",
    "BadTable",
    "NoYear",
    "Row",
    "RowError",
    "amount",
    "basis_points",
    "day",
    "hundredfold",
    "looks_like_fen",
    "moment",
    "parts",
    "places_of",
    "read_rows",
]
