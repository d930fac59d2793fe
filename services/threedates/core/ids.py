"""Ids that are derived, never drawn: the same couple, kind and count always give the same id."""

import re

from threedates.schemas.base import KINDS, Kind

UID_DOMAIN = "threedates"
_DATE_UID = re.compile(rf"([A-Za-z0-9-]{{1,64}})-(?:{'|'.join(KINDS)})-[1-9][0-9]*@{UID_DOMAIN}")


def date_uid(couple_id: str, kind: Kind, n: int) -> str:
    """The UID (RFC 7986 §5.3) of a couple's n-th date of a kind."""
    return f"{couple_id}-{kind}-{n}@{UID_DOMAIN}"


def couple_of(uid: str) -> str | None:
    """The couple that a date's UID names; None for a UID that is no date's."""
    found = _DATE_UID.fullmatch(uid)
    return found[1] if found is not None else None


def due_uid(couple_id: str, kind: Kind, cycle: int) -> str:
    """The UID of the calendar entry that a kind is due in that cycle."""
    return f"{couple_id}-{kind}-due-{cycle}@{UID_DOMAIN}"


def date_key(couple_id: str, kind: Kind, n: int) -> str:
    """The bucket key of that date; a couple's keys share the prefix ``<couple_id>.``."""
    return f"{couple_id}.{kind}-{n}"


def nudge_id(couple_id: str, kind: Kind | None, cycle: int, stage: str, addressee: int) -> str:
    """The id of a nudge, which is its ``webhook-id``: no dots; the addressee is 0 or 1, in the order they joined."""
    return f"{couple_id}-{kind or 'both'}-{cycle}-{stage}-{'ab'[addressee]}"


def change_id(couple_id: str, kind: Kind, n: int, sequence: int) -> str:
    """The id of the event that a date changed, which is its ``webhook-id``."""
    return f"{couple_id}-{kind}-date-{n}-{sequence}"


def decision_id(couple_id: str, folded_to: int) -> str:
    """The id of the decision drawn from a couple's log up to that sequence."""
    return f"{couple_id}-look-{folded_to}"


def mail_id(couple_id: str, partner: int) -> str:
    """The id under which mail to a partner (0 or 1) is delivered, where others have their endpoint's."""
    return f"{couple_id}_mail-{'ab'[partner]}"


def mailed_partner(endpoint_id: str) -> int | None:
    """Which partner mail under that id goes to; None where it is a webhook endpoint's."""
    match endpoint_id.partition("_")[2]:
        case "mail-a":
            return 0
        case "mail-b":
            return 1
        case _:
            return None
