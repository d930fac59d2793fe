"""Prompts for heart-to-hearts, in English, the first half.

Talk with eye contact, or side by side; hold the space, don't solve.
Those for after a conflict all begin with one's own: “I feel …” instead of “you always …”.
"""

from threedates.core.wording.catalogue import Idea, tags

EMOTIONAL_ONE: tuple[Idea, ...] = (
    Idea(
        "emo-three-beginnings",
        "Three beginnings, in this order: “I feel …”, “I perceive …”, “I would love …”. One speaks, the other"
        " repeats what arrived and adds nothing. Then change places.",
        tags("after_conflict", "eye_contact", "remote"),
    ),
    Idea(
        "emo-ten-minutes-each",
        "Ten minutes each, eye to eye: one speaks, the other holds the space. No advice, no solving. Then "
        "change places.",
        tags("eye_contact", "asking", "remote"),
    ),
    Idea(
        "emo-heavy-and-light",
        "On a walk, side by side: what was heavy this week, and what was light? No advice, only company.",
        tags("walking", "asking"),
    ),
    Idea(
        "emo-hug-then-the-day",
        "A long hug, until you both breathe calmly. Then: how was your day, really? Listen to the end.",
        tags("without_words", "asking", "affection"),
    ),
    Idea(
        "emo-instead-of-always",
        "Take one thing that hurt. Instead of “you always …” or “you never …”, try “I feel …”, “I perceive "
        "…”, “I would love …”. Hear each other out; nothing needs solving tonight.",
        tags("after_conflict", "deep", "remote"),
    ),
    Idea(
        "emo-unsaid-and-good",
        "Tell each other one good thing you noticed lately and kept to yourself.",
        tags("affection", "eye_contact", "easy", "remote"),
    ),
    Idea(
        "emo-walk-after-a-storm",
        "Walk side by side, slowly. “I feel …”, “I perceive …”, “I would love …” come more easily when you "
        "both look ahead.",
        tags("after_conflict", "walking"),
    ),
    Idea(
        "emo-day-as-a-film",
        "Tell today as if it were a film: how it began, the best scene, the one you would cut. After each "
        "film, one more question.",
        tags("asking", "easy", "remote"),
    ),
    Idea(
        "emo-close-and-far",
        "When did you feel close to each other lately, and when far away? Both answers are welcome, and "
        "neither needs repair tonight.",
        tags("deep", "eye_contact", "remote"),
    ),
    Idea(
        "emo-hands-first",
        "Hold hands for three minutes without a word. Then each of you begins one sentence with “I feel …” "
        "and one with “I would love …”.",
        tags("after_conflict", "without_words", "affection"),
    ),
    Idea(
        "emo-quiet-walk",
        "Walk for ten minutes without a word, arm in arm or hand in hand. Then tell each other where your "
        "thoughts went.",
        tags("walking", "without_words"),
    ),
    Idea(
        "emo-more-of",
        "Ask: what would you love more of from me? Hear it, say thank you, and leave the solving for another day.",
        tags("asking", "deep", "remote"),
    ),
    Idea(
        "emo-worry-from-elsewhere",
        "Share one worry that has nothing to do with the two of you. The other asks “and what else?”, and "
        "nothing more.",
        tags("asking", "work", "remote"),
    ),
    Idea(
        "emo-what-arrived",
        "Choose a moment between you and tell how it was: “I feel …”, “I perceive …”, “I would love …”. The "
        "other says “What arrived is …” until you nod. Then change places. Both views may stand.",
        tags("after_conflict", "asking", "eye_contact", "remote"),
    ),
    Idea(
        "emo-three-minutes-of-eyes",
        "Look into each other's eyes for three minutes, smiling allowed. Then one sentence each on what you saw.",
        tags("eye_contact", "without_words"),
    ),
    Idea(
        "emo-tree-to-tree",
        "When looking at each other feels too much, walk. From one bench to the next one of you speaks, from "
        "there on the other.",
        tags("walking", "deep"),
    ),
    Idea(
        "emo-evening-of-signs",
        "An evening of small signs: a kind look, a hand on the back, tea brought unasked. At the end, say "
        "which ones arrived.",
        tags("without_words", "affection"),
    ),
    Idea(
        "emo-wish-underneath",
        "Underneath most quarrels lies a wish. Look for it together: “I feel …”, “I perceive …”, and then, "
        "slowly, “What I would love is …”.",
        tags("after_conflict", "deep"),
    ),
    Idea(
        "emo-hard-time",
        "Remember a hard time you came through together. What did each of you do that helped?",
        tags("deep", "remote"),
    ),
    Idea(
        "emo-news-from-apart",
        "Each tells of something done, read or thought without the other. Time apart is where it came from; "
        "now it is here.",
        tags("apart", "asking", "easy", "remote"),
    ),
    Idea(
        "emo-letters",
        "Write each other half a page of “I feel …”, “I perceive …”, “I would love …”. Swap, read it twice, "
        "and let a long hug come before any answer.",
        tags("after_conflict", "without_words"),
    ),
)
