"""Are forms read within bounds, and refused where a browser says that another site made it post?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from threedates.gateway.forms import MAX_FIELDS, is_ours, parse

BASE = "https://dates.example/together"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "https://dates.example"}, False),
        ({"sec-fetch-site": "same-site", "origin": "https://other.dates.example"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "null"}, False),
        ({"origin": "https://dates.example"}, True),
        ({"origin": "https://DATES.example"}, True),
        ({"origin": "http://10.0.0.7:8080", "host": "10.0.0.7:8080"}, True),
        ({"origin": "null"}, True),
        ({"origin": "https://elsewhere.example", "host": "dates.example"}, False),
        ({"origin": "https://dates.example.elsewhere.example"}, False),
        ({"origin": ""}, False),
        ({"origin": "http://[", "host": "dates.example"}, False),
    ],
)
def test_where_a_post_comes_from(headers: dict[str, str], expected: bool) -> None:
    """Under no-referrer a browser says ``Origin: null`` of our own pages; older ones say nothing else."""
    assert is_ours(Headers(headers), BASE) == expected


@given(st.binary(max_size=200))
def test_any_body_is_read_without_fault(body: bytes) -> None:
    form = parse(body)
    assert form.get("nothing of that name") == ""


def test_a_form_gives_its_values_as_they_were_meant() -> None:
    form = parse(b"a=1&a=+2+&b=%C3%A9%0D%0A&c=&d")
    assert (form.get("a"), form.all("a")) == ("2", ["1", "2"])
    assert (form.get("b"), form.get("c"), form.all("c"), form.get("d")) == ("é", "", [], "")


def test_too_many_fields_are_none() -> None:
    assert parse(b"&".join([b"a=1"] * (MAX_FIELDS + 1))).fields == {}
