"""Three nodes, two of each service, couples falling due: everything is killed once, or the leader is cut off."""

from pathlib import Path

import pytest

from tests.e2e import cut
from tests.e2e.faults import KILLED, PIPELINE, survive
from tests.e2e.network import apart, why_not

COUPLES = 60
SECONDS = 6
PATIENCE = 170


@pytest.mark.timeout(180)
async def test_every_nudge_is_decided_once_and_comes_whatever_is_killed(tmp_path: Path) -> None:
    """``python -m bench faults`` does the same with 500 couples."""
    said: list[str] = []
    survived = await survive(tmp_path, COUPLES, SECONDS, said.append, PATIENCE, KILLED)
    assert survived.deliveries >= survived.nudges == COUPLES
    assert len(said) == 6


@pytest.mark.timeout(190)
async def test_every_nudge_is_decided_once_and_comes_though_the_leader_is_cut_off(tmp_path: Path) -> None:
    """Nobody is told of the cut: who was connected there, or led there, has to find out."""
    if reason := why_not():
        pytest.skip(reason)
    said: list[str] = []
    await apart(cut.__name__, [str(tmp_path), str(COUPLES), str(SECONDS), str(PATIENCE), *PIPELINE], said.append)
    survived = cut.told(said.pop())
    assert survived.deliveries >= survived.nudges == COUPLES
    assert len(said) == 6
