"""The languages there are words in. A new one is a package beside ``en`` and a line here."""

from collections.abc import Mapping
from types import MappingProxyType

from threedates.core.wording.catalogue import Language
from threedates.core.wording.en import ENGLISH

LANGUAGES: Mapping[str, Language] = MappingProxyType({ENGLISH.code: ENGLISH})


def language(code: str) -> Language:
    """The language of a BCP 47 tag (RFC 5646), its region aside ("en-GB" is "en"); English where there are no words."""
    primary = code.replace("_", "-").partition("-")[0].lower()
    return LANGUAGES.get(primary, ENGLISH)
