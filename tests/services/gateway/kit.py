"""What the tests of the gateway's surface share: the application without a broker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx
from pydantic import SecretStr

from threedates.edge.apikeys import key_id
from threedates.edge.errors import Unavailable
from threedates.edge.settings import Settings
from threedates.gateway.deps import Deps
from threedates.gateway.web import build

KEY = "an-api-key"
HEADERS = {"Authorization": f"Bearer {KEY}"}


def settings(**more: Any) -> Settings:
    """Settings with one API key."""
    return Settings(api_keys=SecretStr(KEY), secret_key=SecretStr("a key for tests, 16 bytes or more"), **more)


def no_broker() -> Deps:
    """The broker is away."""
    raise Unavailable("nats://user:password@10.1.2.3 is away")


def defect() -> Deps:
    """A defect of ours."""
    raise RuntimeError("the secret is hunter2")


@asynccontextmanager
async def surface(deps_of: Any = no_broker, **more: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application, in process."""
    transport = httpx.ASGITransport(build(settings(**more), deps_of))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as http:
        yield http


class OneCouple:
    """Couples, of which every one is there and this key's."""

    async def load(self, couple_id: str) -> Any:
        """Just enough of a state to be let in."""
        return SimpleNamespace(couple_id=couple_id, key_id=key_id(KEY), left=False)


def one_couple() -> Any:
    """Tools as far as a request needs them that is refused for its body."""
    return SimpleNamespace(clock=lambda: None, couples=OneCouple())
