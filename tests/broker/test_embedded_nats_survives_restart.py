"""Do the store, the port and the url survive a stop, a kill and a crash of whoever started the server?"""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import nats
import psutil
import pytest

from threedates.edge.embedded import EmbeddedNats

LAUNCHER = """
import asyncio, sys, time
from pathlib import Path
from threedates.edge.embedded import EmbeddedNats
broker = EmbeddedNats(Path(sys.argv[1]))
asyncio.run(broker.start())
print(broker.pid, flush=True)
time.sleep(60)
"""


async def stop(broker: EmbeddedNats) -> None:
    await broker.stop()


async def kill(broker: EmbeddedNats) -> None:
    broker.kill()


async def killed_from_outside(broker: EmbeddedNats) -> None:
    os.kill(broker.pid, signal.SIGKILL)
    while broker.running:
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("end", [stop, kill, killed_from_outside])
async def test_a_stored_message_is_there_after(tmp_path: Path, end: Callable[[EmbeddedNats], Awaitable[None]]) -> None:
    async with EmbeddedNats(tmp_path) as broker:
        url, pid = broker.url, broker.pid
        client = await nats.connect(url, allow_reconnect=False)
        await client.jetstream().add_stream(name="kept", subjects=["kept.>"])
        await client.jetstream().publish("kept.a", b"still here")
        await client.close()

        await end(broker)
        assert not broker.running
        await broker.start()

        assert broker.url == url
        assert broker.pid != pid
        client = await nats.connect(url, allow_reconnect=False)
        message = await client.jetstream().get_last_msg("kept", "kept.a")
        await client.close()
        assert message.data == b"still here"


async def test_a_pid_file_left_by_a_crash_does_not_block(tmp_path: Path) -> None:
    """The number may long belong to some other program (here: this test), so it must not be believed."""
    (tmp_path / "nats-server.pid").write_text(str(os.getpid()))
    async with EmbeddedNats(tmp_path) as broker:
        assert (tmp_path / "nats-server.pid").read_text().strip() == str(broker.pid)


def test_the_server_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    """Linux ties "die with your parent" to the parent thread; ours must be tied to the process."""
    broker = EmbeddedNats(tmp_path)
    starter = threading.Thread(target=lambda: asyncio.run(broker.start()))
    starter.start()
    starter.join()
    try:
        time.sleep(0.3)
        assert broker.running
    finally:
        asyncio.run(broker.stop())


async def test_one_that_does_not_end_by_itself_is_ended(tmp_path: Path) -> None:
    """It is given long, to write its state; not for ever."""
    broker = EmbeddedNats(tmp_path, stop_timeout=0.5)
    await broker.start()
    server = psutil.Process(broker.pid)
    server.suspend()
    await broker.stop()
    assert not server.is_running()


async def test_whoever_gives_up_waiting_leaves_no_server_behind(tmp_path: Path) -> None:
    """While it takes its time the command may be cancelled, and nobody could end it any more."""
    broker = EmbeddedNats(tmp_path)
    await broker.start()
    server = psutil.Process(broker.pid)
    server.suspend()
    stopping = asyncio.create_task(broker.stop())
    while broker.running:
        await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert not server.is_running()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
async def test_the_server_dies_with_its_killed_parent_and_the_store_is_free_again(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", LAUNCHER, str(tmp_path)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout as out:
        server = psutil.Process(int(out.readline()))
    parent.kill()
    parent.wait()
    async with EmbeddedNats(tmp_path) as broker:  # waits for the old one to let go of the store
        assert broker.pid != server.pid
        assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
