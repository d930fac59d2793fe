"""Does docs/settings.md list the settings there are?"""

from tests.contract.settings_page import PATH, page


def test_the_page_is_what_the_settings_declare() -> None:
    """A setting that nobody can find might as well not be there."""
    assert PATH.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.contract.settings_page"
