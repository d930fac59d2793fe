"""Who a process is on the broker: an nkey, the inbox that goes with it, and TLS.

An nkey is an Ed25519 key pair; its seed (``SU…``) is the secret and never leaves the process, its public key (``U…``)
is what the server's configuration lists. Answers come to an inbox named after the public key, so that a user may be
kept from reading any other's.
"""

import secrets
import ssl

import nkeys
from faststream.nats.security import NatsNKey, NatsSecurity

from threedates.edge.errors import Misconfigured
from threedates.edge.settings import Settings

DEFAULT_INBOX = "_INBOX"
_SEED_BYTES = 32


def new_seed() -> str:
    """A fresh seed of a user."""
    return str(nkeys.encode_seed(secrets.token_bytes(_SEED_BYTES), nkeys.PREFIX_BYTE_USER), "ascii")


def public_key(seed: str) -> str:
    """The public key of a user's seed. Raises Misconfigured where that is none."""
    try:
        key = str(nkeys.from_seed(bytearray(seed.encode())).public_key, "ascii")
    except (nkeys.NkeysError, ValueError, IndexError):
        raise Misconfigured("the seed of the NATS user is none: it must be one line that begins with SU") from None
    if not key.startswith("U"):
        raise Misconfigured("the seed of the NATS user is that of an account or a server; a user's begins with SU")
    return key


def inbox_of(key: str) -> str:
    """The prefix of the subjects at which the user of that public key receives answers."""
    return f"{DEFAULT_INBOX}_{key}"


def inbox(settings: Settings) -> str:
    """The inbox of this process: its own where it has an nkey. Raises Misconfigured."""
    seed = settings.nats_nkey.get_secret_value()
    return inbox_of(public_key(seed)) if seed else DEFAULT_INBOX


def security(settings: Settings) -> NatsSecurity | None:
    """How to prove who this is, and the server who it is; None where the settings ask for neither.

    Raises Misconfigured.
    """
    seed, context = settings.nats_nkey.get_secret_value(), _tls(settings)
    if seed:
        return NatsNKey.from_seed(seed, ssl_context=context)
    return NatsSecurity(ssl_context=context) if context is not None else None


def _tls(settings: Settings) -> ssl.SSLContext | None:
    """TLS as the settings ask for it: whose word is trusted about the server, and who this is."""
    if not (settings.nats_tls_ca or settings.nats_tls_cert):
        return None
    try:
        context = ssl.create_default_context(cafile=settings.nats_tls_ca or None)
        if settings.nats_tls_cert:
            context.load_cert_chain(settings.nats_tls_cert, settings.nats_tls_key or None)
    except OSError as error:  # ssl's own errors are OSErrors too
        files = ", ".join(filter(None, (settings.nats_tls_ca, settings.nats_tls_cert, settings.nats_tls_key)))
        raise Misconfigured(
            f"the TLS files for NATS ({files}) cannot be used: {error.strerror or error}; see THREEDATES_NATS_TLS_…"
        ) from error
    return context
