"""Do the receivers in the README work as they stand, with the public ``standardwebhooks`` packages?"""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.contract.receivers_kit import EXAMPLES, SECRET, running
from threedates.core.signing import format_secret, signed_headers
from threedates.core.webhook import body_of
from threedates.edge.clock import system_clock
from threedates.schemas.webhook import Webhook, WebhookData

DATA = WebhookData(nudge_id="c1-fun-0-due-a", kind="fun", for_="sam", title="Time for a fun date", message="Über – 3 €")
BODY = body_of(Webhook(type="nudge.due", timestamp=datetime(2026, 11, 20, 18, tzinfo=UTC), data=DATA)).encode()
PRINTED = "nudge.due\nTime for a fun date\nÜber – 3 €\n"


def test_the_python_receiver_takes_what_we_sign_and_nothing_else() -> None:
    """Ten lines that people copy have to be right."""
    with running([sys.executable, str(EXAMPLES / "receive.py")]) as (receiver, url):
        check(receiver, url)


def test_the_node_receiver_takes_what_we_sign_and_nothing_else(node_receivers: Path) -> None:
    """The same, in the other language."""
    with running(["node", str(node_receivers / "receive.mjs")]) as (receiver, url):
        check(receiver, url)


def check(receiver: "subprocess.Popen[str]", url: str) -> None:
    """One genuine delivery is taken; the same one changed, too old, unsigned or signed badly is refused."""
    now = system_clock()  # the packages read the clock themselves
    genuine = signed_headers((format_secret(b"n" * 32), SECRET), "c1-fun-0-due-a", now, BODY)
    old = signed_headers((SECRET,), "m-1", now - timedelta(minutes=6), BODY)
    with httpx.Client(trust_env=False) as client:
        refused = [
            client.post(url, content=BODY.replace(b"fun date", b"fun-date"), headers=genuine),
            client.post(url, content=BODY, headers=old),
            client.post(url, content=BODY),
            client.post(url, content=BODY, headers={**genuine, "webhook-signature": "nonsense"}),
        ]
        taken = client.post(url, content=BODY, headers=genuine)
    receiver.kill()
    printed, complaint = receiver.communicate()
    assert [answer.status_code for answer in refused] == [401] * 4, complaint
    assert taken.status_code == 204, complaint
    assert printed == PRINTED
