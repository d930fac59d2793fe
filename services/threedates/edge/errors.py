"""Errors the edge raises, each carrying the one fact its caller needs.

EdgeError
├── Unavailable       the broker cannot be reached or does not answer: try again later
│   └── TooEarly      something of the same couple's has to be done first: try again in a moment
├── Conflict          a compare-and-set lost: read again, decide again
└── Misconfigured     a setting or the topology is not as it must be: a person has to act
"""

from nats.errors import ConnectionClosedError, NoRespondersError, StaleConnectionError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.errors import APIError, NoStreamResponseError, ServiceUnavailableError

WRONG_LAST_SEQUENCE = 10071
WRONG_LAST_SEQUENCE_IN_FLIGHT = 10164
_CONFLICTS = (WRONG_LAST_SEQUENCE, WRONG_LAST_SEQUENCE_IN_FLIGHT)

BROKER_TROUBLE = (
    NatsTimeoutError,
    TimeoutError,
    ConnectionClosedError,
    StaleConnectionError,
    NoRespondersError,
    NoStreamResponseError,
    ServiceUnavailableError,
    ConnectionError,
)
"""What nats-py raises while the broker is away or busy: all of it passes by itself."""


class EdgeError(Exception):
    """Base of them all."""


class Unavailable(EdgeError):
    """The broker cannot be reached or does not answer in time; the same call may succeed later."""


class TooEarly(Unavailable):
    """Something of the same couple's has to be done first. Nothing is wrong."""


class Conflict(EdgeError):
    """Somebody else appended to the couple's log first."""


class Misconfigured(EdgeError):
    """Something a person has to set right; the message says what and how."""


def is_conflict(error: APIError) -> bool:
    """Whether a JetStream error says that a compare-and-set lost, in flight on replicas included."""
    return error.err_code in _CONFLICTS
