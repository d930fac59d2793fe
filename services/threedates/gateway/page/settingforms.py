"""Forms that change a couple's settings: each becomes a merge patch, judged by the core as any other. Pure.

Only what a form shows is patched. Text becomes times and durations here; an empty limit lifts it.
"""

from datetime import date, timedelta
from typing import Any

from threedates.gateway.forms import Form
from threedates.gateway.page.forms import ID, Asker, Input, Read, command
from threedates.gateway.page.spans import read_span
from threedates.schemas.base import KINDS

AWAY = "page"
"""The source under which times away stand in the log."""
_NO_SPAN = "Write it like 7 days, 2 weeks or 45 minutes."
_NO_DAYS = "Choose the first and the last day."


def people(asker: Asker, form: Form) -> Read:
    """Both names; the zone and quiet hours of whoever asks; the couple's zone."""
    partners = [partner.model_dump(mode="json", by_alias=True) for partner in asker.state.settings.partners]
    for n, partner in enumerate(partners):
        partner["name"] = form.get(f"name-{n}") or partner["name"]
    mine = partners[asker.partner]
    mine["tz"] = form.get("tz")
    mine["quiet"] = {"from": form.get("from"), "to": form.get("to")} if form.get("from") or form.get("to") else None
    if "email" in form.fields:
        mine["email"] = form.get("email") or None
        mine["invites"] = form.get("invites") or "feed"
    return _change(asker, {"tz": form.get("home"), "partners": partners})


def cadence(asker: Asker, form: Form) -> Read:
    """How often one kind is wanted, how long it is, and when it fits."""
    kind = next((kind for kind in KINDS if kind == form.get("kind")), None)
    if kind is None:
        return {"": "Choose a kind."}
    units = {"target": "day", "floor": "day", "length": "minute", "lead": "day"}
    read = {name: read_span(form.get(name), unit) for name, unit in units.items()}
    if wrong := {name: _NO_SPAN for name, span in read.items() if span is None}:
        return wrong
    spans = {name: str(span) for name, span in read.items()}
    windows = [line.strip() for line in form.get("windows").replace(",", "\n").split("\n") if line.strip()]
    return _change(asker, {"cadence": {kind: {**spans, "windows": windows}}})


def rhythm(asker: Asker, form: Form) -> Read:
    """When things are planned and asked, and how much one partner hears."""
    gap = read_span(form.get("min_gap") or "0", "hour")
    if gap is None:
        return {"min_gap": _NO_SPAN}
    per_week = form.get("per_week")
    return _change(
        asker,
        {
            "planning_hour": form.get("planning_hour"),
            "week_starts": form.get("week_starts"),
            "check_in": form.get("check_in") or None,
            "budget": {
                # What is no number goes on as it is, and the core says what belongs there.
                "per_week": int(per_week) if per_week.isdecimal() and len(per_week) < 6 else per_week or None,
                "min_gap": str(gap),
            },
        },
    )


def away(asker: Asker, form: Form) -> Read:
    """Days on which no date fits: as an event of a calendar that is nobody's but this page's."""
    first, last = _day(form.get("first")), _day(form.get("last") or form.get("first"))
    if first is None or last is None:
        return {"first": _NO_DAYS}
    if last < first:
        return {"last": "The last day cannot lie before the first."}
    drawn = form.get("id") if ID.fullmatch(form.get("id")) else f"{first}-{last}"
    partners = [asker.name] if form.get("who") == "me" else []
    tz = asker.tz if partners else asker.state.settings.tz
    return _event(f"away-{drawn}", 0, "confirmed", first, last + timedelta(days=1), {"tz": tz, "partners": partners})


def not_away(asker: Asker, form: Form) -> Read:
    """Days away that are off again."""
    key = f"{AWAY}/{form.get('uid')}"
    found = next((one for one in asker.state.busy if one.key == key and not one.is_cancelled), None)
    if found is None:
        return {"": "That is off already."}
    start, end = found.start.isoformat(), found.end.isoformat()
    return _event(form.get("uid"), found.sequence + 1, "cancelled", start, end, {})


def _event(uid: str, sequence: int, status: str, start: date | str, end: date | str, more: dict[str, Any]) -> Input:
    times = {"start": str(start), "end": str(end)}
    return Input("calendar", {"source": AWAY, "uid": uid, "sequence": sequence, "status": status, **times, **more})


def _change(asker: Asker, patch: dict[str, Any]) -> Read:
    return command(asker, "change", {"patch": patch})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
