"""``threedates dead list|replay``: what was given up, and sending it again.

Deliveries go again under their ``webhook-id``. A message that no handler could take goes back to its subject, where
that is a queue; what lies in a log is still there, and is never appended a second time.
"""

import base64
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from threedates.cli.context import command, fail, load_settings, out, wired
from threedates.core.ids import mailed_partner
from threedates.edge.clock import system_clock
from threedates.edge.endpoints import Endpoints
from threedates.edge.replay import Letter, Replay
from threedates.edge.settings import Settings
from threedates.edge.wire import Wire
from threedates.schemas.log import encode

app = typer.Typer(no_args_is_help=True, help="Dead letters: what was given up. Kept for 30 days.")
_QUEUES = ("in", "due", "deliver")
Couple = Annotated[str, typer.Option(help="Only this couple's.")]
Endpoint = Annotated[str | None, typer.Option(help="Only deliveries to this endpoint.")]
Since = Annotated[datetime | None, typer.Option(help="Only those given up at or after that time, UTC.")]
Until = Annotated[datetime | None, typer.Option(help="Only those given up at or before that time, UTC.")]
Id = Annotated[str | None, typer.Option("--id", help="Only the delivery with that webhook-id.")]


@app.command("list")
@command
async def list_letters(
    couple: Couple = "*",
    endpoint: Endpoint = None,
    since: Since = None,
    until: Until = None,
    message_id: Id = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per dead letter and line.")] = False,
) -> None:
    """Show dead letters, the oldest first."""
    settings = load_settings()
    table = Table("number", "given up", "what", "to", "why", box=None, pad_edge=False)
    async with wired(settings) as wire:
        async for found in _found(Replay(wire), couple, endpoint, since, until, message_id):
            if as_json:
                print(encode(found.letter).decode())
            else:
                table.add_row(*_row(found))
    if not as_json:
        out.print(table if table.row_count else "there are no dead letters", highlight=False)


@app.command("replay")
@command
async def replay(
    couple: Couple = "*",
    endpoint: Endpoint = None,
    since: Since = None,
    until: Until = None,
    message_id: Id = None,
    everything: Annotated[bool, typer.Option("--all", help="All there are, where nothing narrows it.")] = False,
) -> None:
    """Send dead letters again, ten a second; each leaves the list, and comes back if it fails again."""
    if not everything and couple == "*" and not any((endpoint, since, until, message_id)):
        raise fail("say which with --couple, --endpoint, --since, --until or --id, or take --all", 2)
    settings = load_settings()
    gone, left = 0, 0
    async with wired(settings) as wire:
        again = Replay(wire)
        async for found in _found(again, couple, endpoint, since, until, message_id):
            why_not = await _again(wire, settings, again, found)
            if why_not is None:
                gone += 1
            else:
                left += 1
                out.print(f"number {found.seq} stays: {why_not}", highlight=False, markup=False)
    out.print(f"{gone} on their way again, {left} left", highlight=False)
    if left:
        raise typer.Exit(1)


async def _found(
    again: Replay,
    couple: str,
    endpoint: str | None,
    since: datetime | None,
    until: datetime | None,
    message_id: str | None,
) -> AsyncIterator[Letter]:
    after, before = (moment and _utc(moment) for moment in (since, until))
    async for found in again.letters(couple, endpoint, after, before, what="*"):
        task = found.letter.delivery
        if message_id is None or (task is not None and task.message_id == message_id):
            yield found


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=moment.tzinfo or system_clock().tzinfo)


async def _again(wire: Wire, settings: Settings, again: Replay, found: Letter) -> str | None:
    """Send one again; why it cannot be sent, or None."""
    letter = found.letter
    if letter.delivery is not None:
        if mailed_partner(letter.delivery.endpoint_id) is not None:
            await again.letter(found, system_clock())
            return None
        endpoint = await Endpoints(wire).get(letter.delivery.endpoint_id)
        if endpoint is None:
            return "its endpoint is no more"
        if endpoint.disabled is not None:
            return "its endpoint is disabled; enable it first"
        await again.letter(found, system_clock())
        return None
    if letter.subject.removeprefix(f"{settings.prefix}.").partition(".")[0] not in _QUEUES or letter.body is None:
        return f"it lies in a log, on {letter.subject}, and is not appended twice"
    await wire.publish(letter.subject, base64.b64decode(letter.body))
    await again.remove(found)
    return None


def _row(found: Letter) -> tuple[str, str, str, str, str]:
    letter = found.letter
    when = f"{letter.at:%Y-%m-%d %H:%M:%S}Z"
    task = letter.delivery
    if task is None:
        return (str(found.seq), when, "a message nobody could take", letter.subject, letter.reason)
    return (str(found.seq), when, f"{task.type} {task.message_id}", task.endpoint_id, letter.reason)
