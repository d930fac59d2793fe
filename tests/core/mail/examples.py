"""Mails with fixed ids and a fixed clock."""

from datetime import timedelta

from tests.core.calendar.examples import ORGANIZER, PARTNERS, STAMP, date_record
from tests.core.calendar.golden_feeds import timezone_block
from threedates.core.calendar.invite import invite, method_of
from threedates.core.ids import change_id
from threedates.core.links import action_links
from threedates.core.mail.addresses import sender
from threedates.core.mail.letters import Reader, invite_letter, nudge_letter, own_page
from threedates.core.mail.message import Heads, Invite, message
from threedates.core.outbound import LinkMaker
from threedates.core.webhook import body_of
from threedates.schemas.couple import Partner
from threedates.schemas.dates import DateRecord
from threedates.schemas.webhook import InviteNews, Webhook, WebhookData

MAKER = LinkMaker(b"k" * 32, "https://dates.example.org")
SAM, ALEX = PARTNERS
HEBREW = Partner(name='נועה 🎭, "המלכה"', tz="Asia/Jerusalem", email="noa@bücher.example")


def invite_mail(news: InviteNews, date: DateRecord, partner: Partner = SAM, other: str = "alex") -> bytes:
    """The mail of a change, sent a minute after it was decided."""
    reader, uninvite = Reader("c1", 0, partner, other), news == "by_feed"
    attendees = (partner,)
    ics = invite(date, STAMP, timezone_block(date.tz), organizer=ORGANIZER, attendees=attendees, uninvite=uninvite)
    method = "CANCEL" if uninvite else method_of(date, ORGANIZER, attendees)
    now = STAMP + timedelta(minutes=1)
    heads = Heads(
        sender=sender(ORGANIZER),
        to=(partner.name, "sam@example.org" if partner is SAM else "noa@xn--bcher-kva.example"),
        message_id=f"{change_id('c1', date.kind, date.n, date.sequence)}.a@example.org",
        date=now,
    )
    return message(invite_letter(news, date, reader, MAKER, now), heads, Invite(method, ics))


def nudge_mail() -> bytes:
    """The mail of a nudge about a proposal."""
    date = date_record()
    actions = action_links(MAKER.key, MAKER.base_url, "c1", 0, "fun", date.uid, STAMP + timedelta(days=30))
    data = WebhookData(
        nudge_id="c1-fun-1-proposed-a",
        couple_id="c1",
        kind="fun",
        for_="sam",
        title="A time for your next fun date",
        message="sam, it is your turn to plan an evening with alex. Friday 27 November at 19:00 would fit.",
        actions=actions,
    )
    body = body_of(Webhook(type="nudge.proposed", timestamp=STAMP, data=data))
    reader = Reader("c1", 0, SAM, "alex")
    heads = Heads(
        sender=sender(ORGANIZER),
        to=("sam", "sam@example.org"),
        message_id="c1-fun-1-proposed-a.a@example.org",
        date=STAMP,
        unsubscribe=own_page(reader, MAKER),
    )
    return message(nudge_letter(body, reader, MAKER), heads)
