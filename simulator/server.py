import asyncio
import contextlib
import socket
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from desk.errors import SettingError
from simulator.api import BotApi
from simulator.faults import Fault
from simulator.limits import Limits
from simulator.page_routes import page_application
from simulator.people import Person
from simulator.standing import invite
from simulator.world import Bot, World
from storage.texts import Texts

TOKEN = "7000000001:local-simulator-token"  # noqa: S105 -- only this server knows it
USERNAME = "kuemmerkasten_bot"
RESIDENT_ID, CARETAKER_ID = 10_001, 10_002
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the program around it decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Simulator:
    """A Bot API server with people behind it, on the loopback interface of this machine.

    Use as `async with Simulator(port=0) as simulator:`; port 0 takes a free one. `limits` is
    `Limits.TELEGRAM` (as the public server), `Limits.NONE` (no rates) or an own `Limits`.
    SettingError for a host that is not this machine and for a port that is taken.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        host: str = "127.0.0.1",
        port: int = 8080,
        limits: Limits = Limits.TELEGRAM,
        username: str = USERNAME,
        world: World | None = None,
    ) -> None:
        if host not in LOOPBACK:
            raise SettingError("simulator.local_only", host=host)
        self.host, self.port = host, port
        self.world = world or World(limits=limits)
        self.bot = self.add_bot(token, username=username)
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Base address of Bot API and page, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def bot_token(self) -> str:
        """The first bot's token."""
        return self.bot.token

    def add_bot(self, token: str, *, username: str, name: str = "Kümmerkasten", privacy: bool = True) -> Bot:
        """Make another bot known; without `privacy` it reads all messages of its groups."""
        return self.world.add_bot(token, username=username, name=name, privacy=privacy)

    # -- people ----------------------------------------------------------------------------------------

    def person(
        self,
        name: str = "Alex",
        *,
        user_id: int | None = None,
        username: str | None = None,
        language: str = "de",
        bot: Bot | None = None,
    ) -> Person:
        """Somebody new in the (still empty) chat with the bot."""
        user = self.world.add_user(name, user_id=user_id, username=username, language=language)
        chosen = bot or self.bot
        return Person(self.world, chosen, user, self.world.private_chat(chosen, user))

    resident = person
    caretaker = person

    def group(
        self, title: str, *, member: Person | None = None, bot: Bot | None = None, with_bot: bool = True
    ) -> Person:
        """A person (`member` or somebody new) in a new group, the bot added unless told otherwise."""
        somebody = member or self.person(bot=bot)
        chat, chosen = self.world.add_group(title), bot or self.bot
        if with_bot:
            invite(self.world, chosen, somebody.user, chat)
        return Person(self.world, chosen, somebody.user, chat)

    def page_people(self) -> tuple[Person, Person]:
        """The resident and the caretaker of the page, chats 10001 and 10002; always the same two."""
        texts = Texts.load()
        return (
            self.person(texts.get("simulator.resident"), user_id=RESIDENT_ID),
            self.person(texts.get("simulator.caretaker"), user_id=CARETAKER_ID),
        )

    def fail(self, method: str, **how: Any) -> None:
        """Let the next call(s) of a method fail; see `faults.Fault` for the ways."""
        self.world.faults.add(Fault(method, **how))

    # -- life ------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        listener = _listen(self.host, self.port)
        self.port = listener.getsockname()[1]
        page = page_application(self, self.page_people())
        config = uvicorn.Config(
            _Front(BotApi(self.world), page),
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=60,
            backlog=2048,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started and not self._serving.done():  # noqa: ASYNC110 -- uvicorn has no event for it
            await asyncio.sleep(0.005)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.world.close()
        await self.world.stop_webhooks()
        if self._server and self._serving:
            self._server.should_exit = True
            await self._serving


class _Front:
    """Bot API calls take the short way, everything else goes to the page."""

    def __init__(self, bot_api: ASGIApp, page: ASGIApp) -> None:
        self.bot_api, self.page = bot_api, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        chosen = self.bot_api if scope["path"].startswith(("/bot", "/file/bot")) else self.page
        await chosen(scope, receive, send)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    listener = socket.socket(
        family, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # asyncio sets no-delay only then
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise SettingError("simulator.port_taken", port=port) from error
    return listener
