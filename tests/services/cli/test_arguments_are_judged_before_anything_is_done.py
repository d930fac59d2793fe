"""What is wrong with an argument is said in a sentence, with exit code 2, before a broker is looked for."""

import pytest
from typer.testing import CliRunner

from threedates.cli.main import app


@pytest.mark.parametrize("couple", ["*", ">", "a.b", "a b", "a\nb", "", "c_1", "-x" * 40])
@pytest.mark.parametrize(
    "words", [["explain"], ["export"], ["replay", "--check"], ["send", "check-in", "--partner", "sam"]]
)
def test_what_is_no_couples_id_is_refused(words: list[str], couple: str) -> None:
    """In a subject it would stand for many couples, or for none that intake could ever find."""
    result = CliRunner().invoke(app, [*words, "--", couple])
    assert result.exit_code == 2
    assert "is not a couple's id" in " ".join(result.output.replace("│", " ").split())


@pytest.mark.parametrize("port", ["-1", "65536", "99999"])
def test_a_port_that_cannot_be_is_refused(port: str) -> None:
    """No data directory is made for a start that cannot be."""
    result = CliRunner().invoke(app, ["up", "--nats-port", port])
    assert result.exit_code == 2
    assert "--nats-port" in result.output
