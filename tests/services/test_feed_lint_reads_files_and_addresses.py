"""Does ``threedates feed lint`` take a feed from wherever it is, say what is wrong, and end with the right code?"""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from threedates.cli import feedsource
from threedates.cli.main import app

GOLDEN = Path(__file__).parents[1] / "golden" / "calendar" / "feed-three.ics"
FEED = GOLDEN.read_bytes()
runner = CliRunner()


class Server:
    """A bare HTTP server that gives whatever is set for a path."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(self.answers[head.split()[1].decode()])
        await writer.drain()
        writer.close()

    def put(self, path: str, body: bytes, status: str = "200 OK", **headers: str) -> None:
        lines = [
            f"HTTP/1.1 {status}",
            "connection: close",
            *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items()),
        ]
        self.answers[path] = "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    yield made
    listening.close()
    await listening.wait_closed()


async def linted(*args: str) -> Any:
    """The command, in a thread of its own because it has an event loop of its own."""
    return await asyncio.to_thread(runner.invoke, app, ["feed", "lint", *args])


def test_a_clean_file_ends_with_zero() -> None:
    done = runner.invoke(app, ["feed", "lint", str(GOLDEN)])
    assert (done.exit_code, done.stdout) == (0, "nothing is wrong\n")


def test_a_fault_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "feed.ics"
    path.write_bytes(FEED.replace(b"CALSCALE:GREGORIAN", b"METHOD:[bold]PUBLISH"))
    done = runner.invoke(app, ["feed", "lint", str(path)])
    assert done.exit_code == 1
    assert "line 4     error   method: METHOD:[bold]PUBLISH" in done.stdout
    assert done.stdout.endswith("1 error, 0 warnings\n")


def test_json_tells_the_same() -> None:
    done = runner.invoke(app, ["feed", "lint", "--json", "-"], input=FEED.replace(b"UID:c1-fun-1@threedates\r\n", b""))
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert (report["ok"], report["errors"], report["warnings"]) == (False, 1, 0)
    assert [(item["line"], item["rule"]) for item in report["findings"]] == [(79, "missing_uid")]


def test_warnings_fail_only_where_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "feed.ics"
    path.write_bytes(FEED.replace(b"DTEND;TZID=Europe/Berlin:20261127T22", b"DTEND;TZID=Europe/Berlin:20261127T19"))
    assert runner.invoke(app, ["feed", "lint", str(path)]).exit_code == 0
    assert runner.invoke(app, ["feed", "lint", "--strict", str(path)]).exit_code == 1


def test_what_cannot_be_read_is_told_apart(tmp_path: Path) -> None:
    done = runner.invoke(app, ["feed", "lint", str(tmp_path / "none.ics")])
    assert done.exit_code == 2
    assert "No such file" in done.stderr


def test_what_repeats_is_cut_short_for_people_and_whole_for_machines() -> None:
    feed = FEED.replace(b"END:VEVENT", b"X" * 80 + b":1\r\nEND:VEVENT").replace(
        b"X" * 80, b"\r\n".join([b"X" * 80 + b":1"] * 9)
    )
    done = runner.invoke(app, ["feed", "lint", "-"], input=feed)
    assert done.stdout.count("long_line: ") == 20
    assert "… and 7 more of long_line\n27 errors, 0 warnings" in done.stdout
    report = json.loads(runner.invoke(app, ["feed", "lint", "--json", "-"], input=feed).stdout)
    assert len(report["findings"]) == 27


async def test_an_address_is_fetched_and_named(server: Server) -> None:
    """Where it leads is said at each step, tokens struck out: what is printed here may end up in a log."""
    server.put("/feeds/secret.1.token.ics", b"", "302 Found", location=f"{server.url}/there.ics", content_length="0")
    server.put("/there.ics", FEED, content_type="text/plain", content_length=str(len(FEED)))
    done = await linted(f"{server.url}/feeds/secret.1.token.ics")
    assert done.exit_code == 0
    assert "file       warning content_type: it is served as text/plain" in done.stdout
    told = [line for line in done.stderr.splitlines() if line.startswith("fetching ")]
    assert told == [f"fetching {server.url}/feeds/…", f"fetching {server.url}/there.ics"]


@pytest.mark.parametrize("status", ["404 Not Found", "503 Service Unavailable", "401 Unauthorized"])
async def test_an_address_without_a_feed_is_told_apart(server: Server, status: str) -> None:
    server.put("/feed.ics", b"no", status, content_length="2")
    done = await linted(f"{server.url}/feed.ics")
    assert done.exit_code == 2
    assert f"the address answers {status}" in done.stderr


async def test_an_endless_feed_is_given_up(server: Server) -> None:
    server.put("/feed.ics", b"X" * (feedsource.MAX_BYTES + 1), content_type="text/calendar")
    done = await linted(f"{server.url}/feed.ics")
    assert done.exit_code == 2
    assert "larger than 5 MiB" in done.stderr


async def test_nobody_there_is_told_apart() -> None:
    done = await linted("http://127.0.0.1:1/feed.ics")
    assert done.exit_code == 2
    assert "cannot be fetched" in done.stderr


def test_the_help_says_what_is_fetched() -> None:
    """In a process of its own, as a person runs it."""
    done = subprocess.run(
        [sys.executable, "-m", "threedates.cli", "feed", "lint", "--help"], capture_output=True, text=True, check=True
    )
    assert "Exit code 0" in done.stdout
