"""Every metric id of domain 8.1 to 8.4 is either computed or named with the reason why not."""

from pathlib import Path

import msgspec
import pytest

from livecue.errors import BadInput
from livecue.metrics import DEFINITIONS, NOT_LIVE, REASONS, VARIANT_UNITS, VARIANTS, WINDOWS_MS, Metrics
from livecue.reference import METRICS, UNITS
from tests.metrics.streams import ROOM, folded, stream

GROUPS = ("traffic", "interaction", "products", "money")
DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("metric", [name for name, row in METRICS.items() if row.group in GROUPS])
def test_each_id_is_computed_or_explained(metric: str) -> None:
    assert (metric in DEFINITIONS) != (metric in NOT_LIVE)


def test_ids_units_and_words_are_in_the_tables() -> None:
    for name, definition in DEFINITIONS.items():
        row = VARIANTS[name] if "." in name else METRICS[name]
        assert definition.unit == row.unit
        assert row.unit in UNITS or row.unit in VARIANT_UNITS
    assert set(VARIANTS) == {name for name in DEFINITIONS if "." in name}


def test_what_is_not_computed_says_why_in_both_languages() -> None:
    for words in NOT_LIVE.values():
        assert words.keys() == {"zh", "en"} and all(words.values())


def test_what_the_table_calls_live_is_computed_here_or_belongs_to_another_room() -> None:
    live = {name for name, row in METRICS.items() if row.live and row.group in GROUPS}
    assert live <= DEFINITIONS.keys() | NOT_LIVE.keys()


@pytest.mark.parametrize("language", ("zh", "en"))
def test_the_docs_name_every_reason_window_and_scope(language: str) -> None:
    text = (DOCS / language / "metrics.md").read_text(encoding="utf-8")
    for word in (*REASONS, *WINDOWS_MS, "segment", "show", "room", "segment:", "product:", "source:"):
        assert f"`{word}" in text, word


def test_every_metric_can_be_known() -> None:
    """In a rich random show each definition has a value somewhere: none is dead."""
    known: set[str] = set()
    for seed in range(6):
        picture = folded(stream(seed, 700, longest_gap=3_000)).picture(0)
        for metric in DEFINITIONS:
            for window in ("1m", "5m", "segment", "show"):
                for scope in ("room", "product:p1", "source:feed"):
                    if picture.reading(metric, window, scope).value is not None:
                        known.add(metric)
    # Random rooms hold no cues; how long those take has its own test.
    assert set(DEFINITIONS) - known == {"M93", "M94"}


def test_a_damaged_snapshot_is_told() -> None:
    blob = folded(stream(1, 50)).dump()
    state = msgspec.msgpack.decode(blob)
    with pytest.raises(BadInput, match="another version"):
        Metrics(ROOM, msgspec.msgpack.encode({**state, "shape": 1}))
    with pytest.raises(BadInput, match="damaged"):
        Metrics(ROOM, blob[:-5])
    with pytest.raises(BadInput):
        Metrics(ROOM, b"\xc1nonsense")
