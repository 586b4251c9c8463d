"""Names, units and formulas in words of the variants; those of the metrics themselves are in ``livecue.reference``."""

import tomllib
from importlib.resources import files

import msgspec

from livecue.errors import Defect
from livecue.reference import METRICS, Metric, Words


def _read() -> tuple[dict[str, Metric], dict[str, Words]]:
    rows = tomllib.loads(files("livecue.metrics").joinpath("variants.toml").read_text(encoding="utf-8"))
    try:
        variants = {
            name: msgspec.convert(
                {"id": name, "group": METRICS[name.partition(".")[0]].group, "live": True, **row}, Metric
            )
            for name, row in rows["metric"].items()
        }
        return variants, {name: msgspec.convert(row, Words) for name, row in rows["unit"].items()}
    except (msgspec.ValidationError, KeyError) as error:
        raise Defect(f"variants.toml: {error}") from error


VARIANTS, VARIANT_UNITS = _read()
"""Variants by id, as rows of ``METRICS``; and how the units that only they use are written."""
