"""The demo page plays its sample against a scripted bot, on a phone and on a desktop."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from simulator.limits import Limits
from simulator.server import Simulator


def neighbour(name: str) -> ModuleType:
    """A module beside this file; the tests are no package."""
    spec = importlib.util.spec_from_file_location(f"browser_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


browser, scripted = neighbour("page"), neighbour("fake_bot")
pytestmark = pytest.mark.skipif(browser.CHROMIUM is None, reason="Chromium is not installed")


@pytest.mark.parametrize("window", browser.WIDTHS)
async def test_sample_runs_to_its_end(window: str) -> None:
    """The report reaches the caretaker, both presses reach the resident, nothing overflows sideways."""
    width, height = browser.WIDTHS[window]
    async with Simulator(port=0, limits=Limits.NONE) as simulator, scripted.FakeBot(simulator) as bot:
        async with browser.opened(simulator.url, width=width, height=height) as page:
            ended, caption = await browser.play_sample(page)
            assert (ended, await browser.sideways(page)) == ("done", 0), caption
        assert bot.reports == 1
        assert [one.text for one in bot.resident.messages(from_bot=True)][-1].endswith("erledigt.")
        assert bot.photos == 1


async def test_sample_copes_with_skipped_steps_and_runs_again() -> None:
    """When the bot asks less, the player still ends well, also the second time."""
    async with (
        Simulator(port=0, limits=Limits.NONE) as simulator,
        scripted.FakeBot(simulator, skip=("place", "district")) as bot,
    ):
        async with browser.opened(simulator.url, width=1280, height=900) as page:
            assert (await browser.play_sample(page))[0] == "done"
            assert (await browser.play_sample(page))[0] == "done"
        assert bot.reports == 2


async def test_sample_says_so_when_the_bot_is_silent() -> None:
    """Without an answer the player ends after 20 seconds with a German sentence; it never hangs."""
    async with (
        Simulator(port=0, limits=Limits.NONE) as simulator,
        scripted.FakeBot(simulator, silent_after=2),
        browser.opened(simulator.url, width=390, height=844) as page,
    ):
        ended, caption = await browser.play_sample(page, seconds=40)
        assert ended == "failed"
        assert "20 Sekunden" in caption


async def test_everything_works_by_keyboard() -> None:
    """Start, write, send a photo and a place, press a button: without a pointer."""
    async with Simulator(port=0, limits=Limits.NONE) as simulator, scripted.FakeBot(simulator) as bot:
        async with browser.opened(simulator.url, width=1280, height=900) as page:
            await page.focus("#phone-resident .start")
            await page.keyboard.press("Enter")
            await bot.resident.wait_for(text="Was ist los")
            await page.focus("#phone-resident textarea")
            await page.keyboard.type("Hier liegt Müll")
            await page.keyboard.press("Enter")
            await bot.resident.wait_for(text="Wo ist das")
            await page.focus("#phone-resident .plus")
            await page.keyboard.press("Enter")
            await page.focus("#phone-resident .places button:first-child")
            await page.keyboard.press("Enter")
            await bot.resident.wait_for(button="Katernberg")
            await page.focus("#phone-resident .inline button")
            await page.keyboard.press("Enter")
            await bot.resident.wait_for(button="Ohne Foto")
        own = bot.resident.messages(from_bot=False)
        assert [one.text for one in own] == ["/start", "Hier liegt Müll", ""]
        assert own[-1].location is not None
