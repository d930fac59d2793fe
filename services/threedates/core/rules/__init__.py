"""The rules, one file each. A rule is a pure function of a couple's state and an instant that returns the next outcome
it asks for, or None. ``decide`` runs them in order and asks each again until it has nothing left to say.
"""
