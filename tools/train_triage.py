"""Train the desk's triage, write ``livecue/desk/model.npz`` and the figures in ``docs/*/triage.md``.

Run as ``python tools/train_triage.py [--cold FOLDER]`` with scikit-learn installed. ``FOLDER`` holds
the COLD set (train.csv.gz, dev.csv.gz; Apache-2.0); by default ``$LIVECUE_REAL_DATA/text/cold``.
The same inputs give the same bytes; ``--check`` compares with what is there instead of writing.
Takes about two minutes on one core.
"""

import argparse
import csv
import gzip
import hashlib
import io
import os
import sys
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sparse
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from livecue.desk.model import BITS, LABELS, LANES, TOPICS, Model, ngram_rows, quantise  # noqa: E402
from tools.triage.report import write_docs  # noqa: E402
from tools.triage.write_lines import meaning  # noqa: E402

MODEL = ROOT / "livecue" / "desk" / "model.npz"
HAND_WEIGHT = 3.0
ABUSE_SHARE = 0.5
"""How much of the COLD-trained score is added to the label's own score for abuse."""
COST, COLD_COST = 1.0, 0.3
TALK_WEIGHT = 0.02
"""Weight of a fair line of COLD that asks nothing, taken as small talk: ours are short, people also write long."""
INSULT_WEIGHT = 0.02
"""Weight of an offensive line of COLD, taken as abuse."""
_ASKS = ("?", "？", "吗", "什么", "怎么", "咋", "谁", "哪", "多少", "为啥")
FOLDS = 6


class Labelled(NamedTuple):
    """Lines of one part: texts, labels, topics ("" where none), family, whether written by hand."""

    texts: list[str]
    labels: np.ndarray
    topics: np.ndarray
    families: np.ndarray
    by_hand: np.ndarray


class Cold(NamedTuple):
    """The training part of COLD: features, whether a line offends, whether it is fair and asks nothing."""

    matrix: Any
    offends: np.ndarray
    talk: np.ndarray


def read_lines(part: str) -> Labelled:
    """One part of tools/triage/lines.tsv."""
    rows = [line.split("\t") for line in (ROOT / "tools/triage/lines.tsv").read_text("utf-8").splitlines()[1:]]
    rows = [row for row in rows if row[0] == part]
    meanings = [meaning(row[3]) for row in rows]
    return Labelled(
        [row[4] for row in rows],
        np.array([label for label, _ in meanings]),
        np.array([topic for _, topic in meanings]),
        np.array([row[2] for row in rows]),
        np.array([row[1] == "hand" for row in rows]),
    )


