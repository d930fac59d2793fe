"""Turning traces on: the standard variables, a collector that takes them, one that does not, and none at all."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from threedates.edge import tracing

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No variable of the machine's own counts, and traces are off afterwards."""
    for name in (ENDPOINT, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER"):
        monkeypatch.delenv(name, raising=False)
    yield
    tracing.use(None)


@asynccontextmanager
async def collector(hold: asyncio.Event | None = None) -> AsyncIterator[tuple[str, list[tuple[str, bytes]]]]:
    """An OTLP/HTTP collector: its address, and what came, by path. With ``hold`` it answers only once that is set."""
    came: list[tuple[str, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        came.append((request.path, await request.read()))
        if hold is not None:
            await hold.wait()
        return web.Response(content_type="application/x-protobuf")

    app = web.Application()
    app.router.add_post("/{path:.*}", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", came
    finally:
        await runner.cleanup()


async def test_they_are_off_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an address, and where the standard's own switches say no."""
    tracing.setup("threedates-intake")
    assert not tracing.is_on()
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:9")
    for name, value in (("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_EXPORTER", "none")):
        with monkeypatch.context() as also:
            also.setenv(name, value)
            tracing.setup("threedates-intake")
            assert not tracing.is_on()


async def test_they_reach_a_collector_before_the_process_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spans wait to be sent in batches; a stop sends what is left."""
    async with collector() as (url, came):
        monkeypatch.setenv(ENDPOINT, url)
        tracing.setup("threedates-intake")
        with tracing.posting("a-message", "an-endpoint", 1) as note:
            ids, headers = tracing.ids(), tracing.carried({"a": "b"})
            assert ids is not None
            assert headers is not None
            assert headers["traceparent"].startswith(f"00-{ids[0]}-{ids[1]}-")
            assert headers["a"] == "b"
            note(200)
        await tracing.stop(30)
        assert not tracing.is_on()
        ((path, body),) = came
        assert path == "/v1/traces"
        assert all(part in body for part in (b"threedates-intake", b"POST webhook", b"a-message"))


async def test_a_collector_that_does_not_answer_holds_up_no_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service has ten seconds to end, and its own work to finish in them."""
    hold = asyncio.Event()
    async with collector(hold) as (url, _):
        monkeypatch.setenv(ENDPOINT, url)
        tracing.setup("threedates-intake")
        with tracing.posting("a-message", "an-endpoint", 1):
            pass
        await tracing.stop(0.2)
        assert not tracing.is_on()
        hold.set()


async def test_a_missing_library_is_said_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Who installed threedates without its extra hears what to do."""
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "threedates.edge.spans", None)
    tracing.setup("threedates-intake")
    assert not tracing.is_on()
    assert "install threedates[otel]" in caplog.text
