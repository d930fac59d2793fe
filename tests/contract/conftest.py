"""The documented receivers in Node, beside the package that they need."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.contract.receivers_kit import EXAMPLES


@pytest.fixture(scope="module")
def node_receivers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the receivers beside an installed package, or a skip that says what is missing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed")
    home = tmp_path_factory.mktemp("node")
    install = [npm, "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(home), "standardwebhooks"]
    try:
        subprocess.run(install, check=True, capture_output=True, timeout=45, cwd=home)
    except (subprocess.SubprocessError, OSError):
        pytest.skip("npm cannot install standardwebhooks here")
    for receiver in EXAMPLES.glob("*.mjs"):
        shutil.copy(receiver, home)
    return home
