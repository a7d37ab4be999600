"""A ticket's page for tests: served in memory, looked at and pressed like in a browser without JavaScript."""

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx
from PIL import Image

from desk.drafts import Spot
from desk.tickets import Photo, Ticket
from staff.pages import pages_app
from storage.photos import PhotoFolder
from storage.wiring import House
from tests.builders import PHOTO, RESIDENT, finished_draft

MAIL, OTHER, DESK = "mail:1", "41", "51"
"""Who works for Katernberg, without Telegram; for Kray; at the coordination desk."""
BASE = "https://pages.example"


def staff_of(house: House) -> None:
    """Let the three chats work for their areas."""
    for chat, area in (
        (MAIL, "katernberg"),
        (OTHER, "kray"),
        (DESK, house.city.coordination.id),
    ):
        house.caretakers.invite(area, token=chat, now=house.clock())
        house.caretakers.redeem(chat, chat=chat, now=house.clock())


def reported(house: House, draft: str = "d1", *, district: str = "Katernberg", **changes: Any) -> Ticket:
    """A ticket with a photo, just sent."""
    spot = Spot(label="Hauptstr. 1", district=district, latitude=51.5, longitude=7.05)
    given = {"id": draft, "spot": spot, "category": "bulky_waste", "photos": (PHOTO,), **changes}
    return house.reports.send(finished_draft(**given), reporter=RESIDENT, now=house.clock())


def picture(color: str = "green") -> bytes:
    """A small PNG."""
    target = io.BytesIO()
    Image.new("RGB", (30, 20), color).save(target, "PNG")
    return target.getvalue()


def link(house: House, ticket: Ticket, *, chat: str = MAIL) -> str:
    """The path of the ticket's page for a chat."""
    url = house.links.url_for(ticket.number, chat=chat, now=house.clock())
    assert url is not None
    return url.removeprefix(BASE)


@dataclass
class Visitor:
    """Somebody with a link."""

    house: House
    client: httpx.AsyncClient
    path: str
    page: str = ""
    woken: list[bool] = field(default_factory=list)

    async def look(self, **query: str) -> httpx.Response:
        """Open the page."""
        answer = await self.client.get(self.path, params=query)
        self.page = answer.text
        return answer

    async def press(
        self, deed: str, *, photos: tuple[bytes, ...] = (), stale: bool = False, **fields: str
    ) -> httpx.Response:
        """Open the page (unless the one before is still open: `stale`), fill a form, send it, follow its answer."""
        if not stale:
            await self.look()
        marks = dict(re.findall(r'name="(state|once)" value="(\w+)"', self.page))
        files = [("photos", (f"{index}.png", data, "image/png")) for index, data in enumerate(photos)]
        # As browsers send it: parts, also where there is no file.
        files = files or [("photos", ("", b"", "application/octet-stream"))]
        answer = await self.client.post(f"{self.path}/{deed}", data={**marks, **fields}, files=files)
        if answer.status_code != 303:
            return answer
        return await self.client.get(answer.headers["location"])

    def ticket(self) -> Ticket:
        """The ticket as it is now."""
        number, _ = self.house.links.open(self.path.rpartition("/")[2], now=self.house.clock())
        with self.house.storage.look() as work:
            return work.tickets.get(number)


def said(answer: httpx.Response) -> str:
    """What the boxes of a page say, or its only sentence."""
    boxes = re.findall(r'<p class="box [^>]*>(.*?)</p>', answer.text, re.DOTALL)
    return unescape(" ".join(boxes or re.findall(r"<h1>(.*?)</h1>", answer.text)))


@asynccontextmanager
async def visiting(house: House, path: str, *, photo: Any = None) -> AsyncIterator[Visitor]:
    """A visitor of the page at `path`."""

    async def drawn(_photo: Photo) -> bytes:
        return picture()

    woken: list[bool] = []
    app = pages_app(
        house,
        photos=PhotoFolder(folder=house.settings.state_dir / "photos"),
        photo=photo or drawn,
        wake_delivery=lambda: woken.append(True),
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE) as client:
        yield Visitor(house=house, client=client, path=path, woken=woken)
