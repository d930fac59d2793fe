"""What mails say: an invite's news about its date, and a nudge's own words with the links that answer it.

In: the date or the nudge, the partner it goes to, what links are made with. Out: a :class:`Letter`. Times are shown in
that partner's own zone, which is named.
"""

from dataclasses import dataclass
from datetime import datetime

from threedates.core.calendar.questions import GOOD_AFTER
from threedates.core.formats.shape import links, read
from threedates.core.links import Action, ActionLink, action_url, page_token, page_url
from threedates.core.mail.layout import Letter
from threedates.core.outbound import LinkMaker
from threedates.core.spoken import spoken, spoken_span
from threedates.core.wording import en
from threedates.schemas.couple import Partner
from threedates.schemas.dates import DateRecord
from threedates.schemas.webhook import InviteNews

_SUBJECTS: dict[InviteNews, str] = {
    "set": "Your {kind} is set: {when}",
    "moved": "Your {kind} has moved: {when}",
    "asked": "Another time for your {kind}? {when}",
    "idea": "Another idea for your {kind}: {when}",
    "off": "Your {kind} is off: {when}",
    "by_mail": "Your {kind} is set: {when}",
    "by_feed": "Your {kind} is back in your feed: {when}",
}
_NEWS: dict[InviteNews, str] = {
    "set": "{name}, you and {other} have a {kind}.",
    "moved": "{name}, your {kind} with {other} has a new time.",
    "asked": "{name}, the time you had did not suit. Would this one do for you and {other}?",
    "idea": "{name}, here is another idea for your {kind} with {other}.",
    "off": "{name}, this {kind} with {other} does not take place.",
    "by_mail": "{name}, your {kind} with {other} now comes by mail, as you chose, instead of standing in your feed.",
    "by_feed": "{name}, your {kind} with {other} stands. As you chose, it is shown by your feed from now on, and the "
    "entry that an earlier mail made is taken out, so that it does not stand there twice.",
}
_ANSWERS: dict[Action, str] = {"accept": "Yes, let’s", "decline": "Not then", "move": "Another time"}
_OPEN: tuple[InviteNews, ...] = ("set", "moved", "asked", "idea", "by_mail")
_YOURS = "The links answer in your name: keep them to yourself. Nothing happens before you press the button there."


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter is for: the partner, which of the two (0 or 1), the couple, and the other's name.

    ``page`` is the generation of the address of their page.
    """

    couple_id: str
    index: int
    partner: Partner
    other: str
    page: int = 1


def invite_letter(news: InviteNews, date: DateRecord, reader: Reader, maker: LinkMaker, now: datetime) -> Letter:
    """The letter that goes with a date's REQUEST or CANCEL."""
    tz = reader.partner.tz
    words = {"name": reader.partner.name, "other": reader.other, "kind": en.KIND_NAMES[date.kind]}
    when = f"{spoken_span(date.start, date.end, tz, now)} ({tz})"
    return Letter(
        subject=_SUBJECTS[news].format(**words, when=spoken(date.start, tz, now)),
        paragraphs=(_NEWS[news].format(**words), when, date.idea if news in _OPEN else ""),
        links=_answers(date, reader, maker) if news in _OPEN else (),
        footer=(_YOURS,) if news in _OPEN else (),
    )


def nudge_letter(body: str, reader: Reader, maker: LinkMaker) -> Letter:
    """The letter of a nudge, from the body its webhook would have had."""
    webhook, page = read(body), own_page(reader, maker)
    return Letter(
        subject=webhook.data.title,
        paragraphs=(webhook.data.message,),
        # The day's question and an evening apart are about no date: there is the page to answer on.
        links=tuple(links(webhook)) or (("Your page", page),),
        footer=(_YOURS, f"To hear less, or nothing for a while: {page}"),
    )


def own_page(reader: Reader, maker: LinkMaker) -> str:
    """The address of the partner's page, where nudges are snoozed and paused."""
    return page_url(maker.base_url, page_token(maker.key, reader.couple_id, reader.index, reader.page))


def _answers(date: DateRecord, reader: Reader, maker: LinkMaker) -> tuple[tuple[str, str], ...]:
    until = date.start + GOOD_AFTER

    def url(action: Action) -> str:
        link = ActionLink(reader.couple_id, reader.index, action, date.kind, date.uid, until)
        return action_url(maker.key, maker.base_url, link)

    return tuple((label, url(action)) for action, label in _ANSWERS.items())
