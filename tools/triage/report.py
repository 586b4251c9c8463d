"""Figures of a trained model as Markdown, put between the marks of docs/zh/triage.md and docs/en/triage.md."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score, classification_report, confusion_matrix, f1_score

from livecue.desk.model import LABELS, TOPICS, Model

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"

_WORDS = {
    "zh": {
        "made": "{date} 由 `tools/train_triage.py` 生成。训练：本仓库标注的 {train} 条评论与 COLD 训练集；"
        "测试：{test} 条，全部来自训练中没有出现过的模板或直播间类型。温度 {temperature}。",
        "hand": "手写评论（训练中没有的直播间类型）",
        "templates": "模板生成的评论（训练中没有的模板，一半商品词也没有出现过）",
        "all": "合计",
        "topics": "提问的主题（只看标注为提问的评论，假定已判为提问）",
        "cold": "COLD 开发集（{count} 条，其中 {seen} 条文字与训练集完全相同）："
        "准确率 {accuracy:.3f}，宏 F1 {f1:.3f}。",
        "calibration": "置信度是否可信（全部测试评论）",
        "share": "| 置信度 | 条数 | 平均置信度 | 实际正确 |",
        "hides": "建议隐藏（置信度不低于 0.8 的辱骂与广告）：{count} 条，其中确为辱骂或广告 {right} 条。",
        "score": "| 类别 | 条数 | 精确率 | 召回率 | F1 |",
        "row": "行是标注，列是判断。",
        "line": "准确率 {accuracy:.3f}，宏 F1 {f1:.3f}（{count} 条）。",
    },
    "en": {
        "made": "Written by `tools/train_triage.py` on {date}. Trained on {train} comments labelled in this tree "
        "and on the training part of COLD; tested on {test} comments, all from templates or kinds of rooms that "
        "training never saw. Temperature {temperature}.",
        "hand": "Hand-written comments (kinds of rooms that training never saw)",
        "templates": "Comments made from templates (none of them in training, half of the product words new as well)",
        "all": "All together",
        "topics": "Topic of a question (comments labelled question, taken as judged so)",
        "cold": "COLD, development part ({count} lines, {seen} of them word for word in its training part too): "
        "accuracy {accuracy:.3f}, macro-F1 {f1:.3f}.",
        "calibration": "Whether confidence can be believed (all test comments)",
        "share": "| confidence | comments | mean confidence | truly right |",
        "hides": "Proposed for hiding (abuse and spam of confidence 0.8 and more): {count}, of which abuse or spam "
        "indeed: {right}.",
        "score": "| class | comments | precision | recall | F1 |",
        "row": "Rows are labels given by people, columns are judgements.",
        "line": "Accuracy {accuracy:.3f}, macro-F1 {f1:.3f} ({count} comments).",
    },
}


def _confusion(truth: Any, said: Any, names: Sequence[str]) -> list[str]:
    table = confusion_matrix(truth, said, labels=list(names))
    head = ["| | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
    return head + [f"| {name} | " + " | ".join(map(str, row)) + " |" for name, row in zip(names, table, strict=True)]


def _scores(truth: Any, said: Any, names: Sequence[str], words: dict[str, str]) -> list[str]:
    found = classification_report(truth, said, labels=list(names), output_dict=True, zero_division=0)
    out = [words["score"], "|---|---:|---:|---:|---:|"]
    for name in names:
        one = found[name]
        out.append(
            f"| {name} | {int(one['support'])} | {one['precision']:.2f} | {one['recall']:.2f} | {one['f1-score']:.2f} |"
        )
    return out


def _line(truth: Any, said: Any, names: Sequence[str], words: dict[str, str]) -> str:
    return words["line"].format(
        accuracy=accuracy_score(truth, said),
        f1=f1_score(truth, said, labels=list(names), average="macro", zero_division=0),
        count=len(truth),
    )


def figures(
    language: str,
    model: Model,
    lines: Any,
    held: Any,
    cold: tuple[list[str], Any, set[str]],
    date: str,
    temperature: float,
) -> str:
    """The block between the marks."""
    words = _WORDS[language]
    names = np.array(LABELS)
    scored = model.score(held.texts)
    best, sure = model.decide(scored.labels)
    said = names[best]
    out = [words["made"].format(date=date, train=len(lines.texts), test=len(held.texts), temperature=temperature), ""]
    for title, which in (
        (words["hand"], held.by_hand),
        (words["templates"], ~held.by_hand),
        (words["all"], np.ones(len(said), bool)),
    ):
        out += [f"### {title}", "", _line(held.labels[which], said[which], LABELS, words), ""]
        out += [*_scores(held.labels[which], said[which], LABELS, words), ""]
        out += [words["row"], "", *_confusion(held.labels[which], said[which], LABELS), ""]
    asks = held.labels == "question"
    topics = np.array(TOPICS)[scored.topics.argmax(axis=1)]
    out += [f"### {words['topics']}", "", _line(held.topics[asks], topics[asks], TOPICS, words), ""]
    out += [*_scores(held.topics[asks], topics[asks], TOPICS, words), ""]
    out += [words["row"], "", *_confusion(held.topics[asks], topics[asks], TOPICS), ""]
    out += [f"### {words['calibration']}", "", words["share"], "|---|---:|---:|---:|"]
    for low, high in ((0.0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 1.01)):
        within = (sure >= low) & (sure < high)
        if within.any():
            right = (said == held.labels)[within].mean()
            out.append(
                f"| {low:.1f} to {min(high, 1):.1f} | {within.sum()} | {sure[within].mean():.2f} | {right:.2f} |"
            )
    hides = ((said == "abuse") | (said == "spam")) & (sure >= 0.8)
    right = hides & ((held.labels == "abuse") | (held.labels == "spam"))
    out += ["", words["hides"].format(count=hides.sum(), right=right.sum()), "", "### COLD", ""]
    texts, truth, seen = cold
    offends = model.score(texts).abuse > 0
    kinds = ("fair", "offensive")
    out.append(
        words["cold"].format(
            count=len(texts),
            seen=sum(text in seen for text in texts),
            accuracy=accuracy_score(truth, offends),
            f1=f1_score(truth, offends, average="macro"),
        )
    )
    return "\n".join(
        [*out, "", "", *_confusion(np.array(kinds)[truth.astype(int)], np.array(kinds)[offends.astype(int)], kinds)]
    )


def write_docs(
    docs: Path,
    model: Model,
    lines: Any,
    held: Any,
    cold: tuple[list[str], Any, set[str]],
    date: str,
    temperature: float,
) -> None:
    """Replace the block of figures in both documents."""
    date = date or datetime.date.today().isoformat()
    for language in _WORDS:
        path = docs / language / "triage.md"
        text = path.read_text("utf-8")
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        block = figures(language, model, lines, held, cold, date, temperature)
        path.write_text(f"{before}{BEGIN}\n{block}\n{END}{after}", "utf-8")
        if language == "en":
            print(block)
