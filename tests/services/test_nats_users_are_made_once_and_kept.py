"""``threedates deploy nats-config`` makes a seed per user once, keeps it private, and keeps what was edited."""

import stat
from pathlib import Path

from typer.testing import CliRunner, Result

from threedates.cli.main import app
from threedates.cli.registry import SERVICES
from threedates.edge.identity import inbox_of, public_key

USERS = {*SERVICES, "operator", "producer"}


def _run(directory: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["deploy", "nats-config", "--dir", str(directory), *more])


def _seeds(directory: Path) -> dict[str, str]:
    return {user: (directory / user / "seed").read_text().strip() for user in USERS}


def test_every_user_has_a_seed_of_its_own_that_the_server_is_told_the_public_key_of(tmp_path: Path) -> None:
    """The server's files hold no secret."""
    result = _run(tmp_path)
    assert result.exit_code == 0, result.output
    seeds = _seeds(tmp_path)
    assert len(set(seeds.values())) == len(USERS)
    server = "".join(file.read_text() for file in (tmp_path / "server").iterdir())
    for seed in seeds.values():
        assert f"nkey: {public_key(seed)}\n" in server
        assert f'"{inbox_of(public_key(seed))}.>"' in server
        assert seed not in server + result.output


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    """Whoever has a seed is that service."""
    _run(tmp_path)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert {stat.S_IMODE(file.parent.stat().st_mode) for file in files} == {0o700}


def test_seeds_and_an_edited_configuration_are_kept(tmp_path: Path) -> None:
    """It runs at every start of the containers, and after every upgrade by hand."""
    _run(tmp_path)
    before, edited = _seeds(tmp_path), tmp_path / "server" / "nats.conf"
    edited.write_text("# mine\n")
    (tmp_path / "server" / "users.conf").write_text("")
    assert "kept as it is" in _run(tmp_path).output
    assert _seeds(tmp_path) == before
    assert edited.read_text() == "# mine\n"
    assert public_key(before["intake"]) in (tmp_path / "server" / "users.conf").read_text()
    _run(tmp_path, "--force")
    assert 'include "users.conf"' in edited.read_text()
    assert _seeds(tmp_path) == before


def test_one_user_is_given_a_new_seed(tmp_path: Path) -> None:
    """A seed that somebody may have seen is replaced; the others stay."""
    _run(tmp_path)
    before = _seeds(tmp_path)
    assert _run(tmp_path, "--rotate", "nudges").exit_code == 0
    after = _seeds(tmp_path)
    assert {user for user in USERS if before[user] != after[user]} == {"nudges"}
    assert public_key(before["nudges"]) not in (tmp_path / "server" / "users.conf").read_text()


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    """A user there is none of, half of TLS, a seed that is none."""
    assert "nobody" in _run(tmp_path, "--rotate", "nobody").output
    assert "--tls-key" in _run(tmp_path, "--tls-cert", "a.pem").output
    _run(tmp_path)
    (tmp_path / "intake" / "seed").write_text("not a seed\n")
    result = _run(tmp_path)
    assert result.exit_code == 1
    assert "begin" in result.output
