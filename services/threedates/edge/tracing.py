"""Traces: one check-in followed from its caller through the broker to the webhook (W3C Trace Context, OpenTelemetry).

The context travels as ``traceparent`` in the headers of messages, and a schedule carries it to what it fires. Nothing
here costs more than a comparison while traces are off, and OpenTelemetry is imported only where they are on: with the
extra ``threedates[otel]`` installed and an OTLP address in the standard ``OTEL_*`` variables.
"""

import logging
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from nats.aio.msg import Msg

if TYPE_CHECKING:
    from starlette.types import Scope

    from threedates.edge.spans import Spans

logger = logging.getLogger("threedates")
Note = Callable[[int | None], None]
"""Takes down the status an exchange ended with, None where it ended without."""
_ADDRESSES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_spans: "Spans | None" = None


def setup(name: str) -> None:
    """Make traces from now on if the ``OTEL_*`` variables ask for them; ``name`` is what the process is called."""
    if not _is_wanted():
        return
    try:
        from threedates.edge.spans import exporting  # noqa: PLC0415  # costs a second, and is not always installed
    except ImportError:
        logger.warning("OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is missing: install threedates[otel]")
        return
    use(exporting(name))


def _is_wanted() -> bool:
    is_off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    is_off = is_off or os.environ.get("OTEL_TRACES_EXPORTER", "otlp") == "none"
    return not is_off and any(os.environ.get(name) for name in _ADDRESSES)


def use(spans: "Spans | None") -> None:
    """Have spans made there; None turns traces off."""
    global _spans  # noqa: PLW0603  # a process makes traces or does not, as it logs or does not
    _spans = spans


async def stop(seconds: float = 3.0) -> None:
    """Send what has not been sent, within so many seconds: a collector that does not answer holds up no stop."""
    if _spans is not None:
        await _spans.stop(seconds)
        use(None)


def is_on() -> bool:
    """Whether traces are made."""
    return _spans is not None


def carried(headers: dict[str, str] | None = None) -> dict[str, str] | None:
    """The headers of a message or a request, with the context of the span that is open here."""
    return headers if _spans is None else _spans.carried(headers)


def handling(consumer: str, couple_id: str, group: list[Msg], *, is_cause: bool) -> AbstractContextManager[None]:
    """A span around the handling of messages.

    It goes on with the last one's trace where that is the cause, and is linked to the others; else it begins a trace of
    its own, linked to all: a timer was set by something that is over.
    """
    return nullcontext() if _spans is None else _spans.handling(consumer, couple_id, group, is_cause=is_cause)


def serving(scope: "Scope", surface: str) -> AbstractContextManager[Note]:
    """A span around an answer to an HTTP request; goes on with the caller's trace where they have one."""
    return nullcontext(_unnoted) if _spans is None else _spans.serving(scope, surface)


def posting(message_id: str, endpoint_id: str, attempt: int) -> AbstractContextManager[Note]:
    """A span around one POST of a webhook."""
    return nullcontext(_unnoted) if _spans is None else _spans.posting(message_id, endpoint_id, attempt)


def note(name: str, value: str) -> None:
    """Take something down at the span that is open here."""
    if _spans is not None:
        _spans.note(name, value)


def failed(error: BaseException) -> None:
    """Mark the span that is open here as failed, by the error's class alone."""
    if _spans is not None:
        _spans.failed(error)


def ids() -> tuple[str, str] | None:
    """The ids of trace and span open here, in hexadecimal; None where there is none."""
    return None if _spans is None else _spans.ids()


def _unnoted(_: int | None) -> None:
    """Nobody takes it down."""
