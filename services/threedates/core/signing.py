"""Standard Webhooks signatures (scheme v1): making secrets from given bytes, signing what is sent, checking what came.

Symmetric: HMAC-SHA256 over ``<webhook-id>.<webhook-timestamp>.<body>``, written ``v1,<base64>``; a header may carry
several, separated by spaces, while a secret is being rotated. Randomness and the clock are passed in.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime, timedelta

SECRET_PREFIX = "whsec_"  # noqa: S105  # the standard's marker, not a secret
MIN_BYTES, MAX_BYTES = 24, 64
TOLERANCE = timedelta(minutes=5)


class BadSignatureError(ValueError):
    """A delivery that must not be trusted; the message says why."""


def format_secret(key: bytes) -> str:
    """A secret as people see it: ``whsec_`` and base64. Raises ValueError unless it has 24 to 64 bytes."""
    if not MIN_BYTES <= len(key) <= MAX_BYTES:
        raise ValueError(f"a webhook secret has {MIN_BYTES} to {MAX_BYTES} bytes; this one has {len(key)}")
    return SECRET_PREFIX + base64.b64encode(key).decode()


def secret_bytes(secret: str) -> bytes:
    """The key in a ``whsec_…`` secret, padding optional. Raises ValueError, without repeating it, if it is not one."""
    if not secret.startswith(SECRET_PREFIX):
        raise ValueError(f"a webhook secret begins with {SECRET_PREFIX}")
    text = secret[len(SECRET_PREFIX) :].rstrip("=")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"what follows {SECRET_PREFIX} in a webhook secret must be base64") from None
    if not MIN_BYTES <= len(key) <= MAX_BYTES:
        raise ValueError(f"a webhook secret has {MIN_BYTES} to {MAX_BYTES} bytes; this one has {len(key)}")
    return key


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature, ``v1,<base64>``, over the exact bytes sent. ``timestamp`` in seconds since 1970."""
    content = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(secret_bytes(secret), content, hashlib.sha256)).decode()


def signed_headers(secrets: tuple[str, ...], message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The standard's three headers for one attempt; one signature per secret, the newest first."""
    timestamp = int(now.timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(sign(secret, message_id, timestamp, body) for secret in secrets),
    }


def verify(
    secret: str, headers: dict[str, str], body: bytes, now: datetime, tolerance: timedelta | None = TOLERANCE
) -> None:
    """Check a delivery; header names in any case. A tolerance of None accepts any age. Raises BadSignatureError."""
    given = {name.lower(): value for name, value in headers.items()}
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        if not given.get(name):
            raise BadSignatureError(f"the header {name} is missing")
    timestamp = _timestamp(given["webhook-timestamp"])
    expected = sign(secret, given["webhook-id"], timestamp, body).encode()
    if not any(hmac.compare_digest(expected, one.encode()) for one in given["webhook-signature"].split()):
        raise BadSignatureError("no signature matches: the secret, the id, the timestamp or a byte of the body differs")
    age = now.timestamp() - timestamp
    if tolerance is not None and abs(age) > tolerance.total_seconds():
        when = "old" if age > 0 else "far in the future"
        raise BadSignatureError(f"the signature is right but too {when}: {abs(age):.0f} s from now")


def _timestamp(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise BadSignatureError("the header webhook-timestamp is not a whole number of seconds since 1970")
    return int(text)
