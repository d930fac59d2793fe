"""The mail server that an operator named: read from its URL, without a connection.

``smtp://user:password@host:587`` asks for STARTTLS before anything else is said (RFC 3207) and sends nothing without
it; ``?starttls=never`` gives that up, for a relay on the same machine. ``smtps://…`` is TLS from the first byte
(RFC 8314 §3.3).
"""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

DEFAULT_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in. ``implicit_tls`` and ``starttls`` are never both true."""

    host: str
    port: int
    implicit_tls: bool
    starttls: bool
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """The server's name and port; nothing that opens it."""
        return f"{self.host}:{self.port}"


def read_mail_server(url: str) -> MailServer:
    """The server a URL names. Raises ValueError, which repeats nothing of the URL: it may hold a password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError("it must be a URL such as smtp://user:password@mail.example.org:587") from error
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.path not in ("", "/") or parts.fragment:
        raise ValueError(
            "it must be smtp://user:password@host:587, or smtps://… for TLS from the first byte; in user and password "
            "write @ : / ? # % as %40 %3A %2F %3F %23 %25"
        )
    if (parts.username is None) != (parts.password is None):
        raise ValueError("it names a user without a password, or a password without a user")
    return MailServer(
        host=parts.hostname,
        port=port or DEFAULT_PORTS[parts.scheme],
        implicit_tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp" and _wants_starttls(parts.query),
        user=unquote(parts.username) if parts.username is not None else None,
        password=unquote(parts.password) if parts.password is not None else None,
    )


def _wants_starttls(query: str) -> bool:
    options = dict(parse_qsl(query, keep_blank_values=True))
    wanted = options.pop("starttls", "required")
    if options or wanted not in ("required", "never"):
        raise ValueError("after the ? only starttls=required or starttls=never may stand")
    return wanted == "required"
