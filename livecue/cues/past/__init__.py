"""The past: what the rules saw of every show is kept, and any threshold can be tried on it later."""

from livecue.cues.past.body import Word
from livecue.cues.past.counts import Counted, PastCounts, PastShow
from livecue.cues.past.noting import Memo, note_scene, words_of
from livecue.cues.past.often import Asked, Fired, how_often
from livecue.cues.past.scenes import Moment, past_scenes

__all__ = [
    "Asked",
    "Counted",
    "Fired",
    "Memo",
    "Moment",
    "PastCounts",
    "PastShow",
    "Word",
    "how_often",
    "note_scene",
    "past_scenes",
    "words_of",
]
