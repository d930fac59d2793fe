"""What is said: titles, messages, ideas. Chosen by what is given alone, so the same state gives the same words."""

from threedates.core.wording.choose import Words, idea, in_words, nudge_words

__all__ = ["Words", "idea", "in_words", "nudge_words"]
