"""``threedates demo``, as the containers run it: the services run elsewhere, and allow it no more than they have to."""

import asyncio
import json
import sys
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.e2e.commands import free_port, running_until
from threedates.cli.main import app
from threedates.edge.apikeys import digest, read_keys
from threedates.edge.attached import attached_networks

LOOPBACK = "127.0.0.0/8"


def prepared(home: Path) -> tuple[Path, Path]:
    """A demo's directory, and what its services are to allow."""
    demo, allowed = home / "demo", home / "allowed"
    result = CliRunner().invoke(app, ["deploy", "demo", "--dir", str(demo), "--allowed", str(allowed)])
    assert result.exit_code == 0, result.output
    return demo, allowed


@pytest.mark.timeout(180)
@pytest.mark.skipif(sys.platform != "linux", reason="the networks are read from Linux's kernel")
async def test_a_nudge_comes_once_the_services_allow_what_they_are_told(tmp_path: Path) -> None:
    demo, allowed = prepared(tmp_path / "known")
    stranger, _ = prepared(tmp_path / "unknown")
    keys, data = (allowed / "api_keys").read_text(), tmp_path / "up"
    up = ("up", "--data-dir", str(data), "--http", f"127.0.0.1:{free_port()}", "--nats-port", "0")
    async with running_until("Ctrl-C", *up, THREEDATES_API_KEYS=keys, THREEDATES_ALLOW_NETWORKS=LOOPBACK):
        gateway = ("--gateway", json.loads((data / "up.json").read_text())["http"], "--listen", "127.0.0.1:0")
        async with running_until("nudge.", "demo", "--dir", str(demo), *gateway) as lines:
            assert "signature ok" in lines[-1]
            assert any("/feeds/" in line for line in lines)
        async with running_until("does not know the demo", "demo", "--dir", str(stranger), *gateway):
            pass


async def test_it_waits_for_the_gateway_and_can_be_stopped_meanwhile(tmp_path: Path) -> None:
    demo, _ = prepared(tmp_path)
    async with asyncio.timeout(60), running_until("waiting for the gateway", "demo", "--dir", str(demo)):
        pass


def test_what_the_services_are_told_gives_no_key_away(tmp_path: Path) -> None:
    """And is the same however often it is told."""
    demo, allowed = prepared(tmp_path)
    key = (demo / "api_key").read_text().strip()
    (entry,) = read_keys((allowed / "api_keys").read_text())
    assert (entry.digest, entry.plain) == (digest(key), None)
    prepared(tmp_path)
    assert (demo / "api_key").read_text().strip() == key


def test_the_networks_are_those_reached_without_a_gateway() -> None:
    """What lies behind a router is not the demo's to allow."""

    def word(*octets: int) -> str:
        return f"{int.from_bytes(bytes(octets), sys.byteorder):08X}"

    routes = (
        (word(0, 0, 0, 0), word(172, 24, 0, 1), word(0, 0, 0, 0)),
        (word(172, 24, 0, 0), word(0, 0, 0, 0), word(255, 255, 0, 0)),
        (word(10, 0, 0, 0), word(172, 24, 0, 1), word(255, 0, 0, 0)),
        (word(0, 0, 0, 0), word(0, 0, 0, 0), word(0, 0, 0, 0)),
    )
    lines = [f"eth0\t{to}\t{gateway}\t0001\t0\t0\t0\t{mask}\t0\t0\t0" for to, gateway, mask in routes]
    assert attached_networks("\n".join(["Iface\tDestination\tGateway …", *lines])) == (IPv4Network("172.24.0.0/16"),)
