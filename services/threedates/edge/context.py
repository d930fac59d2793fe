"""What is being worked on: the consumer whose messages these are, and their couple; each task has its own.

Whoever counts or logs reads it here, so that nobody has to hand it down.
"""

from contextvars import ContextVar

CONSUMER: ContextVar[str | None] = ContextVar("threedates_consumer", default=None)
"""The name of the durable consumer that brought the message."""
COUPLE: ContextVar[str | None] = ContextVar("threedates_couple", default=None)
"""The id of the couple it is about."""
