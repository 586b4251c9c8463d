"""The review of a show's texts (F21, R069): what is in it, what was found, who decided, who signed. Pure."""

import hashlib
import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from livecue.compliance.draws import draw_words
from livecue.compliance.engine import Engine
from livecue.compliance.facts import Facts
from livecue.compliance.hits import BLOCK, SILENT, Hit
from livecue.compliance.packs import Door
from livecue.compliance.papers import missing_papers

Kind = Literal["title", "script", "cards"]
LABELS = ("seller", "ad", "ai", "price_basis", "draw_rules")
"""What the picture must show, and the author says of it (``data/labels.toml``): who sells, that it is advertising where
the law asks, what AI made, the basis of a compared price, the rules of a draw."""
EXEMPTIONS = frozenset(
    {"attitude", "own_range", "instruction", "standard", "name", "award", "order", "evidence", "other_sense"}
)
_ANSWERS = frozenset({"yes", "no", "none"})
_MOST_HITS = 300
_DRAWS = re.compile("抽奖|福袋|开奖|抽[一二两三四五六七八九十0-9]+(?:位|个|名|人)|lucky bag|prize draw", re.IGNORECASE)
_AI = re.compile("数字人|虚拟主播|AI主播|ai生成|人工智能生成|digital human|virtual host", re.IGNORECASE)
_PRICES = re.compile("原价|划线价|市场价|专柜价|吊牌价|官方价|平时卖|日常价|折(?!叠|扣袋)|crossed-out")


class ReviewText(msgspec.Struct, frozen=True):
    """One text of a show. ``place`` names it within the show, ``by`` is who wrote it last."""

    place: str
    subject: str
    door: Door
    text: str
    product: str
    category: str
    by: str


class ReviewHit(msgspec.Struct, frozen=True, kw_only=True):
    """A hit of a reviewed text; its id changes with the text, so that a decision never outlives what it was about."""

    hit: str
    place: str
    start: int
    end: int
    word: str
    severity: str
    cls: str
    entry: str
    basis: str
    advice: str
    advice_en: str
    context: str = ""


class Decision(msgspec.Struct, frozen=True):
    """What a reviewer says of a hit: accepted by an exemption, or to be changed."""

    by: str
    at: int
    decision: str
    exemption: str
    evidence: str


class Review(msgspec.Struct):
    """The texts of a show as they stand, and what became of them. Times are room ms, 0 and "" are not yet."""

    show: str
    starts_at: int = 0
    number: int = 0
    """Counts the versions of the texts."""
    digest: str = ""
    parts: dict[str, list[ReviewText]] = {}
    hits: list[ReviewHit] = []
    version: str = ""
    """Of the rules by which the hits were found."""
    made_at: int = 0
    declared: dict[str, str] = {}
    asked_by: str = ""
    asked_at: int = 0
    asked_note: str = ""
    read_by: str = ""
    read_at: int = 0
    decisions: dict[str, Decision] = {}
    signed_by: str = ""
    signed_at: int = 0
    self_signed: bool = False
    note: str = ""
    returned_by: str = ""
    returned_at: int = 0
    returned_why: str = ""
    lost: str = ""
    """Why an earlier signature no longer counts: changed or rules."""
    draws: dict[str, list[str]] = {}
    """Segment to what is wrong with the prize draw planned in it (``data/draws.toml``); also where nothing is."""

    @property
    def texts(self) -> list[ReviewText]:
        """All of them, title first."""
        return [text for kind in ("title", "script", "cards") for text in self.parts.get(kind, [])]

    @property
    def authors(self) -> list[str]:
        """Who wrote any of the texts as they stand."""
        return sorted({text.by for text in self.texts if text.by})

    @property
    def open_hits(self) -> list[ReviewHit]:
        """Hits that keep the show off the air: to be blocked, and nobody accepted them."""
        return [
            hit
            for hit in self.hits
            if hit.severity == BLOCK
            and (hit.hit not in self.decisions or self.decisions[hit.hit].decision != "accepted")
        ]

    @property
    def state(self) -> str:
        """signed, returned, asked or draft."""
        if self.signed_by:
            return "signed"
        if self.returned_by:
            return "returned"
        return "asked" if self.asked_by else "draft"

    @property
    def reasons(self) -> tuple[str, ...]:
        """What keeps the show off the air; none when it is signed."""
        if self.signed_by:
            return ()
        found = ["block"] if self.open_hits else []
        found.append("returned" if self.returned_by else self.lost or "unsigned")
        return tuple(found)


def with_part(review: Review, kind: Kind, texts: Sequence[ReviewText]) -> None:
    """Put the texts of one kind in; who wrote a text that did not change stays its author."""
    before = {text.place: text for text in review.parts.get(kind, [])}
    review.parts[kind] = [
        msgspec.structs.replace(text, by=before[text.place].by)
        if text.place in before and before[text.place].text == text.text
        else text
        for text in texts
    ]


