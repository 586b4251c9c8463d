"""What a product lacks before it may be sold: papers, test, terms, price; and how good its page is."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from livecue.events import ListingSaved, PaperSaved, ProductSaved, RivalNoted, SampleTested
from livecue.planning.supply.house import Files
from livecue.planning.supply.presets import PRESETS


class PaperState(msgspec.Struct, frozen=True, kw_only=True):
    """``state``: missing, expired, expiring (within the reminder), ok, or open_ended (the day is not known)."""

    what: str
    state: str
    paper: str = ""
    expires_on: str = ""


class Mend(msgspec.Struct, frozen=True, kw_only=True):
    """A thing to mend on the page: what, what is there, what there should be, the points it would bring."""

    what: str
    have: int
    want: int
    points: float


class PageScore(msgspec.Struct, frozen=True, kw_only=True):
    """0 to 100; ``mend`` most points first."""

    score: float
    mend: tuple[Mend, ...]


class RivalState(msgspec.Struct, frozen=True, kw_only=True):
    """The price against the cheapest rival still fresh. ``state``: band, high (less than 5 % below), low (more than
    10 % below), or unknown; ``gap`` is the share below it."""

    state: str
    gap: float | None = None
    price: int | None = None
    shop: str = ""
    source: str = ""
    noted_on: str = ""
    stale: int = 0
    """Prices that are too old to count."""


class ProductState(msgspec.Struct, frozen=True, kw_only=True):
    """``blocks``: what keeps it from being listed, by rule; ``warns``: what should be mended."""

    product: str
    papers: tuple[PaperState, ...]
    page: PageScore
    rival: RivalState
    sample: str
    """passed, failed, missing or not_needed."""
    blocks: tuple[str, ...]
    warns: tuple[str, ...]
    related: int


def state_of(product: ProductSaved, files: Files, today: date) -> ProductState:
    """How a product stands on ``today``."""
    name = product.card.product
    listing = files.listings.get(name)
    papers = paper_states(product, list(files.papers.values()), today)
    rival = rival_state(product, [row for row in files.rivals.values() if row.product == name], today)
    sample = sample_state(product, [row for row in files.samples.values() if row.product == name])
    blocks = ["R041"] if any(paper.state in ("missing", "expired") for paper in papers) else []
    if sample in ("missing", "failed"):
        blocks.append("R043")
    seven, freight = (listing.no_reason_7d, listing.freight_insurance) if listing else (None, None)
    if seven is False:
        blocks.append("R042")
    warns = ["R041"] if any(paper.state == "expiring" for paper in papers) else []
    if seven is None or not freight:
        warns.append("R042")
    if rival.state in ("high", "low"):
        warns.append("R040")
    if not (listing and listing.related):
        warns.append("R049")
    return ProductState(
        product=name,
        papers=papers,
        page=page_score(product, listing),
        rival=rival,
        sample=sample,
        blocks=tuple(blocks),
        warns=tuple(warns),
        related=len(listing.related) if listing else 0,
    )


def paper_states(product: ProductSaved, papers: Sequence[PaperSaved], today: date) -> tuple[PaperState, ...]:
    """Each paper that the category needs, with the best one on file: the one that holds longest."""
    needed = PRESETS.papers.of(product.card.category)
    own = [
        paper
        for paper in papers
        if paper.active
        and (paper.product == product.card.product or (paper.supplier and paper.supplier == product.supplier))
    ]
    found = []
    for what in needed.papers:
        mine = [(end_of(paper, needed.renew), paper) for paper in own if paper.what == what]
        if not mine:
            # A report named on the product card counts, but nobody knows how long it holds.
            said = what == "test_report" and bool(product.card.facts.get("report"))
            found.append(PaperState(what=what, state="open_ended" if said else "missing"))
            continue
        end, paper = max(mine, key=lambda row: (row[0] is None, row[0] or date.min))
        if end is None:
            state = "ok"
        elif end < today:
            state = "expired"
        else:
            state = "expiring" if end <= today + timedelta(days=PRESETS.papers.remind_days) else "ok"
        found.append(PaperState(what=what, state=state, paper=paper.paper, expires_on=end.isoformat() if end else ""))
    return tuple(found)


def end_of(paper: PaperSaved, renew: bool) -> date | None:
    """The last day on which a paper holds; None is without end."""
    ends = [date.fromisoformat(paper.expires_on)] if paper.expires_on else []
    if renew and paper.issued_on:
        ends.append(date.fromisoformat(paper.issued_on) + timedelta(days=PRESETS.papers.food_days))
    return min(ends, default=None)


def rival_state(product: ProductSaved, rivals: Sequence[RivalNoted], today: date) -> RivalState:
    """R040: 5 to 10 % below the cheapest rival whose price is not too old."""
    bounds = PRESETS.price
    fresh = [
        row
        for row in rivals
        if timedelta(0) <= today - date.fromisoformat(row.noted_on) <= timedelta(days=bounds.rival_days)
    ]
    stale = len(rivals) - len(fresh)
    if not fresh:
        return RivalState(state="unknown", stale=stale)
    cheapest = min(fresh, key=lambda row: (row.price, row.rival))
    # In whole numbers: 5 % of 99.90 is not to hang on rounding.
    below = (cheapest.price - product.card.price) * 10_000
    if below < round(bounds.rival_least * 10_000) * cheapest.price:
        state = "high"
    else:
        state = "low" if below > round(bounds.rival_most * 10_000) * cheapest.price else "band"
    return RivalState(
        state=state,
        gap=1 - product.card.price / cheapest.price,
        price=cheapest.price,
        shop=cheapest.shop,
        source=cheapest.source,
        noted_on=cheapest.noted_on,
        stale=stale,
    )


def sample_state(product: ProductSaved, samples: Sequence[SampleTested]) -> str:
    """R043: the newest destructive test decides, where the category needs one."""
    destructive = sorted((row for row in samples if row.destructive), key=lambda row: (row.tested_on, row.test))
    if destructive:
        return "passed" if destructive[-1].passed else "failed"
    return "missing" if PRESETS.papers.of(product.card.category).sample else "not_needed"


def page_score(product: ProductSaved, listing: ListingSaved | None) -> PageScore:
    """Points of title, description, media, attributes and after-sale terms; what is half there has half the points."""
    want = PRESETS.listing
    title = len((listing.title if listing else "") or product.card.name)
    described = len(listing.description) if listing else 0
    pictures, videos = (listing.pictures, listing.videos) if listing else (0, 0)
    attributes = sum(bool(value.strip()) for value in listing.attributes.values()) if listing else 0
    terms = [listing.no_reason_7d, listing.freight_insurance, bool(listing.warranty.strip())] if listing else []
    said = sum(term is not None and term is not False for term in terms)
    # A title beyond its bound is cut by the platforms: what is too much costs as what is missing.
    over = max(title - want.title_most, 0)
    parts = (
        ("title", max(min(title, want.title_least) - over, 0), want.title_least, want.title),
        ("description", described, want.description_least, want.description),
        ("pictures", pictures, want.pictures_least, want.media * 0.7),
        ("videos", videos, want.videos_least, want.media * 0.3),
        ("attributes", attributes, want.attributes_least, want.attributes),
        ("after_sale", said, 3, want.after_sale),
    )
    score, mend = 0.0, []
    for what, have, need, points in parts:
        got = points * min(have / need, 1.0)
        score += got
        if got < points:
            mend.append(Mend(what=what, have=title if what == "title" else have, want=need, points=points - got))
    return PageScore(score=round(score, 1), mend=tuple(sorted(mend, key=lambda row: -row.points)))


def blocked(product: ProductSaved, files: Files, today: date) -> tuple[str, ...]:
    """The rules that keep a product from being listed on ``today``."""
    return state_of(product, files, today).blocks


def roles_missing(products: Mapping[str, ProductSaved]) -> tuple[str, ...]:
    """R045: of hook, profit and prestige those that no active product has."""
    there = {product.card.role for product in products.values() if product.active}
    return tuple(role for role in ("hook", "profit", "prestige") if role not in there)
