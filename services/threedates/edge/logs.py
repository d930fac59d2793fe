"""Logging: one line per record on standard error, as text or as JSON, with anything that opens a door struck out.

Feed, page and action tokens, webhook secrets, API keys in headers, credentials in URLs and mail addresses never reach a
log, whoever wrote the message. A record says which couple it is about, and which consumer brought that up.
"""

import json
import logging
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from threedates.edge import tracing
from threedates.edge.context import CONSUMER, COUPLE
from threedates.edge.settings import Settings

_SECRETS = (
    (re.compile(r"(/(?:feeds|c|a)/)[A-Za-z0-9_.\-~%]+"), r"\1…"),
    (re.compile(r"whsec_[A-Za-z0-9+/=]+"), "whsec_…"),
    (re.compile(r"\bSU[A-Z2-7]{56}\b"), "SU…"),
    (re.compile(r"(?i)(bearer\s+)\S+"), r"\1…"),
    (re.compile(r"(\w+://)[^/@\s]+@"), r"\1…@"),
    # UIDs of ours have no dot after the sign, and stay.
    (re.compile(r"[\w.+%'-]+@[\w-]+\.[\w.-]*\w"), "…@…"),
)


def redact(text: str) -> str:
    """The text with every token, secret, credential and mail address struck out."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Formats a record, traceback included, then redacts it."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        traced = tracing.ids()
        return redact(super().format(record)) + (f"  trace={traced[0]}" if traced else "")


class JsonFormatter(logging.Formatter):
    """A record as one JSON object on one line; what is not known is left out.

    ``time`` is UTC; ``exception`` is the traceback, which holds no values of variables.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        trace_id, span_id = tracing.ids() or (None, None)
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
            "couple_id": COUPLE.get(),
            "consumer": CONSUMER.get(),
            "trace_id": trace_id,
            "span_id": span_id,
            "exception": redact(self.formatException(record.exc_info)) if record.exc_info else None,
        }
        return json.dumps({name: value for name, value in fields.items() if value is not None}, ensure_ascii=False)


_FORMATTERS: dict[Literal["text", "json"], Callable[[], logging.Formatter]] = {
    "text": lambda: RedactingFormatter("%(asctime)s %(levelname)-7s %(name)s  %(message)s"),
    "json": JsonFormatter,
}


def setup(settings: Settings) -> None:
    """Log to standard error, in the settings' format and from their level on. Libraries speak up from WARNING on."""
    level = settings.log_level
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_FORMATTERS[settings.log_format]())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("threedates").setLevel(level)
    # The server warns of every request that is none: anybody could fill the log with them.
    logging.getLogger("uvicorn").setLevel(logging.WARNING if level == "DEBUG" else logging.ERROR)
    # FastStream's own words: of use when the connection is in trouble, and else about its tasks.
    logging.getLogger("threedates.broker").setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
