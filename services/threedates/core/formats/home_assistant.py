"""Home Assistant's webhook trigger: one flat object, so that a template needs no more than ``trigger.json.title``.

Nulls are left out, which lets ``is defined`` tell what there is. ``start`` and ``end`` are ISO 8601 in the date's zone.
"""

import json
from typing import Any

from threedates.core.formats.shape import Format, Rendered, read
from threedates.core.walltime import local


def _render(body: str, message_id: str) -> Rendered:
    webhook = read(body)
    data, date = webhook.data, webhook.data.date
    flat: dict[str, Any] = {
        "id": message_id,
        "type": webhook.type,
        "couple_id": data.couple_id,
        "external_id": data.external_id,
        "sequence": data.sequence,
        "kind": data.kind,
        "state": data.state,
        "for": data.for_,
        "title": data.title,
        "message": data.message,
    }
    if date is not None:
        flat |= {"start": local(date.start, date.tz).isoformat(), "end": local(date.end, date.tz).isoformat()}
        flat |= {"date_status": date.status}
    if data.actions is not None:
        flat |= {f"{name}_url": url for name, url in data.actions}
    given = {name: value for name, value in flat.items() if value is not None}
    return Rendered(json.dumps(given, ensure_ascii=False).encode())


FORMAT = Format("home-assistant", _render)
