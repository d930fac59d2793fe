"""Can two people live on the page in a real browser: on a telephone without scripts, and at a desk by the keyboard?

What is promised here is tested over plain HTTP as well (``tests/broker/test_page_answers_for_its_partner.py``), for
machines that have no browser.
"""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests import npm
from tests.broker.api_kit import ONE_LOOP, Api
from tests.e2e.browser import DESKTOP, PATIENCE, PHONE, open_page, shoot
from threedates.core.links import ActionLink, action_url
from threedates.edge.clock import system_clock
from threedates.gateway.page.sections import SECTIONS

pytestmark = [ONE_LOOP, pytest.mark.timeout(180)]
expect.set_options(timeout=PATIENCE)
AXE = "4.14.1"
QUIET: dict[str, Any] = {"quiet": None}
LONG = "Maximiliane-Theodora-Philippina-von-und-zu-Oberunterwaldenstein"
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


async def pages(api: Api, *names: str) -> tuple[str, list[str]]:
    """A couple of those names and its two pages, each kind proposed."""
    couple_id = await api.join(partners=[{"name": name, "tz": "Europe/Berlin", **QUIET} for name in names])
    told = await api.call("GET", f"/couples/{couple_id}", expect=200)
    # The gateway of the tests listens on a port that the settings do not know.
    return couple_id, [here(api, partner["page_url"]) for partner in told["partners"]]


def here(api: Api, url: str) -> str:
    """That address at the gateway of the tests."""
    return f"{str(api.http.base_url).rstrip('/')}/{url.split('/', 3)[3]}"


async def facts(api: Api, couple_id: str, sort: str) -> list[dict[str, Any]]:
    """The facts of one sort in the couple's log."""
    return [event for event in await api.log(couple_id) if event["type"] == sort]


async def told(api: Api, couple_id: str, sort: str) -> dict[str, Any]:
    """The one fact of a sort, once the log has it: the page waits two seconds, a slow machine may need more."""
    async with asyncio.timeout(PATIENCE / 1000):
        while not (found := await facts(api, couple_id, sort)):
            await asyncio.sleep(0.05)
    (fact,) = found
    return fact


async def noted(page: Page) -> None:
    """The page says that it was taken, at once or in a moment."""
    await expect(page.locator(".notice")).to_be_visible()
    await expect(page.locator("main .problem")).to_have_count(0)


async def test_a_day_on_a_telephone_without_scripts(api: Api, browser: Browser) -> None:
    """Check in with five taps, agree to a date, take the calendar along, be quiet for a while."""
    couple_id, (mine, _) = await pages(api, "sam", "alex")
    async with open_page(browser, PHONE, scripts=False, color_scheme="light") as page:
        await page.goto(mine)
        await expect(page.get_by_role("img", name="Your three lanes")).to_be_visible()
        await shoot(page, "today-phone-light")
        form = page.locator("#check-in form")
        taps = {"mood": "4", "connection": "2", "loneliness": "1", "talk": "deep", "conflict": "no"}
        for name, value in taps.items():
            await form.locator(f'label:has(input[name="{name}"][value="{value}"])').click()
        await form.get_by_label("A note, for you alone").fill("for me alone")
        await form.get_by_role("button", name="Note it").click()
        await noted(page)
        fact = await told(api, couple_id, "checkin.reported")
        assert [fact[name] for name in taps] == [4, 2, 1, "deep", False]

        await page.get_by_role("button", name="Yes, let’s").click()
        await noted(page)
        assert (await told(api, couple_id, "date.answered"))["answer"] == "accept"

        await page.get_by_role("link", name="Calendar", exact=True).click()
        address = await page.get_by_label("Or copy the address").first.input_value()
        calendar = await api.http.get(here(api, address))
        assert calendar.text.startswith("BEGIN:VCALENDAR")
        await shoot(page, "calendar-phone-light")

        link = ActionLink(couple_id, 0, "snooze", "fun", None, system_clock() + timedelta(days=1))
        await page.goto(here(api, action_url(api.settings.link_key, api.settings.base_url, link)))
        await page.get_by_text("next week", exact=True).click()
        assert not await facts(api, couple_id, "reminders.snoozed")
        await page.get_by_role("button", name="Be quiet until then").click()
        await expect(page.get_by_role("heading", name=re.compile("Done|Noted"))).to_be_visible()
        assert (await told(api, couple_id, "reminders.snoozed"))["kind"] == "fun"


