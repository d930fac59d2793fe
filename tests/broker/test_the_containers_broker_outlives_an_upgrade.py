"""Does the containers' broker wait for its keys by itself, learn new users while it runs, and keep to what it is?

Its container does not depend on that of the keys, so that another image of the services leaves it alone.
"""

import asyncio
import signal
import subprocess
from pathlib import Path

import nats
from nats.errors import Error as NatsError

from tests.broker.containers_kit import DEPLOY, TIMEOUT, Containers

ONE_USER = 'authorization { users: [ { user: "producer", password: "seed" } ] }\n'


async def test_it_starts_once_its_key_and_users_are_there(tmp_path: Path) -> None:
    """On the first start they are made beside it."""
    containers = Containers(tmp_path)
    containers.key.unlink()
    containers.users.unlink()
    process = containers.start()
    try:
        assert process.stderr is not None
        async with asyncio.timeout(TIMEOUT):
            assert "Waiting for" in await asyncio.to_thread(process.stderr.readline)
        containers.key.write_text("sk_first\n")
        containers.tell("")
        client = await nats.connect(await containers.url(process.pid), allow_reconnect=False)
        await client.close()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=TIMEOUT)


async def test_while_it_waits_it_can_be_stopped(tmp_path: Path) -> None:
    containers = Containers(tmp_path)
    containers.users.unlink()
    process = containers.start()
    assert process.stderr is not None
    async with asyncio.timeout(TIMEOUT):
        assert "Waiting for" in await asyncio.to_thread(process.stderr.readline)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0


async def test_users_that_are_new_are_known_to_the_broker_that_runs(tmp_path: Path) -> None:
    """An upgrade may bring some. Whoever is none of them is sent away, the old ones as well."""
    containers = Containers(tmp_path)
    async with containers.running() as client:
        assert client.connected_url is not None
        url = client.connected_url.geturl()
        containers.tell(ONE_USER)
        async with asyncio.timeout(TIMEOUT):
            while client.is_connected:
                await asyncio.sleep(0.05)
        try:
            known = await nats.connect(url, user="producer", password="seed", allow_reconnect=False)
        except NatsError as error:
            raise AssertionError("the new user is not known") from error
        await known.jetstream().account_info()
        await known.close()


async def test_a_single_brokers_store_is_never_started_as_one_of_three(tmp_path: Path) -> None:
    """A cluster deletes the streams it does not know, half a minute after the broker has joined."""
    containers = Containers(tmp_path)
    async with containers.running() as client:
        await client.jetstream().add_stream(name="kept", subjects=["kept"])
    made = subprocess.run(
        ["/bin/sh", str(DEPLOY / "cluster.sh"), str(containers.replicas), str(containers.store)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (made.returncode, containers.replicas.read_text()) == (1, "1\n")
    assert "stays at that" in made.stderr
    containers.replicas.write_text("3\n")
    assert "is that of 1 broker" in containers.refusal()
    containers.replicas.write_text("1\n")
    async with containers.running() as client:
        assert (await client.jetstream().stream_info("kept")).config.name == "kept"
