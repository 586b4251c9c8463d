"""What may be said: rule packs, the word engine, and the ledger that checks every live text once."""

from livecue.compliance.categories import category_code, category_words
from livecue.compliance.engine import Engine
from livecue.compliance.engines import engine_of, set_own_words
from livecue.compliance.facts import Facts, facts_of
from livecue.compliance.hits import Hit, verdict
from livecue.compliance.law import law_text
from livecue.compliance.ledger import Compliance, CompliancePicture, FlagRow, FlagView, list_flags
from livecue.compliance.packs import DOORS, Door, Duty, Entry, OwnWord, Pack, load_packs, read_pack

__all__ = [
    "DOORS",
    "Compliance",
    "CompliancePicture",
    "Door",
    "Duty",
    "Engine",
    "Entry",
    "Facts",
    "FlagRow",
    "FlagView",
    "Hit",
    "OwnWord",
    "Pack",
    "category_code",
    "category_words",
    "engine_of",
    "facts_of",
    "law_text",
    "list_flags",
    "load_packs",
    "read_pack",
    "set_own_words",
    "verdict",
]
