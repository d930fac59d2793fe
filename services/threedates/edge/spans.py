"""The spans behind :mod:`edge.tracing`, made with OpenTelemetry's SDK. Imported only where traces are on.

Names and attributes follow its semantic conventions for messaging and HTTP. No span holds a path, an address, an
exception's text or anything from a body: paths are capabilities here, and traces go to others than logs do.
"""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from nats.aio.msg import Msg
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes, AttributeValue
from starlette.types import Scope

from threedates.edge.tracing import Note

_W3C = TraceContextTextMapPropagator()
_CARRIED = (b"traceparent", b"tracestate")


def exporting(name: str) -> "Spans":
    """Spans that are sent in batches to the OTLP address in the environment, whose other variables hold as well."""
    own = {SERVICE_VERSION: version("threedates")}
    if not os.environ.get("OTEL_SERVICE_NAME"):
        own[SERVICE_NAME] = name
    # No exit hook: it would hold a process up for as long as a collector does not answer.
    provider = TracerProvider(resource=Resource.create(own), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Spans(provider)


class Spans:
    """Makes spans with a provider."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("threedates", version("threedates"))

    async def stop(self, seconds: float) -> None:
        """Send what is left, for so long at most."""
        ending = threading.Thread(target=self._provider.shutdown, daemon=True)
        ending.start()
        await asyncio.to_thread(ending.join, seconds)

    def carried(self, headers: dict[str, str] | None) -> dict[str, str] | None:
        """The headers with the context of the span that is open here."""
        made = dict(headers or {})
        _W3C.inject(made)
        return made or None

    @contextmanager
    def handling(self, consumer: str, couple_id: str, group: list[Msg], *, is_cause: bool) -> Iterator[None]:
        """See :func:`edge.tracing.handling`."""
        causes = [_W3C.extract(message.headers or {}, Context()) for message in group]
        parent = causes.pop() if is_cause else Context()
        links = [Link(span.get_span_context()) for span in map(trace.get_current_span, causes)]
        attributes: dict[str, AttributeValue] = {
            "messaging.system": "nats",
            "messaging.operation.type": "process",
            "messaging.operation.name": "process",
            "messaging.consumer.group.name": consumer,
            "messaging.batch.message_count": len(group),
            "threedates.couple_id": couple_id,
        }
        with self._span(f"process {consumer}", SpanKind.CONSUMER, parent, attributes, links):
            yield

    @contextmanager
    def serving(self, scope: Scope, surface: str) -> Iterator[Note]:
        """See :func:`edge.tracing.serving`."""
        came = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"] if name in _CARRIED}
        attributes = {"http.request.method": scope["method"], "threedates.surface": surface}
        parent = _W3C.extract(came, Context())
        with self._span(f"{scope['method']} {surface}", SpanKind.SERVER, parent, attributes) as span:

            def noted(status: int | None) -> None:
                if (route := _route(scope, surface)) is not None:
                    span.set_attribute("http.route", route)
                    span.update_name(f"{scope['method']} {route}")
                _answered(span, status, errors_from=500)

            yield noted

    @contextmanager
    def posting(self, message_id: str, endpoint_id: str, attempt: int) -> Iterator[Note]:
        """See :func:`edge.tracing.posting`."""
        attributes: dict[str, AttributeValue] = {
            "http.request.method": "POST",
            "threedates.message_id": message_id,
            "threedates.endpoint_id": endpoint_id,
            "threedates.attempt": attempt,
        }
        with self._span("POST webhook", SpanKind.CLIENT, None, attributes) as span:
            yield lambda status: _answered(span, status, errors_from=300)

    def note(self, name: str, value: str) -> None:
        """See :func:`edge.tracing.note`."""
        trace.get_current_span().set_attribute(name, value)

    def failed(self, error: BaseException) -> None:
        """See :func:`edge.tracing.failed`."""
        _failed(trace.get_current_span(), error)

    def ids(self) -> tuple[str, str] | None:
        """See :func:`edge.tracing.ids`."""
        context = trace.get_current_span().get_span_context()
        if not context.is_valid:
            return None
        return trace.format_trace_id(context.trace_id), trace.format_span_id(context.span_id)

    @contextmanager
    def _span(
        self,
        name: str,
        kind: SpanKind,
        parent: Context | None,
        attributes: Attributes,
        links: list[Link] | None = None,
    ) -> Iterator[Span]:
        """A span that is open within, under ``parent`` or else what is open here; of an error it keeps the class."""
        with self._tracer.start_as_current_span(
            name,
            parent,
            kind,
            attributes,
            [link for link in links or [] if link.context.is_valid],
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except BaseException as error:
                _failed(span, error)
                raise


def _failed(span: Span, error: BaseException) -> None:
    span.set_attribute("error.type", type(error).__name__)
    span.set_status(StatusCode.ERROR)


def _route(scope: Scope, surface: str) -> str | None:
    """The route that took a request, with the names of its parameters and not their values; None where none did."""
    path: str | None = getattr(scope.get("route"), "path", None)
    # The framework tells a route without the prefix it was included under.
    return f"/v1{path}" if path is not None and surface == "api" and not path.startswith("/v1") else path


def _answered(span: Span, status: int | None, errors_from: int) -> None:
    if status is not None:
        span.set_attribute("http.response.status_code", status)
    if status is None or status >= errors_from:
        span.set_status(StatusCode.ERROR)
