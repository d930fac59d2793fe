"""``threedates keys init`` makes the keys of an installation once, keeps them private, and shows the API key once."""

import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from threedates.cli.main import app
from threedates.edge.apikeys import entry, key_id
from threedates.edge.settings import Settings


def _init(directory: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["keys", "init", "--dir", str(directory), *more])


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
    assert [key.plain for key in settings.keys] == [(tmp_path / "api_key").read_text().strip()]


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """The operator mounted something else there."""
    (tmp_path / "keys").write_text("a file, not a directory")
    result = _init(tmp_path / "keys")
    assert result.exit_code == 1
    assert str(tmp_path / "keys") in result.output.replace("\n", "")


def test_where_only_the_hash_is_kept_the_key_is_shown_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads the volume, or a copy of it, gets no key."""
    first, second = _init(tmp_path, "--hashed"), _init(tmp_path, "--hashed")
    api_key = first.output.replace("\n", " ").split()[2]
    assert api_key.startswith("td_")
    assert api_key not in second.output + "".join(file.read_text() for file in tmp_path.iterdir())
    monkeypatch.setenv("THREEDATES_API_KEYS_FILE", str(tmp_path / "api_keys"))
    assert [key.id for key in Settings.load().keys] == [key_id(api_key)]


def test_a_key_that_was_kept_in_plain_text_becomes_a_hash(tmp_path: Path) -> None:
    """An installation of before goes on with the key it has given out."""
    _init(tmp_path)
    before = (tmp_path / "api_key").read_text().strip()
    result = _init(tmp_path, "--hashed")
    assert before not in result.output
    assert not (tmp_path / "api_key").exists()
    assert (tmp_path / "api_keys").read_text() == entry(before) + "\n"


def test_a_new_key_is_shown_once_and_listed_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its line stands in for another key, and says what it may do."""
    made = CliRunner().invoke(app, ["keys", "new", "--of", "0123456789ab", "--scope", "couple:c1"])
    lines = dict(line.split(maxsplit=1) for line in made.output.splitlines())
    monkeypatch.setenv("THREEDATES_API_KEYS", lines["add"])
    monkeypatch.setenv("THREEDATES_NATS_URL", "nats://127.0.0.1:4222")
    shown = CliRunner().invoke(app, ["keys", "list"]).output
    assert all(text in shown for text in (lines["id"], "0123456789ab", "couple:c1", "hash"))
    assert CliRunner().invoke(app, ["keys", "new", "--scope", "everything"]).exit_code == 2
