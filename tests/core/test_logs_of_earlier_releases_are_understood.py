"""Does a log that an earlier release wrote still mean what it meant?

``release-*.jsonl`` under tests/golden/log was written by that release and is never written anew; what it comes to
stands beside it. Where a change of the format is meant, it is the reading of events that has to take the old form.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.core.meaning import meaning
from threedates.core.exported import read_exported
from threedates.core.fold import fold
from threedates.core.snapshot import freeze, thaw
from threedates.core.trail import NO_TRAIL

GOLDEN = Path(__file__).parents[1] / "golden" / "log"
LOGS = sorted(GOLDEN.glob("release-*.jsonl"))


def _meanings(path: Path) -> dict[str, Any]:
    logs = read_exported(path.read_text(encoding="utf-8").splitlines())
    states = {couple_id: fold(couple_id, log) for couple_id, log in logs.items()}
    return {couple_id: meaning(state) for couple_id, state in states.items() if state is not None}


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_it_means_what_it_meant(path: Path) -> None:
    """An upgrade reads every log there is."""
    assert _meanings(path) == json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_it_can_be_kept_and_read_again(path: Path) -> None:
    """The state it folds to survives a snapshot."""
    for couple_id, log in read_exported(path.read_text(encoding="utf-8").splitlines()).items():
        state = fold(couple_id, log)
        assert state is not None
        trail = NO_TRAIL.and_(log)
        assert thaw(freeze(state, trail)) == (state, trail)
