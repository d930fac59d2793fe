"""What stands in a message is shown as it is: brackets are neither swallowed nor a crash, credentials never shown."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from threedates.cli.main import app


def _run(*words: str, **env: str) -> Result:
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "300", **env})


def _shown(result: Result) -> str:
    return " ".join(result.output.split())


@pytest.mark.parametrize("name", ["[/nowhere]", "[bold]", "a[0]"])
def test_brackets_in_a_file_name_are_shown(name: str) -> None:
    """They would be taken for an instruction to the terminal, and end the command with a traceback."""
    result = _run("feed", "lint", name)
    assert result.exit_code == 2
    assert f"{name} cannot be read" in _shown(result)


def test_a_wrong_setting_is_told_with_the_form_it_must_have() -> None:
    """The form is a pattern, and patterns hold brackets."""
    result = _run("doctor", THREEDATES_PREFIX="a.b")
    assert "THREEDATES_PREFIX: String should match pattern '^[a-z][a-z0-9_]{0,31}$'" in _shown(result)


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:4222", "nats://", "two words"])
def test_what_is_no_address_of_a_server_is_not_waited_for(url: str) -> None:
    """Nothing would ever answer there."""
    result = _run("doctor", THREEDATES_NATS_URL=url)
    assert result.exit_code == 1
    assert "THREEDATES_NATS_URL: it must be the address of a NATS server" in _shown(result)


def test_a_public_address_that_nobody_could_open_is_refused() -> None:
    """Every link in every nudge would begin with it."""
    result = _run("doctor", THREEDATES_PUBLIC_URL="dates.example.org", THREEDATES_NATS_URL="nats://127.0.0.1:9")
    assert "THREEDATES_PUBLIC_URL: it must begin with https:// or http://" in _shown(result)


def test_a_password_in_the_servers_address_is_not_shown() -> None:
    """Terminals are recorded, and their text is pasted into questions."""
    result = _run("doctor", THREEDATES_NATS_URL="nats://ada:hunter2@127.0.0.1:9")
    assert result.exit_code == 1
    assert "no NATS server answers at nats://…@127.0.0.1:9" in _shown(result)
    assert "hunter2" not in result.output


@pytest.mark.parametrize("text", ["", "not JSON", "{}", "[]"])
def test_a_file_of_ups_that_is_broken_is_named(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do about it."""
    (tmp_path / "up.json").write_text(text)
    monkeypatch.delenv("THREEDATES_NATS_URL", raising=False)
    result = _run("doctor", THREEDATES_DATA_DIR=str(tmp_path))
    assert result.exit_code == 1
    assert "up.json does not say where threedates up runs" in _shown(result)
