"""CloudEvents 1.0, binary: the data as the body, the attributes as ``ce-`` headers (HTTP binding 3.1)."""

import json
from urllib.parse import quote

from threedates.core.formats.cloudevents import attributes
from threedates.core.formats.shape import JSON, Format, Rendered

# Printable ASCII but the blank, the double quote and the percent sign stands for itself (HTTP binding 3.1.3.2).
_PLAIN = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')


def _render(body: str, message_id: str) -> Rendered:
    webhook = json.loads(body)
    text = json.dumps(webhook["data"], ensure_ascii=False, separators=(",", ":"))
    headers = {f"ce-{name}": quote(value, safe=_PLAIN) for name, value in attributes(webhook, message_id).items()}
    return Rendered(text.encode(), {"content-type": JSON, **headers})


FORMAT = Format("cloudevents-binary", _render, handshake=True)