def digest_of(texts: Iterable[ReviewText]) -> str:
    """What is signed: every text with its place and product."""
    digest = hashlib.blake2b(digest_size=12)
    for text in texts:
        for part in (text.place, text.product, text.text):
            digest.update(part.encode("utf-8", "surrogatepass"))
            digest.update(b"\x00")
    return digest.hexdigest()


def examine(review: Review, engine: Engine, facts: dict[str, Facts], category: str) -> list[ReviewHit]:
    """Every hit in the texts by the rules of ``engine``, with papers that lack and labels that must be shown.

    ``facts`` by product; ``category`` is the room's.
    """
    found: list[ReviewHit] = []
    for text in review.texts:
        known = facts.get(text.product, Facts())
        for hit in engine.check([text.text], text.category, known, text.door)[0]:
            if hit.severity != SILENT:
                found.append(_hit(text, hit))
    script = "\n".join(text.text for text in review.parts.get("script", []))
    if script and category:
        labels = frozenset(label for one in facts.values() for label in one.labels)
        whole = ReviewText(review.show, review.show, "script", script, "", category, "")
        found += [_hit(whole, hit) for hit in engine.missing(script, category, Facts(labels=labels))]
    seen: set[str] = set()
    for text in review.parts.get("cards", []):
        if text.product not in seen:
            seen.add(text.product)
            papers = facts.get(text.product, Facts()).papers
            found += [_paper_hit(text, need) for need in missing_papers(text.category, papers)]
    found += [
        _plain_hit(f"{segment}/draw", f"draw.{problem}", "DRAW", words.basis, words.zh, words.en)
        for segment, problems in review.draws.items()
        for problem in problems
        for words in [draw_words(problem)]
    ]
    if review.declared:
        found += _label_hits(review)
    # What blocks comes before what warns: a long script of warnings must not hide it.
    return sorted(found, key=lambda hit: hit.severity != BLOCK)[:_MOST_HITS] if len(found) > _MOST_HITS else found


def needed_labels(review: Review, lucky_bags: bool = False) -> frozenset[str]:
    """Labels that these texts cannot do without, whatever the author says."""
    script = "\n".join(text.text for text in review.texts)
    needed = {"seller"}
    if lucky_bags or review.draws or _DRAWS.search(script):
        needed.add("draw_rules")
    if _AI.search(script):
        needed.add("ai")
    if _PRICES.search(script):
        needed.add("price_basis")
    return frozenset(needed)


def label_problem(declared: dict[str, str]) -> str | None:
    """What is wrong with what an author declares; None when nothing is."""
    if set(declared) != set(LABELS) or not set(declared.values()) <= _ANSWERS:
        return f"say of each of {', '.join(LABELS)} whether it is shown: yes, no, or none where it is not needed"
    return None


def _label_hits(review: Review) -> list[ReviewHit]:
    needed = needed_labels(review)
    return [
        _plain_hit(review.show, f"label.{label}", "LABEL", *_label_words()[label])
        for label in LABELS
        if review.declared.get(label, "no") == "no" or (label in needed and review.declared[label] != "yes")
    ]


@cache
def _label_words() -> dict[str, tuple[str, str, str]]:
    rows = tomllib.loads((files("livecue.compliance") / "data" / "labels.toml").read_text("utf-8"))
    return {label: (row["basis"], row["zh"], row["en"]) for label, row in rows.items()}


def label_bases() -> set[str]:
    """Every article that asks for a label."""
    return {basis for basis, _, _ in _label_words().values()}


def _hit(text: ReviewText, hit: Hit) -> ReviewHit:
    return ReviewHit(
        hit=_id(text.place, text.text, str(hit.start), hit.entry), place=text.place, start=hit.start, end=hit.end,
        word=hit.word, severity=hit.severity, cls=hit.cls, entry=hit.entry, basis=hit.basis, advice=hit.advice,
        advice_en=hit.advice_en, context=hit.context,
    )  # fmt: skip


def _paper_hit(text: ReviewText, need: tuple[Collection[str], str, str, str]) -> ReviewHit:
    codes, basis, zh, en = need
    return _plain_hit(f"{text.product}/papers", f"paper.{'|'.join(codes)}", "PAPER", basis, zh, en)


def _plain_hit(place: str, entry: str, cls: str, basis: str, zh: str, en: str) -> ReviewHit:
    return ReviewHit(
        hit=_id(place, "", "0", entry), place=place, start=0, end=0, word="", severity=BLOCK, cls=cls, entry=entry,
        basis=basis, advice=zh, advice_en=en,
    )  # fmt: skip


def _id(*parts: str) -> str:
    return hashlib.blake2b("\x00".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
