"""Identifiers: random ones for people's edits, derived ones for whatever must replay the same."""

import hashlib
import os
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def _base32(value: int, length: int) -> str:
    digits = []
    for _ in range(length):
        value, rest = divmod(value, 32)
        digits.append(_ALPHABET[rest])
    return "".join(reversed(digits))


def new_id() -> str:
    """A new id of 20 characters that sorts by the time it was made."""
    return _base32(time.time_ns() // 1_000_000, 10) + _base32(int.from_bytes(os.urandom(7)), 10)


def stable_id(*parts: object) -> str:
    """The same 16 characters for the same parts, in every process and replay."""
    text = "\x1f".join(map(str, parts))
    digest = hashlib.blake2b(text.encode(), digest_size=10).digest()
    return _base32(int.from_bytes(digest), 16)
