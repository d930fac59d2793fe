"""``threedates keys init`` makes the keys of an installation once, keeps them private, and shows the API key once."""

import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from threedates.cli.main import app
from threedates.edge.settings import Settings


def _init(directory: Path) -> Result:
    return CliRunner().invoke(app, ["keys", "init", "--dir", str(directory)])


def test_the_first_time_shows_the_api_key_and_the_second_does_not(tmp_path: Path) -> None:
    """Every start of the containers runs it, and their logs are kept."""
    first, second = _init(tmp_path / "keys"), _init(tmp_path / "keys")
    api_key = (tmp_path / "keys" / "api_key").read_text().strip()
    assert first.exit_code == second.exit_code == 0
    assert first.output.count(api_key) == 1
    assert api_key not in second.output
    assert (tmp_path / "keys" / "secret_key").read_text().strip() not in first.output


def test_keys_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    """A new secret key would break every link that has been given out."""
    (tmp_path / "secret_key").write_text("the operator's own secret")
    _init(tmp_path)
    made = (tmp_path / "api_key").read_text()
    _init(tmp_path)
    assert (tmp_path / "secret_key").read_text() == "the operator's own secret"
    assert (tmp_path / "api_key").read_text() == made


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    """They sign every link and open every couple of this installation."""
    _init(tmp_path / "keys")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "keys").iterdir()} == {0o600}


def test_the_settings_take_them_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is what the files are for."""
    _init(tmp_path)
    monkeypatch.setenv("THREEDATES_SECRET_KEY_FILE", str(tmp_path / "secret_key"))
    monkeypatch.setenv("THREEDATES_API_KEYS_FILE", str(tmp_path / "api_key"))
    settings = Settings.load()
    assert len(settings.link_key) >= 32
    assert list(settings.keys) == [(tmp_path / "api_key").read_text().strip()]


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """The operator mounted something else there."""
    (tmp_path / "keys").write_text("a file, not a directory")
    result = _init(tmp_path / "keys")
    assert result.exit_code == 1
    assert str(tmp_path / "keys") in result.output.replace("\n", "")
