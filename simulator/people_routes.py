import base64
import dataclasses
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.chats import Json, view
from simulator.people import Person
from simulator.received import NoAnswer
from simulator.samples import SAMPLES, draw
from simulator.watcher import PATIENCE

if TYPE_CHECKING:
    from simulator.server import Simulator

# What POST /sim/people/<key>/<action> may do; the body holds the arguments of the method of `Person`.
ACTIONS = (
    "text", "start", "open_link", "command", "photo", "album", "document", "location", "venue",
    "live_location", "move", "other", "edit", "press", "press_data", "block", "unblock", "add_bot",
    "kick_bot", "redeliver", "raw",
)  # fmt: skip


def picture(value: Any) -> bytes:
    """Bytes of a file given as base64, or as `sample:<name>` for a drawn sample photo."""
    given = str(value)
    if given.startswith("sample:"):
        return draw(given.removeprefix("sample:"))
    return base64.b64decode(given, validate=True)


_READ: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("photo", "data"): picture,
    ("document", "data"): picture,
    ("album", "photos"): lambda values: [picture(value) for value in values],
    ("press", "where"): tuple,
}


class PeopleRoutes:
    """The people API over HTTP, for load tests and other programs, and for the page."""

    def __init__(self, simulator: "Simulator", people: dict[str, Person]) -> None:
        self.simulator = simulator
        self.people = people

    def routes(self) -> list[Route]:
        """All routes below /sim."""
        return [
            Route("/sim/people", self.create, methods=["POST"]),
            Route("/sim/people/{key}/messages", self.messages),
            Route("/sim/people/{key}/wait", self.wait, methods=["POST"]),
            Route("/sim/people/{key}/{action}", self.act, methods=["POST"]),
            Route("/sim/faults", self.fail, methods=["POST"]),
            Route("/sim/faults", self.calm, methods=["DELETE"]),
            Route("/sim/samples/{name}.jpg", self.sample),
            Route("/sim/files/{file_id}", self.file),
        ]

    async def create(self, request: Request) -> Response:
        """`{"name", "username", "user_id"}`: a person; `{"group": title, "member": key}`: in a new group."""
        wanted = await request.json()
        if "group" in wanted:
            member = self.people[wanted["member"]] if "member" in wanted else None
            person = self.simulator.group(wanted["group"], member=member)
        else:
            person = self.simulator.person(**wanted)
        key = str(person.chat_id) if person.chat.private else f"{person.user['id']}@{person.chat_id}"
        self.people[key] = person
        return JSONResponse({"person": key, "user_id": person.user["id"], "chat_id": person.chat_id})

    async def act(self, request: Request) -> Response:
        """Let a person do something; answers with message and update numbers."""
        action = request.path_params["action"]
        if action not in ACTIONS:
            raise KeyError(action)
        given: Json = await request.json()
        read = {name: _READ.get((action, name), lambda value: value)(value) for name, value in given.items()}
        result = getattr(self._person(request), action)(**read)
        return JSONResponse(_plain(result))

    async def messages(self, request: Request) -> Response:
        """The chat in its present state, with keyboard and notices."""
        person = self._person(request)
        shown = [view(message) for message in person.chat.messages.values()]
        state = {"messages": shown, "keyboard": person.chat.keyboard, "toasts": person.toasts}
        return JSONResponse(state)

    async def wait(self, request: Request) -> Response:
        """`{"text", "button", "photo", "location", "edited", "after", "timeout"}`; 408 when nothing comes."""
        given = await request.json()
        given.setdefault("timeout", PATIENCE)
        person = self._person(request)
        only_next = given.pop("next", False)
        found = await (person.next_message(**given) if only_next else person.wait_for(**given))
        return JSONResponse({"message": found.body, "from_bot": True})

    async def fail(self, request: Request) -> Response:
        """Order failures: `{"method", "times", "code", "cut", "cut_after", "delay", "chat_id"}`."""
        self.simulator.fail(**await request.json())
        return JSONResponse({"ordered": len(self.simulator.world.faults.planned)})

    async def calm(self, _: Request) -> Response:
        """Forget ordered failures."""
        self.simulator.world.faults.clear()
        return JSONResponse({"ordered": 0})

    async def sample(self, request: Request) -> Response:
        """A drawn sample photo."""
        name = request.path_params["name"]
        if name not in SAMPLES:
            raise KeyError(name)
        return Response(draw(name), media_type="image/jpeg")

    async def file(self, request: Request) -> Response:
        """A photo or document of the chats."""
        stored = self.simulator.world.files.by_id[request.path_params["file_id"]]
        kind = "image/jpeg" if stored.kind == "Photo" else "application/octet-stream"
        return Response(stored.data, media_type=kind, headers={"Cache-Control": "private, max-age=3600"})

    def _person(self, request: Request) -> Person:
        return self.people[request.path_params["key"]]


def _plain(result: Any) -> Any:
    if isinstance(result, list):
        return [_plain(one) for one in result]
    return dataclasses.asdict(result)


async def mistaken(_: Request, error: Exception) -> Response:
    """Answer to a request this API can't do anything with."""
    if isinstance(error, NoAnswer):
        return JSONResponse({"error": str(error)}, status_code=408)
    status = 404 if isinstance(error, LookupError) else 400
    return JSONResponse({"error": f"{type(error).__name__}: {error}"}, status_code=status)


MISTAKES = (LookupError, TypeError, ValueError, json.JSONDecodeError, NoAnswer)
