"""A real browser for the tests of the page: the machine's Chromium, driven by Playwright, one for each test process."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Page, ViewportSize, async_playwright

REQUIRED = "THREEDATES_TEST_BROWSER"
"""Where this is set, a missing browser is a failure."""
SHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
"""Where pictures of the pages are left to be looked at."""
PHONE, DESKTOP = (360, 740), (1280, 900)
PATIENCE = 30_000
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# As root, and in containers with little shared memory, it would not start otherwise.
_ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The browser. Skips where there is none, or where it does not start."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        _absent(f"no browser was found ({', '.join(_NAMES)}), so the page was not tried in one")
    async with async_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS, timeout=PATIENCE)
        started = await _started(launched, str(path))
        yield started
        await started.close()


async def _started(launched: Awaitable[Browser], path: str) -> Browser:
    try:
        return await launched
    except Error as error:
        _absent(f"{path} did not start, so the page was not tried in a browser: {str(error)[:300]}")


@asynccontextmanager
async def open_page(
    browser: Browser, size: tuple[int, int], *, scripts: bool = True, **options: Any
) -> AsyncIterator[Page]:
    """A page in a context of its own, of that size."""
    viewport = ViewportSize(width=size[0], height=size[1])
    context = await browser.new_context(viewport=viewport, java_script_enabled=scripts, **options)
    context.set_default_timeout(PATIENCE)
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def shoot(page: Page, name: str) -> None:
    """Leave a picture of the whole page to be looked at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def _absent(reason: str) -> NoReturn:
    if os.environ.get(REQUIRED):
        pytest.fail(f"{reason}; {REQUIRED} is set")
    pytest.skip(reason)
