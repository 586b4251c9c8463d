"""Spend out of an export of the ad platform, row by row; amounts in yuan unless the file or the person says fen."""

import msgspec

from livecue.events import AdSpendRow
from livecue.sheets import RowError, amount, looks_like_fen, moment, read_rows

COLUMNS: dict[str, tuple[str, ...]] = {
    "campaign": ("计划名称", "计划", "广告计划", "Campaign name", "Campaign", "LIVE name"),
    "at": ("时间", "日期", "开始时间", "Time", "Launched time", "Start time"),
    "spent": ("消耗", "花费", "千川消耗", "Cost", "Spend", "stat_cost"),
    "gmv": ("直播间成交金额", "成交金额", "支付金额", "Gross revenue", "GMV"),
    "orders": ("成交订单数", "订单数", "SKU orders", "Orders"),
}
"""Field to the headings that mean it (domain 8.9)."""
_MOST_ROWS = 5_000


class SpendFile(msgspec.Struct, frozen=True):
    """What a file holds: good rows, what is wrong in others, and whether its amounts were read as fen.

    ``doubt``: the amounts look like fen and nobody said so; nothing should be taken before somebody does.
    """

    rows: list[AdSpendRow]
    errors: list[RowError]
    fen: bool = False
    doubt: bool = False


def read_spend(content: bytes, filename: str, currency: str, zone: str, unit: str = "") -> SpendFile:
    """``unit``: yuan, fen, or "" to look. Raises ``BadTable`` when the file is no such table."""
    table = read_rows(content, filename, COLUMNS, ("campaign", "at", "spent"), _MOST_ROWS)
    # A heading in fen says so itself.
    doubt = unit == "" and looks_like_fen([row.cells["spent"] for row in table])
    good: list[AdSpendRow] = []
    wrong: list[RowError] = []
    seen: dict[tuple[str, int], int] = {}
    for row in table:
        cells, before = row.cells, len(wrong)
        campaign = cells["campaign"].strip()
        if not campaign:
            wrong.append(row.wrong(COLUMNS, "campaign", "row_missing", "the campaign is missing"))
        at, spent, gmv, orders = 0, 0, -1, -1
        try:
            at = moment(cells["at"], zone)
        except ValueError as error:
            wrong.append(row.wrong(COLUMNS, "at", "row_time", str(error)))
        try:
            spent = _money(cells["spent"], currency, unit)
        except ValueError as error:
            wrong.append(row.wrong(COLUMNS, "spent", "row_amount", str(error)))
        if cells.get("gmv"):
            try:
                gmv = _money(cells["gmv"], currency, unit)
            except ValueError as error:
                wrong.append(row.wrong(COLUMNS, "gmv", "row_amount", str(error)))
        if cells.get("orders"):
            text = cells["orders"].replace(",", "")
            if text.isdecimal():
                orders = int(text)
            else:
                wrong.append(row.wrong(COLUMNS, "orders", "row_count", f"not a number of orders: {text!r}"))
        if len(wrong) > before:
            continue
        known = seen.setdefault((campaign, at), row.number)
        if known != row.number:
            wrong.append(row.wrong(COLUMNS, "campaign", "row_twice", f"the same campaign and time as row {known}"))
            continue
        good.append(AdSpendRow(campaign=campaign, at=at, spent=spent, gmv=gmv, orders=orders))
    return SpendFile(good, wrong, unit == "fen", doubt)


def _money(text: str, currency: str, unit: str) -> int:
    if unit == "fen":
        plain = text.replace(",", "").strip()
        if not plain.isdecimal():
            raise ValueError(f"not an amount in fen: {text!r}")
        found = int(plain)
    else:
        found = amount(text, currency)
    if found < 0:
        raise ValueError(f"an amount must not lie below 0: {text!r}")
    return found
