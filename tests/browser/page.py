"""The page with the two phones in headless Chromium, for tests with any bot behind it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page, async_playwright

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
CHROMIUM = shutil.which("chromium")
WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}


@asynccontextmanager
async def opened(
    url: str,
    *,
    width: int,
    height: int,
    dark: bool = False,
    scripts: bool = True,
    home: str | None = None,
    ready: str = "#phone-resident .log > li",
) -> AsyncIterator[Page]:
    """The page at `url` in a fresh browser; any script error or foreign request fails on leaving.

    It is there when it has what the selector `ready` finds. `home` is what its own addresses begin with.
    """
    wrong: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            locale="de-DE",
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        own = (home or url, "data:")
        page.on("request", lambda one: None if one.url.startswith(own) else wrong.append(one.url))
        try:
            await page.goto(url)
            await page.wait_for_selector(ready)
            yield page
        finally:
            await browser.close()
    assert wrong == []


async def play_sample(page: Page, *, seconds: float = 90.0) -> tuple[str, str]:
    """Press "Beispiel abspielen" and wait for its end: how it ended ("done", "failed", "stopped"), the caption."""
    await page.click("#play")
    await page.wait_for_selector('body[data-play="running"]')
    await page.wait_for_selector('body:not([data-play="running"])', timeout=seconds * 1000)
    return str(await page.get_attribute("body", "data-play")), await page.inner_text("#caption")


async def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(await page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth"))
