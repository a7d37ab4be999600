"""Tickets' pages: for caretakers without Telegram, opened by the signed link of a mail, no account needed."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import urlsplit

import jinja2
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from desk.errors import KuemmerkastenError, NotAllowed, NotFound
from desk.links import PAGES
from desk.tickets import Photo
from staff.page_deeds import DEEDS, do
from staff.page_guard import PageGuard
from staff.ticket_page import environment, photos_of, ticket_view
from staff.uploads import filled_form
from storage.photos import BrokenImage, PhotoFolder, as_jpeg
from storage.serving import Listening, serving
from storage.settings import Settings
from storage.wiring import House

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
SIDES = {"small": 480, "large": 1600}
"""Pixels of a photo's longer side, as part of the page and opened by itself."""
PHOTO_KEPT = "private, max-age=3600"
BAD_LINKS = {
    "page.link_altered": 404,
    "page.link_expired": 410,
    "page.link_revoked": 410,
    "page.link_ended": 410,
}
"""What a link that does not open anything is answered with."""
AUDITED = {"page.link_altered": "altered_link", "page.link_revoked": "revoked_link"}
"""Which of them smell of abuse."""
PhotoSource = Callable[[Photo], Awaitable[bytes]]
"""Fetches a photo's file; raises OSError when it can't be had."""


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Answers the requests for tickets' pages. GET changes nothing: programs that check mail follow links."""

    house: House
    photos: PhotoFolder
    photo: PhotoSource
    wake_delivery: Callable[[], None]
    templates: jinja2.Environment
    root: str

    async def show(self, request: Request) -> Response:
        """Show the ticket as it is now; `done` names what has just been done to it."""
        token, done = request.path_params["token"], request.query_params.get("done", "")
        said = self._text(f"caretaker.done_{done}", "page.noted") if done in DEEDS else None
        try:
            number, chat = await self._opened(token)
        except NotAllowed as error:
            return await self._refuse(token, error, said=said)
        return await self._page(number, chat, token=token, said=said)

    async def act(self, request: Request) -> Response:
        """Do what a form says and go back to the page; what can't be done is said on the page."""
        token, deed = request.path_params["token"], request.path_params["deed"]
        if deed not in DEEDS:
            raise HTTPException(404)
        try:
            number, chat = await self._opened(token)
        except NotAllowed as error:
            return await self._refuse(token, error)
        typed: dict[str, str] = {}
        try:
            filled = await filled_form(request)
            typed = dict(filled.fields)
            await asyncio.to_thread(do, self.house, self.photos, filled, number=number, chat=chat, deed=deed)
        except KuemmerkastenError as error:
            wrong = self.house.texts.get(error.key, **error.params)
            return await self._page(number, chat, token=token, wrong=wrong, deed=deed, typed=typed)
        self.wake_delivery()
        return RedirectResponse(f"{self.root}{PAGES}{token}?done={deed}", status_code=303)

    async def picture(self, request: Request) -> Response:
        """Show one photo of the ticket."""
        token, index = request.path_params["token"], request.path_params["index"]
        side = SIDES.get(request.query_params.get("size", "large"), SIDES["large"])
        try:
            number, chat = await self._opened(token)
        except NotAllowed as error:
            return await self._refuse(token, error)
        ticket = await asyncio.to_thread(self.house.caretakers.ticket, number, chat=chat)
        photos = photos_of(ticket)
        if index >= len(photos):
            raise HTTPException(404)
        try:
            data = await self.photo(photos[index])
            jpeg = await asyncio.to_thread(as_jpeg, data, side=side)
        except (OSError, BrokenImage) as error:
            log.warning("a photo of %s can't be shown: %s", number, type(error).__name__)
            return self.sentence(self.house.texts.get("page.no_photo"), status=502)
        return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": PHOTO_KEPT})

    async def unknown(self, _request: Request, error: Exception) -> Response:
        """Answer what is at none of our addresses, or is asked for in a way we don't know."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        return self.sentence(self.house.texts.get("page.nothing_here"), status=status)

    async def broken(self, _request: Request, _error: Exception) -> Response:
        """Answer when something of ours has failed."""
        return self.sentence(self.house.texts.get("page.broken"), status=500)

    def sentence(self, text: str, *, status: int, said: str | None = None) -> Response:
        """Return a page with one sentence."""
        page = self.templates.get_template("sentence.html").render(text=text, said=said, root=self.root)
        return HTMLResponse(page, status_code=status)

    async def _opened(self, token: str) -> tuple[str, str]:
        return await asyncio.to_thread(self.house.links.open, token, now=self.house.clock())

    async def _refuse(self, token: str, error: NotAllowed, *, said: str | None = None) -> Response:
        if what := AUDITED.get(error.key):
            await asyncio.to_thread(self._audit, token, what)
        said = said if error.key == "page.link_ended" else None
        return self.sentence(self.house.texts.get(error.key), status=BAD_LINKS[error.key], said=said)

    def _audit(self, token: str, what: str) -> None:
        link = self.house.links.known(token)
        self.house.audit(what, chat=link.chat if link else "", ticket=link.ticket if link else None)

    async def _page(
        self,
        number: str,
        chat: str,
        *,
        token: str,
        said: str | None = None,
        wrong: str | None = None,
        deed: str = "",
        typed: dict[str, str] | None = None,
    ) -> Response:
        """Return the ticket's page; after something went wrong with what was typed and its form open."""
        try:
            ticket = await asyncio.to_thread(self.house.caretakers.ticket, number, chat=chat)
        except (NotAllowed, NotFound) as error:  # it went elsewhere in this very moment
            return self.sentence(self.house.texts.get(error.key, **error.params), status=410)
        shown = await asyncio.to_thread(ticket_view, ticket, self.house, chat=chat)
        page = self.templates.get_template("ticket.html").render(
            **shown,
            root=self.root,
            here=f"{self.root}{PAGES}{token}",
            said=said,
            wrong=wrong,
            opened=deed,
            typed=defaultdict(str, typed or {}),
        )
        return HTMLResponse(page, status_code=409 if wrong else 200)

    def _text(self, key: str, otherwise: str) -> str:
        texts = self.house.texts
        return texts.get(key if key in texts.entries else otherwise)


