"""Writes what decisions say into story files, for reading: ``python -m tests.core.decide.tell FILE…``.

Write the events, run this, and read the result as the couple would: what is wrong in it is wrong in the rules.
"""

import sys
from pathlib import Path

from tests.core.decide.story import Story, Telling


def main(paths: list[str]) -> None:
    """Tell each story and write it back."""
    for name in paths:
        story = Story(Path(name))
        lines = [*story.head, *Telling(story).tell()]
        Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
