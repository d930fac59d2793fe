"""How a webhook is put for its receiver: one module per format, found by being here; a further format is one new file.

In: the standard body of a delivery as it is stored, and its ``webhook-id``. Out: the exact bytes to sign and send, with
the headers that belong to them. A module offers itself as ``FORMAT``.
"""

from importlib import import_module
from pkgutil import iter_modules

from threedates.core.formats.shape import Format, Rendered

__all__ = ["FORMATS", "Format", "Rendered"]

_MODULES = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
FORMATS: dict[str, Format] = {found.FORMAT.name: found.FORMAT for found in _MODULES if hasattr(found, "FORMAT")}
"""Every format by its name."""
