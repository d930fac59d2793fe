"""ical.js, which Thunderbird and many web calendars read with: fetched from npm for the tests, run by Node."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

VERSION = "2.2.1"
REQUIRED = "THREEDATES_TEST_NODE"
"""Where this is set, as in continuous integration, a missing Node is a failure."""
_SCRIPT = Path(__file__).with_name("icaljs_reads.mjs")
_INSTALL_SECONDS = 60


def run(folder: Path, feeds: list[Path], zones: list[dict[str, Any]]) -> dict[str, Any]:
    """What ical.js makes of feeds and zones, with its package put into that folder. Skips where that cannot be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        _absent("Node.js is not installed, so ical.js was not asked")
    package = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), f"ical.js@{VERSION}"]
    done = _try([str(npm), *package], folder)
    if done.returncode != 0:
        _absent(f"npm could not install ical.js: {done.stderr.strip()[-300:]}")
    module = (folder / "node_modules" / "ical.js" / "dist" / "ical.js").as_uri()
    job = folder / "job.json"
    job.write_text(json.dumps({"module": module, "feeds": [str(path) for path in feeds], "zones": zones}))
    done = _try([str(node), str(_SCRIPT), str(job)], folder)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _try(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=_INSTALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer within {_INSTALL_SECONDS} seconds")


def _absent(reason: str) -> None:
    if os.environ.get(REQUIRED):
        pytest.fail(f"{reason}; {REQUIRED} is set")
    pytest.skip(reason)
