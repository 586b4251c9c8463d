"""The service desk on real customer-service dialogues: what is wanted (F1), and replies found again (recall, variety).

The dialogues are not in the tree (``$LIVECUE_REAL_DATA/text/jddc_sample``, the public 0.1 % sample of JDDC); the labels
are: ``labels/jddc.tsv`` holds line number and the codes of two labellers who saw neither each other's labels nor the
model's. Codes are those of ``tools/triage/GUIDE.md``.
"""

import gzip
import hashlib
import math
import os
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from livecue.desk.service import Entry, Index, likeness
from livecue.desk.triage import judge
from tools.triage.write_lines import meaning

LABELS = Path(__file__).parent / "labels" / "jddc.tsv"
SAMPLE = Path("text") / "jddc_sample" / "chat_0.1per.txt.gz"
LIKE = 0.5
"""A reply counts as found when it shares half of its pairs of characters with what the agent truly wrote."""
MOST = 5


class Turn(NamedTuple):
    """What a customer wrote and the agent's reply to it, of one dialogue."""

    dialogue: str
    asked: str
    reply: str


def dialogues() -> dict[str, Any]:
    """Both halves; says what is lacking when the dialogues are not at hand."""
    folder = os.environ.get("LIVECUE_REAL_DATA")
    if not folder or not (Path(folder) / SAMPLE).is_file():
        return {"not run": f"set LIVECUE_REAL_DATA to a folder that holds {SAMPLE}"}
    lines = read(Path(folder) / SAMPLE)
    return {"intents": intents(lines), "replies": replies(lines)}


def intents(lines: dict[int, tuple[str, str, str]]) -> dict[str, Any]:
    """F1 of the shipped triage against each labeller and where both agree, beside how far the two agree."""
    rows = [line.split("\t") for line in LABELS.read_text("ascii").splitlines() if not line.startswith("#")]
    texts = [lines[int(number)][2] for number, _, _ in rows]
    told = judge(texts)
    said = [item.label for item in told]
    first, second = ([meaning(row[place])[0] for row in rows] for place in (1, 2))
    both = [place for place in range(len(rows)) if first[place] == second[place]]
    asks = [place for place in both if first[place] in ("question", "complaint") and rows[place][1] == rows[place][2]]
    right = sum(told[place].topic == meaning(rows[place][1])[1] for place in asks if said[place] == first[place])
    return {
        "utterances": len(rows),
        "two_labellers_agree_on_label": round(len(both) / len(rows), 3),
        "kappa_of_labels": _kappa(first, second),
        "kappa_of_label_and_topic": _kappa([row[1] for row in rows], [row[2] for row in rows]),
        "labellers_against_each_other": _scores(first, second),
        "triage_against_first": _scores(first, said),
        "triage_against_second": _scores(second, said),
        "triage_where_both_agree": _scores([first[place] for place in both], [said[place] for place in both]),
        "topic_right_where_label_is": f"{right} of {sum(said[place] == first[place] for place in asks)}",
    }


def replies(lines: dict[int, tuple[str, str, str]]) -> dict[str, Any]:
    """Four fifths of the dialogues are what colleagues answered before; for the rest the desk's index proposes five."""
    known: list[Turn] = []
    asked: list[Turn] = []
    for turn in _turns(lines.values()):
        held = int(hashlib.sha256(turn.dialogue.encode()).hexdigest(), 16) % 5 == 0
        (asked if held else known).append(turn)
    index = Index(Entry("past", str(n), turn.asked, turn.reply, turn.dialogue, at=n) for n, turn in enumerate(known))
    usual = Counter(turn.reply for turn in known)
    common = [reply for reply, _ in usual.most_common(MOST)]
    pool = sorted(usual)
    draw = random.Random(1)
    hits: dict[str, list[bool]] = {"index": [], "index, first only": [], "most usual five": [], "random five": []}
    own: list[bool] = []
    best: list[str] = []
    for turn in asked:
        found = [entry.text for _, entry in index.best(turn.asked, most=MOST)]
        best += found[:1]
        hits["index"].append(_found(turn.reply, found))
        hits["index, first only"].append(_found(turn.reply, found[:1]))
        hits["most usual five"].append(_found(turn.reply, common))
        hits["random five"].append(_found(turn.reply, draw.sample(pool, MOST)))
        own.append(not _found(turn.reply, common))
    return {
        "known_turns": len(known),
        "asked_turns": len(asked),
        "recall@5": {name: _share(found) for name, found in hits.items()},
        "recall@5 of replies unlike the usual five": {
            name: _share([hit for hit, mine in zip(found, own, strict=True) if mine]) for name, found in hits.items()
        },
        "replies_unlike_the_usual_five": sum(own),
        "nothing_proposed": len(asked) - len(best),
        "distinct-2 of the first proposals": _distinct(best),
        "distinct-2 of what agents wrote to the same": _distinct([turn.reply for turn in asked]),
    }


def read(path: Path) -> dict[int, tuple[str, str, str]]:
    """Line number (from 1) -> dialogue, whether the agent wrote it ("1"), text."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        parts = ((number, line.rstrip("\n").split("\t")) for number, line in enumerate(file, 1))
        return {number: (row[0], row[2], row[6].strip()) for number, row in parts if len(row) > 6}


def _turns(rows: Iterable[tuple[str, str, str]]) -> Iterable[Turn]:
    before = ("", "", "")
    for row in rows:
        if row[1] == "1" and before[1] == "0" and before[0] == row[0] and before[2] not in ("", "nan"):
            yield Turn(row[0], before[2], row[2])
        before = row


def _found(reply: str, proposed: Sequence[str]) -> bool:
    return any(likeness(reply, text) >= LIKE for text in proposed)


def _share(found: Sequence[bool]) -> dict[str, float]:
    """Share and the half width of its 95 % interval."""
    share = sum(found) / len(found)
    return {"share": round(share, 3), "±": round(1.96 * math.sqrt(share * (1 - share) / len(found)), 3)}


def _distinct(texts: Sequence[str]) -> float:
    """Different pairs of characters, of all pairs."""
    pairs = [one + two for text in texts for one, two in pairwise(text)]
    return round(len(set(pairs)) / len(pairs), 3)


def _kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Cohen's kappa."""
    count = len(first)
    same = sum(one == two for one, two in zip(first, second, strict=True)) / count
    mine, theirs = Counter(first), Counter(second)
    chance = sum(mine[name] * theirs[name] for name in mine) / count**2
    return round((same - chance) / (1 - chance), 3)


def _scores(truth: Sequence[str], said: Sequence[str]) -> dict[str, Any]:
    """Accuracy, macro-F1 over the labels that occur in the truth, and each label's F1 with its count."""
    pairs = Counter(zip(truth, said, strict=True))
    each = {}
    for name in sorted(set(truth)):
        wanted = sum(count for (true, _), count in pairs.items() if true == name)
        called = sum(count for (_, told), count in pairs.items() if told == name)
        each[name] = (round(2 * pairs[name, name] / (wanted + called), 3), wanted)
    return {
        "accuracy": round(sum(count for (true, told), count in pairs.items() if true == told) / len(truth), 3),
        "macro_f1": round(sum(score for score, _ in each.values()) / len(each), 3),
        "f1 and count": each,
    }
