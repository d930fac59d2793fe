"""The standard format: the body as it is stored, the one the documentation speaks of."""

from threedates.core.formats.shape import Format, Rendered


def _render(body: str, _message_id: str) -> Rendered:
    return Rendered(body.encode())


FORMAT = Format("standard", _render)
