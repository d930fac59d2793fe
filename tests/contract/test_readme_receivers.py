"""Do the receivers in the README work as they stand, with the public ``standardwebhooks`` packages?"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from threedates.core.signing import format_secret, signed_headers
from threedates.core.webhook import body_of
from threedates.edge.clock import system_clock
from threedates.schemas.webhook import Webhook, WebhookData

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SECRET = format_secret(b"k" * 32)
DATA = WebhookData(nudge_id="c1-fun-0-due-a", kind="fun", for_="sam", title="Time for a fun date", message="Über – 3 €")
BODY = body_of(Webhook(type="nudge.due", timestamp=datetime(2026, 11, 20, 18, tzinfo=UTC), data=DATA)).encode()
PRINTED = "nudge.due\nTime for a fun date\nÜber – 3 €\n"


@pytest.fixture
def node_receiver(tmp_path: Path) -> list[str]:
    """The receiver beside an installed package, or a skip that says what is missing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed")
    install = [npm, "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(tmp_path), "standardwebhooks"]
    try:
        subprocess.run(install, check=True, capture_output=True, timeout=45, cwd=tmp_path)
    except (subprocess.SubprocessError, OSError):
        pytest.skip("npm cannot install standardwebhooks here")
    shutil.copy(EXAMPLES / "receive.mjs", tmp_path)
    return [node, str(tmp_path / "receive.mjs")]


def test_the_python_receiver_takes_what_we_sign_and_nothing_else() -> None:
    """Ten lines that people copy have to be right."""
    with running([sys.executable, str(EXAMPLES / "receive.py")]) as (receiver, url):
        check(receiver, url)


def test_the_node_receiver_takes_what_we_sign_and_nothing_else(node_receiver: list[str]) -> None:
    """The same, in the other language."""
    with running(node_receiver) as (receiver, url):
        check(receiver, url)


@contextmanager
def running(command: list[str]) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The receiver as a process of its own, listening."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "WEBHOOK_SECRET": SECRET, "PORT": str(port), "PYTHONIOENCODING": "utf-8"}
    pipe = subprocess.PIPE
    receiver = subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, encoding="utf-8")
    try:
        while receiver.poll() is None and not is_open(port):
            time.sleep(0.02)
        yield receiver, f"http://127.0.0.1:{port}/"
    finally:
        receiver.kill()
        receiver.communicate()


def is_open(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def check(receiver: "subprocess.Popen[str]", url: str) -> None:
    """One genuine delivery is taken; the same one changed, too old, unsigned or signed badly is refused."""
    now = system_clock()  # the packages read the clock themselves
    genuine = signed_headers((format_secret(b"n" * 32), SECRET), "c1-fun-0-due-a", now, BODY)
    old = signed_headers((SECRET,), "m-1", now - timedelta(minutes=6), BODY)
    with httpx.Client(trust_env=False) as client:
        refused = [
            client.post(url, content=BODY.replace(b"fun date", b"fun-date"), headers=genuine),
            client.post(url, content=BODY, headers=old),
            client.post(url, content=BODY),
            client.post(url, content=BODY, headers={**genuine, "webhook-signature": "nonsense"}),
        ]
        taken = client.post(url, content=BODY, headers=genuine)
    receiver.kill()
    printed, complaint = receiver.communicate()
    assert [answer.status_code for answer in refused] == [401] * 4, complaint
    assert taken.status_code == 204, complaint
    assert printed == PRINTED
