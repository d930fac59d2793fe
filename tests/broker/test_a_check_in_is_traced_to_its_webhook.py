"""Traces over the real services: one trace from the caller to the webhook, and links where a timer decided."""

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from tests.broker.nudges_kit import receiving
from tests.broker.seeing_kit import COUPLE, Installation, installation
from threedates.edge import tracing
from threedates.edge.clock import system_clock
from threedates.edge.logs import JsonFormatter
from threedates.edge.spans import Spans
from threedates.schemas.base import rfc3339

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "tracestate": "vendor=1"}
NOTE = "a private word"


class Seen:
    """The spans that have ended so far."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider(shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    @property
    def all(self) -> list[ReadableSpan]:
        """All of them."""
        return list(self._exporter.get_finished_spans())

    def of(self, trace_id: str) -> list[ReadableSpan]:
        """Those of one trace."""
        return [span for span in self.all if trace_of(span) == trace_id]

    def ways(self, trace_id: str) -> list[list[ReadableSpan]]:
        """From each POST of a webhook in a trace back to where it began, as far as those have ended."""
        by_id = {id_of(span): span for span in self.of(trace_id)}
        found = [[span] for span in by_id.values() if span.name == WAY[0]]
        for way in found:
            while (parent := way[-1].parent) is not None and (above := by_id.get(f"{parent.span_id:016x}")) is not None:
                way.append(above)
        return found

    async def named(self, trace_id: str, *names: str) -> dict[str, ReadableSpan]:
        """The first span of each name in a trace, once there are all."""
        found: dict[str, ReadableSpan] = {}
        async with asyncio.timeout(40):
            while set(found) < set(names):
                found = {span.name: span for span in reversed(self.of(trace_id)) if span.name in names}
                await asyncio.sleep(0.02)
        return found


def trace_of(span: ReadableSpan) -> str:
    """The id of a span's trace, as traceparent writes it."""
    assert span.context is not None
    return f"{span.context.trace_id:032x}"


def id_of(span: ReadableSpan) -> str:
    """The span's own id."""
    assert span.context is not None
    return f"{span.context.span_id:016x}"


def is_child(child: ReadableSpan, parent: ReadableSpan) -> bool:
    """Whether a span was made directly under another."""
    return child.parent is not None and f"{child.parent.span_id:016x}" == id_of(parent)


@pytest.fixture
def seen() -> Iterator[Seen]:
    """Traces are made, and kept here."""
    made = Seen()
    tracing.use(Spans(made.provider))
    yield made
    tracing.use(None)
    made.provider.shutdown()


async def joined(here: Installation) -> str:
    """A couple whose nudges go to the receiver; joining is not part of the caller's trace."""
    answer = await here.call("POST", "/couples", COUPLE)
    body = {"url": here.receiver.url, "types": ["nudge.*"]}
    await here.call("POST", f"/couples/{answer['id']}/endpoints", body)
    return str(answer["id"])


WAY = (
    "POST webhook",
    "process nudges-deliver",
    "process nudges-fanout",
    "process cadence-facts",
    "process intake",
    "POST /v1/couples",
)
"""The names of the spans from the webhook back to the caller."""


async def test_one_trace_leads_from_the_caller_to_the_webhook(nats_url: str, prefix: str, seen: Seen) -> None:
    """Joining brings proposals at once: each hop hands the context on, and the receiver gets it too."""
    async with installation(nats_url, prefix) as here:
        key_wide = {"url": here.receiver.url, "types": ["nudge.*"]}
        await here.call("POST", "/endpoints", key_wide)
        await here.call("POST", "/couples", COUPLE, **CALLER)
        async with asyncio.timeout(40):
            while not (ways := [way for way in seen.ways(TRACE) if tuple(span.name for span in way) == WAY]):
                await asyncio.sleep(0.02)
        posted, look, asked = ways[0][0], ways[0][3], ways[0][5]
        assert (posted.attributes or {})["http.response.status_code"] == 200
        assert (look.attributes or {})["threedates.decision"]
        assert (asked.attributes or {})["http.route"] == "/v1/couples"
        assert asked.parent is not None
        assert f"{asked.parent.span_id:016x}" in CALLER["traceparent"]
        sent = {headers["traceparent"] for headers, _ in here.receiver.requests}
        assert f"00-{TRACE}-{id_of(posted)}-01" in sent


async def test_a_check_in_over_nats_is_followed_and_its_note_is_not(nats_url: str, prefix: str, seen: Seen) -> None:
    """Producers hand their context over in the message's headers; what is private stays out of every span."""
    async with installation(nats_url, prefix) as here:
        couple_id = await joined(here)
        body = f'{{"id":"ci-1","partner":"sam","at":"{rfc3339(system_clock())}","mood":2,"note":"{NOTE}"}}'.encode()
        await here.wire.publish(here.wire.names.inbound("checkin", couple_id), body, CALLER)
        spans = await seen.named(TRACE, "process intake", "process cadence-facts")
        assert is_child(spans["process cadence-facts"], spans["process intake"])
        assert (spans["process intake"].attributes or {})["threedates.couple_id"] == couple_id
        token = "made-up-token"
        await here.http.get(f"/c/{token}")
        told = "".join(span.to_json() for span in seen.all)
        assert "GET page" in told or "GET /c/{token}" in told
        assert not [private for private in (NOTE, "private@example.org", token, here.receiver.url) if private in told]


async def test_a_timers_look_is_linked_to_what_set_the_timer(nats_url: str, prefix: str, seen: Seen) -> None:
    """A date falls due days after the last word: the look has a trace of its own, which points back."""
    async with installation(nats_url, prefix) as here:
        couple_id = (await here.call("POST", "/couples", COUPLE, **CALLER))["id"]

        def is_looked_at(span: ReadableSpan) -> bool:
            return span.name == "process cadence-due" and (span.attributes or {})["threedates.couple_id"] == couple_id

        async with asyncio.timeout(40):
            while not (due := [span for span in seen.all if is_looked_at(span)]):
                await asyncio.sleep(0.02)
        first = due[0]
        assert first.parent is None
        assert trace_of(first) != TRACE
        assert [f"{link.context.trace_id:032x}" for link in first.links] == [TRACE]


async def test_what_fails_is_marked_without_its_words(nats_url: str, prefix: str, seen: Seen) -> None:
    """A receiver that answers 500, and a message no handler can take."""
    async with receiving(500) as broken, installation(nats_url, prefix, broken) as here:
        await here.wire.publish(here.wire.names.decision("odd"), NOTE.encode(), CALLER)
        await joined(here)
        failed = (await seen.named(TRACE, "process nudges-fanout"))["process nudges-fanout"]
        assert failed.status.status_code is StatusCode.ERROR
        assert (failed.attributes or {})["error.type"] == "ValidationError"
        assert not failed.events
        async with asyncio.timeout(40):
            while not (posts := [span for span in seen.all if span.name == "POST webhook"]):
                await asyncio.sleep(0.02)
        assert posts[0].status.status_code is StatusCode.ERROR
        assert NOTE not in "".join(span.to_json() for span in seen.all)


def test_log_lines_carry_the_ids_of_their_trace(seen: Seen) -> None:
    """From a line of the log to its trace, and back."""
    record = logging.LogRecord("threedates", logging.INFO, __file__, 1, "said", (), None)
    with tracing.posting("m", "e", 1):
        line = json.loads(JsonFormatter().format(record))
    (span,) = seen.all
    assert (line["trace_id"], line["span_id"]) == (trace_of(span), id_of(span))
    assert "trace_id" not in json.loads(JsonFormatter().format(record))
