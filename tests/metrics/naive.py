"""The same figures the slow and plain way, from the list of events: shares nothing with the ledger.

Here is what must have been told for each of them; the rest is in ``naive_facts`` and ``naive_figures``.
"""

from __future__ import annotations

from tests.metrics.naive_facts import Naive
from tests.metrics.naive_figures import Answer, Figures, formulas

NEEDS: dict[str, list[list[str]]] = {
    "M01": [["impress"]], "M01.people": [["impress_people"]], "M02": [["enter"]],
    "M05": [["enter"], ["impress_people"]],
    "M07": [["online", "leave"]], "M08": [["online", "leave"]], "M09": [],
    "M10": [["online", "leave"], ["UV"]], "M10.view": [["online", "leave"], ["VIEWS"]], "M10.left": [["stay"]],
    "M03": [["VIEWS"]], "M04": [["UV"]], "M11": [["enter"], ["leave"]], "M11.minute": [["enter"], ["leave"]],
    "M12": [["enter"]], "M13": [["enter"], ["leave"]], "M13.1": [["enter"], ["leave"]],
    "M14": [["leave"]], "M17": [["enter"]],
    "M19": [["like", "comment", "share"], ["UV"]], "M19.times": [["like", "comment", "share"], ["VIEWS"]],
    "M20": [["comment"], ["UV"]], "M21": [["follow"], ["UV"]], "M21.views": [["follow"], ["VIEWS"]],
    "M21.count": [["follow"]], "M22": [["join"], ["UV"]], "M23": [["join"]],
    "M25": [["like", "comment", "share", "gift"]], "M25.likes": [["like"]], "M25.comments": [["comment"]],
    "M25.shares": [["share"]], "M25.gifts": [["gift"]], "M25.coins": [["gift"]],
    "M25.questions": [["judge"]], "M25.intents": [["judge"]], "M25.complaints": [["judge"]],
    "M26": [["expose"], ["enter"]], "M27": [["click"], ["expose"]], "M27.people": [["click"]],
    "M26.people": [["expose"]],    "M31.people": [["create"]],
    "M28": [["click"], ["expose"]], "M28.clicks": [["click"]], "M28.exposures": [["expose"]],
    "M29": [["click"], ["VIEWS"]], "M30": [["cart"], ["click"]], "M31": [["create"], ["click"]],
    "M32": [["pay"], ["create"]], "M33": [["pay"], ["click"]], "M34": [["pay"], ["click"]],
    "M35": [["pay"], ["enter"]], "M36": [["pay"], ["VIEWS"]], "M37": [["click"], ["UV"]],
    "M38": [["pay"], ["click"]], "M39": [["pay"]], "M40": [["create"]], "M40.orders": [["create"]],
    "M41": [["pay"]], "M41.orders": [["pay"]], "M41.units": [["pay"]], "M41.buyers": [["pay"]],
    "M42": [["pay"], ["refund"]], "M44": [["pay"], ["VIEWS"]], "M45": [["pay"], ["UV"]],
    "M45.views": [["pay"], ["VIEWS"]], "M46": [["pay"]], "M47": [["pay"]], "M48": [["pay"]], "M49": [["pay"]],
    "M50": [["pay"]], "M50.hour": [["pay"]], "M51": [["spend"]], "M52": [["pay"], ["spend"]],
    "M54": [["pay"], ["refund"], ["spend"]], "M58": [["spend"], ["buyer"]],
    "M59": [["refund"], ["pay"]], "M59.orders": [["refund"], ["pay"]], "M59.shipped": [["refund"], ["pay"]],
    "M59.unshipped": [["refund"], ["pay"]], "M77": [["judge"]], "M79": [["judge"]],
    "M91": [["stutter"]], "M92": [["moment"]],
}  # fmt: skip
"""Which kinds must have been told, any of a group."""
OWN_KINDS = {"judge", "answer"}


def answers(naive: Naive, window: str, scope: str) -> dict[str, Answer]:
    """Every metric of a window and scope, with the reason where it is unknown."""
    figures = Figures(naive, window, scope)
    until = figures.edge if figures.rolling else naive.now + 1
    told = {kind for kind, t in naive.told if t < until}
    outside = [t for kind, t in naive.told if t < until and kind not in OWN_KINDS]
    silent = figures.rolling and bool(outside) and figures.edge - max(outside) > 120_000
    lively = bool(told & {"enter", "leave", "like", "comment", "online"})
    found: dict[str, Answer] = {}
    for metric, formula in formulas(figures).items():
        groups = []
        for group in NEEDS[metric]:
            if group == ["UV"]:
                group = ["enter" if figures.whole_platform(naive.viewers, naive.viewers_base) is None else "viewers"]
            elif group == ["VIEWS"]:
                group = ["enter" if figures.whole_platform(naive.views, naive.views_base) is None else "views"]
            groups.append(group)
        if any(not told & set(group) for group in groups):
            found[metric] = (None, "no_source")
        elif silent and lively and any(not set(group) <= OWN_KINDS for group in groups):
            found[metric] = (None, "stale")
        else:
            found[metric] = formula()
    return found
