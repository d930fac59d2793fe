"""Are the bytes of mails the ones we looked at and approved of?

With THREEDATES_WRITE_GOLDEN=1 the files are written anew; look at the difference before committing it.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.calendar.examples import date_record
from tests.core.mail.examples import HEBREW, invite_mail, nudge_mail

GOLDEN = Path(__file__).parents[2] / "golden" / "mail"
CASES: dict[str, Callable[[], bytes]] = {
    "set.eml": lambda: invite_mail("set", date_record(status="scheduled", sequence=1)),
    "moved-in-another-script.eml": lambda: invite_mail(
        "moved", date_record(status="scheduled", sequence=2, idea="לרקוד 💃 עד הבוקר"), HEBREW, "אלכס"
    ),
    "asked.eml": lambda: invite_mail("asked", date_record(sequence=3)),
    "off.eml": lambda: invite_mail("off", date_record(status="cancelled", sequence=4)),
    "by_feed.eml": lambda: invite_mail("by_feed", date_record(status="scheduled", sequence=1)),
    "nudge.eml": nudge_mail,
}


@pytest.mark.parametrize("name", CASES)
def test_a_mail_is_golden(name: str) -> None:
    """Whatever Python version writes it: programs read these bytes."""
    made, path = CASES[name](), GOLDEN / name
    if os.environ.get("THREEDATES_WRITE_GOLDEN"):
        path.write_bytes(made)
    assert made == path.read_bytes()
