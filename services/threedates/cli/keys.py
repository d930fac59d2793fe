"""``threedates keys init``: the keys an installation needs, made once and kept in files.

``threedates up`` makes its own; this is for services that are started one by one and read their keys from files.
"""

from pathlib import Path
from typing import Annotated

import typer

from threedates.cli.context import DATA_DIR, command, fail, out
from threedates.cli.home import Home

app = typer.Typer(no_args_is_help=True, help="The keys of an installation.")


@app.command("init")
@command
async def init(
    directory: Annotated[
        Path, typer.Option("--dir", help="Where the keys are kept, readable by their owner alone.")
    ] = DATA_DIR,
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
        api_key, is_new = home.secret("api_key", "td_")
    except OSError as error:
        raise fail(f"the keys in {directory} cannot be read or written: {error.strerror}; check who owns it") from None
    if is_new:
        out.print(f"API key   {api_key}   (shown once; kept in {home.path})", highlight=False, soft_wrap=True)
    else:
        out.print(f"API key   in {home.path}/api_key", highlight=False, soft_wrap=True)
