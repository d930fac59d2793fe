"""Does each format put a webhook as its receivers expect it, byte for byte, and within their limits whatever it says?

To write the golden files anew: ``python tests/core/formats/test_every_format_is_golden_and_within_its_limits.py``.
"""

import json
from datetime import UTC, datetime
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threedates.core.formats import FORMATS
from threedates.core.formats.shape import utf16
from threedates.core.webhook import body_of
from threedates.schemas.webhook import Actions, Webhook, WebhookData, WebhookDate, WebhookEndpoint

GOLDEN = Path(__file__).parents[2] / "golden" / "webhooks"
AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
DATE = WebhookDate(
    uid="ada-fun-3@t.invalid", start=datetime(2026, 11, 27, 18, 0, tzinfo=UTC),
    end=datetime(2026, 11, 27, 21, 0, tzinfo=UTC), tz="Europe/Berlin", status="proposed",
)  # fmt: skip
LINKS = Actions(
    accept="https://t.example/a/1", move="https://t.example/a/2", snooze="https://t.example/a/4",
    skip="https://t.example/a/5",
)  # fmt: skip
WEBHOOKS = {
    "nudge": Webhook(
        type="nudge.proposed", timestamp=AT,
        data=WebhookData(
            nudge_id="ada-fun-3-proposed-a", couple_id="ada", external_id="your-7", sequence=42, kind="fun",
            state="proposed", for_="Zoë", title="A time for Zoë & Sam",
            message="Friday at 18:00 would fit. *Cook* something <neither> of you has ever made 🍲", date=DATE,
            actions=LINKS,
        ),
    ),
    "disabled": Webhook(
        type="endpoint.disabled", timestamp=AT,
        data=WebhookData(
            event_id="key-k1_9-disabled-7", title="A webhook endpoint was disabled", message="It answered 410 Gone.",
            state="gone", endpoint=WebhookEndpoint(id="key-k1_9", disabled="gone"),
        ),
    ),
}  # fmt: skip
CASES = [(name, case) for name in FORMATS for case in WEBHOOKS]


def rendered(name: str, webhook: Webhook) -> tuple[dict[str, str], bytes]:
    message_id = webhook.data.nudge_id or webhook.data.event_id or ""
    made = FORMATS[name].render(body_of(webhook), message_id)
    return made.headers, made.body


def shown(name: str, case: str) -> str:
    headers, body = rendered(name, WEBHOOKS[case])
    return "".join(f"{header}: {value}\n" for header, value in headers.items()) + "\n" + body.decode() + "\n"


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_webhook_is_put_as_before(name: str, case: str) -> None:
    assert shown(name, case) == (GOLDEN / f"{name}-{case}.txt").read_text(encoding="utf-8")


def saying(title: str, message: str, link: str = "https://t.example/a/1") -> Webhook:
    links = Actions(accept=link, move=link, held=link, snooze=link, skip=link)
    data = WebhookData(
        nudge_id="n", couple_id="ada", sequence=1, kind="fun", title=title, message=message, actions=links
    )
    return Webhook(type="nudge.due", timestamp=AT, data=data)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
LONG = st.builds(lambda text, times: text * times, TEXTS, st.integers(1, 40))


@given(TEXTS, LONG, st.sampled_from(["https://t.example/a/1", "https://t.example/a/" + "x" * 900]))
def test_no_text_breaks_a_limit(title: str, message: str, link: str) -> None:
    """Names and ideas are whatever people write; a receiver that refuses a nudge would never get it."""
    webhook = saying(title, message, link)
    slack = json.loads(rendered("slack", webhook)[1])
    assert utf16(slack["blocks"][0]["text"]["text"]) <= 150
    assert all(utf16(block["text"]["text"]) <= 3_000 for block in slack["blocks"])
    discord = json.loads(rendered("discord", webhook)[1])
    assert utf16(discord["content"]) <= 2_000
    headers, body = rendered("ntfy", webhook)
    assert len(body) <= 4_096
    assert len(json.loads(headers["actions"])) <= 3
    for name in FORMATS:
        headers, body = rendered(name, webhook)
        assert all(value.isascii() and value.isprintable() for value in headers.values())
        assert b"\r" not in b"".join(value.encode() for value in headers.values())


def test_nobody_is_mentioned() -> None:
    """A partner's name must not ring a whole channel. A header of Slack's is plain text, where nothing is read."""
    webhook = saying("<!channel> @everyone", "<@U123> <https://evil.example|bank>")
    slack = json.loads(rendered("slack", webhook)[1])
    read = [slack["text"], *(block["text"]["text"] for block in slack["blocks"] if block["type"] == "section")]
    assert [part for text in read for part in ("<!", "<@", "<https://evil") if part in text] == []
    discord = json.loads(rendered("discord", webhook)[1])
    assert discord["allowed_mentions"] == {"parse": []}
    assert "<@" not in discord["content"]


def test_cloudevents_say_the_same_in_both_modes() -> None:
    """Binary mode carries the attributes as headers; the data are those of the standard body."""
    headers, body = rendered("cloudevents-binary", WEBHOOKS["nudge"])
    event: dict[str, Any] = json.loads(rendered("cloudevents", WEBHOOKS["nudge"])[1])
    attributes = {name.removeprefix("ce-"): value for name, value in headers.items() if name.startswith("ce-")}
    data = json.loads(body_of(WEBHOOKS["nudge"]))["data"]
    assert json.loads(body) == event.pop("data") == data
    assert event == {**attributes, "datacontenttype": "application/json"}
    assert {"specversion", "id", "source", "type"} <= event.keys()
    assert event["id"] == "ada-fun-3-proposed-a"


def test_a_title_beyond_ascii_is_an_encoded_word() -> None:
    title = rendered("ntfy", WEBHOOKS["nudge"])[0]["title"]
    assert str(make_header(decode_header(title))) == "A time for Zoë & Sam"


def test_the_standard_body_is_sent_as_it_is_stored() -> None:
    """Not a byte changes between the decision and the signature."""
    assert FORMATS["standard"].render('{"a" :1}', "m").body == b'{"a" :1}'


if __name__ == "__main__":
    for each, which in CASES:
        (GOLDEN / f"{each}-{which}.txt").write_text(shown(each, which), encoding="utf-8")
