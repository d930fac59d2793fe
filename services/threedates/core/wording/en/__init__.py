"""The words in English. Warm, plain, never shaming, equal towards both."""

from itertools import chain

from threedates.core.wording.catalogue import Language, NudgeText
from threedates.core.wording.en.business import BUSINESS
from threedates.core.wording.en.emotional import EMOTIONAL_ONE
from threedates.core.wording.en.emotional_more import EMOTIONAL_TWO
from threedates.core.wording.en.evenings import EVENINGS_APART, QUESTIONS
from threedates.core.wording.en.fun_home import AT_HOME
from threedates.core.wording.en.fun_out import OUT
from threedates.schemas.base import Kind

KIND_NAMES: dict[Kind, str] = {"fun": "fun date", "business": "business date", "emotional": "heart-to-heart"}
KIND_ARTICLES: dict[Kind, str] = {"fun": "a", "business": "a", "emotional": "an"}
PURPOSES: dict[Kind, str] = {
    "fun": "an evening that is only for playing together",
    "business": "a calm sit-down over practical matters",
    "emotional": "an unhurried hour of talking and listening",
}

ENGLISH = Language(
    code="en",
    name="English",
    kind_names=KIND_NAMES,
    articles=KIND_ARTICLES,
    purposes=PURPOSES,
    nudges={
        "proposed": NudgeText(
            title="A time for your next {kind}",
            message="{name}, it is your turn to plan {purpose} with {other}.",
        ),
        "due": NudgeText(
            title="Time for a {kind}",
            message="{name}, this is a good moment to settle {purpose} with {other}.",
        ),
        "overdue": NudgeText(
            title="Your {kind} is still open",
            message="{name}, life got in the way, as it does. Would you like to ask {other} for {purpose}?",
        ),
        "floor": NudgeText(
            title="How about a {kind} soon?",
            message="{name}, a while has gone by without {purpose}. A short one with {other} is a good one, too.",
        ),
        "check_in": NudgeText(
            title="How was your day?",
            message="{name}, a minute to look back on today and to ask {other} the same. A note stays yours alone.",
        ),
        "time_apart": NudgeText(
            title="An evening to yourself",
            message="{name}, you and {other} have shared most of this week. An evening apart gives you both something "
            "to bring back.",
        ),
    },
    proposed_time="{weekday} {day} {month} at {time} would fit.",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    units={
        "months": ("month", "months"),
        "days": ("day", "days"),
        "hours": ("hour", "hours"),
        "minutes": ("minute", "minutes"),
        "seconds": ("second", "seconds"),
    },
    ideas={
        # In turn at home and out.
        "fun": tuple(chain.from_iterable(zip(AT_HOME, OUT, strict=True))),
        "business": BUSINESS,
        "emotional": EMOTIONAL_ONE + EMOTIONAL_TWO,
    },
    evenings_apart=EVENINGS_APART,
    questions=QUESTIONS,
    unwelcome=(
        *("should", "shouldn't", "must", "ought", "fail", "failed", "failing", "failure", "neglect", "neglected"),
        *("lazy", "fault", "blame", "guilt", "guilty", "shame", "ashamed", "disappointed", "disappointing", "excuse"),
        *(
            "score",
            "scores",
            "streak",
            "streaks",
            "points",
            "rank",
            "ranking",
            "win",
            "wins",
            "winner",
            "lose",
            "loses",
        ),
        *("loser", "beat", "forgot", "forgotten", "too late"),
        *("he", "him", "his", "himself", "she", "her", "hers", "herself", "husband", "wife", "boyfriend", "girlfriend"),
        *("man", "men", "woman", "women", "guys", "ladies", "gentlemen", "boys", "girls"),
    ),
)
