"""``threedates webhook listen|verify``: a receiver for development, and the check of one delivery without a network."""

import asyncio
import json
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.panel import Panel
from rich.style import Style
from rich.text import Text

from threedates.cli.context import command, fail, out
from threedates.cli.listener import Listener, Received
from threedates.core.signing import BadSignatureError, secret_bytes, verify
from threedates.edge.clock import system_clock

__all__ = ["Listener", "Received", "app", "show_delivery"]

app = typer.Typer(no_args_is_help=True, help="Receive webhooks while developing, and check one delivery.")
Secret = Annotated[
    str | None,
    typer.Option(envvar="THREEDATES_WEBHOOK_SECRET", help="The endpoint's whsec_… secret.", show_envvar=True),
]
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


@app.command("listen")
@command
async def listen(
    secret: Secret = None,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes a free one.")] = 9_000,
    status: Annotated[
        list[int] | None,
        typer.Option(
            min=200, max=599, help="Answer with this status, such as 503; repeated: in turn, the last for ever. [200]"
        ),
    ] = None,
    delay: Annotated[
        list[float] | None,
        typer.Option(min=0, max=120, help="Answer after so many seconds; repeated: in turn, the last for ever. [0]"),
    ] = None,
    retry_after: Annotated[
        str | None, typer.Option(help="Send this Retry-After, seconds or a date, with whatever is no 2xx.")
    ] = None,
    count: Annotated[int | None, typer.Option(min=1, help="Stop after so many deliveries.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per delivery and line.")] = False,
) -> None:
    """Receive webhooks and show them; with --secret, only those that verify are accepted."""
    _check_secret(secret)
    enough = asyncio.Event()
    seen = 0

    def on_delivery(received: Received) -> None:
        nonlocal seen
        _print_line(received) if as_json else show_delivery(received)
        seen += 1
        if seen == count:
            enough.set()

    listener = Listener(
        host, port, secret, on_delivery, statuses=status or (200,), delays=delay or (0.0,), retry_after=retry_after
    )
    try:
        await listener.start()
    except OSError as error:
        raise fail(f"cannot listen at {host}:{port}: {error.strerror or error}; choose another --port") from None
    if not as_json:
        checked = "checking signatures" if secret else "without checking signatures (give --secret to)"
        out.print(f"listening at {listener.url}, {checked}; Ctrl-C stops it", highlight=False)
    try:
        await enough.wait()
    finally:
        await listener.stop()


@app.command("verify")
def verify_one(
    secret: Annotated[str, typer.Option(envvar="THREEDATES_WEBHOOK_SECRET", help="The endpoint's whsec_… secret.")],
    body: Annotated[str, typer.Option(help="File with the exact bytes of the body; - reads standard input.")],
    headers: Annotated[
        Path | None, typer.Option(help="File with the headers: 'name: value' lines, or a JSON object.")
    ] = None,
    webhook_id: Annotated[str | None, typer.Option("--id", help="The header webhook-id.")] = None,
    timestamp: Annotated[str | None, typer.Option(help="The header webhook-timestamp.")] = None,
    signature: Annotated[str | None, typer.Option(help="The header webhook-signature.")] = None,
    tolerance: Annotated[int, typer.Option(min=0, help="Seconds it may be old; 0 accepts any age.")] = 300,
) -> None:
    """Check one delivery: exit code 0 if it is genuine, 1 if it is not, with the reason."""
    _check_secret(secret)
    given = _headers(headers, (webhook_id, timestamp, signature))
    allowed = timedelta(seconds=tolerance) if tolerance else None
    try:
        verify(secret, given, _body(body), system_clock(), allowed)
    except BadSignatureError as error:
        out.print(f"not genuine: {error}", style="red", highlight=False, markup=False)
        raise typer.Exit(1) from None
    out.print("genuine: signed with this secret, and not too old", style="green", highlight=False)


# Only this much of a link from outside may reach the terminal's link escape.
_LINK = re.compile(r"^https?://[A-Za-z0-9.:\[\]/_~%?=&+-]+$")


