"""A feed ready to be sent: the bytes in both codings, each with the headers of its 200 and its 304.

In: iCalendar bytes and when they last changed. Out: a :class:`FeedBody` that a hundred requests can share.
"""

import base64
import gzip
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from threedates.gateway.conditional import format_http_date

Headers = list[tuple[bytes, bytes]]
CONTENT_TYPE = b"text/calendar; charset=utf-8"
_ALWAYS: Headers = [(b"cache-control", b"private"), (b"vary", b"Accept-Encoding")]
# The best compression costs three times as much and saves two per cent.
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Variant:
    """One coding of a feed. ``etag`` is strong and differs between codings (RFC 9110 §8.8.3.3)."""

    content: bytes
    etag: str
    ok: Headers
    not_modified: Headers


@dataclass(frozen=True, slots=True)
class FeedBody:
    """A finished feed. ``modified`` is its Last-Modified; at ``until`` (None: never) time alone changes it."""

    plain: Variant
    gzipped: Variant
    modified: datetime
    until: datetime | None

    @property
    def size(self) -> int:
        """The bytes it holds."""
        return len(self.plain.content) + len(self.gzipped.content)

    def surrounded(self, headers: Headers) -> "FeedBody":
        """The same with these headers on every 200, those it has itself left as they are.

        A 304 says only what it must: what a cache keeps has them already (RFC 9110 §15.4.5).
        """
        plain, gzipped = (replace(one, ok=surrounded(one.ok, headers)) for one in (self.plain, self.gzipped))
        return replace(self, plain=plain, gzipped=gzipped)


def surrounded(own: Headers, headers: Headers) -> Headers:
    """An answer's own headers and those of the others that it does not set itself."""
    names = {name for name, _ in own}
    return [*own, *(header for header in headers if header[0] not in names)]


def feed_body(content: bytes, changed: datetime, until: datetime | None, now: datetime) -> FeedBody:
    """Make a feed ready. All instants are UTC; ``changed`` is when its content last changed."""
    modified = last_modified(changed, now)
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:16]).rstrip(b"=").decode()
    return FeedBody(
        plain=_variant(content, f'"{digest}"', modified, None),
        gzipped=_variant(gzip.compress(content, _LEVEL, mtime=0), f'"{digest}-gz"', modified, b"gzip"),
        modified=modified,
        until=until,
    )


def last_modified(changed: datetime, now: datetime) -> datetime:
    """The Last-Modified of what changed then: whole seconds, and never the present one.

    More may change within the present second, and a client that knows only dates would never hear of it
    (RFC 9110 §8.8.2.2).
    """
    return min(changed.replace(microsecond=0), now.replace(microsecond=0) - timedelta(seconds=1))


def _variant(content: bytes, etag: str, modified: datetime, coding: bytes | None) -> Variant:
    shared = [*_ALWAYS, (b"etag", etag.encode()), (b"last-modified", format_http_date(modified).encode())]
    coded = [(b"content-encoding", coding)] if coding else []
    length = str(len(content)).encode()
    ok = [(b"content-type", CONTENT_TYPE), (b"content-length", length), *coded, *shared]
    return Variant(content, etag, ok, shared)
