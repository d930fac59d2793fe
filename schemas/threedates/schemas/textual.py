"""Types that are one short text on the wire and an object inside: how pydantic reads and writes them."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")
LONGEST = 40


def textual_schema(cls: type[T], parse: Callable[[str], T]) -> CoreSchema:
    """Read by ``parse``, which raises ValueError, or taken as it is; written by ``str``."""
    # Every joining fact that is read holds the same few texts.
    remembered = lru_cache(maxsize=1024)(parse)
    from_text = core_schema.no_info_after_validator_function(remembered, core_schema.str_schema(max_length=LONGEST))
    return core_schema.json_or_python_schema(
        json_schema=from_text,
        python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), from_text]),
        serialization=core_schema.to_string_ser_schema(),
    )
