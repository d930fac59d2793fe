"""``threedates explain COUPLE``: where each kind stands and why, read from the log."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from threedates.cli.arguments import Couple
from threedates.cli.context import command, fail, load_settings, out, wired
from threedates.core.ahead import state_at
from threedates.core.fold import fold
from threedates.core.state import CoupleState
from threedates.core.status import in_short, status_of
from threedates.core.walltime import local
from threedates.edge.clock import system_clock
from threedates.edge.couples import Couples
from threedates.edge.standing import full_status
from threedates.schemas.log import Decision
from threedates.schemas.outcomes import HoldOutcome, InviteOutcome
from threedates.schemas.status import Coming, ComingDate, ComingNudge, ComingResume, CoupleStatus, EndpointTrouble


@command
async def explain(
    couple: Couple,
    at: Annotated[datetime | None, typer.Option(help="As it was or will be then (UTC); default: now.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, the same as GET …/status.")] = False,
) -> None:
    """Explain where a couple stands: the state per kind, the reasons, the last decision, and what comes next.

    With --at in the past only events up to then are read; in the future it shows what would be if nothing happened.
    """
    now = at.replace(tzinfo=UTC) if at is not None else system_clock()
    settings = load_settings()
    async with wired(settings) as wire:
        events = await Couples(wire).events(couple)
        events = [(seq, event) for seq, event in events if at is None or event.at <= now]
        state = fold(couple, events)
        if state is None:
            raise fail(f"there is no couple {couple}" + (" at that time" if at else ""))
        state = state_at(state, now)
        # How endpoints and calendars were at another time nobody knows.
        status = status_of(state, now) if at is not None else await full_status(wire, state, now)
    if as_json:
        print(status.model_dump_json(indent=2))
        return
    _show(state, status)
    decisions = [event for _, event in events if isinstance(event, Decision)]
    if decisions:
        _show_decision(decisions[-1], state.settings.tz)
    _show_coming(status.coming, state.settings.tz)


def _show(state: CoupleState, status: CoupleStatus) -> None:
    tz = state.settings.tz
    out.print(f"{' and '.join(state.settings.names)}, as of {_when(status.as_of, tz)}; all times in {tz}")
    if status.paused:
        out.print(f"paused until {_when(status.paused_until, tz) if status.paused_until else 'they resume'}")
    table = Table("kind", "state", "last held", "due", "floor", "planner", "date", box=None)
    for kind, this in status.kinds.items():
        date = f"{this.date.status} {_when(this.date.start, tz)}" if this.date else "–"
        last = _when(this.last_held, tz) if this.last_held else "never"
        table.add_row(kind, this.state, last, _when(this.due_at, tz), _when(this.floor_at, tz), this.planner, date)
    out.print(table)
    for kind, this in status.kinds.items():
        for because in this.because:
            events = f" ({', '.join(because.events)})" if because.events else ""
            out.print(Text.assemble(f"{kind}: {because.text}", (events, "dim")))
    for trouble in status.endpoints:
        out.print(f"endpoint {trouble.id}: {_trouble(trouble, tz)}", highlight=False)
    for calendar in status.calendars:
        since = _when(calendar.failing_since, tz)
        out.print(f"calendar {calendar.id} of {calendar.partner}: {calendar.error} since {since}", highlight=False)
    if status.next_look:
        out.print(f"next look: {_when(status.next_look, tz)}")


def _trouble(trouble: EndpointTrouble, tz: str) -> str:
    since = f"nothing gets through since {_when(trouble.failing_since, tz)}" if trouble.failing_since else ""
    return ", ".join(filter(None, (f"disabled ({trouble.disabled})" if trouble.disabled else "", since)))


def _show_decision(decision: Decision, tz: str) -> None:
    out.print(f"last decision: {_when(decision.as_of, tz)}, having seen the log up to {decision.folded_to}")
    for outcome in decision.outcomes:
        match outcome:
            case HoldOutcome():
                line = _hold_line(outcome, tz)
            case InviteOutcome():
                line = f"{outcome.date.kind} date goes to {outcome.partner} by {outcome.by} from now on"
            case _:
                line = _line(in_short(decision.at, outcome), tz)
        out.print(f"  {line}", highlight=False)


def _show_coming(found: tuple[Coming, ...], tz: str) -> None:
    out.print("next, if nothing happens:" if found else "nothing comes next before something happens")
    for one in found:
        out.print(f"  {_when(one.at, tz)}  {_line(one, tz)}", highlight=False)


def _hold_line(hold: HoldOutcome, tz: str) -> str:
    reason = hold.reason.replace("_", " ")
    return f"held back by {reason}: {hold.stage} ({hold.kind}) until {_when(hold.until, tz)}"


def _line(one: Coming, tz: str) -> str:
    match one:
        case ComingDate():
            return f"{one.kind} date {one.change}: {_when(one.start, tz)}"
        case ComingNudge():
            return f"nudge {one.stage} ({one.kind}) for {one.addressee}"
        case ComingResume():
            return f"pause over at {_when(one.at, tz)}"


def _when(instant: datetime, tz: str) -> str:
    return f"{local(instant, tz):%a %d %b %Y %H:%M}"
