"""Is a setting changed by its path, and a slip of the pen refused?"""

from typing import Any

import pytest

from threedates.core.overrides import overridden
from threedates.schemas.couple import CoupleSettings

SETTINGS = CoupleSettings.model_validate({"tz": "Europe/Berlin", "partners": [{"name": "sam"}, {"name": "alex"}]})


def test_values_go_where_their_paths_lead() -> None:
    """Into kinds, into a partner, and null where null lifts something."""
    found = overridden(
        SETTINGS, {"cadence.fun.target": "P14D", "partners.1.quiet": None, "budget.per_week": None, "tz": "Asia/Tokyo"}
    )
    assert str(found.cadence.fun.target) == "P14D"
    assert [partner.quiet is None for partner in found.partners] == [False, True]
    assert found.budget.per_week is None
    assert (found.tz, found.partners[0].tz) == ("Asia/Tokyo", "Europe/Berlin")
    assert overridden(SETTINGS, {}) is SETTINGS


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("cadence.fun.taget", "P14D", "cadence.fun.taget: there is no 'taget' in cadence.fun, which has target, floor"),
        ("cadense", 1, "cadense: there is no 'cadense' in the settings"),
        ("partners.2.quiet", None, "there is no '2' in partners, which has 0, 1"),
        ("tz.name", "x", "there is no 'name' in tz, which has nothing"),
        ("cadence.fun.target", "two weeks", "cadence.fun.target: 'two weeks' is not an ISO 8601 duration"),
        ("cadence.fun.target", "P60D", "floor must not be shorter than target"),
    ],
)
def test_what_cannot_be_is_refused_by_name(path: str, value: Any, problem: str) -> None:
    """Unknown fields are tolerated from producers; here they would silently change nothing."""
    with pytest.raises(ValueError, match=problem):
        overridden(SETTINGS, {path: value})
