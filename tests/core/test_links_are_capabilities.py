"""Does a token open what it was made for, and can nobody make one without the key?"""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threedates.core.links import (
    ActionLink,
    FeedLink,
    PageLink,
    action_token,
    feed_token,
    page_token,
    read_action_token,
    read_feed_token,
    read_page_token,
)

KEY, OTHER = b"a key for tests, 16 bytes or more", b"another key, 16 bytes or more too"
LINK = ActionLink("c1", 0, "accept", "fun", "c1-fun-1@threedates", datetime(2026, 11, 27, tzinfo=UTC))
TOKENS = [feed_token(KEY, "c1_couple", 3), page_token(KEY, "c1", 1, 2), action_token(KEY, LINK)]


def test_a_token_opens_what_it_was_made_for() -> None:
    assert read_feed_token(KEY, TOKENS[0]) == FeedLink("c1_couple", 3)
    assert read_page_token(KEY, TOKENS[1]) == PageLink("c1", 1, 2)
    assert read_action_token(KEY, TOKENS[2]) == LINK


@pytest.mark.parametrize("token", TOKENS)
def test_it_cannot_be_guessed(token: str) -> None:
    """128 bits at least, which depend on the key alone."""
    proof = token.rpartition(".")[2]
    assert 8 * len(base64.urlsafe_b64decode(proof)) >= 128
    for read in (read_feed_token, read_page_token, read_action_token):
        assert read(OTHER, token) is None


def test_a_token_is_good_for_its_purpose_alone() -> None:
    """What opens a feed opens no page, though the words were the same."""
    reads = (read_feed_token, read_page_token, read_action_token)
    opened = [[read(KEY, token) is not None for read in reads] for token in TOKENS]
    assert opened == [[True, False, False], [False, True, False], [False, False, True]]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TOKENS), st.data())
def test_a_token_with_a_character_changed_opens_nothing(token: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(max_codepoint=0x2000).filter(lambda char: char != token[at]))
    changed = token[:at] + other + token[at + 1 :]
    assert [read(KEY, changed) for read in (read_feed_token, read_page_token, read_action_token)] == [None] * 3
