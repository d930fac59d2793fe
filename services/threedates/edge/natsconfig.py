"""The server's side of the permissions: the text of its configuration, in its own syntax.

In: the users' public keys and what each may do. Out: ``users.conf``, which is wholly derived and made anew whenever a
key or a permission changes, and a ``nats.conf`` of one node that includes it, to begin with and to be edited.
"""

from dataclasses import dataclass

from threedates.edge.permissions import Permissions

USERS_CONF = "users.conf"
NATS_CONF = "nats.conf"


@dataclass(frozen=True, slots=True)
class Tls:
    """Files, as the server sees them: its certificate and key, and who vouches for clients that must show one."""

    cert: str
    key: str
    client_ca: str | None = None


def users_conf(keys: dict[str, str], permissions: dict[str, Permissions]) -> str:
    """The ``authorization`` block: each user's public key and permissions. Holds no secret."""
    blocks = [_user(user, key, permissions[user]) for user, key in keys.items()]
    return (
        "# Made by `threedates deploy nats-config`, and made anew by it: changes here do not last.\n"
        "# Public keys only; the seeds are in the users' own files.\n\n"
        f"authorization {{\n  users: [\n{''.join(blocks)}  ]\n}}\n"
    )


def nats_conf(listen: str, store_dir: str, tls: Tls | None) -> str:
    """One node with JetStream that syncs every write, and knows the users."""
    return (
        "# Made by `threedates deploy nats-config`, to be edited: it is written again only where you ask for it.\n\n"
        f"server_name: threedates\nlisten: {quoted(listen)}\n"
        '# For health checks and metrics; no secret is needed to read it.\nhttp: "127.0.0.1:8222"\n\n'
        f"jetstream {{\n  store_dir: {quoted(store_dir)}\n"
        "  # One node has no second copy: what is acknowledged is on the disk, also after a power cut.\n"
        f"  sync_interval: always\n}}\n\n{_tls(tls)}include {quoted(USERS_CONF)}\n"
    )


def quoted(value: object) -> str:
    """A string in the server's configuration syntax, in which a backslash escapes."""
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _user(user: str, key: str, permissions: Permissions) -> str:
    return (
        f"    # {user}\n    {{\n      nkey: {key}\n      permissions: {{\n"
        f"        publish: {{ allow: {_subjects(permissions.publish)} }}\n"
        f"        subscribe: {{ allow: {_subjects(permissions.subscribe)} }}\n      }}\n    }}\n"
    )


def _subjects(subjects: tuple[str, ...]) -> str:
    lines = "".join(f"          {quoted(subject)}\n" for subject in subjects)
    return f"[\n{lines}        ]"


def _tls(tls: Tls | None) -> str:
    if tls is None:
        return ""
    clients = f"  ca_file: {quoted(tls.client_ca)}\n  verify: true\n" if tls.client_ca else ""
    return f"tls {{\n  cert_file: {quoted(tls.cert)}\n  key_file: {quoted(tls.key)}\n{clients}}}\n\n"
