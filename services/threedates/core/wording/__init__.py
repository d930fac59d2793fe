"""What is said: titles, messages, ideas. Chosen by what is given alone, so the same state gives the same words.

``catalogue`` says what a language must have, ``en`` has it in English, ``languages`` lists them, ``choose`` picks,
``say`` puts into words, ``completeness`` checks.
"""

from threedates.core.wording.catalogue import Idea, Language, Tag
from threedates.core.wording.choose import evening_apart, pick_idea, question
from threedates.core.wording.languages import LANGUAGES, language
from threedates.core.wording.say import Words, in_words, nudge_words, proposed_time

__all__ = [
    "LANGUAGES",
    "Idea",
    "Language",
    "Tag",
    "Words",
    "evening_apart",
    "in_words",
    "language",
    "nudge_words",
    "pick_idea",
    "proposed_time",
    "question",
]
