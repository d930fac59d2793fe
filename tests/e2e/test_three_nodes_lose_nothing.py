"""Three nodes, two of each service, couples falling due, and everything is killed once, the leader included."""

from pathlib import Path

import pytest

from tests.e2e.faults import KILLED, survive

COUPLES = 60
SECONDS = 6


@pytest.mark.timeout(180)
async def test_every_nudge_is_decided_once_and_comes_whatever_is_killed(tmp_path: Path) -> None:
    """``python -m bench faults`` does the same with 500 couples, and cuts the leader off besides."""
    said: list[str] = []
    survived = await survive(tmp_path, COUPLES, SECONDS, said.append, 170, KILLED)
    assert survived.deliveries >= survived.nudges == COUPLES
    assert len(said) == 6
