"""Is a check-in still its author's after names have changed, and never the other's who took the name?"""

from typing import Any

from threedates.core.authors import Authors


def names(first: str, second: str) -> list[dict[str, Any]]:
    return [{"name": first}, {"name": second}]


def check_in(partner: str) -> dict[str, Any]:
    return {"type": "checkin.reported", "partner": partner}


def test_a_name_means_who_had_it_at_the_time() -> None:
    authors = Authors()
    authors.saw({"type": "couple.joined", "settings": {"partners": names("sam", "alex")}})
    assert (authors.partner_of(check_in("sam")), authors.partner_of(check_in("Alex"))) == (0, 1)
    authors.saw({"type": "couple.changed", "patch": {"partners": names("samuel", "sam")}})
    assert (authors.partner_of(check_in("sam")), authors.partner_of(check_in("samuel"))) == (1, 0)
    authors.saw({"type": "couple.changed", "patch": {"tz": "UTC"}})
    assert authors.partner_of(check_in("sam")) == 1


def test_what_is_no_check_in_or_by_nobody_is_nobodys() -> None:
    authors = Authors()
    authors.saw({"type": "couple.joined", "settings": {"partners": names("sam", "alex")}})
    assert authors.partner_of({"type": "date.booked", "by": "sam"}) is None
    assert authors.partner_of(check_in("kim")) is None
