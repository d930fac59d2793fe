"""A network of a test's own: a process in namespaces of its own, and in it nodes that can be cut off one by one.

``apart`` runs a module in such a process; there ``Network`` makes a namespace for each node and ties them together by
a bridge. The machine's own network is not touched, and everything ends with the process, however that ends: what runs
in it, the links, the namespaces and their names. It takes root, or a kernel that lets users have namespaces.
"""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
_ADMIN = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
_AS_ROOT = () if os.geteuid() == 0 else ("--user", "--map-root-user")
_OWN = ("unshare", *_AS_ROOT, "--net", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child")
_PROBE = "from tests.e2e.network import Network; Network(['probe'])"


def why_not() -> str | None:
    """Why there can be no such network here; None where there can."""
    missing = [tool for tool in ("unshare", "ip") if shutil.which(tool, path=_ADMIN) is None]
    if missing:
        return f"a network of its own takes {' and '.join(missing)} (packages util-linux, iproute2)"
    probe = subprocess.run(
        [*_OWN, sys.executable, "-c", _PROBE],
        cwd=PROJECT,
        env=_environment(),
        check=False,
        capture_output=True,
        text=True,
    )
    if probe.returncode == 0:
        return None
    return f"this machine gives a test no network of its own: {probe.stderr.strip().splitlines()[-1]}"


async def apart(module: str, arguments: Sequence[str], heard: Callable[[str], None]) -> None:
    """Run a module there and hear what it says, line by line. Raises RuntimeError where it fails."""
    process = await asyncio.create_subprocess_exec(
        *_OWN, sys.executable, "-m", module, *arguments, cwd=PROJECT, env=_environment(), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async for line in process.stdout:
            heard(line.decode().rstrip())
        if code := await process.wait():
            raise RuntimeError(f"{module} ended with code {code}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": _ADMIN, "PYTHONUNBUFFERED": "1"}


class Network:
    """One bridge, and on it a namespace with an address for each name; this process has an address there as well."""

    def __init__(self, names: Sequence[str]) -> None:
        assert os.getpid() == 1, "only in a process that `apart` has started"
        # The names of namespaces are files: so that they are seen here alone, and gone with this process.
        _run("mount", "-t", "tmpfs", "tmpfs", "/run")
        _run("ip", "link", "set", "lo", "up")
        _run("ip", "link", "add", "bridge", "type", "bridge")
        _run("ip", "address", "add", "10.77.0.254/24", "dev", "bridge")
        _run("ip", "link", "set", "bridge", "up")
        self._addresses = {name: f"10.77.0.{n}" for n, name in enumerate(names, 1)}
        for name, address in self._addresses.items():
            _run("ip", "netns", "add", name)
            _run("ip", "link", "add", f"to-{name}", "type", "veth", "peer", "name", "eth0", "netns", name)
            _run("ip", "link", "set", f"to-{name}", "master", "bridge", "up")
            _run("ip", "-n", name, "address", "add", f"{address}/24", "dev", "eth0")
            _run("ip", "-n", name, "link", "set", "eth0", "up")

    def address(self, name: str) -> str:
        """Where a node is found."""
        return self._addresses[name]

    def inside(self, name: str) -> tuple[str, ...]:
        """What to put before a command so that it runs there."""
        ip = shutil.which("ip")
        assert ip is not None
        return ip, "netns", "exec", name

    def cut(self, name: str) -> None:
        """Take a node's link down: what is sent is lost, and nobody is told."""
        _run("ip", "link", "set", f"to-{name}", "down")

    def mend(self, name: str) -> None:
        """Bring it up again."""
        _run("ip", "link", "set", f"to-{name}", "up")


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
