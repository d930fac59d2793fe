"""Silence that a partner asks for: a snooze or a pause."""

from threedates.schemas.base import Instant
from threedates.schemas.http.common import ByBody, examples
from threedates.schemas.inbound import Scope


class SnoozeBody(ByBody):
    """Silence one kind, or all, until then."""

    model_config = examples({"by": "sam", "kind": "fun", "until": "2026-11-30T18:00:00+01:00"})

    kind: Scope = "all"
    until: Instant


class PauseBody(ByBody):
    """Pause everything, until then or until resumed."""

    model_config = examples({"by": "sam"}, {"by": "sam", "until": "2026-12-24T00:00:00+01:00"})

    until: Instant | None = None