def read_cold(folder: Path, part: str) -> tuple[list[str], np.ndarray]:
    """Texts of one part of COLD, and whether each offends."""
    with gzip.open(folder / f"{part}.csv.gz", "rt", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return [row["TEXT"] for row in rows], np.array([row["label"] == "1" for row in rows])


def features(texts: Sequence[str]) -> sparse.csr_matrix:
    """Counts of table rows over the root of how many there are: what ``Model.score`` multiplies."""
    single, pairs, places = ngram_rows(texts)
    counts = np.diff(places)
    of = np.repeat(np.arange(len(texts)), counts)
    ones = np.ones(2 * len(of))
    matrix = sparse.csr_matrix((ones, (np.r_[of, of], np.r_[single, pairs])), shape=(len(texts), 1 << BITS))
    return (sparse.diags(1 / np.sqrt(2 * counts)) @ matrix).tocsr()


def _fit(
    matrix: Any, classes: np.ndarray, names: Sequence[str], importance: np.ndarray, cost: float
) -> tuple[Any, Any]:
    model = LinearSVC(C=cost, random_state=0, max_iter=8000)
    model.fit(matrix, classes, sample_weight=importance)
    order = [list(model.classes_).index(name) for name in names]
    return model.coef_[order].T, model.intercept_[order]


def _balanced(classes: np.ndarray, importance: np.ndarray) -> np.ndarray:
    totals = {name: importance[classes == name].sum() for name in np.unique(classes)}
    most = max(totals.values())
    balanced: np.ndarray = importance * np.array([most / totals[name] for name in classes])
    return balanced


def fit(lines: Labelled, matrix: Any, cold: Cold) -> tuple[np.ndarray, np.ndarray]:
    """Float weights (2^17, 16) and bias (16,)."""
    importance = np.where(lines.by_hand, HAND_WEIGHT, 1.0)
    long = cold.matrix[cold.talk | cold.offends]
    long_labels = np.where(cold.offends, "abuse", "chat")[cold.talk | cold.offends]
    label_weights, label_bias = _fit(
        sparse.vstack([matrix, long]),
        np.r_[lines.labels, long_labels],
        LABELS,
        np.r_[_balanced(lines.labels, importance), np.where(long_labels == "abuse", INSULT_WEIGHT, TALK_WEIGHT)],
        COST,
    )
    asked = lines.topics != ""
    topic_weights, topic_bias = _fit(
        matrix[asked], lines.topics[asked], TOPICS, _balanced(lines.topics[asked], importance[asked]), COST
    )
    own = lines.labels == "abuse"
    abuse = LinearSVC(C=COLD_COST, random_state=0, max_iter=8000).fit(
        sparse.vstack([cold.matrix, matrix]),
        np.r_[cold.offends, own],
        sample_weight=np.r_[np.ones(len(cold.offends)), np.where(own, 9.0, 3.0)],
    )
    weights = np.zeros((1 << BITS, LANES))
    bias = np.zeros(LANES)
    weights[:, :6], bias[:6] = label_weights, label_bias
    weights[:, 6:15], bias[6:15] = topic_weights, topic_bias
    weights[:, 15], bias[15] = abuse.coef_[0], abuse.intercept_[0]
    at = LABELS.index("abuse")
    weights[:, at] += ABUSE_SHARE * weights[:, 15]
    bias[at] += ABUSE_SHARE * bias[15]
    return weights, bias


def _pick(lines: Labelled, which: np.ndarray) -> Labelled:
    return Labelled(
        [lines.texts[at] for at in which],
        lines.labels[which],
        lines.topics[which],
        lines.families[which],
        lines.by_hand[which],
    )


def temperature_of(lines: Labelled, matrix: Any, cold: Cold) -> float:
    """The softmax temperature that fits the margins of families left out of training, one fold after the other."""
    groups = np.array(
        [
            f"{family}{zlib.crc32(text.encode()) % 8}" if family.startswith(("lexicon", "general", "more")) else family
            for family, text in zip(lines.families, lines.texts, strict=True)
        ]
    )
    margins = np.zeros((len(lines.texts), len(LABELS)))
    for seen, unseen in GroupKFold(FOLDS, shuffle=True, random_state=0).split(lines.texts, groups=groups):
        weights, bias = fit(_pick(lines, seen), matrix[seen], cold)
        margins[unseen] = matrix[unseen] @ weights[:, :6] + bias[:6]
    truth = np.array([LABELS.index(label) for label in lines.labels])

    def loss(temperature: float) -> float:
        scaled = margins / temperature
        scaled -= scaled.max(axis=1, keepdims=True)
        shares = np.exp(scaled)
        return float(-np.log(shares[np.arange(len(truth)), truth] / shares.sum(axis=1)).mean())

    return min((round(0.05 * step, 2) for step in range(2, 41)), key=loss)


def to_bytes(parts: dict[str, np.ndarray]) -> bytes:
    """The parts as an npz file with no clock in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, part in sorted(parts.items()):
            body = io.BytesIO()
            np.lib.format.write_array(body, part, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), body.getvalue(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main() -> int:
    """Train, write or compare; 0 when all is well."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(os.environ["LIVECUE_REAL_DATA"]) / "text/cold" if "LIVECUE_REAL_DATA" in os.environ else None
    asked.add_argument("--cold", type=Path, default=default, help="folder with train.csv.gz and dev.csv.gz of COLD")
    asked.add_argument("--check", action="store_true", help="compare with the model that is there, write nothing")
    asked.add_argument("--date", default="", help="date to print in the documents, as 2026-11-21")
    given = asked.parse_args()
    if given.cold is None or not (given.cold / "train.csv.gz").exists():
        print("COLD is not there: give its folder by --cold or set LIVECUE_REAL_DATA.", file=sys.stderr)
        return 2
    lines = read_lines("train")
    texts, offends = read_cold(given.cold, "train")
    asks = np.array([any(word in text for word in _ASKS) for text in texts])
    matrix, cold = features(lines.texts), Cold(features(texts), offends, ~offends & ~asks)
    weights, bias = fit(lines, matrix, cold)
    temperature = temperature_of(lines, matrix, cold)
    parts = quantise(weights, bias, temperature)
    body = to_bytes(parts)
    digest = hashlib.sha256(body).hexdigest()
    print(f"temperature {temperature}, {len(body):,} bytes, sha256 {digest[:16]}")
    if given.check:
        same = MODEL.exists() and MODEL.read_bytes() == body
        print("same bytes" if same else "different bytes")
        return 0 if same else 1
    MODEL.write_bytes(body)
    model = Model(parts)
    dev, truth = read_cold(given.cold, "dev")
    held = read_lines("test")
    write_docs(ROOT / "docs", model, lines, held, (dev, truth, set(texts)), given.date, temperature)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
