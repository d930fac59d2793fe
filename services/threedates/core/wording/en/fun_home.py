"""Fun dates at home, in English. As many as there are out; one is added at the end of both."""

from threedates.core.wording.catalogue import Idea, tags

AT_HOME: tuple[Idea, ...] = (
    Idea(
        "fun-new-recipe",
        "Cook something neither of you has ever made, and eat whatever comes out.",
        tags("home", "cheap", "effort"),
    ),
    Idea(
        "fun-film-swap",
        "Swap favourite films: tonight one of you picks and the other brings the snacks, next time the other "
        "way round.",
        tags("home", "cheap", "easy", "remote"),
    ),
    Idea(
        "fun-board-game",
        "Open the board game that has waited longest on the shelf, with a tiny prize for the best laugh.",
        tags("home", "free", "easy", "play"),
    ),
    Idea(
        "fun-kitchen-dance",
        "Dance in the kitchen to the songs of the year you met.",
        tags("home", "free", "easy", "play"),
    ),
    Idea(
        "fun-floor-picnic",
        "A picnic on the living-room floor: candles, fingers instead of forks, phones in another room.",
        tags("home", "cheap", "easy"),
    ),
    Idea(
        "fun-portraits",
        "Draw each other in five minutes, then once more with the other hand, and hang up the results.",
        tags("home", "free", "easy", "play", "remote"),
    ),
    Idea(
        "fun-puzzle-and-record",
        "Begin a jigsaw puzzle with a good record on, and stop when the record does.",
        tags("home", "cheap", "easy", "play"),
    ),
    Idea(
        "fun-blanket-den",
        "Build a den from blankets and chairs, and read to each other inside.",
        tags("home", "free", "easy", "play"),
    ),
    Idea(
        "fun-blind-tasting",
        "Five chocolates, cheeses or lemonades, eyes closed: taste, describe, guess which is which.",
        tags("home", "cheap", "easy", "play"),
    ),
    Idea(
        "fun-quiz-about-us",
        "Write five questions about yourself for the other to guess: best sandwich, silliest fear, first "
        "concert. The odder the answers, the better.",
        tags("home", "free", "easy", "play", "remote"),
    ),
    Idea(
        "fun-teach-me",
        "Teach each other something in half an hour: a card trick, a chord, a knot, a phrase in another language.",
        tags("home", "free", "easy", "play", "remote"),
    ),
    Idea(
        "fun-half-and-half-pizza",
        "Make pizza from scratch. Each of you secretly tops the other's half.",
        tags("home", "cheap", "effort", "play"),
    ),
    Idea(
        "fun-ten-photos",
        "Look through old photos, choose ten together, and tell the story behind each.",
        tags("home", "free", "easy", "remote"),
    ),
    Idea(
        "fun-karaoke",
        "Karaoke on the sofa: three songs each and one duet, the cheesier the better.",
        tags("home", "free", "easy", "play"),
    ),
    Idea(
        "fun-hotel-at-home",
        "Turn your bedroom into a hotel for one night: fresh sheets, a tray, no chores until morning.",
        tags("home", "free", "effort"),
    ),
    Idea(
        "fun-lit-windows",
        "Lights off, window open: find three stars, or three lit windows, and make up who lives there.",
        tags("home", "free", "easy", "remote"),
    ),
    Idea(
        "fun-same-side-game",
        "Play a video game in which you are both on the same side.",
        tags("home", "cheap", "easy", "play", "remote"),
    ),
    Idea(
        "fun-foreign-evening",
        "Choose a country neither of you has seen: one dish, one song and one film from there.",
        tags("home", "cheap", "effort"),
    ),
    Idea(
        "fun-plant-with-a-name",
        "Plant something together in a pot, and give it a ridiculous name.",
        tags("home", "cheap", "easy"),
    ),
    Idea(
        "fun-table-ping-pong",
        "Turn the kitchen table into a ping-pong table: two books for bats, a row of tins for a net.",
        tags("home", "free", "easy", "play"),
    ),
    Idea(
        "fun-one-handed-cake",
        "Bake a cake as one cook: one of you uses only the left hand, the other only the right.",
        tags("home", "cheap", "effort", "play"),
    ),
    Idea(
        "fun-game-from-childhood",
        "Show each other the game you loved most at ten years old, and play both.",
        tags("home", "free", "easy", "play"),
    ),
    Idea(
        "fun-surprise-hours",
        "Each of you plans one surprise hour for the other. A coin says who begins.",
        tags("home", "free", "effort", "play"),
    ),
    Idea(
        "fun-jar-of-the-year",
        "Fill a jar with small things from this year and a note from each of you, and fix the day on which to open it.",
        tags("home", "free", "easy"),
    ),
    Idea(
        "fun-same-dish",
        "Cook the same dish in two pots, or in two kitchens with a call between them, and see which kitchen "
        "looks wilder afterwards.",
        tags("home", "cheap", "effort", "remote"),
    ),
    Idea(
        "fun-story-in-turns",
        "Tell a story in turns, one sentence each, until everybody in it is in trouble and out again.",
        tags("home", "free", "easy", "play", "remote"),
    ),
)
