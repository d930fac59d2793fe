"""API keys as the settings list them: of each the digest, whose couples it acts for, and what it may do.

An entry is a key, or ``sha256:`` and the hexadecimal digest of one, which gives nothing away; then, after spaces,
``of=ID`` where it acts for the couples of another key (its successor, or a lesser one), and ``scope=admin`` (the
default), ``scope=read`` or ``scope=couple:COUPLE_ID``. Entries are separated by commas or stand on lines of their own;
what follows ``#`` at the start of a line is a remark.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal

ID_LENGTH = 12
_HASHED = "sha256:"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_OWNER = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
_COUPLE = re.compile(r"[A-Za-z0-9-]{1,64}")
Right = Literal["admin", "read", "couple"]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key. ``owner`` is the id under which its couples and endpoints are kept; ``plain`` is the key, if known."""

    digest: bytes = field(repr=False)
    owner: str
    right: Right = "admin"
    couple_id: str | None = None
    plain: str | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """The key's own id."""
        return self.digest.hex()[:ID_LENGTH]

    @property
    def scope(self) -> str:
        """What it may do, as the settings have it."""
        return self.right if self.couple_id is None else f"{self.right}:{self.couple_id}"

    def may(self, method: str, path: str) -> bool:
        """Whether it may make that call under ``/v1``."""
        if self.right == "read":
            return method in ("GET", "HEAD", "OPTIONS")
        if self.couple_id is None:
            return True
        what, _, rest = path.removeprefix("/v1/").partition("/")
        subject = rest.partition("/")[0]
        if what == "couples":
            return subject == self.couple_id
        # Endpoints and feeds of a couple have ids that begin with the couple's.
        return what in ("endpoints", "feeds") and subject.startswith(f"{self.couple_id}_")


def digest(api_key: str) -> bytes:
    """What a key is known by."""
    return hashlib.sha256(api_key.encode()).digest()


def key_id(api_key: str) -> str:
    """The id under which an API key's couples and endpoints are kept; does not give the key away."""
    return digest(api_key).hex()[:ID_LENGTH]


def read_keys(text: str) -> tuple[ApiKey, ...]:
    """All entries of a text. Raises ValueError, which never repeats a key."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    entries = [entry.split() for line in lines for entry in line.split(",")]
    return tuple(_read(n, words) for n, words in enumerate(filter(None, entries), 1))


def entry(api_key: str, owner: str | None = None, scope: str = "admin") -> str:
    """The entry for a key that gives nothing away. Raises ValueError for an owner or a scope there is none of."""
    words = [
        f"{_HASHED}{digest(api_key).hex()}",
        *([f"of={owner}"] if owner else []),
        *([f"scope={scope}"] if scope != "admin" else []),
    ]
    _read(1, words)
    return " ".join(words)


def _read(n: int, words: list[str]) -> ApiKey:
    key, *more = words
    is_hashed = key.startswith(_HASHED)
    if is_hashed and not _DIGEST.fullmatch(key.removeprefix(_HASHED)):
        raise ValueError(f"entry {n}: after sha256: there must be 64 hexadecimal digits, in lower case")
    known = bytes.fromhex(key.removeprefix(_HASHED)) if is_hashed else digest(key)
    owner, right, couple_id = known.hex()[:ID_LENGTH], "admin", None
    for word in more:
        name, _, value = word.partition("=")
        if name == "of" and _OWNER.fullmatch(value):
            owner = value
        elif name == "scope" and value in ("admin", "read"):
            right = value
        elif name == "scope" and value.startswith("couple:") and _COUPLE.fullmatch(value.removeprefix("couple:")):
            right, couple_id = "couple", value.removeprefix("couple:")
        else:
            raise ValueError(f"entry {n}: after a key there may be of=KEY_ID and scope=admin, read or couple:COUPLE_ID")
    return ApiKey(known, owner, right, couple_id, None if is_hashed else key)  # type: ignore[arg-type]  # one of three
