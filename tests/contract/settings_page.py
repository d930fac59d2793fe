"""Writes docs/settings.md from the settings' own declarations: ``python -m tests.contract.settings_page``."""

from pathlib import Path

from pydantic import SecretStr

from threedates.edge.settings import ENV_PREFIX, Settings

PATH = Path(__file__).parents[2] / "docs" / "settings.md"
_HEAD = """\
# Settings

Settings are environment variables. `threedates settings` lists them with the values that hold where it runs; it shows
that a secret is set, never the secret.

Each can come from a file instead: `THREEDATES_SECRET_KEY_FILE=/run/secrets/key` sets `THREEDATES_SECRET_KEY`.
`threedates up` makes an API key and a secret key where none is set, and keeps them in its data directory.

| variable | default | meaning |
|---|---|---|
"""
_FOOT = """
`THREEDATES_DATA_DIR` is for the commands alone: the data directory of `threedates up`, `.threedates` by default.

Mail is sent once `THREEDATES_SMTP_URL` and `THREEDATES_MAIL_FROM` are set, for `nudges` and `gateway` alike;
[Mail](mail.md) says more. `THREEDATES_MAIL_FROM` alone names the ORGANIZER of invites that are fetched.
"""


def page() -> str:
    """The page as it has to be."""
    return _HEAD + "".join(map(_row, Settings.model_fields)) + _FOOT


def _row(name: str) -> str:
    field = Settings.model_fields[name]
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    text = ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
    meaning = (field.description or "").replace("<", "&lt;")
    return f"| `{ENV_PREFIX}{name.upper()}` | {f'`{text}`' if text else 'none'} | {meaning} |\n"


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
