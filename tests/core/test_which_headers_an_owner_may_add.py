"""Which headers may an endpoint's owner add, and can any text slip a header in?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threedates.core.custom_headers import header_refusal


@pytest.mark.parametrize("name", ["Authorization", "api-key", "APIKEY", "X-Api-Key", "x-tenant", "X-1"])
def test_credentials_and_names_of_ones_own_are_taken(name: str) -> None:
    assert header_refusal(name, "Bearer a b") is None


@pytest.mark.parametrize(
    "name",
    [
        "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Keep-Alive", "TE", "Trailer",
        "Upgrade", "Proxy-Authorization", "Cookie", "webhook-id", "Webhook-Signature", "ce-id", "User-Agent", "Expect",
        "X-", "X-Forwarded-For", "x-forwarded", "X-Real-IP", "X-HTTP-Method-Override", "X-Original-URL",
        "X-Rewrite-URL", "X-Host", "", "X-A:", "X-A B", "X-Ä", "X-A\n", "X-" + "a" * 80,
    ],
)  # fmt: skip
def test_anything_that_steers_http_is_refused(name: str) -> None:
    """Hop-by-hop (RFC 9110 §7.6.1), framing, routing, and what is ours."""
    assert header_refusal(name, "a") is not None


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_slips_a_header_in(name: str, value: str) -> None:
    if header_refusal(name, value) is None:
        assert name.isascii()
        assert all(" " <= character <= "~" for character in value)
        assert value == value.strip() != ""
    assert header_refusal("X-A", f"{value}\r\nHost: b") is not None
