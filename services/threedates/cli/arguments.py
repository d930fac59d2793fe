"""Arguments that several commands take, judged before anything is looked up or sent."""

from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from threedates.schemas.base import CoupleId

_COUPLE_ID: TypeAdapter[str] = TypeAdapter(CoupleId)


def couple_id(text: str) -> str:
    """The text, if it may be a couple's id: anything else would be another subject, or a pattern for many."""
    try:
        return _COUPLE_ID.validate_python(text)
    except ValidationError:
        raise typer.BadParameter(f"{text!r} is not a couple's id: letters, digits and '-', 64 at most") from None


Couple = Annotated[str, typer.Argument(metavar="COUPLE", parser=couple_id, help="The couple's id.")]
