"""What a ticket's page shows, to whom, and what keeps it to them."""

import logging
import re
from dataclasses import replace
from io import BytesIO
from urllib.parse import unquote

import httpx
import pytest
from PIL import Image

from desk.tickets import Place
from staff.ticket_page import map_links
from storage.wiring import House
from tests.builders import RESIDENT
from tests.page_visits import BASE, MAIL, OTHER, link, picture, reported, said, visiting


async def test_the_page_shows_what_is_needed_to_act(paged: House) -> None:
    """Number, state, category, words, place with maps, photos, since, date, how many people, history."""
    ticket = reported(paged, since="seit gestern")
    with paged.storage.work() as work:
        work.tickets.follow(ticket.number, ["77001"], at=paged.clock())
    async with visiting(paged, link(paged, ticket)) as visitor:
        page = (await visitor.look()).text
    for part in (
        ticket.number,
        "neu",
        paged.wording.category("bulky_waste"),
        "Hier liegt viel herum.",
        "Hauptstr. 1, Katernberg",
        "geo:51.500000,7.050000",
        "openstreetmap.org/?mlat=51.500000",
        "photo/0",
        "2 Personen betroffen",
        "04.05.2026 12:00",
        "zugestellt",
    ):
        assert part in page, part
    assert '<html lang="de">' in page
    for nobody in (RESIDENT, "77001", MAIL):
        assert nobody not in page


async def test_words_are_words(paged: House) -> None:
    """Markup and quotes in what people write are shown, never carried out."""
    ticket = reported(paged)
    evil = '<script>alert(1)</script>" onload="x'
    paged.own_tickets.say(ticket.number, chat=RESIDENT, text=evil, photos=(), once="1", now=paged.clock())
    async with visiting(paged, link(paged, ticket)) as visitor:
        page = (await visitor.look()).text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'onload="x' not in page


async def test_everything_that_is_asked_for_has_a_label(paged: House) -> None:
    """Each field that is seen has a label or a name of its own, and ids are unique."""
    ticket = reported(paged)
    async with visiting(paged, link(paged, ticket)) as visitor:
        page = (await visitor.look()).text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    labelled = set(re.findall(r'<label for="([^"]+)"', page))
    fields = re.findall(r"<(?:textarea|select|input)\b[^>]*>", page)
    assert len(fields) > 10
    for one in fields:
        own = re.search(r' id="([^"]+)"', one)
        assert (
            "hidden" in one or "aria-label=" in one or 'type="radio"' in one or (own and own[1] in labelled)
        ), one
    assert set(re.findall(r'aria-describedby="([^"]+)"', page)) <= set(ids)


async def test_looking_changes_nothing(paged: House) -> None:
    """A program that follows every link of a mail, also those of the page, has no effect."""
    ticket = reported(paged)
    path = link(paged, ticket)
    with paged.storage.look() as work:
        before = work.tickets.get(ticket.number), len(work.outbox.open())
    async with visiting(paged, path) as visitor:
        page = (await visitor.look()).text
        for address in {*re.findall(r'(?:href|src|action)="(/[^"]+)"', page)}:
            answer = await visitor.client.get(address)
            assert answer.status_code in (200, 404, 405), address
        await visitor.client.head(path)
    with paged.storage.look() as work:
        assert (work.tickets.get(ticket.number), len(work.outbox.open())) == before
    assert visitor.woken == []


@pytest.mark.parametrize("path", ["", "/photo/0", "/photo/99", "/photo/x", "/../../etc", "x", "/finish"])
async def test_every_answer_keeps_the_page_to_itself(paged: House, path: str) -> None:
    """Pages, photos and refusals alike: nothing from elsewhere, nothing told to others, nothing kept."""
    async with visiting(paged, link(paged, reported(paged))) as visitor:
        answer = await visitor.client.get(visitor.path + path)
    headers = answer.headers
    assert headers["content-security-policy"].startswith("default-src 'self'; script-src 'none'")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "noindex" in headers["x-robots-tag"]
    kept = "private, max-age=3600" if headers["content-type"] == "image/jpeg" else "no-store"
    assert headers["cache-control"] == kept


async def test_the_page_needs_nothing_from_elsewhere(paged: House) -> None:
    """Its style and icon come from us, and there is no script."""
    async with visiting(paged, link(paged, reported(paged))) as visitor:
        page = (await visitor.look()).text
        loaded = re.findall(r'<(?:link|img|script)[^>]*(?:href|src)="([^"]+)"', page)
        assert len(loaded) == 3
        for address in loaded:
            assert address.startswith("/")
            assert (await visitor.client.get(address)).status_code == 200