def pages_app(
    house: House, *, photos: PhotoFolder, photo: PhotoSource, wake_delivery: Callable[[], None]
) -> ASGIApp:
    """Return the web application; its addresses begin with the path of PUBLIC_URL."""
    root = urlsplit(house.settings.public_url or "").path.rstrip("/")
    pages = Pages(
        house=house,
        photos=photos,
        photo=photo,
        wake_delivery=wake_delivery,
        templates=environment(),
        root=root,
    )
    routes = [
        Route(PAGES + "{token}", pages.show, methods=["GET"]),
        Route(PAGES + "{token}/{deed}", pages.act, methods=["POST"]),
        Route(PAGES + "{token}/photo/{index:int}", pages.picture, methods=["GET"]),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    handlers: dict[Any, Any] = {HTTPException: pages.unknown, Exception: pages.broken}
    app = Starlette(routes=[Mount(root, routes=routes)] if root else routes, exception_handlers=handlers)
    return PageGuard(app)


def serve_pages(
    house: House, *, photo: PhotoSource, wake_delivery: Callable[[], None], bound: socket
) -> AbstractAsyncContextManager[None]:
    """Serve the pages at a port that was taken before while the block runs."""
    photos = PhotoFolder(folder=house.settings.state_dir / "photos")
    return serving(pages_app(house, photos=photos, photo=photo, wake_delivery=wake_delivery), bound)


def bind_pages(settings: Settings) -> socket | None:
    """Take the port of PAGES_LISTEN, None where no pages are served; SettingError when it can't be had."""
    if settings.public_url is None:
        return None
    return Listening.of(settings.pages_listen, setting="PAGES_LISTEN").bind()
