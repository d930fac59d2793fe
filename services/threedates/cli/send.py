"""``threedates send check-in|calendar-event``: publish to NATS as any producer would, on the public subjects."""

import json
import secrets
import sys
from datetime import datetime
from typing import Annotated, Any

import typer

from threedates.cli.arguments import Couple
from threedates.cli.context import command, fail, load_settings, out, wired
from threedates.edge.clock import system_clock
from threedates.schemas.base import rfc3339
from threedates.schemas.inbound import What

app = typer.Typer(no_args_is_help=True, help="Send a check-in or a calendar event over NATS.")
Body = Annotated[
    str | None, typer.Option("--json", help="The whole event as JSON, or - to read it from standard input.")
]
EventId = Annotated[str | None, typer.Option("--id", help="The event's id; sent twice it counts once. Default: new.")]


@app.command("check-in")
@command
async def check_in(
    couple: Couple,
    partner: Annotated[str | None, typer.Option(help="Whose check-in it is.")] = None,
    mood: Annotated[int | None, typer.Option(min=1, max=5)] = None,
    connection: Annotated[int | None, typer.Option(min=1, max=5)] = None,
    loneliness: Annotated[int | None, typer.Option(min=0, max=4)] = None,
    talk: Annotated[str | None, typer.Option(help="surface, everyday or deep.")] = None,
    affection: Annotated[int | None, typer.Option(min=1, max=5)] = None,
    desire: Annotated[int | None, typer.Option(min=1, max=5)] = None,
    conflict: Annotated[bool | None, typer.Option("--conflict/--no-conflict")] = None,
    stress: Annotated[list[str] | None, typer.Option(help="money, chores, family, plans or work; repeatable.")] = None,
    did: Annotated[
        list[str] | None, typer.Option(help="play, walk, eye_contact, touch, asked or apart; repeatable.")
    ] = None,
    together_minutes: Annotated[int | None, typer.Option(min=0, max=1440)] = None,
    note: Annotated[str | None, typer.Option(help="Private to its author.")] = None,
    event_id: EventId = None,
    body: Body = None,
) -> None:
    """Send what a partner reports about a day. 1–5 with 5 best; loneliness 0–4; all but --partner optional."""
    if body is None and partner is None:
        raise fail("say whose check-in it is with --partner, or give the whole event with --json", 2)
    fields = {
        "partner": partner, "mood": mood, "connection": connection, "loneliness": loneliness, "talk": talk,
        "affection": affection, "desire": desire, "conflict": conflict, "stress": stress, "did": did,
        "together_minutes": together_minutes, "note": note,
    }  # fmt: skip
    await _send("checkin", couple, event_id, _given(body, {**fields, "at": rfc3339(system_clock())}))


@app.command("calendar-event")
@command
async def calendar_event(
    couple: Couple,
    source: Annotated[str, typer.Option(help="Whose calendar it is from.")] = "cli",
    uid: Annotated[str | None, typer.Option(help="The event's UID.")] = None,
    status: Annotated[str, typer.Option(help="tentative, confirmed or cancelled.")] = "confirmed",
    start: Annotated[datetime | None, typer.Option(help="Local to --tz.")] = None,
    end: Annotated[datetime | None, typer.Option(help="Local to --tz.")] = None,
    tz: Annotated[str | None, typer.Option(help="IANA zone; default: the couple's.")] = None,
    kind: Annotated[str | None, typer.Option(help="fun, business or emotional, if it is one.")] = None,
    summary: Annotated[str | None, typer.Option()] = None,
    ics: Annotated[typer.FileText | None, typer.Option(help="An iCalendar file instead; - reads stdin.")] = None,
    event_id: EventId = None,
    body: Body = None,
) -> None:
    """Send an event of somebody's calendar: by options, as JSON, or as a whole iCalendar file."""
    if ics is not None:
        fields: dict[str, Any] = {"source": source, "ics": ics.read()}
    elif body is None and (uid is None or start is None or end is None):
        raise fail("give --uid, --start and --end, or --ics FILE, or the whole event with --json", 2)
    else:
        fields = {
            "source": source, "uid": uid, "status": status, "start": start and start.isoformat(),
            "end": end and end.isoformat(), "tz": tz, "kind": kind, "summary": summary,
        }  # fmt: skip
    await _send("calendar", couple, event_id, _given(body, fields))


def _given(body: str | None, fields: dict[str, Any]) -> dict[str, Any]:
    if body is None:
        return {name: value for name, value in fields.items() if value is not None}
    try:
        given = json.loads(sys.stdin.read() if body == "-" else body)
    except ValueError as error:
        raise fail(f"--json is not JSON: {error}", 2) from None
    if not isinstance(given, dict):
        raise fail("--json must be an object", 2)
    return given


async def _send(what: What, couple: str, event_id: str | None, event: dict[str, Any]) -> None:
    event = {"id": event_id or f"cli-{secrets.token_hex(8)}", **event}
    settings = load_settings()
    async with wired(settings) as wire:
        subject = settings.names.inbound(what, couple)
        await wire.publish(subject, json.dumps(event).encode())
    out.print(f"sent {event['id']} to {subject}", highlight=False)