@pytest.mark.parametrize(("size", "side"), [("small", 480), ("large", 1600), ("huge", 1600)])
async def test_photos_come_scaled(paged: House, size: str, side: int) -> None:
    """A big photo is shown as a JPEG of the size it is needed in, without what the camera wrote into it."""
    big = BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "SECRETCAMERA"
    Image.new("RGB", (3000, 1500), "red").save(big, "JPEG", exif=exif)

    async def photo(_photo: object) -> bytes:
        return big.getvalue()

    async with visiting(paged, link(paged, reported(paged)), photo=photo) as visitor:
        answer = await visitor.client.get(f"{visitor.path}/photo/0", params={"size": size})
    assert answer.headers["content-type"] == "image/jpeg"
    assert Image.open(BytesIO(answer.content)).size == (side, side // 2)
    assert b"SECRETCAMERA" not in answer.content


@pytest.mark.parametrize("data", [b"no picture", None])
async def test_a_photo_that_is_gone_is_said_so(paged: House, data: bytes | None) -> None:
    """Telegram away or a broken file: a sentence, and the page itself still works."""

    async def photo(_photo: object) -> bytes:
        if data is None:
            raise ConnectionError
        return data

    async with visiting(paged, link(paged, reported(paged)), photo=photo) as visitor:
        answer = await visitor.client.get(f"{visitor.path}/photo/0")
        assert (answer.status_code, said(answer)) == (502, paged.texts.get("page.no_photo"))
        assert (await visitor.look()).status_code == 200


async def test_photos_of_the_history_are_counted_on(paged: House) -> None:
    """The number of a photo leads to that photo, of the report and of every entry."""
    ticket = reported(paged)
    fetched = []

    async def photo(one: object) -> bytes:
        fetched.append(one)
        return picture()

    async with visiting(paged, link(paged, ticket), photo=photo) as visitor:
        await visitor.press("note", photos=(picture(), picture("red")))
        for index in (0, 1, 2):
            await visitor.client.get(f"{visitor.path}/photo/{index}")
        assert (await visitor.client.get(f"{visitor.path}/photo/3")).status_code == 404
    now = visitor.ticket()
    assert fetched == [*now.report.photos, *now.history[-1].photos]


async def test_a_ticket_of_another_area_stays_closed(paged: House) -> None:
    """A link of a chat that does not work for the ticket shows nothing of it, nor its photos, nor acts."""
    ticket = reported(paged)
    async with visiting(paged, link(paged, ticket, chat=OTHER)) as visitor:
        for answer in (
            await visitor.look(),
            await visitor.client.get(f"{visitor.path}/photo/0"),
            await visitor.client.post(f"{visitor.path}/accept"),
        ):
            assert (answer.status_code, said(answer)) == (410, paged.texts.get("page.link_ended"))
            assert "Hier liegt" not in answer.text


def test_without_a_point_the_map_is_searched() -> None:
    """Label, district and city lead there."""
    links = map_links(Place(label="Café & Bar", district="Kray"), city="Essen")
    assert unquote(links["geo"]) == "geo:0,0?q=Café & Bar, Kray, Essen"
    assert httpx.URL(links["map"]).params["query"] == "Café & Bar, Kray, Essen"


async def test_pages_may_lie_below_a_path(paged: House) -> None:
    """With a path in PUBLIC_URL every address of the page begins with it."""
    below = replace(
        paged,
        settings=replace(paged.settings, public_url=f"{BASE}/stadt"),
        links=replace(paged.links, base=f"{BASE}/stadt"),
    )
    ticket = reported(below)
    async with visiting(below, link(below, ticket)) as visitor:
        page = (await visitor.press("accept")).text
        addresses = re.findall(r'(?:href|src|action)="(/[^"]+)"', page)
        assert addresses
        assert all(one.startswith("/stadt/") for one in addresses)
        assert (await visitor.client.get("/stadt/static/page.css")).status_code == 200
    assert visitor.ticket().history[-1].what == "accepted"


async def test_no_log_tells_of_a_link_or_of_words(paged: House, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever goes wrong, the log has neither the address nor what was written."""

    async def photo(_photo: object) -> bytes:
        raise OSError("SECRETWORDS")

    ticket = reported(paged)
    path = link(paged, ticket)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the test's own client
    async with visiting(paged, path, photo=photo) as visitor:
        await visitor.press("ask", words="SECRETWORDS")
        await visitor.client.get(f"{path}/photo/0")
        await visitor.client.get(f"{path}x")
    assert caplog.records
    for secret in ("SECRETWORDS", path.rpartition("/")[2], MAIL):
        assert secret not in caplog.text
