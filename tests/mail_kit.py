"""A real SMTP server for tests, in the test's own loop: keeps what came, answers as told, with TLS of a made-up CA."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from functools import cache
from typing import Any, Literal

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "dates", "p@ss/word"


@cache
def authority() -> trustme.CA:
    """A certificate authority that nobody but these tests trusts."""
    return trustme.CA()


def trusting() -> ssl.SSLContext:
    """A client's context that trusts it, and checks as ever."""
    context = ssl.create_default_context()
    authority().configure_trust(context)
    return context


def server_tls(name: str = "localhost") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(name).configure_cert(context)
    return context


@dataclass
class Post:
    """What a server took, and what it is to answer: replies to RCPT and DATA in turn, then 250 for ever."""

    port: int = 0
    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    hang: asyncio.Event | None = None
    envelopes: list[Envelope] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails, parsed."""
        return [parsed(envelope.original_content or b"") for envelope in self.envelopes]

    async def got(self, count: int) -> list[EmailMessage]:
        """The mails, once there are so many."""
        async with asyncio.timeout(30):
            while len(self.envelopes) < count:
                await asyncio.sleep(0.02)
        return self.mails

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.rcpt.pop(0) if self.rcpt else "250 ok"
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # the same
        if self.hang is not None:
            await self.hang.wait()
        reply = self.data.pop(0) if self.data else "250 kept"
        if reply.startswith("250"):
            self.envelopes.append(envelope)
        return reply


def parsed(message: bytes) -> EmailMessage:
    """A mail as Python's parser reads it."""
    found = BytesParser(policy=default).parsebytes(message)
    assert isinstance(found, EmailMessage)
    return found


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)


@asynccontextmanager
async def posting(
    tls: Literal["starttls", "implicit"] | None = None,
    *,
    auth: bool = False,
    context: ssl.SSLContext | None = None,
    post: Post | None = None,
    port: int = 0,
) -> AsyncIterator[Post]:
    """A mail server on this machine."""
    kept, loop = post or Post(), asyncio.get_running_loop()
    context = context or (server_tls() if tls else None)
    options: dict[str, Any] = {"hostname": "localhost", "loop": loop}
    if tls == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if auth:
        options |= {"authenticator": _authenticate, "auth_required": True, "auth_require_tls": tls == "starttls"}

    def connected() -> SMTP:
        kept.connections += 1
        return SMTP(kept, **options)

    server = await loop.create_server(
        connected, "localhost", port, ssl=context if tls == "implicit" else None, family=socket.AF_INET
    )
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        server.close()
        await server.wait_closed()
