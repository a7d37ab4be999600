"""A ticket's page in a browser: a caretaker without Telegram does the work from the link of a mail."""

import importlib.util
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from desk.drafts import Words
from desk.tickets import Photo, Status
from simulator import samples
from staff.pages import bind_pages, serve_pages
from storage.settings import Settings
from storage.wiring import House, build
from tests.page_visits import MAIL, reported, staff_of

spec = importlib.util.spec_from_file_location("ticket_page_page", Path(__file__).with_name("page.py"))
browser = importlib.util.module_from_spec(spec)
spec.loader.exec_module(browser)

pytestmark = pytest.mark.skipif(browser.CHROMIUM is None, reason="Chromium is not installed")

TOLD = "Auf dem Gehweg liegen seit gestern alte Matratzen und Müllsäcke, man kommt kaum vorbei."
SMALLEST = 48  # pixels a finger in a glove hits


@pytest.fixture
def house(ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int) -> Iterator[House]:
    """A house whose pages are served on this machine."""
    listen = f"127.0.0.1:{unused_tcp_port}"
    settings = Settings(
        database_url=ready_sqlite_url, state_dir=tmp_path, public_url=f"http://{listen}", pages_listen=listen
    )
    house = build(settings)
    staff_of(house)
    yield house
    house.storage.engine.dispose()


@pytest.fixture
async def url(house: House) -> AsyncIterator[str]:
    """The link to a ticket with two photos."""
    photos = (Photo(file_id="mattress"), Photo(file_id="bin"))
    ticket = reported(house, photos=photos, words=(Words(text=TOLD, message=1),), since="seit gestern")

    async def photo(one: Photo) -> bytes:
        return samples.draw(one.file_id) if one.file_id else (folder / str(one.stored)).read_bytes()

    folder = house.settings.state_dir / "photos"
    bound = bind_pages(house.settings)
    async with serve_pages(house, photo=photo, wake_delivery=lambda: None, bound=bound):
        yield house.links.url_for(ticket.number, chat=MAIL, now=house.clock()) or ""


def opened(house: House, url: str, *, window: str = "phone", **options):
    width, height = browser.WIDTHS[window]
    home = house.settings.public_url
    return browser.opened(url, width=width, height=height, home=home, ready="main", **options)


@pytest.mark.parametrize("options", [{}, {"scripts": False}])
async def test_a_ticket_is_worked_from_a_phone(house: House, url: str, tmp_path: Path, options: dict) -> None:
    """Accepted, asked about, done with a photo: with and without JavaScript, and everything is stored."""
    picture = tmp_path / "weg.jpg"
    picture.write_bytes(samples.draw("glass"))
    async with opened(house, url, **options) as page:
        await page.click("text=Annehmen")
        await page.wait_for_selector("text=Angenommen. Die meldende Person")
        await page.click("summary:has-text('Rückfrage')")
        await page.fill("#ask-words", "Vor welchem Haus?")
        await page.click("text=Frage absenden")
        await page.wait_for_selector("text=Die Frage ist unterwegs.")
        await page.click("summary:has-text('Erledigt')")
        await page.fill("#finish-words", "Alles abgeholt.")
        await page.set_input_files("#finish-photos", str(picture))
        await page.click("text=Als erledigt melden")
        await page.wait_for_selector("text=Hier ist nichts mehr zu tun.")
        assert await page.locator(".history img").count() == 1
    with house.storage.look() as work:
        (ticket,) = work.tickets.all()
    assert ticket.status is Status.DONE
    assert [entry.what for entry in ticket.history[2:]] == ["accepted", "waiting", "done"]
    assert ticket.history[-1].note == "Alles abgeholt."
    assert len(ticket.history[-1].photos) == 1


@pytest.mark.parametrize("window", browser.WIDTHS)
async def test_everything_fits_and_is_big_enough(house: House, url: str, window: str) -> None:
    """With each form open nothing overflows sideways; whatever is pressed is as big as a finger; photos are there."""
    async with opened(house, url, window=window, dark=window == "phone") as page:
        for index in range(await page.locator(".deed > summary").count()):
            await page.locator(".deed > summary").nth(index).click()
            for nested in await page.locator(".deed[open] .body > summary").all():
                await nested.click()
            assert await browser.sideways(page) == 0
            small = await page.eval_on_selector_all(
                "button, .button, summary, select, input:not([type=hidden]):not([type=radio]), .choice, textarea",
                "all => all.map(one => [one.outerHTML.slice(0, 60), one.getBoundingClientRect().height])"
                ".filter(one => one[1] > 0)",
            )
            assert [one for one in small if one[1] < SMALLEST] == []
        await page.wait_for_load_state("networkidle")
        assert await page.evaluate("[...document.images].map(one => one.naturalWidth > 0)") == [True, True]


async def test_the_keyboard_shows_where_it_is(house: House, url: str) -> None:
    """Tab goes through links and buttons in their order, each with a visible ring."""
    async with opened(house, url, window="desktop") as page:
        seen = []
        for _ in range(6):
            await page.keyboard.press("Tab")
            seen.append(
                await page.evaluate(
                    "[document.activeElement.textContent.trim(), getComputedStyle(document.activeElement).outlineStyle]"
                )
            )
    assert [outline for _, outline in seen] == ["solid"] * 6
    assert any("Annehmen" in text for text, _ in seen)
