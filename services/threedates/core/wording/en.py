"""The words in English. Warm, plain, never shaming, equal towards both."""

from threedates.schemas.base import Kind

KIND_NAMES: dict[Kind, str] = {"fun": "fun date", "business": "business date", "emotional": "heart-to-heart"}
KIND_ARTICLES: dict[Kind, str] = {"fun": "a", "business": "a", "emotional": "an"}
UNITS: dict[str, tuple[str, str]] = {
    "months": ("month", "months"),
    "days": ("day", "days"),
    "hours": ("hour", "hours"),
    "minutes": ("minute", "minutes"),
    "seconds": ("second", "seconds"),
}
PURPOSES: dict[Kind, str] = {
    "fun": "an evening that is only for playing together",
    "business": "a calm sit-down over practical matters",
    "emotional": "an hour to hear how the other one really is",
}
NUDGES: dict[str, tuple[str, str]] = {
    "proposed": (
        "A time for your next {kind}",
        "{name}, it is your turn to plan {purpose} with {other}.",
    ),
    "due": (
        "Time for a {kind}",
        "{name}, it is a good moment to settle {purpose} with {other}.",
    ),
    "overdue": (
        "Your {kind} is still open",
        "{name}, life got in the way, as it does. Would you like to suggest {purpose} to {other}?",
    ),
    "floor": (
        "It has been a while since your last {kind}",
        "{name}, you both wanted never to go this long without {purpose}. Even a short one with {other} counts.",
    ),
    "time_apart": (
        "An evening of your own",
        "{name}, you two have had a lot of each other lately. An evening apart gives you something to bring back "
        "to {other}.",
    ),
    "check_in": (
        "How was today?",
        "{name}, twenty seconds for the day: how was it, and how close to {other} were you?",
    ),
}
PROPOSED_TIME = "{day} {date} at {time} would fit."
IDEAS: dict[Kind, tuple[str, ...]] = {
    "fun": (
        "Cook something neither of you has ever made, and eat whatever comes out.",
        "Swap a favourite film each: one picks, the other brings the snacks.",
        "A board game and a tiny prize for whoever laughs first.",
        "Go somewhere you always walk past, and see what is inside.",
        "Rent a court, a lane or a table and keep no score.",
        "Dance in the kitchen to the songs of the year you met.",
        "A picnic on the floor, phones in another room.",
        "Take a train two stops further than usual and have a drink there.",
        "Draw each other in five minutes and hang up the results.",
        "A comedy show, a concert or a match: the cheapest seats will do.",
        "Build a puzzle over one evening with a good record on.",
        "Let each of you plan one surprise hour for the other.",
    ),
    "business": (
        "Agenda: one money matter, one chore, one plan. 15 minutes and one decision each.",
        "Agenda: what comes in and goes out this month, and one thing to stop paying for.",
        "Agenda: who does what at home, and one task to swap.",
        "Agenda: the family calendar for four weeks; say yes or no to everything open.",
        "Agenda: paperwork you keep putting off. Pick one and finish it together.",
        "Agenda: the next trip. Dates, budget, who books what.",
        "Agenda: what we save for. Is the amount still right?",
        "Agenda: help we could ask for, or pay for, and where it would free us most.",
        "Agenda: the home. One repair, one thing to give away, one thing to buy.",
    ),
    "emotional": (
        "Take ten minutes each: one speaks, the other only listens. Then swap.",
        "On a walk, side by side: what was heavy this week, and what was light?",
        "Tell each other one thing you noticed and never said.",
        "Begin with “I feel …”, go on with “I perceive …”, end with “I would love …”.",
        "Hold hands for a while without a word; then say what came up.",
        "Ask: what do you need more of from me? Do not solve it, only hear it.",
        "What made you feel close to me lately? What made you feel far away?",
        "Share one worry that is not about the two of you.",
        "Look back at a hard time you came through together. What helped?",
        "A long hug until you both breathe calmly, then ask about the day.",
    ),
}
