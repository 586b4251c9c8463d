"""Triage of comments: what it is, what it asks about, which product, whether the host should hear it. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec

from livecue.desk.model import ACCUSE_FROM, LABELS, TOPICS, Model
from livecue.desk.products import Lineup
from livecue.events import ProductCard
from livecue.reference import DESK_PRESETS, DeskBounds

_FOR_HOST: Final = frozenset({"price", "stock", "size_colour", "usage", "quality", "offer", "logistics"})
_OF_SHOWN: Final = frozenset({"price", "stock", "size_colour", "usage", "quality", "offer"})
"""Topics of which the shown product is meant when none is named. A parcel or a refund is of an earlier purchase."""
_PHONE: Final = re.compile(r"(?<![0-9])1[3-9](?:[ -]?[0-9]){9}(?![0-9])")
_QUESTION, _INTENT, _COMPLAINT, _CHAT = (LABELS.index(name) for name in ("question", "intent", "complaint", "chat"))
_READ: Final = re.compile(r"[A-Za-z\u3400-\u9fff]")
"""Letters of the scripts that the model was trained on."""
_OTHER: Final = TOPICS.index("other")
_ASKS: Final = re.compile(r"[?？؟]")


class Judgement(msgspec.Struct, frozen=True):
    """What triage says of one comment. ``topic`` is given for questions and complaints, "" else.

    ``hide`` is a reason code (abuse, spam, privacy) when hiding is proposed, "" else: a person
    decides. That a comment is unfavourable is never a reason. ``confidence`` is a calibrated
    probability of the label, 0 where the script is one that the model was not taught.
    """

    label: str
    topic: str
    product: str
    confidence: float
    for_host: bool
    hide: str


@lru_cache(maxsize=1)
def shipped_model() -> Model:
    """The model inside the package, read once."""
    return Model.shipped()


def judge(
    texts: Sequence[str],
    products: Sequence[ProductCard] | Lineup = (),
    pinned: str = "",
    bounds: DeskBounds = DESK_PRESETS[0].values,
) -> list[Judgement]:
    """One judgement per text, the same in whatever company it comes.

    ``pinned`` is the product shown when the comments were written; it is meant when none is named. ``bounds`` are those
    of the room; from which confidence on hiding is proposed and a question passed to the host.
    """
    if not texts:
        return []
    lineup = products if isinstance(products, Lineup) else Lineup(products)
    model = shipped_model()
    scores = model.score(texts)
    best, probable = model.decide(scores.labels)
    labels, sure = best.tolist(), probable.tolist()
    topics = scores.topics.argmax(axis=1).tolist()
    named = lineup.find(texts, pinned)
    out = []
    for place, text in enumerate(texts):
        label, confidence, product = labels[place], sure[place], named[place]
        # In a script the model never saw, its guess is chance: nobody is accused and no alarm raised by it.
        if LABELS[label] in ACCUSE_FROM and not _READ.search(text) and any(map(str.isalpha, text)):
            label, confidence = (_QUESTION if _ASKS.search(text) else _CHAT), 0.0
            topics[place] = _OTHER
        topic, for_host, hide = "", False, ""
        if label == _QUESTION:
            topic = TOPICS[topics[place]]
            for_host = confidence >= bounds.host_from and (topic in _FOR_HOST or (topic == "other" and bool(product)))
            if product is None and topic in _OF_SHOWN:
                product = pinned
        elif label == _COMPLAINT:
            topic = TOPICS[topics[place]]
        elif label == _INTENT:
            product = pinned if product is None else product
        elif confidence >= bounds.hide_from and LABELS[label] in ("abuse", "spam"):
            hide = LABELS[label]
        if not hide and "1" in text and len(text) >= 11 and _PHONE.search(text):
            hide = "privacy"
        out.append(Judgement(LABELS[label], topic, product or "", confidence, for_host, hide))
    return out
