"""One POST: the task in its endpoint's format, signed over the bytes that are sent, with the endpoint's own headers."""

from threedates.core.formats import FORMATS
from threedates.core.retry import Result
from threedates.core.signing import signed_headers
from threedates.edge import tracing
from threedates.edge.clock import Clock
from threedates.edge.endpoints import Endpoints, KeptEndpoint
from threedates.edge.settings import Settings
from threedates.edge.webhook_client import WebhookClient
from threedates.nudges.handshake import Handshakes
from threedates.schemas.webhook import Delivery


def per_minute(endpoint: KeptEndpoint) -> int | None:
    """How many deliveries a minute an endpoint takes: what its owner chose, or its format, and what it agreed to."""
    shape = FORMATS.get(endpoint.format)
    chosen = endpoint.per_minute or (shape.per_minute if shape is not None else None)
    rates = [rate for rate in (chosen, endpoint.granted_per_minute) if rate is not None]
    return min(rates, default=None)


class Posting:
    """Posts tasks."""

    def __init__(self, client: WebhookClient, endpoints: Endpoints, settings: Settings, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._timeout = settings.webhook_timeout
        self._handshakes = Handshakes(client, endpoints, settings, clock)

    async def post(self, task: Delivery, endpoint: KeptEndpoint) -> Result:
        """One attempt, the first of a day after the handshake where the format has one. Never raises for trouble."""
        shape = FORMATS.get(endpoint.format)
        if shape is None:
            return Result(error=f"unknown format {endpoint.format!r}")
        if shape.handshake and (refusal := await self._handshakes.refusal(endpoint)) is not None:
            return refusal
        made, now = shape.render(task.body, task.message_id), self._clock()
        signed = signed_headers(endpoint.secrets_at(now), task.message_id, now, made.body)
        # What an owner adds never replaces what belongs to the format or the signature.
        headers = {**endpoint.headers, **made.headers, **signed}
        with tracing.posting(task.message_id, endpoint.id, task.attempt) as note:
            sent = tracing.carried(headers) or headers
            result = await self._client.post(endpoint.url, sent, made.body, self._timeout)
            note(result.status)
        return result
