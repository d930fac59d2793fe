"""Packages from npm that judge what we make: fetched for the tests into a folder of their own, never kept."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REQUIRED = "THREEDATES_TEST_NODE"
"""Where this is set, as in continuous integration, a missing Node is a failure."""
_SECONDS = 60


def node() -> str:
    """Where Node is. Skips the test where it, or npm, is not."""
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        absent("Node.js is not installed, so nothing that runs on it was asked")
    return str(found)


def install(folder: Path, name: str, version: str, *, is_required: bool = True) -> Path:
    """A package's own folder, put below that one. Skips the test where it cannot be had.

    What is not required skips in continuous integration as well.
    """
    if not is_required and shutil.which("npm") is None:
        pytest.skip(f"npm is not installed, so {name} was not asked")
    node()
    package = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), f"{name}@{version}"]
    done = run([str(shutil.which("npm")), *package], folder)
    if done.returncode != 0:
        reason = f"npm could not install {name}: {done.stderr.strip()[-300:]}"
        if not is_required:
            pytest.skip(reason)
        absent(reason)
    return folder / "node_modules" / name


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """A command in that folder, ended after a minute."""
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer within {_SECONDS} seconds")


def absent(reason: str) -> None:
    """Skip the test for that reason; or fail it where Node must be there."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{reason}; {REQUIRED} is set")
    pytest.skip(reason)
