"""The other way in: Telegram posts each update to an address of ours."""

import contextlib
import hmac
import json
from collections.abc import AsyncIterator
from secrets import token_urlsafe
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import TelegramError

from bot.intake import KINDS, Intake
from desk.errors import SettingError
from storage.serving import Listening, serving
from storage.settings import Settings

MOST_BYTES = 1_000_000  # an update is a few kilobytes
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the name of a header
CONNECTIONS = 40  # Telegram opens at most, its default


def _listening(settings: Settings) -> Listening:
    url = settings.webhook_url or ""
    listen = f"{urlsplit(url).scheme}://{settings.webhook_listen}" if settings.webhook_listen else url
    return Listening.of(listen, setting="WEBHOOK_LISTEN")


@contextlib.asynccontextmanager
async def webhook(bot: Bot, intake: Intake, settings: Settings) -> AsyncIterator[None]:
    """Receive updates by webhook while the block runs; SettingError when the port can't be had."""
    url = settings.webhook_url or ""
    secret = settings.webhook_secret or token_urlsafe(32)
    app = webhook_app(intake, path=urlsplit(url).path or "/", secret=secret)
    async with serving(app, _listening(settings).bind()):
        await _register(bot, url, secret=secret)
        yield


async def _register(bot: Bot, url: str, *, secret: str) -> None:
    try:
        await bot.set_webhook(url, secret_token=secret, allowed_updates=KINDS, max_connections=CONNECTIONS)
    except TelegramError as error:
        raise SettingError("operator.no_webhook", reason=type(error).__name__) from error


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
