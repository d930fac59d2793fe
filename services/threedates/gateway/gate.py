"""The gate before ``/v1``, as plain ASGI: no API key that may do it, no way in; and no body larger than it may
be is read to its end.

Keys are compared in constant time, with every key there is, so that the time taken tells nothing about any of them.
"""

import hashlib
import hmac

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from threedates.core.mail_in import MAX_MAIL
from threedates.edge.apikeys import ApiKey, Right
from threedates.edge.settings import Settings
from threedates.gateway.problems import CHALLENGE, Problem, answer

PREFIX = "/v1"
KEY_ID = "threedates.key_id"
"""Where in a request's scope the id stands that its API key acts for."""
MAX_BODY = 64 * 1024
MAX_CALENDAR_BODY = 256 * 1024
_CALENDARS = "/calendar-events"
_MAILS = f"{PREFIX}/inbound-mail"
_NO_KEY = "Send an API key, as the header Authorization: Bearer followed by the key."
_BEYOND: dict[Right, str] = {
    "admin": "",
    "read": "This API key may only read (GET).",
    "couple": "This API key is for one couple, and for what belongs to it.",
}
_WRONG_KEY = "The API key is not known here."


class Gate:
    """Lets requests to ``/v1`` pass with a key, and all requests with a body within bounds."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        # Of each key the digest alone: they all have one length, and nobody can use one.
        self._keys = settings.keys
        self._base_url = settings.base_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer it with 401, 403 or 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        headers = dict(scope["headers"])
        try:
            if path == PREFIX or path.startswith(f"{PREFIX}/"):
                key = self._key(headers.get(b"authorization", b""))
                _check_right(key, scope["method"], path)
                scope[KEY_ID] = key.owner
            limit = _limit(path)
            _check_length(headers.get(b"content-length", b""), limit)
        except Problem as problem:
            await answer(self._base_url, problem)(scope, receive, send)
            return
        await self._app(scope, _bounded(receive, limit), send)

    def _key(self, authorization: bytes) -> ApiKey:
        scheme, _, given = authorization.partition(b" ")
        if scheme.lower() != b"bearer" or not given.strip():
            raise Problem("unauthorized", _NO_KEY, headers=CHALLENGE)
        found: ApiKey | None = None
        digest = _digest(given.strip())
        for key in self._keys:
            if hmac.compare_digest(key.digest, digest):
                found = key
        if found is None:
            headers = {"WWW-Authenticate": f'{CHALLENGE["WWW-Authenticate"]}, error="invalid_token"'}
            raise Problem("unauthorized", _WRONG_KEY, headers=headers)
        return found


def _check_right(key: ApiKey, method: str, path: str) -> None:
    if not key.may(method, path):
        raise Problem("forbidden", _BEYOND[key.right])


def _limit(path: str) -> int:
    if path == _MAILS:
        return MAX_MAIL
    return MAX_CALENDAR_BODY if path.endswith(_CALENDARS) else MAX_BODY


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()


def _check_length(declared: bytes, limit: int) -> None:
    if declared.isdigit() and (len(declared) > 18 or int(declared) > limit):
        raise _too_large(limit)


def _bounded(receive: Receive, limit: int) -> Receive:
    """The body as it comes, until it is too large: a length may be wrong, or not be declared at all."""
    left = limit

    async def bounded() -> Message:
        nonlocal left
        message = await receive()
        if message["type"] == "http.request":
            left -= len(message.get("body", b""))
            if left < 0:
                raise _too_large(limit)
        return message

    return bounded


def _too_large(limit: int) -> Problem:
    return Problem("too_large", f"The body may have {limit} bytes ({limit // 1024} KiB).")
