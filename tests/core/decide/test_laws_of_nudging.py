"""What holds whatever a couple does: the budget's gap, quiet hours, no floods after outages, never silent for ever."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings

from tests.core.decide.life import START, Life, Step, steps
from threedates.core.due import floor_at
from threedates.core.walltime import quiet_end
from threedates.schemas.base import KINDS

GAP = timedelta(hours=20)


@given(steps)
@settings(max_examples=50, deadline=None)
def test_no_life_breaks_the_laws(life: list[Step]) -> None:
    """Budget gap per partner, quiet hours, unique ids, and always a next look unless paused without end."""
    told = Life()
    for n, step in enumerate(life):
        told.step(n, step)
        assert told.next is not None
        assert told.next > told.now
    for name in told.settings.names:
        times = [at for at, nudge in told.nudges if nudge.addressee == name]
        assert all(later - earlier >= GAP for earlier, later in pairwise(times))
        partner = told.settings.partner(name)
        assert partner is not None
        assert all(quiet_end(partner.quiet, partner.tz, at) is None for at in times)
    ids = [nudge.nudge_id for _, nudge in told.nudges]
    assert len(ids) == len(set(ids)), "a stage was decided twice"


def test_silence_never_lasts_past_the_floor() -> None:
    """Both are told before the floor passes, whatever the weekly budget has seen."""
    told = Life()
    told.live_until(START + timedelta(days=40))
    for kind in KINDS:
        for name in told.settings.names:
            floor = [at for at, n in told.nudges if n.stage == "floor" and n.kind == kind and n.addressee == name]
            assert floor
            assert min(floor) <= floor_at(told.state, kind) + timedelta(days=1)
