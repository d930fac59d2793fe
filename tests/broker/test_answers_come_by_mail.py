"""POST /v1/inbound-mail: does a partner's mail answer the invite, once, and is every other mail refused and kept?"""

from datetime import timedelta
from typing import Any

import pytest

from tests.broker.api_kit import KEY, ONE_LOOP, OTHER_KEY, Api
from tests.mails import TNEF, apple, gmail, outlook
from threedates.edge.clock import system_clock
from threedates.edge.refusals import CUT, REASON, SUBJECT

pytestmark = ONE_LOOP
PARTNERS = [
    {"name": "sam", "tz": "Europe/Berlin", "email": "Sam@example.org", "quiet": None},
    {"name": "alex", "tz": "Europe/Lisbon", "email": "alex@example.org", "quiet": None},
]


def stamp(minutes: int = 0) -> str:
    """A DTSTAMP so many minutes from now."""
    return f"{system_clock() + timedelta(minutes=minutes):%Y%m%dT%H%M%SZ}"


async def post(api: Api, raw: bytes, key: str = KEY, query: str = "") -> tuple[int, Any]:
    """Post a mail as a gateway does; returns the status and the answer's JSON."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "message/rfc822"}
    answer = await api.http.post(f"/v1/inbound-mail{query}", content=raw, headers=headers)
    return answer.status_code, answer.json()


async def refused(api: Api, subject: str) -> list[Any]:
    """What was kept as refused under a subject below ``rejected``, the oldest first."""
    names = api.wire.names
    return await api.wire.reader.tail(names.rejected, f"{names.prefix}.rejected.{subject}", 1)


async def test_a_mail_accepts_and_a_later_one_declines(api: Api) -> None:
    """Whole, from the proposal to another one."""
    couple_id = await api.join(partners=PARTNERS)
    date = await api.date(couple_id)
    status, looked = await post(api, gmail(date["uid"], dtstamp=stamp(-2)), query="?wait=10")
    assert status == 200, looked
    assert looked["status"]["kinds"]["fun"]["date"]["status"] == "scheduled"
    status, looked = await post(api, outlook(date["uid"], dtstamp=stamp(-1)), query="?wait=10")
    assert status == 200, looked
    another = await api.date(couple_id)
    assert another["status"] == "proposed"
    assert another["start"] != date["start"]


async def test_the_same_answer_counts_once_in_whatever_mail_it_comes(api: Api) -> None:
    """A gateway that heard nothing posts it again; another mail server has put its own headers before it."""
    couple_id = await api.join(partners=PARTNERS)
    uid = (await api.date(couple_id))["uid"]
    raw = apple(uid, dtstamp=stamp())
    first = await post(api, raw, query="?wait=10")
    again = await post(api, b"Received: from elsewhere\r\n" + raw, query="?wait=10")
    assert [status for status, _ in (first, again)] == [200, 200]
    assert first[1]["id"] == again[1]["id"]
    answers = [event for event in await api.log(couple_id) if event["type"] == "date.answered"]
    assert [(event["by"], event["answer"], event["sequence"]) for event in answers] == [("sam", "accept", 0)]


async def test_what_comes_too_late_is_taken_and_changes_nothing(api: Api) -> None:
    """The partner said something else since, or the date has moved on: nobody is to blame."""
    couple_id = await api.join(partners=PARTNERS)
    uid = (await api.date(couple_id))["uid"]
    assert (await post(api, gmail(uid, dtstamp=stamp(-1)), query="?wait=10"))[0] == 200
    before = await api.date(couple_id)
    assert (await post(api, outlook(uid, dtstamp=stamp(-5)), query="?wait=10"))[0] == 200
    assert await api.date(couple_id) == before
    assert [e["answer"] for e in await api.log(couple_id) if e["type"] == "date.answered"] == ["accept", "decline"]


async def test_a_counter_proposal_moves_the_date(api: Api) -> None:
    couple_id = await api.join(partners=PARTNERS)
    date = await api.date(couple_id)
    start = (system_clock() + timedelta(days=9)).replace(hour=18, minute=0, second=0, microsecond=0)
    times = {"start": f"{start:%Y%m%dT%H%M%SZ}", "end": f"{start + timedelta(hours=2):%Y%m%dT%H%M%SZ}"}
    raw = gmail(date["uid"], method="COUNTER", partstat="TENTATIVE", dtstamp=stamp(), **times)
    assert (await post(api, raw, query="?wait=10"))[0] == 200
    moved = await api.date(couple_id)
    assert (moved["uid"], moved["status"], moved["start"]) == (date["uid"], "scheduled", f"{start:%Y-%m-%dT%H:%M:%SZ}")


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ({"sender": "evil@example.net"}, 422, "wrong_sender"),
        ({"attendee": "kim@example.org", "sender": "kim@example.org"}, 422, "unknown_partner"),
        ({"partstat": "DELEGATED"}, 422, "invalid"),
        ({"method": "REQUEST"}, 422, "no_answer"),
        ({"method": "DECLINECOUNTER"}, 422, "no_answer"),
    ],
)
async def test_what_a_partner_never_said_is_refused_and_kept(api: Api, how: Any, status: int, code: str) -> None:
    """The bytes as they came, under the couple that the UID names, so that leaving erases them."""
    couple_id = await api.join(partners=PARTNERS)
    raw = gmail((await api.date(couple_id))["uid"], dtstamp=stamp(), **how)
    found = await post(api, raw)
    assert (found[0], found[1]["code"]) == (status, code)
    (kept,) = await refused(api, f"{couple_id}.mail")
    assert kept.data == raw
    assert (kept.headers[REASON], kept.headers[SUBJECT]) == (code, "/v1/inbound-mail")
    assert not [event for event in await api.log(couple_id) if event["type"] == "date.answered"]


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (TNEF, 422, "no_answer"),
        (b"{}", 400, "malformed"),
        (gmail("040000008200E00074C5@google.com"), 404, "unknown_date"),
        (gmail("nobody-fun-1@threedates"), 404, "unknown_couple"),
    ],
)
async def test_what_names_no_couple_is_kept_under_nobody(api: Api, raw: bytes, status: int, code: str) -> None:
    found = await post(api, raw)
    assert (found[0], found[1]["code"]) == (status, code)
    kept = (await refused(api, "_.mail"))[-1]
    assert (kept.data, kept.headers[REASON]) == (raw, code)


async def test_the_couple_must_be_the_keys_own(api: Api) -> None:
    """Another key's mail says nothing about it, and is not kept under it."""
    couple_id = await api.join(partners=PARTNERS)
    raw = gmail((await api.date(couple_id))["uid"], dtstamp=stamp())
    status, found = await post(api, raw, key=OTHER_KEY)
    assert (status, found["code"]) == (404, "unknown_couple")
    assert await refused(api, f"{couple_id}.mail") == []
    assert (await api.http.post("/v1/inbound-mail", content=raw)).status_code == 401


async def test_of_who_left_no_mail_is_kept(api: Api) -> None:
    """Only that one came, and how long it was."""
    couple_id = await api.join(partners=PARTNERS)
    raw = gmail((await api.date(couple_id))["uid"], dtstamp=stamp())
    await api.http.delete(f"/v1/couples/{couple_id}?wait=10", headers={"Authorization": f"Bearer {KEY}"})
    status, found = await post(api, raw)
    assert (status, found["code"]) == (404, "unknown_couple")
    kept = (await refused(api, "_.mail"))[-1]
    assert (kept.data, kept.headers[CUT]) == (b"", str(len(raw)))


async def test_a_mail_larger_than_a_mebibyte_is_not_read(api: Api) -> None:
    status, found = await post(api, b"x" * (1024 * 1024 + 1))
    assert (status, found["code"]) == (413, "too_large")
