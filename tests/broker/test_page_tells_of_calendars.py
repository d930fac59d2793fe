"""Does a partner's page say which of that partner's calendars cannot be read, and nothing of the other's?"""

from datetime import timedelta

from tests.broker.gateway_kit import COUPLE, gateway
from threedates.edge.calendars import CalendarRecord, Calendars


async def test_only_whose_calendar_it_is_hears_of_it(nats_url: str, prefix: str) -> None:
    """The host, since when, and why; never the address. One that may be back in a moment is not mentioned."""
    async with gateway(nats_url, prefix) as here:
        await here.join()
        failing = CalendarRecord(
            id=f"{COUPLE}_a", couple_id=COUPLE, partner=0, url="https://calendar.example/private-3f9c.ics",
            created_at=here.clock.now, next_at=here.clock.now + timedelta(days=1), failures=1, error="not_found",
            failing_since=here.clock.now, detail="its server answers 404", warned=True,
        )  # fmt: skip
        gone = failing.model_copy(update={"id": f"{COUPLE}_b", "url": "https://old.example/", "next_at": None})
        passing = failing.model_copy(update={"id": f"{COUPLE}_c", "url": "https://new.example/", "warned": False})
        for record in (failing, gone, passing):
            await Calendars(here.wire).create(record)
        page = (await here.http.get(here.page(0))).text
        assert "calendar.example" in page
        assert "its server answers 404" in page
        assert "old.example" in page
        assert "new.example" not in page
        assert "private-3f9c" not in page
        other = (await here.http.get(here.page(1))).text
        assert "calendar.example" not in other
        assert "unread-title" not in other
