"""What the show amounts to: every live metric by its id, in windows, per segment, product and source, with its age.

Metric ids are those of ``livecue.reference.METRICS``; a point marks a variant of one (``M25.likes``, ``M59.orders``);
``DEFINITIONS`` names them all.
"""

from livecue.metrics.definitions import DEFINITIONS, NOT_LIVE, Definition
from livecue.metrics.figures import WINDOWS, Figures, figures_question
from livecue.metrics.history import (
    MinutePoint,
    PastFigure,
    PastShow,
    ProductTotals,
    ShowTotal,
    minute_series,
    past_figures,
    past_shows,
    product_totals,
    show_totals,
    showcase_curve,
)
from livecue.metrics.ledger import Metrics
from livecue.metrics.picture import MetricsPicture, MetricsScreen, MinuteRow
from livecue.metrics.reading import MIXED, NO_SOURCE, REASONS, WINDOWS_MS, ZERO, Reading, Readings, StaticReadings
from livecue.metrics.talks import Showcase
from livecue.metrics.variants import VARIANT_UNITS, VARIANTS

__all__ = [
    "DEFINITIONS",
    "MIXED",
    "NOT_LIVE",
    "NO_SOURCE",
    "REASONS",
    "VARIANTS",
    "VARIANT_UNITS",
    "WINDOWS",
    "WINDOWS_MS",
    "ZERO",
    "Definition",
    "Figures",
    "Metrics",
    "MetricsPicture",
    "MetricsScreen",
    "MinutePoint",
    "MinuteRow",
    "PastFigure",
    "PastShow",
    "ProductTotals",
    "Reading",
    "Readings",
    "ShowTotal",
    "Showcase",
    "StaticReadings",
    "figures_question",
    "minute_series",
    "past_figures",
    "past_shows",
    "product_totals",
    "show_totals",
    "showcase_curve",
]
