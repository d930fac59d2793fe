"""Do the payloads that producers were once shown still become the same facts?

A file here is a promise: one may be added, none changed. `<what>.<name>.json` is what is sent, `….facts.json` what
comes of it for the couple of `tests/core/admission_kit.py`; a fact may get further fields, which readers ignore.
"""

import json
from pathlib import Path
from typing import cast

import pytest

from tests.core.admission_kit import NOW, couple
from threedates.core.admission import admit
from threedates.core.refusal import Refusal
from threedates.schemas.inbound import What
from threedates.schemas.log import encode

GOLDEN = Path(__file__).parents[1] / "golden" / "inbound"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.json") if not path.name.endswith(".facts.json"))


@pytest.mark.parametrize("name", NAMES)
def test_an_old_payload_becomes_the_same_facts(name: str) -> None:
    """Other people's producers are not rebuilt when we are."""
    what = cast("What", name.partition(".")[0])
    facts = admit(what, "ada", (GOLDEN / f"{name}.json").read_bytes(), couple(), NOW)
    assert not isinstance(facts, Refusal), facts
    promised = json.loads((GOLDEN / f"{name}.facts.json").read_bytes())
    made = [json.loads(encode(fact)) for fact in facts]
    assert [{key: fact.get(key) for key in kept} for fact, kept in zip(made, promised, strict=True)] == promised


def test_both_events_of_the_inbox_are_there_plain_and_as_cloud_events() -> None:
    """An empty directory would prove nothing."""
    assert {"checkin.full", "checkin.cloud-event", "calendar.timed", "calendar.cloud-event", "calendar.ics"} <= {*NAMES}
