"""What tests of simulations share: couples that have lived, made once each."""

from functools import cache

from threedates.core.simulate import HABITS, Lived, live, settings_of


@cache
def lived(habit: str, weeks: int = 16, number: int = 1, seed: str = "1") -> Lived:
    """A couple of that habit after so many weeks."""
    return live(HABITS[habit], settings_of(HABITS[habit]), number, weeks, seed)
