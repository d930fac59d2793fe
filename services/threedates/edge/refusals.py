"""Keeping refused input: the bytes as they came, with a reason that a program can read, for as long as the stream does.

What was sent over NATS is kept by the intake; over HTTP the caller hears of it at once, and only a mail, whose sender
hears nothing, is kept too.
"""

import json

from threedates.core.refusal import Refusal
from threedates.edge.wire import Wire

REASON = "Threedates-Reason"
DETAIL = "Threedates-Detail"
SUBJECT = "Threedates-Subject"
CUT = "Threedates-Cut"
"""How many bytes there were, where not all are kept: more than the broker takes, or of a couple that left."""
MAX_DETAIL = 500
HEADER_ROOM = 4_096


async def keep_refused(  # what was refused, of whom, where it came in, and why
    wire: Wire, couple_id: str | None, what: str, sent_to: str, body: bytes, refusal: Refusal, *, has_left: bool = False
) -> None:
    """Keep refused input under the couple it names, or under nobody. Raises Unavailable.

    ``sent_to`` is the subject or the HTTP path it came in by. Of a couple that left not a word is kept.
    """
    detail = {"code": refusal.code, "detail": refusal.detail[:MAX_DETAIL], "field": refusal.field}
    headers = {
        REASON: refusal.code,
        DETAIL: json.dumps(detail),
        SUBJECT: sent_to.encode("ascii", "backslashreplace").decode(),
    }
    room = 0 if has_left else wire.client.max_payload - HEADER_ROOM
    if len(body) > room:
        headers[CUT] = str(len(body))
    await wire.publish(wire.names.refused(couple_id, what), body[:room], headers)
