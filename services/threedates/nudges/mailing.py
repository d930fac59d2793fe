"""One mail: the task becomes a message at the moment it is sent, and is handed to the operator's mail server.

Tasks name no address; it is looked up here, and stays out of what is kept. An invite that a later change of its date
has overtaken is not sent, so that an older state never comes after a newer one; calendar programs see to the same by
SEQUENCE and DTSTAMP, which come from the log.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from threedates.core.calendar.event import tzid_of
from threedates.core.calendar.invite import invite, method_of
from threedates.core.ids import mailed_partner
from threedates.core.inviting import is_mailed
from threedates.core.mail.addresses import mailbox, sender
from threedates.core.mail.layout import Letter
from threedates.core.mail.letters import Reader, invite_letter, nudge_letter, own_page
from threedates.core.mail.message import Heads, Invite, message
from threedates.core.outbound import LinkMaker
from threedates.core.retry import Result
from threedates.core.state import CoupleState
from threedates.edge.clock import Clock
from threedates.edge.mail_client import MailClient, of_the_server
from threedates.edge.settings import Settings
from threedates.edge.tzfooter import timezone_block
from threedates.schemas.couple import Partner
from threedates.schemas.dates import DateRecord
from threedates.schemas.webhook import Delivery

logger = logging.getLogger("threedates")
LANE = "mail"
"""All mail goes to one server, so it has one lane, whoever it is for."""
UNWRITABLE = "the address cannot be written in a mail; before the @ it must be ASCII"


@dataclass(frozen=True, slots=True)
class Moot:
    """There is nothing to send any more: it was overtaken, or the partner has no address now."""

    reason: str


class Mailing:
    """Makes mails and hands them in."""

    def __init__(self, client: MailClient, settings: Settings, links: LinkMaker, clock: Clock) -> None:
        self._client = client
        self._links = links
        self._clock = clock
        self._organizer = settings.mail_from
        self._sender = sender(settings.mail_from)
        self._trouble: str | None = None

    def moot(self, task: Delivery, state: CoupleState) -> Moot | None:
        """Why a task is not worth sending in the couple's present state; None where it is."""
        partner = mailed_partner(task.endpoint_id)
        if partner is None or state.settings.partners[partner].email is None:
            return Moot("no_endpoint")
        if task.date is None:
            return None
        date = state.dates.get(task.date.uid)
        if date is None or date.record.sequence > task.date.sequence:
            return Moot("overtaken")
        if is_mailed(date, partner) is (task.invite == "by_feed"):
            return Moot("overtaken")  # it goes the other way again by now
        is_over = task.date.end <= self._clock()
        return Moot("over") if is_over and task.invite not in ("off", "by_feed") else None

    async def send(self, task: Delivery, state: CoupleState) -> Result:
        """One attempt at a task that is not moot. Never raises for trouble."""
        index = mailed_partner(task.endpoint_id) or 0
        reader = _reader(state, index)
        to = mailbox(reader.partner.email or "")
        if to is None:
            return Result(error=UNWRITABLE, permanent=True)
        result = await self._client.send(self._sender[1], to, self._message(task, state, reader, to))
        self._note(result)
        return result

    async def aclose(self) -> None:
        """Close the connections to the mail server."""
        await self._client.aclose()

    def _note(self, result: Result) -> None:
        """Say once that the mail server is in trouble, and once that it no longer is: all mails wait for it."""
        trouble = result.error if of_the_server(result).status is None else None
        if trouble is not None and self._trouble is None:
            logger.warning("mail waits: %s", trouble)
        elif trouble is None and self._trouble is not None:
            logger.warning("mail goes out again")
        self._trouble = trouble

    def _message(self, task: Delivery, state: CoupleState, reader: Reader, to: str) -> bytes:
        now = self._clock()
        domain = self._sender[1].rpartition("@")[2]
        heads = Heads(
            sender=self._sender,
            to=(reader.partner.name, to),
            message_id=f"{task.message_id}.{'ab'[reader.index]}@{domain}",
            date=now,
            unsubscribe=own_page(reader, self._links) if task.date is None else None,
        )
        return message(self._letter(task, reader, now), heads, self._invite(task, state, reader))

    def _letter(self, task: Delivery, reader: Reader, now: datetime) -> Letter:
        if task.date is None or task.invite is None:
            return nudge_letter(task.body, reader, self._links)
        return invite_letter(task.invite, task.date, reader, self._links, now)

    def _invite(self, task: Delivery, state: CoupleState, reader: Reader) -> Invite | None:
        """The object of a date's change: for all who get it by mail, or for the one who no longer does."""
        if task.date is None:
            return None
        is_leaving = task.invite == "by_feed"
        attendees = (reader.partner,) if is_leaving else _invited(state, task.date)
        tzid = tzid_of(task.date)
        ics = invite(
            task.date,
            task.first_at,
            timezone_block(tzid) if tzid else None,
            organizer=self._organizer,
            attendees=attendees,
            uninvite=is_leaving,
        )
        return Invite("CANCEL" if is_leaving else method_of(task.date, self._organizer, attendees), ics)


def _reader(state: CoupleState, index: int) -> Reader:
    partner = state.settings.partners[index]
    return Reader(state.couple_id, index, partner, state.other(partner.name), state.pages[index])


def _invited(state: CoupleState, date: DateRecord) -> tuple[Partner, ...]:
    known = state.dates.get(date.uid)
    return tuple(partner for n, partner in enumerate(state.settings.partners) if is_mailed(known, n))
