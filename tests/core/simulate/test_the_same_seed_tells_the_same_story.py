"""Is a simulation decided by its arguments alone, and is its log one the service could have written?"""

import pytest

from tests.core.simulate.kit import lived
from threedates.core.fold import fold
from threedates.core.replay import check
from threedates.core.simulate import HABITS, live, settings_of
from threedates.schemas.log import LOG_EVENT, encode


def test_the_same_arguments_give_the_same_bytes() -> None:
    """So that two runs under different settings differ by the settings alone."""
    once, again = (live(HABITS["busy"], settings_of(HABITS["busy"]), 1, 6, "s") for _ in range(2))
    assert [(seq, encode(event)) for seq, event in once.log] == [(seq, encode(event)) for seq, event in again.log]


def test_another_seed_or_number_is_other_people() -> None:
    """Averages over couples mean something only if couples differ."""
    logs = [lived("busy", 6, number, seed).log for number, seed in ((1, "1"), (2, "1"), (1, "2"))]
    whens = [[event.at for _, event in log] for log in logs]
    assert whens[0] != whens[1] != whens[2] != whens[0]


@pytest.mark.parametrize("habit", HABITS)
def test_its_log_is_a_log_like_any_other(habit: str) -> None:
    """Written and read back it folds to the same state, and every decision in it is made again alike."""
    couple = lived(habit)
    read = [(seq, LOG_EVENT.validate_json(encode(event))) for seq, event in couple.log]
    assert fold(couple.couple_id, read) == couple.state
    checked = check(couple.couple_id, read)
    assert checked.decisions > 50
    assert not checked.differing
