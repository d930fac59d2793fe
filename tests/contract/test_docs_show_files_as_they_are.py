"""Do the pages show the files they quote, as these are? What was tried must be what people read."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["check_in.py", "receive.py", "receive.mjs"])
def test_the_readme_shows_the_example(name: str) -> None:
    """People copy from the README; the tests run the file."""
    assert text("docs", "examples", name) in text("README.md")


def test_the_page_on_deciding_tells_the_story_as_it_goes() -> None:
    """A rule that changes the story must change the page that explains it."""
    story = text("tests", "stories", "the_attentive_couple.txt")
    assert f"```text\n{story[story.index('2026-') :]}```" in text("docs", "how-it-decides.md")


def text(*path: str) -> str:
    """A file's text."""
    return ROOT.joinpath(*path).read_text(encoding="utf-8")
