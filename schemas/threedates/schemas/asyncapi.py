"""The AsyncAPI 3.0 document: every public subject under the default prefix, and what travels on it.

Built by hand over the JSON Schemas, which it refers to by their files. Internal subjects (timers, delivery tasks,
buckets) are not part of the contract and not in it.
"""

from dataclasses import dataclass
from typing import Any, Literal

from threedates.schemas.subjects import Names

COUPLE = "{couple_id}"
ENDPOINT = "{endpoint_id}"
_PARAMETERS = {
    "couple_id": {"description": "The couple's id: letters, digits and '-'."},
    "endpoint_id": {"description": "The endpoint's id."},
    "what": {"description": "The sort of input that was refused, or of message that was given up."},
}
_REFUSAL: dict[str, Any] = {
    "type": "object",
    "required": ["Threedates-Reason", "Threedates-Detail", "Threedates-Subject"],
    "properties": {
        "Threedates-Reason": {"type": "string", "description": "The code; codes never change their meaning."},
        "Threedates-Detail": {"type": "string", "description": "ASCII JSON: {code, detail, field}."},
        "Threedates-Subject": {"type": "string", "description": "The subject, or the HTTP path, it was sent to."},
        "Threedates-Cut": {"type": "string", "description": "The body's length, where it had to be cut to be kept."},
    },
}
_LOOKED: dict[str, Any] = {
    "type": "object",
    "required": ["folded_to"],
    "properties": {"folded_to": {"type": "integer", "description": "The last log sequence the look has seen."}},
}


@dataclass(frozen=True, slots=True)
class _Channel:
    """One public subject: its address, what a program of ours does with it, and the schema of what it carries."""

    address: str | None
    action: Literal["send", "receive"]
    title: str
    payload: str | dict[str, Any] | None
    headers: dict[str, Any] | None = None


def _channels(names: Names) -> dict[str, _Channel]:
    return {
        "checkIns": _Channel(names.inbound("checkin", COUPLE), "receive", "What a partner reports", "check-in"),
        "calendarEvents": _Channel(
            names.inbound("calendar", COUPLE), "receive", "A fact from somebody's calendar", "calendar-event"
        ),
        "commands": _Channel(
            names.inbound("command", COUPLE), "receive", "Joining, settings and answers, as the gateway sends them",
            "command",
        ),
        "rejected": _Channel(
            names.refused(COUPLE, "{what}"), "send", "Refused input: the original bytes, with the reason in headers",
            None, _REFUSAL,
        ),
        "facts": _Channel(names.fact(COUPLE), "send", "A couple's log: facts", "fact"),
        "decisions": _Channel(names.decision(COUPLE), "send", "A couple's log: decisions", "decision"),
        "looked": _Channel(names.looked(COUPLE), "send", "A look was finished; plain NATS, kept by nobody", _LOOKED),
        "attempts": _Channel(names.attempt(COUPLE, ENDPOINT), "send", "What became of a delivery attempt", "attempt"),
        "deadLetters": _Channel(
            names.dead_letter(COUPLE, "{what}"), "send", "A delivery given up, or a message nobody could take",
            "dead-letter",
        ),
        "webhooks": _Channel(None, "send", "What endpoints receive over HTTP, signed as Standard Webhooks", "webhook"),
    }  # fmt: skip


def document() -> dict[str, Any]:
    """The document, for the default prefix."""
    found = _channels(Names())
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "threedates",
            "version": "1",
            "description": "Reminders and nudges for couples who keep the three date rule. Inbound messages are plain "
            "JSON or CloudEvents 1.0 structured JSON; unknown fields are ignored.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "servers": {"nats": {"host": "127.0.0.1:4222", "protocol": "nats"}},
        "channels": {key: _channel(channel) for key, channel in found.items()},
        "operations": {key: _operation(key, channel) for key, channel in found.items()},
    }


def _channel(channel: _Channel) -> dict[str, Any]:
    message: dict[str, Any] = {"title": channel.title}
    if channel.payload is not None:
        reference = {"$ref": f"../json/{channel.payload}.json"} if isinstance(channel.payload, str) else channel.payload
        message["payload"] = reference
    if channel.headers is not None:
        message["headers"] = channel.headers
    address = channel.address or ""
    parameters = {name: about for name, about in _PARAMETERS.items() if f"{{{name}}}" in address}
    made = {"address": channel.address, "title": channel.title, "messages": {"message": message}}
    return {**made, "parameters": parameters} if parameters else made


def _operation(key: str, channel: _Channel) -> dict[str, Any]:
    return {
        "action": channel.action,
        "channel": {"$ref": f"#/channels/{key}"},
        "messages": [{"$ref": f"#/channels/{key}/messages/message"}],
    }
