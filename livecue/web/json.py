"""JSON answers by msgspec: the structs of the house as they are."""

from typing import Any

import msgspec
from fastapi import Response

encode = msgspec.json.Encoder().encode


def answer(value: Any, status: int = 200) -> Response:
    """``value`` as JSON."""
    return Response(encode(value), status_code=status, media_type="application/json")


def problem(code: str, message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    """An error as the screens expect it."""
    return Response(
        encode({"error": code, "message": message}), status_code=status, media_type="application/json", headers=headers
    )
