"""By which way does a partner get the dates that are set, and what happens when they choose the other?"""

import pytest

from tests.core.rules.kit import DAY, after, at, booked, couple, looked
from threedates.core.admission import admit
from threedates.core.decide import decide
from threedates.core.inviting import next_invite
from threedates.core.refusal import Refusal
from threedates.core.state import CoupleState
from threedates.schemas.inbound import Change
from threedates.schemas.log import Answered, Changed
from threedates.schemas.outcomes import DateOutcome, InviteOutcome

MONDAY = at("2026-11-23 09:00")


def choosing(state: CoupleState, way: str, n: int = 1) -> CoupleState:
    """Sam chooses a way."""
    sam, alex = (partner.model_dump(mode="json", by_alias=True) for partner in state.settings.partners)
    partners = [{**sam, "email": "sam@example.org", "invites": way}, alex]
    return after(state, Changed(id=f"c{n}", at=MONDAY, patch={"partners": partners}))


def mailed(state: CoupleState) -> list[tuple[int, ...] | None]:
    return [date.mailed for date in state.dates.values() if date.record.status == "scheduled"]


def test_a_date_goes_the_way_that_was_chosen_when_it_is_set() -> None:
    before = after(choosing(couple(), "mail"), booked("fun", MONDAY + 3 * DAY))
    state = looked(before, MONDAY)
    assert mailed(state) == [(0,)]
    # What was decided stays so, whatever sam chooses before the mail is made.
    (told,) = [
        one for one in decide(before, MONDAY).outcomes if isinstance(one, DateOutcome) and one.date.kind == "fun"
    ]
    assert told.mailed == (0,)
    assert not any(isinstance(outcome, InviteOutcome) for outcome in decide(state, MONDAY).outcomes)


def test_a_proposal_has_no_way_before_it_is_set() -> None:
    """It stands in the feed: mail is for what is agreed upon."""
    state = looked(choosing(couple(), "mail"), MONDAY)
    assert {date.mailed for date in state.dates.values()} == {None}


def test_choosing_anew_brings_over_what_is_set_once() -> None:
    state = looked(after(couple(), booked("fun", MONDAY + 3 * DAY)), MONDAY)
    for n, (way, expected) in enumerate([("mail", (0,)), ("feed", ())]):
        state = choosing(state, way, n)
        outcome = next_invite(state, MONDAY)
        assert outcome is not None
        assert (outcome.partner, outcome.by, outcome.date.status) == ("sam", way, "scheduled")
        state = looked(state, MONDAY)
        assert mailed(state) == [expected]
        assert next_invite(state, MONDAY) is None


def test_what_is_over_stays_where_it_was() -> None:
    """The past is nobody's news, and stands where people look for it."""
    state = looked(after(couple(), booked("fun", MONDAY + DAY)), MONDAY)
    assert next_invite(choosing(state, "mail"), MONDAY + 9 * DAY) is None


def test_a_set_date_that_is_declined_keeps_its_way() -> None:
    """Whoever was invited has to hear of its new time."""
    state = looked(after(choosing(couple(), "mail"), booked("fun", MONDAY + 3 * DAY)), MONDAY)
    uid = next(uid for uid, date in state.dates.items() if date.mailed is not None)
    state = looked(after(state, Answered(id="no", at=MONDAY, by="alex", uid=uid, answer="decline")), MONDAY)
    assert (state.dates[uid].record.status, state.dates[uid].mailed) == ("proposed", (0,))


@pytest.mark.parametrize("email", [None, "nobody"])
def test_mail_needs_an_address(email: str | None) -> None:
    """Said at once, with the field, not found out by mails that never come."""
    partners = [{"name": "sam", "email": email, "invites": "mail"}, {"name": "alex"}]
    change = Change(id="to-mail", at=MONDAY, patch={"partners": partners})
    refused = admit("command", "c1", change.model_dump_json().encode(), couple(), MONDAY)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == ("invalid", f"partners.0.{'invites' if email is None else 'email'}")
