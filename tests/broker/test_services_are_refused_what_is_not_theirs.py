"""Is each user of the broker refused what only the others may do, by a real server?"""

import asyncio
from pathlib import Path

import nats
import pytest

from tests.broker.users_kit import Installation, doctor, installation
from threedates.cli.registry import SERVICES
from threedates.edge.identity import inbox, inbox_of, new_seed, public_key
from threedates.edge.permissions import OPERATOR, PRODUCER, Permissions, permissions, users
from threedates.edge.settings import Settings
from threedates.edge.topology import consumers

SETTINGS = Settings()
STRANGE = (
    "somebody.elses",
    "threedates.log.c1.other",
    "$JS.API.STREAM.DELETE.THREEDATES_LOG",
    "$JS.API.STREAM.UPDATE.THREEDATES_LOG",
    "$JS.API.STREAM.SNAPSHOT.THREEDATES_LOG",
    "$JS.API.CONSUMER.CREATE.THREEDATES_LOG.mine",
    "$JS.API.CONSUMER.DELETE.THREEDATES_LOG.invites",
    "$SYS.REQ.SERVER.PING",
)


def _permissions(here: Installation) -> dict[str, Permissions]:
    inboxes = {user: inbox_of(public_key(here.seed(user).get_secret_value())) for user in users(SETTINGS)}
    return permissions(SETTINGS, inboxes)


def _example(pattern: str) -> str:
    """A subject that the pattern matches."""
    return pattern.replace(">", "x.y").replace("*", "x")


def _matches(pattern: str, subject: str) -> bool:
    wanted, given = pattern.split("."), subject.split(".")
    if wanted[-1] == ">":
        wanted, given = wanted[:-1], given[: max(0, len(wanted) - 1)] if len(given) >= len(wanted) else []
    return len(wanted) == len(given) and all(w in ("*", g) for w, g in zip(wanted, given, strict=True))


async def _try(here: Installation, user: str, publish: list[str], subscribe: list[str]) -> set[str]:
    """Do all of that as that user; returns the subjects that the server has refused, once they are as many."""

    async def on_error(error: Exception) -> None:
        """Expected; the server's log is what is looked at."""

    client = await nats.connect(here.server.url, nkeys_seed_str=here.seed(user).get_secret_value(), error_cb=on_error)
    for subject in subscribe:
        await client.subscribe(subject)
    for subject in publish:
        await client.publish(subject, b"")
    async with asyncio.timeout(30):
        while len(here.violations) < len(publish) + len(subscribe):
            await asyncio.sleep(0.02)
    await client.close()
    return {line.split('Subject "')[1].split('"')[0] for line in here.violations}


@pytest.mark.parametrize("user", users(SETTINGS))
async def test_what_only_others_may_do_is_refused(user: str, tmp_path: Path) -> None:
    """Everything that any other user may publish or hear and this one not, tried on a real server."""
    async with installation(tmp_path) as here:
        allowed = _permissions(here)
        own = allowed.pop(user)
        published = {_example(subject) for other in allowed.values() for subject in other.publish} | set(STRANGE)
        heard = {_example(subject) for other in allowed.values() for subject in other.subscribe} | {">", "$KV.>"}
        publish = sorted(s for s in published if not any(_matches(pattern, s) for pattern in own.publish))
        subscribe = sorted(s for s in heard if not any(_matches(pattern, s) for pattern in own.subscribe))
        refused = await _try(here, user, publish, subscribe)
    assert {*publish, *subscribe} == refused
    assert len(subscribe) >= len(allowed)  # at least all the others' inboxes, and everything at once


async def test_who_has_no_seed_is_not_let_in(tmp_path: Path) -> None:
    """Neither without one nor with one the server does not know; and is told what to set."""
    async with installation(tmp_path) as here:
        for seed in ("", new_seed()):
            code, said = await doctor(here.server.url, THREEDATES_NATS_NKEY=seed)
            assert code == 1
            assert "THREEDATES_NATS_NKEY" in said
        code, said = await doctor(here.server.url, THREEDATES_NATS_NKEY=here.seed(OPERATOR).get_secret_value())
        assert "topology apply" in said


@pytest.mark.parametrize(
    ("user", "subject", "may"),
    [
        ("intake", "threedates.log.c1.fact", True),
        ("intake", "threedates.log.c1.decision", False),
        ("cadence", "threedates.log.c1.decision", True),
        ("cadence", "threedates.log.c1.fact", False),
        ("cadence", "$JS.API.DIRECT.GET.KV_THREEDATES_endpoints", False),
        ("invites", "$JS.API.DIRECT.GET.KV_THREEDATES_endpoints", False),
        ("nudges", "$JS.API.STREAM.PURGE.THREEDATES_LOG", False),
        ("gateway", "threedates.log.c1.fact", False),
        ("gateway", "threedates.in.command.c1", True),
        (PRODUCER, "threedates.in.checkin.c1", True),
        (PRODUCER, "threedates.in.command.c1", False),
        (PRODUCER, "$JS.API.DIRECT.GET.THREEDATES_LOG", False),
        (OPERATOR, "$JS.API.STREAM.CREATE.THREEDATES_LOG", True),
    ],
)
def test_what_it_comes_down_to(user: str, subject: str, may: bool) -> None:
    """The few lines an operator would ask about."""
    allowed = permissions(SETTINGS, {user: "_INBOX_x"})[user]
    assert any(_matches(pattern, subject) for pattern in allowed.publish) is may


def test_every_service_is_a_user_and_every_consumer_has_one_reader() -> None:
    """A service or a consumer that is new is thought of here."""
    allowed = permissions(SETTINGS, dict.fromkeys(users(SETTINGS), "_INBOX_x"))
    assert set(allowed) == {*SERVICES, OPERATOR, PRODUCER}
    for consumer in consumers(SETTINGS):
        fetching = f"$JS.API.CONSUMER.MSG.NEXT.{consumer.stream}.{consumer.name}"
        assert len([user for user in SERVICES if fetching in allowed[user].publish]) == 1


def test_without_a_seed_the_inbox_is_the_usual_one() -> None:
    """An installation without users works as it always has."""
    assert inbox(SETTINGS) == "_INBOX"
