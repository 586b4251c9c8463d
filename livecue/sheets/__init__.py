"""Tables that people bring: spreadsheets and CSV files as rows, values of cells, errors by row and column."""

from livecue.sheets.reading import MB, BadTable, Cells, Row, RowError, Value, places_of, read_cells, read_rows
from livecue.sheets.values import NoYear, amount, basis_points, day, hundredfold, looks_like_fen, moment, parts

__all__ = [
    "MB",
    "BadTable",
    "Cells",
    "NoYear",
    "Row",
    "RowError",
    "Value",
    "amount",
    "basis_points",
    "day",
    "hundredfold",
    "looks_like_fen",
    "moment",
    "parts",
    "places_of",
    "read_cells",
    "read_rows",
]
