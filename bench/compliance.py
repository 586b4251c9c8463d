"""The word engine: lines checked a second and core with all packs, each stage apart, beside two naive peers.

CPU time of one thread. The lines are those of the published test set (about half of them hold a finding) and the same
set thinned to one finding in fifty lines, as scripts and comments are. No line comes twice: each time it is opened and
closed otherwise, as hosts do; a line has some twenty characters.
"""

import re
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import daachorse

from livecue.app.heap import settle_heap
from livecue.compliance import Engine, load_packs, verdict
from livecue.compliance.views import Reading

BATCH = 2_000
LINES = 100_000
OPENED = (
    "",
    "来，",
    "好，",
    "嗯，",
    "对，",
    "那，",
    "哎，",
    "姐妹们，",
    "家人们，",
    "宝宝们，",
    "然后，",
    "你看，",
    "我讲，",
    "跟大家说，",
)
CLOSED = ("", "。", "！", "~", "哈", "啊", "哦", "，好吧", "，对吧", "，来", "，姐妹们", "，听好", "，记住")
CORPUS = Path(__file__).parents[1] / "tests" / "compliance" / "corpus"


def compliance() -> dict[str, Any]:
    """Lines a second by door and share of findings, seconds of each stage, and the peers in the same run."""
    engine = Engine()
    engine.warm()
    # As in the program: the collector of cycles leaves the automata alone.
    settle_heap()
    clean = _texts("clean", "held_clean")
    loud = _texts("block", "held_block", "disguised", "held_disguised")
    words = sorted({text for pack in load_packs() for entry in pack.entries for text in entry.texts})
    found: dict[str, Any] = {"patterns": len(engine._automaton("script")), "words": len(words)}
    for name, texts in (
        ("no finding", _fill(clean, [], 0)),
        ("a finding in 50 lines", _fill(clean, loud, 50)),
        ("the test set, every second a finding", _fill(clean, loud, 2)),
    ):
        flagged = sum(verdict(hits) != "silent" for hits in engine.check(texts[:BATCH], "cosmetics", door="script"))
        found[name] = {
            "different_lines": len(set(texts)),
            "characters_a_line": round(sum(map(len, texts)) / len(texts), 1),
            "flagged_share": flagged / BATCH,
            "script": _rate(texts, lambda batch: engine.check(batch, "cosmetics", door="script")),
            "comment": _rate(texts, lambda batch: engine.check(batch, "", door="comment")),
            "peer: Aho-Corasick a line, plain words": _rate(texts, _plain_search(words)),
            "peer: one re a line, plain words": _rate(texts[:20_000], _regular(words)),
            "stages": _stages(engine, texts),
        }
        found[name]["script, times one re a line"] = round(
            found[name]["script"] / found[name]["peer: one re a line, plain words"], 1
        )
    return found


def _texts(*names: str) -> list[str]:
    """The different lines of some files of the test set."""
    lines = (line for name in names for line in (CORPUS / f"{name}.tsv").read_text("utf-8").splitlines())
    return list(dict.fromkeys(line.split("\t")[-1] for line in lines))


def _fill(clean: list[str], loud: list[str], every: int) -> list[str]:
    """So many lines, each of them once, with one of ``loud`` at every so many."""
    calm, grave = _said(clean), _said(loud)
    return [next(grave) if every and n % every == 0 else next(calm) for n in range(LINES)]


def _said(lines: list[str]) -> Iterator[str]:
    """The lines again and again, each time opened and closed otherwise."""
    for opened, closed in product(OPENED, CLOSED):
        for line in lines:
            yield opened + line + closed


def _rate(texts: list[str], work: Callable[[list[str]], Any]) -> int:
    """Lines a CPU second, the best of three."""
    best = 0.0
    for _ in range(3):
        start = time.thread_time()
        for at in range(0, len(texts), BATCH):
            work(texts[at : at + BATCH])
        best = max(best, len(texts) / (time.thread_time() - start))
    return round(best)


def _plain_search(words: list[str]) -> Callable[[list[str]], Any]:
    search = daachorse.CharwiseDoubleArrayAhoCorasick(words)
    return lambda batch: [search.find_overlapping(text) for text in batch]


def _regular(words: list[str]) -> Callable[[list[str]], Any]:
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    return lambda batch: [pattern.findall(text) for text in batch]


def _stages(engine: Engine, texts: list[str]) -> dict[str, float]:
    """Microseconds a line: key form, search, and what is left: weighing what was found."""
    automaton = engine._automaton("script")
    batches = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
    start = time.thread_time()
    readings = [Reading(batch, automaton.key, engine._tables) for batch in batches]
    key_form = time.thread_time() - start
    start = time.thread_time()
    for reading in readings:
        automaton.find(reading.text)
    search = time.thread_time() - start
    start = time.thread_time()
    for batch in batches:
        engine.check(batch, "cosmetics", door="script")
    whole = time.thread_time() - start
    parts = {"key form": key_form, "search": search, "weighing": max(0.0, whole - key_form - search)}
    return {name: round(seconds / len(texts) * 1e6, 2) for name, seconds in parts.items()}
