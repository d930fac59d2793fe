"""Is each API key kept as a hash good for what its scope says, and for the couples of the key it stands in for?"""

import pytest

from threedates.edge.apikeys import ApiKey, entry, key_id, read_keys
from threedates.edge.errors import Misconfigured
from threedates.edge.settings import Settings

OWNER = key_id("td_first")
COUPLE = ApiKey(b"\0" * 32, OWNER, "couple", "c1")
READ = ApiKey(b"\0" * 32, OWNER, "read")


def test_a_hash_is_as_good_as_the_key() -> None:
    """It has the same id, so that what was kept under a key in plain text is found by its hash."""
    (plain,), (hashed,) = read_keys("td_first"), read_keys(entry("td_first"))
    assert (plain.digest, plain.id, plain.owner) == (hashed.digest, hashed.id, hashed.owner)
    assert plain.plain == "td_first"
    assert hashed.plain is None
    assert "td_first" not in entry("td_first") + repr(plain)


def test_keys_stand_side_by_side_or_on_lines_of_their_own_with_remarks() -> None:
    """An environment variable has one line, a file has many."""
    in_file = f"# the app\n{entry('td_first')}\n\n# its successor, the dashboard\n{entry('td_2', OWNER)}\n"
    in_file += entry("td_3", OWNER, "read")
    on_a_line = f"{entry('td_first')}, {entry('td_2', OWNER)},{entry('td_3', OWNER, 'read')}"
    assert read_keys(in_file) == read_keys(on_a_line)
    assert [(key.owner, key.scope) for key in read_keys(in_file)] == [
        (OWNER, "admin"),
        (OWNER, "admin"),
        (OWNER, "read"),
    ]


@pytest.mark.parametrize(
    "words",
    ["td_secret of=nobody", "td_secret scope=all", "td_secret scope=couple:", "td_secret x", "sha256:td_secret"],
)
def test_an_entry_that_cannot_be_read_is_refused_without_repeating_it(words: str) -> None:
    """At the start, not with the first call; and the key stays out of the log."""
    with pytest.raises(Misconfigured, match="entry 1") as caught:
        Settings.load(api_keys=words)
    assert "td_secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("method", "path", "may"),
    [
        ("GET", "/v1/couples/c1", True),
        ("DELETE", "/v1/couples/c1", True),
        ("POST", "/v1/couples/c1/check-ins", True),
        ("GET", "/v1/couples/c1_x", False),
        ("GET", "/v1/couples/c2/status", False),
        ("GET", "/v1/couples", False),
        ("POST", "/v1/couples", False),
        ("POST", "/v1/endpoints/c1_abc/test", True),
        ("DELETE", "/v1/feeds/c1_abc", True),
        ("GET", "/v1/endpoints/c11_abc", False),
        ("GET", "/v1/endpoints", False),
        ("POST", "/v1/inbound-mail", False),
    ],
)
def test_a_key_of_one_couple_reaches_nothing_else(method: str, path: str, may: bool) -> None:
    """It may live in that couple's own app."""
    assert COUPLE.may(method, path) is may


@pytest.mark.parametrize(("method", "may"), [("GET", True), ("HEAD", True), ("POST", False), ("DELETE", False)])
def test_a_key_that_reads_changes_nothing(method: str, may: bool) -> None:
    """For dashboards."""
    assert READ.may(method, "/v1/couples/c1") is may
