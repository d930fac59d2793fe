"""Which headers an endpoint's owner may add to its webhooks: credentials and one's own, nothing that steers HTTP.

An allow-list: ``authorization``, ``api-key``, ``apikey`` and ``x-…``. Of those, what proxies and frameworks obey is
refused. Hop-by-hop headers, ``host``, ``content-…``, ``cookie``, ``webhook-…`` and ``ce-…`` are none of them.
"""

import re

MAX_HEADERS, MAX_VALUE = 10, 1_024
_NAME = re.compile(r"(?:authorization|api-key|apikey|x-[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?)")
_OBEYED = re.compile(
    r"x-(?:forwarded(?:-.*)?|real-ip|client-ip|http-method.*|method-override|original-.*|rewrite-.*|host)"
)
_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


def header_refusal(name: str, value: str) -> str | None:
    """Why that header cannot be taken, or None; the value, which may be a secret, is not repeated."""
    low = name.lower()
    if _NAME.fullmatch(low) is None:
        return "a header must be Authorization, Api-Key, Apikey, or begin with X-"
    if _OBEYED.fullmatch(low) is not None:
        return "that header changes how servers read a request"
    if len(value) > MAX_VALUE or _VALUE.fullmatch(value) is None:
        return f"its value must be 1 to {MAX_VALUE} printable ASCII characters, without blanks at the ends"
    return None
