"""Both formats of the log: what opens a door is struck out, and a line of JSON stays one whatever it holds."""

import json
import logging
from contextvars import Context, copy_context

import pytest

from threedates.edge.context import CONSUMER, COUPLE
from threedates.edge.logs import JsonFormatter, RedactingFormatter

SAID = (
    'POST to /a/tok-en_1.x "quoted"\nwhsec_abc= Bearer key-1 nats://user:word@host:4222 sam.o\'neil+1@mail.example.org'
)
HIDDEN = ("tok-en", "whsec_abc", "key-1", "word@", "neil", "example.org")


def record(message: str, *, failed: bool = False) -> logging.LogRecord:
    """A record as a logger would make it."""
    info = (ValueError, ValueError(message), None) if failed else None
    return logging.LogRecord("threedates", logging.WARNING, __file__, 1, "%s", (message,), info)


@pytest.mark.parametrize("formatter", [RedactingFormatter("%(message)s"), JsonFormatter()])
@pytest.mark.parametrize("failed", [False, True])
def test_what_opens_a_door_is_struck_out(formatter: logging.Formatter, failed: bool) -> None:
    """Of messages and of tracebacks alike."""
    line = formatter.format(record(SAID, failed=failed))
    assert not [hidden for hidden in HIDDEN if hidden in line]
    assert "POST to /a/" in line


def test_our_own_uids_stay() -> None:
    """They name a date, and look like a mail address without being one."""
    assert RedactingFormatter("%(message)s").format(record("c1-fun-1@threedates moved")) == "c1-fun-1@threedates moved"


def test_a_record_is_one_line_of_json_with_its_couple() -> None:
    """Programs read logs a line at a time, and ask them for one couple."""

    def logged() -> str:
        COUPLE.set("c1")
        CONSUMER.set("cadence-facts")
        return JsonFormatter().format(record(SAID, failed=True))

    line = copy_context().run(logged)
    assert "\n" not in line
    read = json.loads(line)
    assert (read["couple_id"], read["consumer"], read["level"]) == ("c1", "cadence-facts", "WARNING")
    assert "ValueError" in read["exception"]
    assert read["time"].endswith("+00:00")


def test_what_is_not_known_is_left_out() -> None:
    """Most records of a start are about nobody."""
    line = Context().run(JsonFormatter().format, record("at work"))
    assert set(json.loads(line)) == {"time", "level", "logger", "message"}
