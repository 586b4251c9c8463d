"""What could be written instead: wordings of the entry, each checked before it is offered."""

from livecue.compliance.engine import Engine
from livecue.compliance.facts import NO_FACTS, Facts
from livecue.compliance.hits import RANK, SILENT, Hit
from livecue.compliance.packs import Door

_ENDS = "，,。.！!？?；;：:、 "


def rewordings(
    engine: Engine, text: str, hit: Hit, category: str = "", facts: Facts = NO_FACTS, door: Door = "script"
) -> list[str]:
    """Wordings for the place of ``hit`` in ``text`` with which the text is better off, best first; "" takes it out.

    Each was checked in its place: it brings no new hit there, so what is offered is not flagged again.
    """
    if hit.start == hit.end:
        return []
    found: list[str] = []
    for wording in (*engine.rewordings(hit), ""):
        filled = _filled(wording, facts)
        if filled is None or filled in found:
            continue
        if _better(engine, text, hit, filled, (category, facts, door)):
            found.append(filled)
    return found


def reworded(text: str, hit: Hit, wording: str) -> str:
    """``text`` with ``wording`` in the place of the hit; taking it out takes one mark of the two it stood between."""
    before, after = text[: hit.start], text[hit.end :]
    if not wording and after[:1] in _ENDS and (not before or before[-1] in _ENDS):
        after = after[1:]
    return before + wording + after


def _filled(wording: str, facts: Facts) -> str | None:
    """The wording with what is known; None when it needs what is not."""
    if "{stock}" in wording:
        if facts.stock is None:
            return None
        wording = wording.replace("{stock}", str(facts.stock))
    if "{price}" in wording:
        if facts.price is None:
            return None
        yuan, fen = divmod(facts.price, 100)
        wording = wording.replace("{price}", f"{yuan}.{fen:02d}元" if fen else f"{yuan}元")
    return wording


def _better(engine: Engine, text: str, hit: Hit, wording: str, case: tuple[str, Facts, Door]) -> bool:
    changed = reworded(text, hit, wording)
    category, facts, door = case
    last = hit.start + len(wording)
    # Where a word was taken out, its neighbours may have become one of their own.
    reach = 0 if wording else 1
    return not any(
        other.start < last + reach and other.end > hit.start - reach and RANK[other.severity] > RANK[SILENT]
        for other in engine.check([changed], category, facts, door)[0]
    )
