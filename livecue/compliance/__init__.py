"""What may be said: rule packs, the word engine, and the ledger that checks every live text once."""

from livecue.compliance.categories import category_code
from livecue.compliance.engine import Engine
from livecue.compliance.facts import Facts, facts_of
from livecue.compliance.hits import Hit, verdict
from livecue.compliance.law import law_text
from livecue.compliance.packs import DOORS, Door, OwnWord, Pack, load_packs, read_pack

__all__ = [
    "DOORS",
    "Door",
    "Engine",
    "Facts",
    "Hit",
    "OwnWord",
    "Pack",
    "category_code",
    "facts_of",
    "law_text",
    "load_packs",
    "read_pack",
    "verdict",
]
