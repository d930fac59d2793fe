"""What browsers post: forms read within bounds, and only where they come from our own pages.

The token in the path is the capability, and no other site knows it; that a post says where it comes from is a second
lock. ``Origin: null`` passes it: under ``no-referrer`` browsers send that from our own pages too (Fetch §3.2).
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request

MAX_BODY = 64 * 1024
MAX_FIELDS = 100
_OURS = ("same-origin", "none")


@dataclass(frozen=True, slots=True)
class Form:
    """A posted form: each field's values, in order."""

    fields: dict[str, list[str]]

    def get(self, name: str) -> str:
        """A field's last value without the space around it; empty where there is none."""
        return self.fields.get(name, [""])[-1].strip()

    def all(self, name: str) -> list[str]:
        """All values of a field that are not empty."""
        return [value.strip() for value in self.fields.get(name, []) if value.strip()]


async def read_form(request: Request) -> Form:
    """The form of a request (``application/x-www-form-urlencoded``); empty where it is anything else.

    Raises HTTPException 413 for more than 64 KiB.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HTTPException(413, f"The form may have {MAX_BODY} bytes.")
    return parse(bytes(body)) if _is_form(request.headers) else Form({})


def parse(body: bytes) -> Form:
    """The fields of an urlencoded body; none where it has too many or cannot be read."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError:
        return Form({})
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return Form(fields)


def is_ours(headers: Headers, base_url: str) -> bool:
    """Whether a post comes from our own pages, as far as the browser says."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in _OURS
    if origin is None or origin == "null":
        return True
    return _place(origin) in {_place(base_url), headers.get("host", "").lower()} - {""}


def _is_form(headers: Headers) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() == "application/x-www-form-urlencoded"


def _place(url: str) -> str:
    """The host and port of a URL, empty where it has none."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
