"""What page and workbook are made of: tables of cells in one language."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from livecue.debrief.words import decimals, figure, label, length, metric_name, moment, percent, pick, quantity
from livecue.metrics import Reading
from livecue.reference import Words


@dataclass(frozen=True)
class Cell:
    """A text, and where it is a known figure the number behind it with its style.

    ``style``: ratio (a fraction), money (major units), count, number; "" for text. ``unknown`` marks 待核验.
    """

    text: str
    number: float | None = None
    style: str = ""
    unknown: bool = False


@dataclass(frozen=True)
class Table:
    """One table; ``note`` stands above it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the debrief: a heading on the page, a sheet in the workbook; not ``printed``, the sheet only."""

    name: str
    title: str
    tables: list[Table] = field(default_factory=list)
    printed: bool = True


class Speaker:
    """Says things in one language, money in one currency, moments in one time zone."""

    def __init__(self, language: str, currency: str, time_zone: str) -> None:
        self.language, self.currency, self.time_zone = language, currency, time_zone

    def of(self, words: Words) -> str:
        """A text that is there in both languages."""
        return pick(words, self.language)

    def head(self, name: str) -> str:
        """A heading."""
        return self.of(label("head", name))

    def named(self, group: str, name: str) -> str:
        """The text of a code."""
        return self.of(label(group, name)) if name else ""

    def metric(self, metric: str) -> str:
        """Name and id of a metric."""
        return f"{self.of(metric_name(metric))} {metric}"

    # Cells.

    def text(self, text: str) -> Cell:
        """A text as it is."""
        return Cell(text)

    def words(self, words: Words) -> Cell:
        """A text that is there in both languages."""
        return Cell(self.of(words))

    def figure(self, reading: Reading) -> Cell:
        """A reading; an unknown one says why."""
        text = self.of(figure(reading, self.currency))
        if reading.value is None:
            return Cell(text, unknown=True)
        return self._numbered(text, reading.value, reading.unit)

    def quantity(self, value: float | None, unit: str) -> Cell:
        """A value that is no reading, "" where there is none."""
        if value is None:
            return Cell("")
        return self._numbered(self.of(quantity(value, unit, self.currency)), value, unit)

    def count(self, count: int) -> Cell:
        """A plain number."""
        return Cell(f"{count:,}", count, "count")

    def share(self, share: float | None) -> Cell:
        """A fraction as a percentage, "" where there is none."""
        return Cell("") if share is None else Cell(percent(share), share, "ratio")

    def moment(self, ms: int, with_date: bool = True) -> Cell:
        """A room time."""
        return Cell(moment(ms, self.time_zone, with_date))

    def length(self, ms: float) -> Cell:
        """A length of time, "" for none."""
        return Cell(self.of(length(ms)) if ms else "")

    def _numbered(self, text: str, value: float, unit: str) -> Cell:
        if unit == "ratio":
            return Cell(text, value, "ratio")
        if unit == "money" or unit.startswith("money/"):
            return Cell(text, value / 10 ** decimals(self.currency), "money")
        return Cell(text, value, "count" if float(value).is_integer() else "number")
