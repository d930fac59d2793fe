"""Agendas for business dates, in English: made for 45 minutes, with one decision for each thing named."""

from threedates.core.wording.catalogue import Idea, tags

BUSINESS: tuple[Idea, ...] = (
    Idea(
        "biz-one-of-each",
        "One money matter, one chore, one family matter, one plan. 45 minutes, one decision each.",
        tags("money", "chores", "family", "plans"),
    ),
    Idea(
        "biz-month-in-and-out",
        "This month's money: what comes in, what goes out, what to stop paying for. 45 minutes, one decision each.",
        tags("money"),
    ),
    Idea(
        "biz-who-does-what",
        "The chores: which run well, which belong to nobody, which to swap. 45 minutes, one decision each.",
        tags("chores"),
    ),
    Idea(
        "biz-calendar-of-four-weeks",
        "The family calendar for four weeks: what stays, what goes, who drives and who rests. 45 minutes, one"
        " decision each.",
        tags("family", "plans"),
    ),
    Idea(
        "biz-next-trip",
        "The next trip: when, for how much, who books what. 45 minutes, one decision each.",
        tags("plans", "money"),
    ),
    Idea(
        "biz-kind-no",
        "Relatives and friends: whom to visit, whom to invite, where to say a kind no. 45 minutes, one decision each.",
        tags("family", "plans"),
    ),
    Idea(
        "biz-two-working-weeks",
        "Two working weeks side by side: which is the fuller one, what can wait, what the other takes over "
        "for now. 45 minutes, one decision each.",
        tags("work", "chores", "plans"),
    ),
    Idea(
        "biz-savings",
        "Savings: what for, how much a month, by when. 45 minutes, one decision each.",
        tags("money", "plans"),
    ),
    Idea(
        "biz-less-housework",
        "Less housework: what to do more rarely, what to ask help with, what to pay for. 45 minutes, one "
        "decision each.",
        tags("chores", "money"),
    ),
    Idea(
        "biz-who-needs-care",
        "Those you care for, small, old or furry: who needs what, who takes which hours, when each of you has"
        " a break. 45 minutes, one decision each.",
        tags("family", "chores"),
    ),
    Idea(
        "biz-paperwork",
        "Paperwork: what has a deadline, what can wait, what to throw away. 45 minutes, one decision each.",
        tags("money", "chores"),
    ),
    Idea(
        "biz-six-months",
        "The next six months: what you look forward to, what to prepare, what to leave out. 45 minutes, one "
        "decision each.",
        tags("plans", "family"),
    ),
    Idea(
        "biz-repair-give-buy",
        "Your home: one thing to repair, one to give away, one to buy. 45 minutes, one decision each.",
        tags("chores", "money"),
    ),
    Idea(
        "biz-yours-mine-ours",
        "Money you share and money of your own: what goes where, what to ask first, what needs no asking. 45 "
        "minutes, one decision each.",
        tags("money"),
    ),
    Idea(
        "biz-food-for-a-week",
        "Food for a week: who cooks when, who shops, which evening has no cooking at all. 45 minutes, one "
        "decision each.",
        tags("chores", "plans"),
    ),
    Idea(
        "biz-next-celebration",
        "The next birthday or holiday: where, with whom, for how much. 45 minutes, one decision each.",
        tags("family", "plans", "money"),
    ),
    Idea(
        "biz-mornings-and-evenings",
        "Mornings and evenings at home: who gets things going, who closes the day, what would make either "
        "calmer. 45 minutes, one decision each.",
        tags("chores", "family"),
    ),
    Idea(
        "biz-large-purchase",
        "The large thing you think of buying: whether, when, and what it would replace. 45 minutes, one decision each.",
        tags("money", "plans"),
    ),
    Idea(
        "biz-four-weekends",
        "Four weekends: one for you two, one for each alone, one for other people, one left empty. 45 "
        "minutes, one decision each.",
        tags("plans", "family"),
    ),
    Idea(
        "biz-just-in-case",
        "Just in case: insurance, a will, whom to call. Choose one and begin it. 45 minutes, one decision each.",
        tags("family", "money"),
    ),
    Idea(
        "biz-evenings-after-work",
        "Evenings after work: when work ends, which evenings stay free, who is there for supper. 45 minutes, "
        "one decision each.",
        tags("work", "plans", "family"),
    ),
    Idea(
        "biz-help-from-family",
        "Help in the family: whom you could ask, what for, and how to thank them. 45 minutes, one decision each.",
        tags("family", "chores"),
    ),
)
