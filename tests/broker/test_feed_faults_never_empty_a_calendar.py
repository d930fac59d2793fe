"""Is there any fault that gives a client an empty or partial 200, or takes a good link away?"""

from pathlib import Path

import httpx
import pytest

from tests.broker.gateway_kit import BASE, COUPLE, app, gateway
from threedates.core.links import feed_token
from threedates.edge.embedded import EmbeddedNats
from threedates.edge.feedrecords import BUCKET
from threedates.gateway.deps import Deps


async def test_forged_and_unknown_tokens_get_404(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, partner, _ = await here.join()
        path = here.path(couple)
        elsewhere = feed_token(b"another key altogether", couple.id, 1)
        unknown = feed_token(here.deps.settings.link_key, "c9_couple", 1)
        others = here.path(partner).rpartition(".ics")[0][-24:]
        for wrong in (
            path.replace(".ics", "x.ics"),
            f"/feeds/{elsewhere}.ics",
            f"/feeds/{unknown}.ics",
            f"{path[: -len('.ics') - 24]}{others}.ics",
            "/feeds/x.ics",
            "/feeds/%E2%82%AC.ics",
        ):
            answer = await here.http.get(wrong)
            assert answer.status_code == 404
            assert b"BEGIN" not in answer.content


async def test_a_revoked_feed_is_gone(nats_url: str, prefix: str) -> None:
    """410 makes clients unsubscribe for good, which is what revoking means."""
    async with gateway(nats_url, prefix) as here:
        couple, partner, _ = await here.join()
        await here.records.revoke(couple.id, here.clock.now)
        assert (await here.http.get(here.path(couple))).status_code == 410
        assert (await here.http.get(here.path(partner))).status_code == 200


async def test_a_rotated_feed_has_one_good_link(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        rotated = await here.records.rotate(couple.id)
        assert (await here.http.get(here.path(couple))).status_code == 410
        assert (await here.http.get(here.path(rotated))).status_code == 200


async def test_a_link_newer_than_its_record_waits(nats_url: str, prefix: str) -> None:
    """A replica may not have heard of the rotation yet; 410 would cost the subscription."""
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        answer = await here.http.get(here.path(couple, generation=2))
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0


async def test_a_couple_that_left_is_gone(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        await here.date()
        await here.leave()
        assert (await here.http.get(here.path(couple))).status_code == 410


async def test_a_record_without_a_couple_is_no_empty_calendar(nats_url: str, prefix: str) -> None:
    """Their joining may still be on its way through the inbox."""
    async with gateway(nats_url, prefix) as here:
        await here.records.create_first("c2", here.clock.now)
        couple, *_ = await here.records.of_couple("c2")
        assert (await here.http.get(here.path(couple))).status_code == 503


async def test_what_cannot_be_read_is_no_calendar(nats_url: str, prefix: str) -> None:
    """One damaged date must not make the others vanish from somebody's phone, nor itself."""
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        await here.date()
        await here.wire.put("blocks", f"{COUPLE}.fun-2", b'{"v":1}')
        assert (await here.http.get(here.path(couple))).status_code == 503


async def test_a_damaged_record_is_no_calendar(nats_url: str, prefix: str) -> None:
    async with gateway(nats_url, prefix) as here:
        couple, _, _ = await here.join()
        await here.wire.put(BUCKET, couple.id.replace("_", "."), b"{}")
        assert (await here.http.get(here.path(couple))).status_code == 503


async def test_no_fault_of_the_gateway_is_a_calendar(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever it is; and the log says so without the token."""

    def broken() -> Deps:
        raise RuntimeError("a defect")

    transport = httpx.ASGITransport(app(broken))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
        answer = await http.get("/feeds/token-of-somebody.ics")
    assert answer.status_code == 503
    assert "a defect" in caplog.text
    assert "token-of-somebody" not in caplog.text


@pytest.mark.parametrize("is_kept", [False, True], ids=["not kept", "kept finished"])
async def test_while_the_broker_is_away_there_is_503(tmp_path: Path, prefix: str, is_kept: bool) -> None:
    """For a kept feed too: while nothing is heard, nobody knows whether it is still the present one."""
    async with EmbeddedNats(tmp_path) as nats, gateway(nats.url, prefix) as here:
        couple, _, _ = await here.join()
        uid = await here.date()
        if is_kept:
            assert (await here.settled(couple)).status_code == 200
        await nats.stop()
        await here.until(connected=False)
        for method in ("GET", "HEAD"):
            answer = await here.http.request(method, here.path(couple), headers={"if-none-match": "*"})
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
        await nats.start()
        await here.until(connected=True)
        answer = await here.http.get(here.path(couple))
        assert (answer.status_code, uid in answer.text) == (200, True)
