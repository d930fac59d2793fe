"""What the tests of the documented receivers share: where these are, their secret, and one of them as a process."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from threedates.core.signing import format_secret

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SECRET = format_secret(b"k" * 32)


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
        while receiver.poll() is None and not _is_open(port):
            time.sleep(0.02)
        yield receiver, f"http://127.0.0.1:{port}/"
    finally:
        receiver.kill()
        receiver.communicate()


def _is_open(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
