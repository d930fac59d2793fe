"""Fun dates out of the house, in English. As many as there are at home; one is added at the end of both."""

from threedates.core.wording.catalogue import Idea, tags

OUT: tuple[Idea, ...] = (
    Idea(
        "fun-place-you-walk-past",
        "Go into the place you always walk past, and see what is inside.",
        tags("out", "cheap", "easy"),
    ),
    Idea(
        "fun-court-or-lane",
        "Book a court, a lane or a table for an hour, and play for the fun of it.",
        tags("out", "cheap", "effort", "play"),
    ),
    Idea(
        "fun-two-stops-further",
        "Take a train two stops further than usual, and have a drink where you get off.",
        tags("out", "cheap", "easy"),
    ),
    Idea(
        "fun-cheapest-seats",
        "A comedy show, a concert or a match: the cheapest seats will do.",
        tags("out", "cheap", "easy"),
    ),
    Idea(
        "fun-tablecloth-dinner",
        "Dinner at a table with a tablecloth: dress up, and order something neither of you can pronounce.",
        tags("out", "costly", "easy"),
    ),
    Idea(
        "fun-coin-walk",
        "A walk by coin, heads left and tails right, for an hour. Then something warm to drink, wherever you are.",
        tags("out", "free", "easy", "play", "walking"),
    ),
    Idea(
        "fun-mini-golf",
        "Mini golf, with a rule of your own at every hole.",
        tags("out", "cheap", "easy", "play"),
    ),
    Idea(
        "fun-swim",
        "Go swimming: a pool, a lake, the sea, whichever is nearest.",
        tags("out", "cheap", "effort", "play"),
    ),
    Idea(
        "fun-three-rooms",
        "A museum, three rooms only. In each, one of you explains a picture you know nothing about.",
        tags("out", "cheap", "easy", "play"),
    ),
    Idea(
        "fun-market-supper",
        "Go to a market with a small sum each, and bring home a supper.",
        tags("out", "cheap", "effort"),
    ),
    Idea(
        "fun-sunset",
        "Find a hill, a roof or a bridge in time for the sunset, and stay until the lights come on.",
        tags("out", "free", "easy", "walking"),
    ),
    Idea(
        "fun-ride-to-cake",
        "Cycle somewhere that has good cake, and take the long way back.",
        tags("out", "cheap", "effort"),
    ),
    Idea(
        "fun-beginners",
        "A climbing wall, an ice rink, a trampoline hall: be beginners together.",
        tags("out", "costly", "effort", "play"),
    ),
    Idea(
        "fun-one-evening-class",
        "A class for one evening: pottery, salsa, dumplings. Nobody has to be good at it.",
        tags("out", "costly", "effort", "play"),
    ),
    Idea(
        "fun-theatre-by-title",
        "A theatre, an opera, a puppet show: choose by the title alone.",
        tags("out", "costly", "easy"),
    ),
    Idea(
        "fun-oddest-thing",
        "A flea market or a second-hand shop: each finds the oddest thing for the price of a coffee, and "
        "gives it away to the other.",
        tags("out", "cheap", "easy", "play"),
    ),
    Idea(
        "fun-dark-sky",
        "Go out to where it is dark, lie down on a blanket and look up.",
        tags("out", "free", "effort"),
    ),
    Idea(
        "fun-own-town-tourists",
        "Be tourists in your own town for an afternoon, with silly photos as proof.",
        tags("out", "free", "easy", "play", "walking"),
    ),
    Idea(
        "fun-swings",
        "Find a playground while it is empty. Swings first.",
        tags("out", "free", "easy", "play"),
    ),
    Idea(
        "fun-riddle",
        "An escape room, or a treasure hunt through the town: the two of you against the riddle.",
        tags("out", "costly", "effort", "play"),
    ),
    Idea(
        "fun-long-breakfast",
        "Breakfast out, late and long, with one newspaper to share.",
        tags("out", "cheap", "easy"),
    ),
    Idea(
        "fun-first-date-again",
        "Have your first date once more, as nearly as the town allows.",
        tags("out", "cheap", "easy"),
    ),
    Idea(
        "fun-wind-and-water",
        "Skim stones, throw a frisbee, fly a kite: anything with wind or water in it.",
        tags("out", "free", "easy", "play"),
    ),
    Idea(
        "fun-rowing-boat",
        "Hire a rowing boat or a pedal boat, and take turns at being captain.",
        tags("out", "cheap", "effort", "play"),
    ),
    Idea(
        "fun-pub-quiz",
        "A pub quiz or a games café, under a team name you can hardly say aloud.",
        tags("out", "cheap", "easy", "play"),
    ),
    Idea(
        "fun-warm-water",
        "An evening at a sauna or a warm bath house, slow from start to end.",
        tags("out", "costly", "easy"),
    ),
)
