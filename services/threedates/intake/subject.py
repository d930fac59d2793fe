"""Reading the inbox's subjects, ``<prefix>.in.<what>.<couple_id>``, and putting a batch in an order to work in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast, get_args

from nats.aio.msg import Msg
from pydantic import TypeAdapter, ValidationError

from threedates.core.refusal import Refusal
from threedates.schemas.base import CoupleId
from threedates.schemas.inbound import What

KEY_OWNER = "key-"
"""What an API key's things stand under, where a couple's stand under its id; no couple may be called so."""
WHATS: tuple[str, ...] = get_args(What)
_COUPLE_ID: TypeAdapter[str] = TypeAdapter(CoupleId)


@dataclass(frozen=True, slots=True)
class Address:
    """What sort of input a message is, and which couple's."""

    what: What
    couple_id: str


@dataclass(frozen=True, slots=True)
class Astray:
    """A subject that leads to no couple: the sort it names, whether there is such a sort or not, and the refusal."""

    what: str
    refusal: Refusal


def read(subject: str, prefix: str) -> Address | Astray:
    """Where a message belongs."""
    what, _, couple_id = subject.removeprefix(f"{prefix}.in.").partition(".")
    if what not in WHATS:
        return Astray(what, Refusal("invalid", f"a subject must name one of {', '.join(WHATS)} after '{prefix}.in'"))
    if not _is_couple_id(couple_id):
        text = f"the subject's last part must be a couple's id: letters, digits and '-', not beginning with {KEY_OWNER}"
        return Astray(what, Refusal("invalid", text))
    return Address(cast("What", what), couple_id)


def known_what(what: str) -> str:
    """The sort where there is such a sort, else "other": whoever sends may call theirs anything."""
    return what if what in WHATS else "other"


def _is_couple_id(text: str) -> bool:
    try:
        _COUPLE_ID.validate_python(text)
    except ValidationError:
        return False
    return not text.startswith(KEY_OWNER)


def in_turns(batch: Iterable[Msg], prefix: str, is_known: Callable[[str], bool]) -> list[list[Msg]]:
    """The batch in turns: what is in one may be worked on at once, and a later turn waits for the earlier.

    A command has its couple's turn to itself, because what follows is judged by what it changes. So has the message
    after it, and the first of a couple that is not known yet, so that the couple is read once.
    """
    turns: list[list[Msg]] = []
    last: dict[str, _Place] = {}
    for message in batch:
        found = read(message.subject, prefix)
        key = found.couple_id if isinstance(found, Address) else ""
        before = last.get(key)
        is_command = isinstance(found, Address) and found.what == "command"
        alone = is_command or (before.is_command if before else not is_known(key))
        turn = before.turn + (alone or before.alone) if before else 0
        last[key] = _Place(turn, is_command, alone)
        if turn == len(turns):
            turns.append([])
        turns[turn].append(message)
    return turns


@dataclass(frozen=True, slots=True)
class _Place:
    turn: int
    is_command: bool
    alone: bool
