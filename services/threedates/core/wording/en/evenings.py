"""Evenings apart and check-in questions, in English."""

from threedates.core.wording.catalogue import Idea, tags

EVENINGS_APART: tuple[Idea, ...] = (
    Idea(
        "apart-friend",
        "See a friend of your own, and come home with a story.",
        tags("apart", "cheap", "easy"),
    ),
    Idea(
        "apart-bath-and-book",
        "A bath, a book, a closed door: an evening at your own pace.",
        tags("apart", "free", "easy"),
    ),
    Idea(
        "apart-own-hobby",
        "Take out what you love doing and the other does not, with all the time you like.",
        tags("apart", "free", "easy"),
    ),
    Idea(
        "apart-film-alone",
        "Go to the film only one of you wants to see. The other has the sofa.",
        tags("apart", "cheap", "easy"),
    ),
    Idea(
        "apart-call-somebody",
        "Ring somebody you miss, and walk while you talk.",
        tags("apart", "free", "easy"),
    ),
    Idea(
        "apart-moving",
        "Move: a run, a class, a swim, with people or with nobody.",
        tags("apart", "cheap", "effort"),
    ),
    Idea(
        "apart-learn-something",
        "Learn something for an evening: an instrument, a language, a cake.",
        tags("apart", "cheap", "effort"),
    ),
    Idea(
        "apart-cafe-and-notebook",
        "A café, a notebook, no hurry. Write down what you would love to do next.",
        tags("apart", "cheap", "easy"),
    ),
    Idea(
        "apart-early-night",
        "An early night, with all the pillows.",
        tags("apart", "free", "easy"),
    ),
    Idea(
        "apart-nothing-at-all",
        "Do nothing at all, on purpose, each in another room or another street.",
        tags("apart", "free", "easy"),
    ),
)
QUESTIONS: tuple[str, ...] = (
    "What made you smile today?",
    "What was on your mind when you woke up?",
    "What would have made today a little easier?",
    "When did you feel most like yourself today?",
    "What did you enjoy more than you expected to?",
    "Which moment of today would you love to keep?",
    "What took more strength today than anybody could see?",
    "Whom were you glad to meet or to hear from?",
    "What does your body want tonight: rest, movement, a hug?",
    "What is still going round in your head?",
    "When did you two last laugh together?",
    "Is there something unsaid today that would love to be heard?",
    "Which kind thing did you notice the other one do?",
    "How close do you feel to each other tonight?",
    "Where were you in a hurry today, and where at ease?",
    "What did you see, read or learn that is worth telling?",
    "If today had a colour, which one would it be?",
    "What would you love to be asked tonight?",
    "Which worry can wait until tomorrow?",
    "What do you look forward to this week?",
    "What did you do today just for yourself?",
    "How was the talk between you today: light, everyday, deep?",
    "What touched you today, and did anybody see it?",
    "What are you thankful for and have not mentioned yet?",
    "Was there any play in today, however small?",
    "What would a good evening look like from here?",
    "What did you carry today that somebody could carry with you?",
    "Which sound, smell or taste of today stays with you?",
)
