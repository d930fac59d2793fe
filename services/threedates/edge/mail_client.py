"""The client of the operator's mail server: SMTP (RFC 5321) over a few connections that are kept and used again.

The guard on webhooks' addresses does not apply: the operator named this server, and it may well be a private one. Its
certificate is checked against the system's authorities (``SSL_CERT_FILE`` names others). Trouble with the connection,
the greeting, TLS or the login is nobody's mail's fault and passes; only what is said about a mail can be final.
"""

import asyncio
import logging
import ssl
from contextlib import suppress
from dataclasses import dataclass

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from threedates.core.mail.replies import is_permanent, reply_text
from threedates.core.retry import Result
from threedates.edge.mailserver import MailServer

logger = logging.getLogger("threedates")
MAX_CONNECTIONS = 4
# Servers close connections that are idle for minutes, and some after a hundred mails.
IDLE_SECONDS = 30.0
MAX_MAILS = 50
CLOSE_SECONDS = 2.0
_UNAVAILABLE = 421
_TROUBLE = (SMTPException, OSError, TimeoutError)


@dataclass(slots=True)
class _Connection:
    """A connection that is signed in: how many mails it took, and until when it is used again (loop time)."""

    smtp: SMTP
    mails: int = 0
    until: float = 0


class MailClient:
    """Hands in mails, at most ``MAX_CONNECTIONS`` at a time. ``hello`` is what it calls itself (EHLO)."""

    def __init__(self, server: MailServer, hello: str, timeout: float, context: ssl.SSLContext | None = None) -> None:
        """``timeout`` is in seconds, for one mail, connecting included."""
        self._server = server
        self._hello = hello
        self._timeout = timeout
        self._context = context or ssl.create_default_context()
        self._places = asyncio.Semaphore(MAX_CONNECTIONS)
        self._idle: list[_Connection] = []

    async def send(self, sender: str, recipient: str, message: bytes) -> Result:
        """Hand one mail in. Never raises for trouble: the result says what came of it, without any address."""
        async with self._places:
            loop = asyncio.get_running_loop()
            began = loop.time()
            result = await self._send(sender, recipient, message)
            return Result(
                status=result.status,
                error=result.error,
                permanent=result.permanent,
                latency_ms=round(1000 * (loop.time() - began)),
            )

    async def check(self) -> str:
        """Connect and sign in, without sending anything; how that went, in words. Raises ConnectionError."""
        connection: _Connection | None = None
        try:
            async with asyncio.timeout(self._timeout):
                connection = await self._connect()
                tls = connection.smtp.get_transport_info("ssl_object")
                secured = f"encrypted with {tls.version()}" if tls is not None else "not encrypted"
                signed_in = "signed in" if self._server.user is not None else "without signing in"
                await connection.smtp.quit()
        except _TROUBLE as error:
            raise ConnectionError(self._told(error)) from None
        finally:
            if connection is not None:
                connection.smtp.close()
        return f"{secured}, {signed_in}"

    async def aclose(self) -> None:
        """Say goodbye on every connection that is kept."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(_quit(connection) for connection in idle))

    async def _send(self, sender: str, recipient: str, message: bytes) -> Result:
        connection: _Connection | None = None
        try:
            async with asyncio.timeout(self._timeout):
                connection = await self._take()
                await connection.smtp.sendmail(sender, [recipient], message)
        except SMTPRecipientsRefused as refused:
            self._keep(connection)
            return _refused(refused.recipients[0], sender, recipient)
        except (SMTPSenderRefused, SMTPDataError) as refused:
            self._keep(connection)
            return _refused(refused, sender, recipient)
        except _TROUBLE as error:
            _drop(connection)
            return Result(error=self._told(error))
        except BaseException:
            _drop(connection)
            raise
        self._keep(connection)
        return Result(status=250)

    async def _take(self) -> _Connection:
        """A connection that answers: one that is kept, or another. Raises what connecting raises."""
        now = asyncio.get_running_loop().time()
        while self._idle:
            kept = self._idle.pop()
            if kept.smtp.is_connected and now < kept.until:
                with suppress(*_TROUBLE):
                    await kept.smtp.noop()
                    return kept
            _drop(kept)
        return await self._connect()

    async def _connect(self) -> _Connection:
        server = self._server
        smtp = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            local_hostname=self._hello,
            timeout=self._timeout,
            use_tls=server.implicit_tls,
            start_tls=server.starttls,
            tls_context=self._context,
        )
        try:
            await smtp.connect()
            await smtp.noop()
        except BaseException:
            smtp.close()
            raise
        return _Connection(smtp)

    def _keep(self, connection: _Connection | None) -> None:
        if connection is None:
            return
        connection.mails += 1
        if connection.mails >= MAX_MAILS or not connection.smtp.is_connected:
            _drop(connection)
            return
        connection.until = asyncio.get_running_loop().time() + IDLE_SECONDS
        self._idle.append(connection)

    def _told(self, error: BaseException) -> str:
        """What is wrong with the server, for the operator; nothing of what was said to it."""
        match error:
            case SMTPAuthenticationError():
                text = f"the mail server {self._server} refused the user or the password ({error.code})"
            case SMTPResponseException():
                text = f"the mail server {self._server} answered {reply_text(error.code, error.message)}"
            case TimeoutError():
                text = f"the mail server {self._server} did not answer within {self._timeout:g} s"
            case _ if (cause := _certificate_trouble(error)) is not None:
                text = f"the certificate of the mail server {self._server} is not valid: {cause}"
            case SMTPException():
                text = f"the mail server {self._server}: {error.message.rstrip('.')}"
            case _:
                text = f"the mail server {self._server} cannot be reached: {type(error).__name__}"
        return text


def of_the_server(result: Result) -> Result:
    """The result as it speaks of the server: whether it is well, whatever it thought of one mail."""
    has_spoken = result.status is not None and result.status != _UNAVAILABLE
    return Result(status=250 if has_spoken else None, error=result.error, latency_ms=result.latency_ms)


def _refused(refused: SMTPResponseException, sender: str, recipient: str) -> Result:
    text = reply_text(refused.code, refused.message, recipient, sender)
    return Result(status=refused.code, error=text, permanent=is_permanent(refused.code))


def _certificate_trouble(error: BaseException | None) -> str | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        error = error.__cause__
    return None


def _drop(connection: _Connection | None) -> None:
    if connection is not None:
        connection.smtp.close()


async def _quit(connection: _Connection) -> None:
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await connection.smtp.quit()
    except _TROUBLE as error:
        logger.debug("a mail connection was not closed in order: %s", type(error).__name__)
    finally:
        connection.smtp.close()
