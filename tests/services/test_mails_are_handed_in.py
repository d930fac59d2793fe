"""Are mails handed in over TLS that is checked, over few connections, and is every answer told apart?"""

import asyncio
import ssl
from typing import Any

import pytest

from tests.mail_kit import PASSWORD, USER, Post, posting, server_tls, trusting
from threedates.core.retry import Result
from threedates.edge.mail_client import MAX_CONNECTIONS, MailClient, of_the_server
from threedates.edge.mailserver import read_mail_server

SENDER, RECIPIENT = "dates@example.org", "sam.smith@example.net"
MAIL = b"Subject: hello\r\n\r\nhello\r\n"
LOGIN = "dates:p%40ss%2Fword@"


def client(post: Post, scheme: str = "smtp", login: str = "", query: str = "", **given: Any) -> MailClient:
    url = f"{scheme}://{login}localhost:{post.port}{query}"
    return MailClient(read_mail_server(url), "example.org", given.pop("timeout", 20), given.pop("context", trusting()))


async def one(mails: MailClient) -> Result:
    try:
        return await mails.send(SENDER, RECIPIENT, MAIL)
    finally:
        await mails.aclose()


@pytest.mark.parametrize(("tls", "scheme"), [("starttls", "smtp"), ("implicit", "smtps")])
async def test_a_mail_goes_over_tls_signed_in(tls: Any, scheme: str) -> None:
    """The password in the URL is percent-encoded; STARTTLS comes before it is sent."""
    assert PASSWORD == "p@ss/word"
    async with posting(tls, auth=tls == "starttls") as post:
        login = LOGIN if tls == "starttls" else ""
        assert (await one(client(post, scheme, login))).status == 250
        (envelope,) = post.envelopes
        assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, [RECIPIENT])


async def test_a_server_without_starttls_gets_nothing_unless_told() -> None:
    """A middleman who hides STARTTLS must not get a password or a mail."""
    async with posting() as post:
        result = await one(client(post))
        assert (result.status, result.permanent) == (None, False)
        assert "STARTTLS" in (result.error or "")
        assert (await one(client(post, query="?starttls=never"))).status == 250


@pytest.mark.parametrize("why", ["unknown authority", "another name"])
async def test_a_certificate_that_does_not_hold_stops_it(why: str) -> None:
    """Whoever sits between could show any certificate."""
    own = server_tls("elsewhere.example") if why == "another name" else server_tls()
    context = trusting() if why == "another name" else ssl.create_default_context()
    async with posting("starttls", context=own) as post:
        result = await one(client(post, context=context))
        assert result.status is None
        assert (result.error or "").startswith(f"the certificate of the mail server localhost:{post.port} is not valid")
        assert not post.envelopes


async def test_a_wrong_password_is_the_operators_matter_and_no_mails() -> None:
    """Else one wrong setting would bury every mail at once."""
    async with posting("starttls", auth=True) as post:
        result = await one(client(post, login="dates:wrong-secret@"))
        assert (result.status, result.permanent) == (None, False)
        assert "refused the user or the password" in (result.error or "")
        assert "wrong-secret" not in (result.error or "")
        assert USER not in (result.error or "")


@pytest.mark.parametrize(
    ("reply", "status", "permanent"),
    [
        ("450 4.2.1 <sam.smith@example.net>: greylisted", 450, False),
        ("550 5.1.1 <SAM.SMITH@example.net>: user sam.smith unknown", 550, True),
    ],
)
async def test_a_refused_recipient_is_told_without_the_address(reply: str, status: int, *, permanent: bool) -> None:
    """Reasons are kept in attempts, dead letters and logs."""
    async with posting("starttls") as post:
        post.rcpt = [reply]
        mails = client(post)
        result = await mails.send(SENDER, RECIPIENT, MAIL)
        assert (result.status, result.permanent) == (status, permanent)
        assert "smith" not in (result.error or "").lower()
        assert "example.net" not in (result.error or "")
        # It says nothing about the server, whose connection goes on being used.
        assert of_the_server(result).status == 250
        assert (await mails.send(SENDER, RECIPIENT, MAIL)).status == 250
        assert post.connections == 1
        await mails.aclose()


async def test_refused_content_and_a_server_that_closes_are_told_apart() -> None:
    """The one is this mail's fault, the other nobody's."""
    async with posting("starttls") as post:
        post.data = ["554 5.7.1 we take no such mail"]
        result = await one(client(post))
        assert (result.status, result.error, result.permanent) == (554, "554 5.7.1 we take no such mail", True)
        post.rcpt = ["421 going down"]
        result = await one(client(post))
        assert (result.status, result.permanent, of_the_server(result).status) == (421, False, None)


async def test_connections_are_few_and_used_again() -> None:
    """Servers count them, and turn away whoever has too many."""
    async with posting("starttls") as post:
        mails = client(post)
        results = await asyncio.gather(*(mails.send(SENDER, RECIPIENT, MAIL) for _ in range(20)))
        assert [result.status for result in results] == [250] * 20
        assert 1 <= post.connections <= MAX_CONNECTIONS
        await mails.aclose()


async def test_a_connection_that_was_closed_meanwhile_is_made_anew() -> None:
    """Servers close what is idle; the next mail must not pay for it."""
    kept = Post()
    async with posting("starttls", post=kept) as post:
        mails = client(post)
        assert (await mails.send(SENDER, RECIPIENT, MAIL)).status == 250
        mails._idle[0].smtp.close()
        assert (await mails.send(SENDER, RECIPIENT, MAIL)).status == 250
        assert post.connections == 2
        await mails.aclose()


async def test_a_server_that_is_not_there_or_says_nothing_is_tried_again_later() -> None:
    """Neither is anything final."""
    async with posting("starttls") as post:
        gone, slow = client(post), client(post, timeout=0.3)
        post.hang = asyncio.Event()
        result = await one(slow)
        assert "did not answer within 0.3 s" in (result.error or "")
        post.hang.set()
    result = await one(gone)
    assert (result.status, result.permanent) == (None, False)
    assert f"localhost:{post.port}" in (result.error or "")