async def test_an_evening_at_a_desk_by_keyboard_alone(api: Api, browser: Browser) -> None:
    """A check-in with nothing but keys; a date that took place; and leaving, which is asked about once more."""
    couple_id, (mine, theirs) = await pages(api, "kim", "robin")
    async with open_page(browser, DESKTOP, color_scheme="dark") as page:
        await page.goto(mine)
        await shoot(page, "today-desktop-dark")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="To the content")).to_be_focused()
        await page.locator('input[name="mood"]').first.focus()
        await page.keyboard.press("Space")
        await page.keyboard.press("ArrowRight")
        await page.get_by_label("A note, for you alone").focus()
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name="Note it")).to_be_focused()
        await page.keyboard.press("Enter")
        await noted(page)
        assert (await told(api, couple_id, "checkin.reported"))["mood"] == 2

        await page.goto(f"{mine}/dates")
        heart = page.locator("section.date", has=page.get_by_role("heading", name="Heart-to-heart"))
        await heart.locator("summary").click()
        await heart.get_by_role("button", name="We did it already").click()
        await noted(page)
        assert (await told(api, couple_id, "date.answered"))["answer"] == "held"
        await page.goto(f"{mine}/dates")
        await expect(page.get_by_text("Counts as held.")).to_be_visible()
        await shoot(page, "dates-desktop-dark")

        await page.goto(f"{mine}/settings")
        await page.get_by_role("link", name="Leave …").click()
        await page.get_by_role("checkbox").check()
        await page.get_by_role("button", name="Leave and erase everything").click()
        await expect(page.get_by_role("heading", name="You have left")).to_be_visible()
    async with asyncio.timeout(PATIENCE / 1000):
        while (await api.http.get(theirs)).status_code != 404:
            await asyncio.sleep(0.05)


async def test_nobody_is_kept_out(api: Api, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    """axe-core finds nothing on any page, in light and dark, with names that are long and run from right to left.

    With text twice as large (WCAG 2.2, 1.4.4) everything still fits; and nothing is loaded from anywhere but here.
    """
    axe = npm.install(tmp_path_factory.mktemp("axe"), "axe-core", AXE, is_required=False) / "axe.min.js"
    asked: list[str] = []
    async with open_page(browser, PHONE, color_scheme="light", bypass_csp=True) as page:
        page.on("request", lambda request: asked.append(request.url))
        for name, address in (await all_pages(api, LONG, "نور الهدى")).items():
            await page.goto(address)
            await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            await page.evaluate(axe.read_text(encoding="utf-8"))
            assert await violations(page, "{}") == [], name
            await page.emulate_media(color_scheme="dark")
            assert await violations(page, "{runOnly: ['color-contrast']}") == [], f"{name}, dark"
            await page.emulate_media(color_scheme="light")
            assert await page.evaluate(FITS), f"{name} is wider than a telephone"
            await page.add_style_tag(content="html { font-size: 200%; }")
            assert await page.evaluate(FITS), f"{name} is wider than a telephone, in large text"
    home = str(api.http.base_url).rstrip("/")
    assert asked
    assert all(url.startswith(home) for url in asked)


async def all_pages(api: Api, *names: str) -> dict[str, str]:
    """Every section of a couple's page, and an action link's."""
    couple_id, (mine, _) = await pages(api, *names)
    uid = (await api.date(couple_id))["uid"]
    link = ActionLink(couple_id, 0, "move", "fun", uid, system_clock() + timedelta(days=1))
    addresses = {name or "today": f"{mine}/{name}".rstrip("/") for name in SECTIONS}
    return {**addresses, "action": here(api, action_url(api.settings.link_key, api.settings.base_url, link))}


async def violations(page: Page, options: str) -> list[tuple[str, list[str]]]:
    """What axe-core finds: each rule with the first elements that break it."""
    found = await page.evaluate(f"axe.run({{...{options}, resultTypes: ['violations']}})")
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found["violations"]]
