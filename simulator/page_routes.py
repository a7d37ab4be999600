import asyncio
import json
import mimetypes
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.chats import Chat, view
from simulator.people import Person
from simulator.people_routes import MISTAKES, PeopleRoutes, mistaken
from simulator.received import listening

if TYPE_CHECKING:
    from simulator.server import Simulator

FOLDER = Path(__file__).parent / "page"
HEARTBEAT_SECONDS = 15.0
OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def page_application(simulator: "Simulator", pair: tuple[Person, Person]) -> ASGIApp:
    """The page with the two phones, its events, and the people API it uses."""
    people = {str(person.chat_id): person for person in pair}
    events = _events(people)
    routes = [
        *PeopleRoutes(simulator, people).routes(),
        Route("/events/{key}", events),
        Route("/{name:path}", _file),
    ]
    return _OwnMachineOnly(Starlette(routes=routes, exception_handlers=dict.fromkeys(MISTAKES, mistaken)))


async def _file(request: Request) -> Response:
    """A file of the page, read from disk so that a change shows at once."""
    name = request.path_params["name"] or "index.html"
    known = {path.name: path for path in FOLDER.iterdir()}
    if name not in known:
        return Response("404", status_code=404, media_type="text/plain", headers=HEADERS)
    kind = mimetypes.guess_type(name)[0] or "text/plain"
    return Response(known[name].read_bytes(), media_type=kind, headers=HEADERS)


def _events(people: dict[str, Person]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    async def events(request: Request) -> Response:
        """Server-sent events of one chat: its present state first, then every change."""
        person = people[request.path_params["key"]]
        return StreamingResponse(_stream(person.chat), media_type="text/event-stream", headers=HEADERS)

    return events


async def _stream(chat: Chat) -> AsyncIterator[str]:
    async with listening(chat) as queue:
        shown = [view(message) for message in chat.messages.values()]
        yield _event({"type": "state", "messages": shown, "keyboard": chat.keyboard})
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if event is None:
                return
            yield _event(event)


def _event(event: object) -> str:
    return f"data: {json.dumps(event)}\n\n"


class _OwnMachineOnly:
    """Refuses other host names and origins: no website can steer the simulator (DNS rebinding)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", []))
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin", b"").decode("latin-1")
        ours = host.rpartition(":")[0] in OWN_NAMES or host in OWN_NAMES
        if not ours or (origin and origin != f"http://{host}"):
            await Response("403", status_code=403, media_type="text/plain")(scope, receive, send)
            return
        await self.app(scope, receive, send)
