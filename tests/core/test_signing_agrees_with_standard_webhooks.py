"""Do our signatures and those of the public ``standardwebhooks`` package verify each other?"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from threedates.core.signing import BadSignatureError, format_secret, secret_bytes, sign, signed_headers, verify

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
KEYS = st.binary(min_size=24, max_size=64)
IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=80)
BODIES = st.text().map(str.encode)


@given(KEYS, IDS, BODIES, st.integers(0, 4_000_000_000))
def test_both_sign_the_same_bytes_alike(key: bytes, message_id: str, body: bytes, timestamp: int) -> None:
    """Whoever uses the public package can check what we send."""
    secret = format_secret(key)
    theirs = Webhook(secret).sign(message_id, datetime.fromtimestamp(timestamp, UTC), body.decode())
    assert sign(secret, message_id, timestamp, body) == theirs


@given(KEYS, IDS, BODIES)
def test_what_the_package_signs_we_verify(key: bytes, message_id: str, body: bytes) -> None:
    """And the other way round, padding of the secret left out."""
    secret = format_secret(key)
    headers = {
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(int(NOW.timestamp())),
        "Webhook-Signature": Webhook(secret).sign(message_id, NOW, body.decode()),
    }
    verify(secret.rstrip("="), headers, body, NOW)


@given(KEYS, KEYS, BODIES, st.integers(0, 10_000))
def test_a_changed_byte_never_verifies(key: bytes, other: bytes, body: bytes, at: int) -> None:
    """One bit of the body, or another secret, and the delivery is refused."""
    secret = format_secret(key)
    headers = signed_headers((secret,), "m-1", NOW, body)
    changed = bytearray(body or b"x")
    changed[at % len(changed)] ^= 1
    with pytest.raises(BadSignatureError, match="no signature matches"):
        verify(secret, headers, bytes(changed), NOW)
    if other != key:
        with pytest.raises(BadSignatureError, match="no signature matches"):
            verify(format_secret(other), headers, body, NOW)


def test_while_a_secret_is_rotated_either_one_verifies() -> None:
    """Receivers change over when they like."""
    old, new = format_secret(b"o" * 24), format_secret(b"n" * 64)
    headers = signed_headers((new, old), "m-1", NOW, b"{}")
    assert len(headers["webhook-signature"].split()) == 2
    verify(old, headers, b"{}", NOW)
    verify(new, headers, b"{}", NOW)
    # The package reads the clock itself, so only this one is signed as of now.
    with pytest.raises(WebhookVerificationError, match="too"):
        Webhook(new).verify(b"{}", headers)


@pytest.mark.parametrize(("age", "words"), [(301, "too old"), (-301, "too far in the future")])
def test_old_and_future_timestamps_are_refused(age: int, words: str) -> None:
    """A captured delivery cannot be replayed for ever."""
    secret = format_secret(b"k" * 32)
    headers = signed_headers((secret,), "m-1", NOW, b"{}")
    with pytest.raises(BadSignatureError, match=words):
        verify(secret, headers, b"{}", NOW + timedelta(seconds=age))
    verify(secret, headers, b"{}", NOW + timedelta(seconds=age), tolerance=None)


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_named(missing: str) -> None:
    secret = format_secret(b"k" * 32)
    headers = signed_headers((secret,), "m-1", NOW, b"{}")
    del headers[missing]
    with pytest.raises(BadSignatureError, match=missing):
        verify(secret, headers, b"{}", NOW)


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "1.5", "１２", "9" * 13])
def test_a_timestamp_that_is_no_number_is_refused(stamp: str) -> None:
    secret = format_secret(b"k" * 32)
    headers = signed_headers((secret,), "m-1", NOW, b"{}") | {"webhook-timestamp": stamp}
    with pytest.raises(BadSignatureError, match="webhook-timestamp"):
        verify(secret, headers, b"{}", NOW)


@pytest.mark.parametrize("length", [0, 23, 65])
def test_secrets_have_24_to_64_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="24 to 64"):
        format_secret(b"k" * length)


@pytest.mark.parametrize("secret", ["", "geheim-geheim", "whsec_", "whsec_!!!!", "whsec_c2hvcnQ="])
def test_a_secret_that_is_none_is_refused_without_repeating_it(secret: str) -> None:
    """Error texts end up in logs."""
    with pytest.raises(ValueError, match="webhook secret") as caught:
        secret_bytes(secret)
    assert len(secret) < 7 or secret not in str(caught.value)
