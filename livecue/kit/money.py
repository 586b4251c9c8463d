"""Money is an integer of minor units with a currency, never a float."""

from decimal import Decimal, InvalidOperation

import msgspec

_EXPONENT = {"JPY": 0, "KRW": 0, "VND": 0, "IDR": 2}


class Money(msgspec.Struct, frozen=True):
    """``minor`` units (fen, cents) of ``currency`` (ISO 4217)."""

    minor: int
    currency: str = "CNY"

    def __str__(self) -> str:
        exponent = minor_digits(self.currency)
        return f"{Decimal(self.minor).scaleb(-exponent):,.{exponent}f} {self.currency}"


def minor_digits(currency: str) -> int:
    """How many decimals an amount of the currency has: 2 for yuan, 0 for yen."""
    return _EXPONENT.get(currency, 2)


def parse_money(text: str, currency: str = "CNY") -> Money:
    """Read "¥1,299.00", "1299" or "12.5 元" exactly; more decimals than the currency has is an error.

    Raises ``ValueError`` when the text is not an amount.
    """
    cleaned = text.strip().replace(",", "").replace("，", "")
    for mark in ("¥", "￥", "$", "元", currency):
        cleaned = cleaned.replace(mark, "")
    exponent = minor_digits(currency)
    try:
        minor = Decimal(cleaned.strip()).scaleb(exponent)
    except InvalidOperation:
        raise ValueError(f"not an amount of money: {text!r}") from None
    if not minor.is_finite() or minor != minor.to_integral_value():
        raise ValueError(f"not a whole number of minor units of {currency}: {text!r}")
    return Money(int(minor), currency)
