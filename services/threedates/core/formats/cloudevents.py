"""CloudEvents 1.0, structured: the whole event as ``application/cloudevents+json`` (HTTP binding 3.2).

``id`` is the ``webhook-id``, ``subject`` the couple, ``sequence`` (an extension of that name) orders a couple's events.
"""

import json
from typing import Any

from threedates.core.formats.shape import Format, Rendered

SOURCE = "urn:threedates"
TYPE_PREFIX = "threedates."
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


def attributes(webhook: dict[str, Any], message_id: str) -> dict[str, str]:
    """The context attributes of an event, by name."""
    data = webhook["data"]
    found: dict[str, str | None] = {
        "specversion": "1.0",
        "id": message_id,
        "source": SOURCE,
        "type": TYPE_PREFIX + webhook["type"],
        "time": webhook["timestamp"],
        "subject": data.get("couple_id"),
        "sequence": f"{data['sequence']:020d}" if data.get("sequence") is not None else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _render(body: str, message_id: str) -> Rendered:
    webhook = json.loads(body)
    event = {**attributes(webhook, message_id), "datacontenttype": "application/json", "data": webhook["data"]}
    text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    return Rendered(text.encode(), {"content-type": CONTENT_TYPE})


FORMAT = Format("cloudevents", _render, handshake=True)
