"""The other way in: Telegram posts each update to an address of ours."""

import asyncio
import contextlib
import hmac
import json
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from secrets import token_urlsafe
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import TelegramError

from bot.intake import KINDS, Intake
from desk.errors import SettingError
from storage.settings import Settings

MOST_BYTES = 1_000_000  # an update is a few kilobytes
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the name of a header
CONNECTIONS = 40  # Telegram opens at most, its default


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where Telegram posts to (`url`), and where we listen for it behind the proxy."""

    url: str
    path: str
    host: str
    port: int

    @classmethod
    def of(cls, settings: Settings) -> "Address":
        """Read WEBHOOK_URL and WEBHOOK_LISTEN; raises SettingError when they can't be used."""
        parts = urlsplit(settings.webhook_url or "")
        listen = urlsplit(
            f"//{settings.webhook_listen}" if settings.webhook_listen else settings.webhook_url or ""
        )
        try:
            port = listen.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise SettingError("operator.bad_listen", value=settings.webhook_listen) from error
        host = listen.hostname or "127.0.0.1"
        return cls(url=settings.webhook_url or "", path=parts.path or "/", host=host, port=port)


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the worker decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def webhook(bot: Bot, intake: Intake, settings: Settings) -> AsyncIterator[None]:
    """Receive updates by webhook while the block runs; SettingError when the port can't be had."""
    address = Address.of(settings)
    secret = settings.webhook_secret or token_urlsafe(32)
    config = uvicorn.Config(
        webhook_app(intake, path=address.path, secret=secret),
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[_listen(address)]))
    try:
        await _register(bot, address.url, secret=secret)
        yield
    finally:
        server.should_exit = True
        await serving


async def _register(bot: Bot, url: str, *, secret: str) -> None:
    try:
        await bot.set_webhook(url, secret_token=secret, allowed_updates=KINDS, max_connections=CONNECTIONS)
    except TelegramError as error:
        raise SettingError("operator.no_webhook", reason=type(error).__name__) from error


def _listen(address: Address) -> socket.socket:
    try:
        return socket.create_server((address.host, address.port), backlog=256)
    except OSError as error:
        raise SettingError("operator.no_listen", host=address.host, port=address.port) from error


def webhook_app(intake: Intake, *, path: str, secret: str) -> Starlette:
    """Return the web application Telegram posts updates to; only requests with the secret token count."""

    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        if int(request.headers.get("content-length") or 0) > MOST_BYTES:
            return Response(status_code=413)
        try:
            update = json.loads(await request.body())
            known = isinstance(update["update_id"], int)
        except (ValueError, KeyError, TypeError):
            known = False
        if not known:
            return Response(status_code=400)
        await intake.take([update])  # answered only when it is stored: otherwise Telegram sends it again
        return Response(status_code=200)

    return Starlette(routes=[Route(path, receive, methods=["POST"])])
