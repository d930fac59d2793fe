"""What the readers of foreign input make of ten thousand mangled calendars, and as many mangled mails.

The calendars are those that the libraries test themselves with. Every one has to end in facts or in a refusal, and
none may take longer than a second of the processor's time: the intake works on one after the other.
"""

import json
import time
from collections import Counter
from collections.abc import Callable
from random import Random

from bench.report import Report, quantile
from tests.core.admission_kit import DATE_UID, NOW, couple
from tests.core.mutations import calendars, mutated
from tests.mails import TNEF, apple, gmail, outlook
from threedates.core.admission import admit
from threedates.core.mail_in import read_mail
from threedates.core.refusal import Refusal, Refused

MUTATIONS = 10_000
SEED = 5545
AIM_MS = 1_000.0
MAX_ICS = 256 * 1024
STATE = couple()


async def run() -> None:
    """Measure and publish."""
    report = Report(
        "fuzz", f"{MUTATIONS:,} mangled inputs each, and the files as they are",
        "what", "taken", "refused", "raised", "p99 ms", "slowest ms", "aim ms",
    )  # fmt: skip
    files = [path.read_bytes() for path in calendars()]
    mails = [gmail(DATE_UID), outlook(DATE_UID), apple(DATE_UID), TNEF]
    random = Random(SEED)
    mangled = [mutated(random.choice(files), random, files) for _ in range(MUTATIONS)]
    _row(report, f"{len(files)} calendars", files, _calendar)
    _row(report, "calendars, mangled", mangled, _calendar)
    _row(report, "mails, mangled", [mutated(random.choice(mails), random, mails) for _ in range(MUTATIONS)], _mail)
    report.note(f"one process, its own processor time; seed {SEED}; what is raised is a defect")
    report.publish()


def _row(report: Report, what: str, inputs: list[bytes], read: Callable[[bytes], str]) -> None:
    ends, taken = Counter[str](), list[float]()
    reasons = Counter[str]()
    for data in inputs:
        began = time.process_time()
        end = _end(read, data)
        taken.append((time.process_time() - began) * 1_000)
        ends[end.partition(" ")[0]] += 1
        reasons[end] += 1
    counts = (ends["taken"], ends["refused"], ends["raised"])
    report.row(what, *counts, quantile(taken, 0.99), max(taken), AIM_MS, reasons=dict(reasons))


def _end(read: Callable[[bytes], str], data: bytes) -> str:
    try:
        return read(data)
    except Exception as error:  # noqa: BLE001  # that is what is looked for
        return f"raised {type(error).__name__}"


def _calendar(data: bytes) -> str:
    text = data.decode("utf-8", "replace")[:MAX_ICS] or " "
    body = json.dumps({"id": "i", "source": "s", "ics": text}).encode()
    verdict = admit("calendar", "ada", body, STATE, NOW)
    return f"refused {verdict.code}" if isinstance(verdict, Refusal) else "taken"


def _mail(data: bytes) -> str:
    try:
        read_mail(data)
    except Refused as refused:
        return f"refused {refused.refusal.code}"
    return "taken"