def show_delivery(received: Received) -> None:
    """Print a delivery for a person: what it says, to whom, which date, and why."""
    out.print(Panel(Group(*_lines(received)), title=_title(received), title_align="left", expand=False))
    _show_actions(received)


def _show_actions(received: Received) -> None:
    """The links outside the frame, where they can be clicked, or copied whole."""
    try:
        actions: dict[str, Any] = json.loads(received.body)["data"].get("actions") or {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    links = {name: url for name, url in actions.items() if isinstance(url, str) and _LINK.match(url)}
    if out.is_terminal:
        parts = [Text(name, style=Style(link=url, underline=True)) for name, url in links.items()]
        out.print(Text("  ").join([Text("answer:"), *parts]) if parts else "", end="\n" if parts else "")
        return
    for name, url in links.items():
        out.print(_pair(name, url), soft_wrap=True)


def _title(received: Received) -> Text:
    try:
        kind = str(json.loads(received.body)["type"])
    except (ValueError, KeyError, TypeError):
        kind = "not one of ours"
    title = Text(kind, style="bold")
    if received.problem is not None:
        title.append("  not genuine", style="bold red")
    elif received.is_checked:
        title.append("  signature ok", style="green")
    return title


def _lines(received: Received) -> list[Text]:
    # Text, never markup: what came from outside must not style, or forge, what is on the screen.
    lines = [Text(f"not genuine: {received.problem}", style="red")] if received.problem is not None else []
    lines.append(_pair("id", received.headers.get("webhook-id")))
    try:
        data: dict[str, Any] = json.loads(received.body)["data"]
        lines += _data_lines(data)
    except (ValueError, KeyError, TypeError, AttributeError):
        lines.append(Text(received.body[:2_000].decode(errors="replace")))
    return lines


def _data_lines(data: dict[str, Any]) -> list[Text]:
    lines = [Text(str(data.get("title", "")), style="bold"), Text(str(data.get("message", "")))]
    if data.get("for") is not None:
        lines.append(_pair("for", data["for"]))
    if (date := data.get("date")) is not None:
        lines.append(_pair("date", f"{date.get('start')} to {date.get('end')}, {date.get('tz')}, {date.get('status')}"))
    lines += [_pair("because", f"{reason.get('text')} ({reason.get('rule')})") for reason in data.get("because") or ()]
    return lines


def _pair(name: str, value: object) -> Text:
    return Text(f"{name:<9} ", style="dim").append(str(value), style="default")


def _print_line(received: Received) -> None:
    try:
        body: object = json.loads(received.body)
    except ValueError:
        body = received.body.decode(errors="replace")
    headers = {name: received.headers.get(name) for name in HEADERS}
    verified = received.problem is None if received.is_checked else None
    line = {"verified": verified, "problem": received.problem, "headers": headers, "body": body}
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _check_secret(secret: str | None) -> None:
    if secret is None:
        return
    try:
        secret_bytes(secret)
    except ValueError as error:
        raise fail(str(error), 2) from None


def _headers(file: Path | None, values: tuple[str | None, str | None, str | None]) -> dict[str, str]:
    given = _read_headers(file) if file is not None else {}
    given |= {name: value for name, value in zip(HEADERS, values, strict=True) if value is not None}
    if not given:
        raise fail("give the headers with --headers FILE, or with --id, --timestamp and --signature", 2)
    return given


def _read_headers(file: Path) -> dict[str, str]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise fail(f"--headers: {file} cannot be read: {error}", 2) from None
    try:
        found = json.loads(text)
    except ValueError:
        lines = (line.partition(":") for line in text.splitlines())
        return {name.strip().lower(): value.strip() for name, colon, value in lines if colon}
    if not isinstance(found, dict):
        raise fail("--headers: the JSON must be an object of names and values", 2)
    return {str(name).lower(): str(value) for name, value in found.items()}


def _body(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise fail(f"--body: {file} cannot be read: {error.strerror}", 2) from None
