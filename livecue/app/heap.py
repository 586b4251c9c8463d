"""What the collector of cycles is spared: what was made at the start stays, and batches free themselves."""

import gc

YOUNG = 50_000
"""New objects before the collector looks at the young ones; the interpreter's 700 are a third of one batch."""
MIDDLE, OLD = 20, 50
"""Looks at the young before one at the middle-aged, and at those before one at the old."""


def settle_heap() -> None:
    """Call once when the program is up.

    Packs, word automata, models and the web application are some hundred thousand objects that live as long as the
    program. The collector walked through all of them again and again (a fifth of the whole time under load); frozen,
    they are left out. What a batch makes has no cycles and goes by its reference counts; cycles of requests and
    failures are still found, only later.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
