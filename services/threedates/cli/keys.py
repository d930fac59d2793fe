"""``threedates keys``: the keys an installation needs, made once and kept in files; and API keys, made and listed.

``threedates up`` makes its own; ``init`` is for services that are started one by one and read their keys from files.
"""

import secrets
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from threedates.cli.context import DATA_DIR, command, fail, load_settings, out
from threedates.cli.home import Home
from threedates.edge.apikeys import entry, key_id

app = typer.Typer(no_args_is_help=True, help="The keys of an installation.")
PREFIX = "td_"
API_KEY, API_KEYS = "api_key", "api_keys"


@app.command("init")
@command
async def init(
    directory: Annotated[
        Path, typer.Option("--dir", help="Where the keys are kept, readable by their owner alone.")
    ] = DATA_DIR,
    hashed: Annotated[
        bool, typer.Option("--hashed", help=f"Keep the API key's hash alone, in {API_KEYS}; {API_KEY} becomes one.")
    ] = False,
) -> None:
    """Make what is missing: secret_key, which signs links, api_key, which is shown this once, and store_key.

    Name the first two in THREEDATES_SECRET_KEY_FILE and THREEDATES_API_KEYS_FILE; the third is for the broker, whose
    store it encrypts. Keys that are there stay as they are.
    """
    try:
        home = Home.at(directory)
        home.secret("secret_key")
        # A letter first: the broker's configuration reads what looks like a number as one.
        home.secret("store_key", "sk_")
        api_key = _hashed(home) if hashed else _plain(home)
    except OSError as error:
        raise fail(f"the keys in {directory} cannot be read or written: {error.strerror}; check who owns it") from None
    kept = home.path / (API_KEYS if hashed else API_KEY)
    if api_key is None:
        out.print(f"API key   {'its hash ' if hashed else ''}in {kept}", highlight=False, soft_wrap=True)
    else:
        what = "its hash is" if hashed else ""
        out.print(f"API key   {api_key}   (shown once; {what} kept in {kept})", highlight=False, soft_wrap=True)


@app.command("new")
def new(
    owner: Annotated[
        str | None, typer.Option("--of", help="The id of the key whose couples it is for; see keys list.")
    ] = None,
    scope: Annotated[str, typer.Option(help="admin (everything), read, or couple:COUPLE_ID.")] = "admin",
) -> None:
    """Make an API key: the key itself, shown this once, and the line to add to THREEDATES_API_KEYS or its file.

    To replace a key that somebody may have seen: make one --of its id, add the line, start the gateway again, hand the
    new key out, then remove the old line.
    """
    api_key = f"{PREFIX}{secrets.token_urlsafe(32)}"
    try:
        line = entry(api_key, owner, scope)
    except ValueError:
        raise fail("--of takes a key's id as keys list shows it; --scope admin, read or couple:COUPLE_ID", 2) from None
    out.print(f"API key   {api_key}   (shown once)", highlight=False, soft_wrap=True)
    out.print(f"id        {key_id(api_key)}", highlight=False, soft_wrap=True)
    out.print(f"add       {line}", highlight=False, soft_wrap=True)


@app.command("list")
@command
async def show() -> None:
    """List the API keys of the settings: their ids, whose couples they are for, and what they may do; never a key."""
    keys = load_settings().keys
    table = Table("id", "couples of", "scope", "kept as", box=None)
    for key in keys:
        table.add_row(key.id, key.owner, key.scope, "plain text" if key.plain else "hash")
    out.print(table if keys else "THREEDATES_API_KEYS is empty")


def _plain(home: Home) -> str | None:
    """The key, if it was made just now."""
    api_key, is_new = home.secret(API_KEY, PREFIX)
    return api_key if is_new else None


def _hashed(home: Home) -> str | None:
    """The same, where its hash alone is kept. One that stood there in plain text is still good afterwards."""
    plain = home.path / API_KEY
    api_key = plain.read_text(encoding="ascii").strip() if plain.exists() else f"{PREFIX}{secrets.token_urlsafe(32)}"
    _, is_new = home.kept(API_KEYS, lambda: _entries(api_key))
    was_plain = plain.exists()
    plain.unlink(missing_ok=True)
    return api_key if is_new and not was_plain else None


def _entries(keys: str) -> str:
    return "\n".join(entry(key.strip()) for key in keys.split(",") if key.strip())
