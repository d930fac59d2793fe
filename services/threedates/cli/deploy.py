"""``threedates deploy``: a user of its own on the broker for each service, and the server's configuration.

In: a directory. Out: ``<user>/seed`` for every user, which is secret, and ``server/users.conf`` and
``server/nats.conf`` for the NATS server. Run again after an upgrade, it makes what is new and leaves the seeds alone.
"""

from pathlib import Path
from typing import Annotated

import typer

from threedates.cli import demo_beside
from threedates.cli.context import fail, load_settings, out
from threedates.cli.home import Home
from threedates.edge import natsconfig
from threedates.edge.errors import Misconfigured
from threedates.edge.identity import inbox_of, new_seed, public_key
from threedates.edge.natsconfig import NATS_CONF, USERS_CONF, Tls
from threedates.edge.permissions import permissions, users

app = typer.Typer(no_args_is_help=True, help="What is needed to deploy the services.")
app.command("demo")(demo_beside.prepare)
SERVER = "server"
SEED = "seed"


@app.command("nats-config")
def nats_config(
    directory: Annotated[Path, typer.Option("--dir", help="Where everything is kept.")] = Path("nats"),
    listen: Annotated[str, typer.Option(help="HOST:PORT of the server.")] = "127.0.0.1:4222",
    store_dir: Annotated[str, typer.Option(help="The server's data directory.")] = "/data",
    tls_cert: Annotated[str | None, typer.Option(help="The server's certificate file: clients must use TLS.")] = None,
    tls_key: Annotated[str | None, typer.Option(help="The key file of that certificate.")] = None,
    tls_client_ca: Annotated[
        str | None, typer.Option(help="Clients must show a certificate that this file vouches for.")
    ] = None,
    rotate: Annotated[list[str] | None, typer.Option(help="Give this user a new seed; repeatable.")] = None,
    force: Annotated[bool, typer.Option("--force", help=f"Write {NATS_CONF} anew, over your changes.")] = False,
) -> None:
    """Make a NATS user for each service, the operator and producers, with permissions for what each does and no more.

    Every user's seed is made once and kept in DIR/USER/seed, mode 600; it is given to the service by
    THREEDATES_NATS_NKEY_FILE. DIR/server/users.conf is made anew each time, DIR/server/nats.conf only with --force.
    A running server takes changes over on: nats-server --signal reload
    """
    if (tls_cert is None) != (tls_key is None):
        raise fail("--tls-cert and --tls-key belong together", 2)
    if tls_client_ca is not None and tls_cert is None:
        raise fail("--tls-client-ca asks for --tls-cert and --tls-key", 2)
    tls = Tls(tls_cert, tls_key, tls_client_ca) if tls_cert and tls_key else None
    try:
        settings = load_settings()
        rotated = _known(rotate or [], users(settings))
        keys = {user: public_key(_seed(directory, user, is_new=user in rotated)) for user in users(settings)}
        allowed = permissions(settings, {user: inbox_of(key) for user, key in keys.items()})
        server = Home.at(directory / SERVER)
        server.write(USERS_CONF, natsconfig.users_conf(keys, allowed))
        is_kept = (server.path / NATS_CONF).exists() and not force
        if not is_kept:
            server.write(NATS_CONF, natsconfig.nats_conf(listen, store_dir, tls))
    except Misconfigured as error:
        raise fail(str(error)) from None
    except OSError as error:
        raise fail(f"{directory} cannot be read or written: {error.strerror}; check who owns it") from None
    for user in keys:
        out.print(f"{user:<10} {directory / user / SEED}", highlight=False, soft_wrap=True)
    kept = "   (kept as it is; --force writes it anew)" if is_kept else ""
    out.print(f"{SERVER:<10} {directory / SERVER / NATS_CONF}{kept}", highlight=False, soft_wrap=True)


def _known(rotate: list[str], names: tuple[str, ...]) -> list[str]:
    if unknown := [user for user in rotate if user not in names]:
        raise fail(f"there is no user {unknown[0]!r}; choose from {', '.join(names)}", 2)
    return rotate


def _seed(directory: Path, user: str, *, is_new: bool) -> str:
    """The user's seed, made where there is none yet or a new one is asked for."""
    home = Home.at(directory / user)
    if is_new:
        home.write(SEED, new_seed() + "\n")
    seed, _ = home.kept(SEED, new_seed)
    return seed
