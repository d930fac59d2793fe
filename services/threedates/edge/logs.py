"""Logging: one line per record on standard error, with anything that opens a door struck out.

Feed, page and action tokens, webhook secrets, API keys in headers and credentials in URLs never reach a log, whoever
wrote the message.
"""

import logging
import re
import sys

_SECRETS = (
    (re.compile(r"(/(?:feeds|c|a)/)[A-Za-z0-9_.\-~%]+"), r"\1…"),
    (re.compile(r"whsec_[A-Za-z0-9+/=]+"), "whsec_…"),
    (re.compile(r"(?i)(bearer\s+)\S+"), r"\1…"),
    (re.compile(r"(\w+://)[^/@\s]+@"), r"\1…@"),
)


def redact(text: str) -> str:
    """The text with every token, secret and credential struck out."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Formats a record, traceback included, then redacts it."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        return redact(super().format(record))


def setup(level: str) -> None:
    """Log to standard error from this level on. Libraries speak up from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)-7s %(name)s  %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("threedates").setLevel(level)
    # The server warns of every request that is none: anybody could fill the log with them.
    logging.getLogger("uvicorn").setLevel(logging.WARNING if level == "DEBUG" else logging.ERROR)
    # FastStream's own words: of use when the connection is in trouble, and else about its tasks.
    logging.getLogger("threedates.broker").setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
