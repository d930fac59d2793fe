"""What the tests of outgoing mail share: couples with addresses, the services from facts to mail, what has come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from icalendar import Component

from tests.broker.nudges_kit import Receiver, World, receiving, soon, world
from tests.mail_kit import Post, posting, trusting
from threedates.cadence.app import make as make_cadence
from threedates.core.ids import mail_id
from threedates.edge.clock import system_clock
from threedates.edge.couples import Couples
from threedates.nudges.app import make as make_nudges
from threedates.schemas.couple import CoupleSettings
from threedates.schemas.log import Answer, Answered, Booked, Joined, encode
from threedates.schemas.webhook import Attempt, AttemptOutcome

SAM, ALEX = "sam.smith@example.net", "alex.jones@example.org"
MAIL_FROM = "Three Dates <dates@example.com>"


@dataclass
class MailWorld:
    """A topology of its own, a mail server, and a receiver of webhooks."""

    world: World
    post: Post
    hooks: Receiver

    async def join(
        self, couple_id: str, sam: dict[str, Any], alex: dict[str, Any] | None = None, *, nudges_by_mail: bool = False
    ) -> None:
        """Have a couple join, without quiet hours; the two differ by what is given. Nudges go to an endpoint."""
        if not nudges_by_mail:
            await self.world.endpoint(couple_id, self.hooks, types=("nudge.*",))
        partners = [{"name": "sam", "quiet": None, **sam}, {"name": "alex", "quiet": None, **(alex or {})}]
        settings = CoupleSettings.model_validate({"tz": "Europe/Berlin", "partners": partners})
        await self.world.fact(
            couple_id, Joined(id=f"{couple_id}-join", at=system_clock(), settings=settings, key_id="k1")
        )

    async def book(self, couple_id: str) -> str:
        """Book a fun date in five days; its UID."""
        start = (system_clock() + timedelta(days=5)).replace(microsecond=0)
        booked = Booked(
            id="booked", at=system_clock(), by="alex", kind="fun", start=start, end=start + timedelta(hours=3),
            status="scheduled",
        )  # fmt: skip
        seq = await self.world.wire.publish(self.world.wire.names.fact(couple_id), encode(booked))
        state = await Couples(self.world.wire).load(couple_id, at_least=seq)
        assert state is not None
        return next(uid for uid, date in state.dates.items() if date.record.status == "scheduled")

    async def answer(self, couple_id: str, uid: str, answer: Answer, start: datetime | None = None) -> None:
        fact = Answered(id=f"a-{answer}", at=system_clock(), by="alex", uid=uid, answer=answer, start=start)
        await self.world.fact(couple_id, fact)

    async def invites(self, count: int) -> list[EmailMessage]:
        """The mails that carry an invite, once there are so many."""
        async with asyncio.timeout(30):
            while len(found := [mail for mail in self.post.mails if calendar_of(mail) is not None]) < count:
                await asyncio.sleep(0.02)
        return found

    async def attempts(self, couple_id: str, partner: int) -> list[Attempt]:
        names = self.world.wire.names
        subject = names.attempt(couple_id, mail_id(couple_id, partner))
        return [
            Attempt.model_validate_json(stored.data)
            for stored in await self.world.wire.reader.tail(names.attempts, subject, 1)
        ]

    async def attempted(self, couple_id: str, partner: int, outcome: AttemptOutcome, count: int = 1) -> list[Attempt]:
        """A partner's attempts that came to that, once there are so many."""
        async with asyncio.timeout(30):
            while True:
                found = [one for one in await self.attempts(couple_id, partner) if one.outcome == outcome]
                if len(found) >= count:
                    return found
                await asyncio.sleep(0.02)


@asynccontextmanager
async def mailing(nats_url: str, prefix: str, post: Post | None = None, **settings: Any) -> AsyncIterator[MailWorld]:
    """A mail server with STARTTLS and a password, and the services that bring facts there, at work."""
    async with AsyncExitStack() as stack:
        there = await stack.enter_async_context(posting("starttls", auth=True, post=post))
        url = f"smtp://dates:p%40ss%2Fword@localhost:{there.port}"
        here = await stack.enter_async_context(
            world(nats_url, prefix, **{"smtp_url": url, "mail_from": MAIL_FROM, **settings})
        )
        hooks = await stack.enter_async_context(receiving())
        for service in (make_cadence(here.settings), make_nudges(here.settings, how_next=soon, tls=trusting())):
            await service.start()
            stack.push_async_callback(service.stop)
        yield MailWorld(here, there, hooks)


def calendar_of(mail: EmailMessage) -> Any:
    """The calendar a mail carries as an alternative of its text, as icalendar reads it; None where it has none."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            return Component.from_ical(data)
    return None


def event_of(mail: EmailMessage) -> Any:
    """The one event of a mail's calendar."""
    (event,) = calendar_of(mail).walk("VEVENT")
    return event
