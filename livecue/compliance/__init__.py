"""What may be said: rule packs, the word engine, and the ledger that checks every live text once."""

from livecue.compliance.categories import category_code, category_words
from livecue.compliance.checking import MOST_CHARS, Checked, Found, check_draft
from livecue.compliance.citing import basis_parts, citation, citations
from livecue.compliance.draws import cap_on, draw_problems, draw_text, draw_words
from livecue.compliance.engine import Engine
from livecue.compliance.engines import day_in_force, engine_for, engine_of, force_day, newest_day
from livecue.compliance.facts import NO_FACTS, Facts, facts_of
from livecue.compliance.hits import Hit, verdict
from livecue.compliance.law import law_text
from livecue.compliance.ledger import Compliance, CompliancePicture, FlagRow, FlagView, flags_between, list_flags
from livecue.compliance.packs import DOORS, Door, Duty, Entry, OwnWord, Pack, in_force, load_packs, read_pack
from livecue.compliance.papers import missing_papers, papers_on
from livecue.compliance.presets import PRESETS
from livecue.compliance.reading import ReviewRow, find_review, list_reviews, newest_reviews
from livecue.compliance.review import EXEMPTIONS, LABELS, Review, needed_labels
from livecue.compliance.rewording import reworded, rewordings
from livecue.compliance.training import ON_AIR, Training, TrainingRow, is_due, last_trained, list_trainings
from livecue.compliance.versions import (
    Difference,
    KeptVersion,
    days_of_change,
    differences,
    keep_version,
    list_versions,
    packs_at,
)
from livecue.compliance.words import SCOPES, WordRow, list_word_changes, standing_words, words_of

__all__ = [
    "DOORS",
    "EXEMPTIONS",
    "LABELS",
    "MOST_CHARS",
    "NO_FACTS",
    "ON_AIR",
    "PRESETS",
    "SCOPES",
    "Checked",
    "Compliance",
    "CompliancePicture",
    "Difference",
    "Door",
    "Duty",
    "Engine",
    "Entry",
    "Facts",
    "FlagRow",
    "FlagView",
    "Found",
    "Hit",
    "KeptVersion",
    "OwnWord",
    "Pack",
    "Review",
    "ReviewRow",
    "Training",
    "TrainingRow",
    "WordRow",
    "basis_parts",
    "cap_on",
    "category_code",
    "category_words",
    "check_draft",
    "citation",
    "citations",
    "day_in_force",
    "days_of_change",
    "differences",
    "draw_problems",
    "draw_text",
    "draw_words",
    "engine_for",
    "engine_of",
    "facts_of",
    "find_review",
    "flags_between",
    "force_day",
    "in_force",
    "is_due",
    "keep_version",
    "last_trained",
    "law_text",
    "list_flags",
    "list_reviews",
    "list_trainings",
    "list_versions",
    "list_word_changes",
    "load_packs",
    "missing_papers",
    "needed_labels",
    "newest_day",
    "newest_reviews",
    "packs_at",
    "papers_on",
    "read_pack",
    "reworded",
    "rewordings",
    "standing_words",
    "verdict",
    "words_of",
]
