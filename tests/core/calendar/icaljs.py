"""ical.js, which Thunderbird and many web calendars read with: fetched from npm for the tests, run by Node."""

import json
from pathlib import Path
from typing import Any

from tests import npm

VERSION = "2.2.1"
_SCRIPT = Path(__file__).with_name("icaljs_reads.mjs")


def run(folder: Path, feeds: list[Path], zones: list[dict[str, Any]]) -> dict[str, Any]:
    """What ical.js makes of feeds and zones, with its package put into that folder. Skips where that cannot be had."""
    node = npm.node()
    module = (npm.install(folder, "ical.js", VERSION) / "dist" / "ical.js").as_uri()
    job = folder / "job.json"
    job.write_text(json.dumps({"module": module, "feeds": [str(path) for path in feeds], "zones": zones}))
    done = npm.run([node, str(_SCRIPT), str(job)], folder)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
