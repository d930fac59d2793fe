"""CloudEvents' handshake (HTTP webhooks 1.0.2 §4): before the first event a receiver says by OPTIONS that it wants any.

Asked once a day and after every change of the URL; the answer stands in the endpoint's record. What it refuses is a
failed attempt like any other.
"""

import asyncio
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from threedates.core.retry import Result
from threedates.edge.clock import Clock
from threedates.edge.endpoints import Endpoints, KeptEndpoint
from threedates.edge.errors import Conflict, Unavailable
from threedates.edge.settings import Settings
from threedates.edge.webhook_client import Answer, WebhookClient

HOLDS_FOR = timedelta(hours=24)
_MOST = 1_000_000


class Handshakes:
    """Asks receivers, one question at a time for each."""

    def __init__(self, client: WebhookClient, endpoints: Endpoints, settings: Settings, clock: Clock) -> None:
        self._client = client
        self._endpoints = endpoints
        self._clock = clock
        self._timeout = settings.webhook_timeout
        self._origin = urlsplit(settings.base_url).hostname or "threedates"
        self._asking: dict[tuple[str, str], asyncio.Task[Result | None]] = {}

    async def refusal(self, endpoint: KeptEndpoint) -> Result | None:
        """None where the receiver agrees, else the failed attempt that this is."""
        if endpoint.granted_at is not None and self._clock() < endpoint.granted_at + HOLDS_FOR:
            return None
        key = (endpoint.id, endpoint.url)
        if key not in self._asking:
            self._asking[key] = asyncio.create_task(self._ask(endpoint))
            self._asking[key].add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(self._asking[key])

    async def _ask(self, endpoint: KeptEndpoint) -> Result | None:
        headers = {**endpoint.headers, "webhook-request-origin": self._origin}
        if endpoint.per_minute is not None:
            headers["webhook-request-rate"] = str(endpoint.per_minute)
        result, answer = await self._client.options(endpoint.url, headers, self._timeout)
        if result.status is None or not 200 <= result.status < 300:
            return result
        if answer.allowed_origin.lower() not in ("*", self._origin.lower()):
            return Result(
                error="handshake refused: WebHook-Allowed-Origin does not name us", latency_ms=result.latency_ms
            )
        await self._keep(endpoint, answer, self._clock())
        return None

    async def _keep(self, endpoint: KeptEndpoint, answer: Answer, now: datetime) -> None:
        rate = int(answer.allowed_rate[:9]) if answer.allowed_rate.isascii() and answer.allowed_rate.isdigit() else 0

        def granted(old: KeptEndpoint) -> KeptEndpoint:
            if old.url != endpoint.url:
                return old
            return old.model_copy(update={"granted_at": now, "granted_per_minute": min(rate, _MOST) or None})

        try:
            await self._endpoints.change(endpoint.id, granted)
        except (Unavailable, Conflict):
            # It is asked again for the next one.
            return
