"""Prompts for heart-to-hearts, in English, the second half, where new ones go.

Talk with eye contact, or side by side; hold the space, don't solve.
Those for after a conflict all begin with one's own: “I feel …” instead of “you always …”.
"""

from threedates.core.wording.catalogue import Idea, tags

EMOTIONAL_TWO: tuple[Idea, ...] = (
    Idea(
        "emo-small-loves",
        "What felt like love this week? Three small things each.",
        tags("affection", "easy", "remote"),
    ),
    Idea(
        "emo-alone-this-week",
        "Was there a moment this week when you felt alone? Tell it, and let the other simply be there.",
        tags("asking", "deep", "remote"),
    ),
    Idea(
        "emo-head-in-lap",
        "One of you lies down, head in the other's lap, and talks or says nothing. After half an hour, change places.",
        tags("without_words", "affection", "easy"),
    ),
    Idea(
        "emo-back-to-back",
        "Sit back to back and feel each other breathe. Then in turns: a minute of “I feel …”, a minute of "
        "silence, a minute of “I would love …”.",
        tags("after_conflict", "without_words"),
    ),
    Idea(
        "emo-way-you-used-to-walk",
        "Walk a way you used to walk together. What was on your minds then, and what is now?",
        tags("walking", "deep"),
    ),
    Idea(
        "emo-fear-and-hope",
        "One fear and one hope each. While one speaks, the other only looks and listens.",
        tags("deep", "eye_contact", "remote"),
    ),
    Idea(
        "emo-song-for-now",
        "Play each other a song that says how you are just now. Hear all of it before anybody speaks.",
        tags("without_words", "easy", "remote"),
    ),
    Idea(
        "emo-one-moment",
        "Keep it small: one moment from these days, one “I feel …”, one “I perceive …”, one “I would love …” "
        "each. Then something nice to eat.",
        tags("after_conflict", "easy", "remote"),
    ),
    Idea(
        "emo-wanted-and-relaxed",
        "When do you feel wanted, and what lets you relax? Speak slowly. Wishes are enough; nothing has to "
        "follow from them tonight.",
        tags("affection", "deep", "eye_contact"),
    ),
    Idea(
        "emo-strength",
        "Three questions in turns: what gave you strength, what took it, what do you hope for next week?",
        tags("asking", "easy", "remote"),
    ),
    Idea(
        "emo-house-you-grew-up-in",
        "How was comfort given in the house you grew up in? What would you love to keep, and what to do in "
        "your own way?",
        tags("deep", "family", "remote"),
    ),
    Idea(
        "emo-hands-and-feet",
        "Rub each other's hands or feet, ten minutes each, without a word. Then say how that was.",
        tags("without_words", "affection"),
    ),
    Idea(
        "emo-weight-of-work",
        "How heavy is work just now, from feather to piano? Ask what helps to carry it, and leave the solving alone.",
        tags("work", "asking", "easy", "remote"),
    ),
    Idea(
        "emo-after-a-quarrel",
        "On a slow walk: what helps you come back after a quarrel, a touch, some quiet, a word? Begin with “I"
        " feel …” and end with “I would love …”.",
        tags("after_conflict", "walking"),
    ),
    Idea(
        "emo-thanks-for-ordinary",
        "Thank each other for something so ordinary that it is rarely mentioned.",
        tags("affection", "easy", "remote"),
    ),
    Idea(
        "emo-new-question",
        "Ask a question you have not asked each other before. For instance: what have you changed your mind about?",
        tags("deep", "asking", "remote"),
    ),
    Idea(
        "emo-by-yourself",
        "What do you love doing by yourself, and how can the other make room for it? Time apart gives you "
        "something to bring back.",
        tags("apart", "deep", "remote"),
    ),
    Idea(
        "emo-tired-evening",
        "Both tired? Lie side by side in the dark, hand in hand. If words come: “Today I was glad that …”, "
        "“Today I missed …”.",
        tags("without_words", "affection", "easy"),
    ),
    Idea(
        "emo-somebody-in-the-family",
        "Who in your family is on your mind? Say what moves you. Hold the space for it; arrangements have a "
        "date of their own.",
        tags("family", "asking", "remote"),
    ),
    Idea(
        "emo-what-money-means",
        "What does money mean to you: safety, freedom, care? Feelings only tonight; the figures have a date "
        "of their own.",
        tags("money", "deep", "remote"),
    ),
    Idea(
        "emo-five-years-on",
        "Dream aloud on a walk, in turns: where would you love to wake up in five years? Planning comes another day.",
        tags("deep", "plans", "walking"),
    ),
)
