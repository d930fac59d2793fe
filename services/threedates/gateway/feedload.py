"""Making one feed from what the broker keeps: its record, the couple's names and zones, the dates' rendered blocks.

In: a token's feed id and generation. Out: a :class:`FeedBody` with whose it is, or :class:`Unknown` or
:class:`Revoked`. Nothing in between: whatever could not be read is an error, never an emptier feed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from threedates.core.calendar.block import Block
from threedates.core.calendar.due_entry import DueEntries, due_entries
from threedates.core.calendar.feed import shown
from threedates.core.calendar.questions import Questions
from threedates.core.calendar.view import view
from threedates.core.inviting import is_mailed
from threedates.core.links import FeedLink
from threedates.core.state import CoupleState
from threedates.edge.errors import Unavailable
from threedates.edge.feedrecords import FeedRecord, FeedRecords
from threedates.edge.feedstore import feed_bytes, read_feed_blocks
from threedates.edge.settings import Settings
from threedates.gateway.deps import Deps
from threedates.gateway.feedbody import FeedBody, feed_body

# Before this instant every block is still to be shown, so reading as of then reads them all.
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A feed that was made, and whose it is."""

    body: FeedBody
    couple_id: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no such feed: it never was, or its couple left long ago."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """There was: it was revoked, given another link, or its couple left."""


async def load_feed(deps: Deps, link: FeedLink, now: datetime) -> Loaded | Unknown | Revoked:
    """Make the feed a token opens, as of ``now`` (UTC). Raises Unavailable."""
    record = await FeedRecords(deps.wire).get(link.feed_id)
    if record is None:
        return Unknown()
    if record.revoked_at is not None or link.generation < record.generation:
        return Revoked()
    if link.generation > record.generation:
        raise Unavailable(f"a replica has not caught up with the feed {record.id}")
    state = await deps.couples.load(record.couple_id)
    if state is None:
        # Its record stands, so they are about to join or about to be erased; a moment later it is known which.
        raise Unavailable(f"nobody has joined under {record.couple_id} yet")
    if state.left:
        return Revoked()
    blocks = await read_feed_blocks(deps.wire, record.couple_id, _BEGINNING)
    standing = _not_mailed(deps.settings, record, state, blocks)
    return Loaded(render_feed(record, state, standing, now, _questions(deps.settings, record)), record.couple_id)


def render_feed(
    record: FeedRecord,
    state: CoupleState,
    blocks: Iterable[Block],
    now: datetime,
    ask: Questions | None = None,
) -> FeedBody:
    """The finished feed of these blocks under a record's filters; ``now`` decides what is no longer shown.

    ``ask`` writes the questions under what an entry is about; None asks nothing.
    """
    wanted = [block for block in blocks if block.kind in record.kinds]
    due = due_entries(state, now)
    ends = [block.visible_until for block in wanted if block.visible_until is not None]
    ends += [due.until] if due.until is not None else []
    name, tz = _name_and_zone(record, state)
    views = [*_dates(record, shown(wanted, now), ask), *_due(record, due, ask)]
    changed = _changed(record, state, wanted, due, [end for end in ends if end <= now])
    return feed_body(
        feed_bytes(name, tz, views), changed, until=min((e for e in ends if e > now), default=None), now=now
    )


def _dates(record: FeedRecord, showing: Iterable[Block], ask: Questions | None) -> list[Block]:
    return [
        view(block, record.detail, alarms=record.alarms, asked=ask.of_date(block) if ask is not None else "")
        for block in showing
    ]


def _due(record: FeedRecord, due: DueEntries, ask: Questions | None) -> list[Block]:
    """The entries of kinds that are due. They take no time, so a feed of times alone has none."""
    if record.detail == "busy":
        return []
    return [
        view(entry.block, "full", alarms=False, asked=ask.of_due(entry) if ask is not None else "")
        for entry in due.entries
        if entry.block.kind in record.kinds
    ]


def _changed(
    record: FeedRecord, state: CoupleState, blocks: Iterable[Block], due: DueEntries, ended: list[datetime]
) -> datetime:
    """When the feed last changed. Any fact and any decision may have moved what is due, so each counts as a change."""
    known = (due.changed, state.as_of, max(state.seen.values(), default=None))
    stamps = (block.stamp for block in blocks)
    return max(state.joined_at, record.created_at, *ended, *stamps, *(at for at in known if at is not None))


def _not_mailed(settings: Settings, record: FeedRecord, state: CoupleState, blocks: Iterable[Block]) -> Iterable[Block]:
    """The dates that stand in this feed: in a partner's own, those whose invites come by mail do not.

    Where this service knows no mail server, none came by mail. A date that the state has forgotten is long over.
    """
    partner = record.partner
    if partner is None or settings.mail_server is None:
        return blocks
    chose_mail = state.settings.partners[partner].invites == "mail"
    known = ((block, state.dates.get(block.uid)) for block in blocks)
    return [block for block, date in known if not (is_mailed(date, partner) if date is not None else chose_mail)]


def _questions(settings: Settings, record: FeedRecord) -> Questions | None:
    """What a partner is asked in their own feed. The couple's has nobody to ask, and ``busy`` says nothing."""
    if record.partner is None or record.detail == "busy":
        return None
    return Questions(settings.link_key, settings.base_url, record.couple_id, record.partner)


def _name_and_zone(record: FeedRecord, state: CoupleState) -> tuple[str, str]:
    """The calendar's name and home zone: the couple's, or the partner's own."""
    first, second = state.settings.partners
    if record.scope == "couple" or record.partner is None:
        return f"{first.name} & {second.name}: dates", state.settings.tz
    mine, other = (first, second) if record.partner == 0 else (second, first)
    return f"{mine.name}: dates with {other.name}", mine.tz
