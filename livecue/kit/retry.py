"""How long to wait before trying again."""


def backoff_s(attempt: int, first_s: float = 0.5, most_s: float = 60.0) -> float:
    """Seconds to wait before attempt number ``attempt`` (1 is the first retry): doubling, capped."""
    return float(min(most_s, first_s * 2 ** min(attempt - 1, 20)))
