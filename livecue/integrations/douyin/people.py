"""Who somebody is on Douyin, as far as the platform lets anybody know."""

MASKED = "111111"
"""The id that every viewer bears when the reader is not signed in."""


def user_of(user_id: str, sec_uid: str = "") -> str:
    """The pseudonymous id, or "" when it is withheld: then nobody can be told apart."""
    if user_id == MASKED:
        return ""
    return sec_uid if user_id in ("", "0") else user_id
