import argparse
import asyncio
import logging
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from desk.errors import SettingError
from kuemmerkasten.commands.train import ROOT, train_if_needed
from staff.pages import bind_pages, serve_pages
from storage.settings import Settings

if TYPE_CHECKING:
    from nlu.engine.engine import Engine
    from storage.wiring import House

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`run` has no options: everything stands in the environment."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Run the bot until SIGTERM or SIGINT."""
    if settings.telegram_token is None:
        raise SettingError("operator.no_token")
    pages = bind_pages(settings)  # before minutes of training: a port that is taken is said at once
    model = train_if_needed(ROOT)
    asyncio.run(_run(settings, model, pages))
    return 0


async def _run(settings: Settings, model: Path, pages: socket | None) -> None:
    from bot.photo_source import PhotoSource
    from bot.worker import assemble
    from staff.mail import mail_office

    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    house, engine = await open_house(settings, model)
    print(house.texts.get("operator.running"), file=sys.stderr)

    def link(number: str, chat: str) -> str | None:
        return house.links.url_for(number, chat=chat, now=house.clock())

    worker = assemble(house, engine, post=mail_office(house, link=link))
    async with AsyncExitStack() as stack:
        if pages:
            photo = PhotoSource(bot=worker.bot, photos=worker.photos).read
            wake = worker.delivery.wake
            serving = serve_pages(house, photo=photo, wake_delivery=wake, bound=pages)
            await stack.enter_async_context(serving)
        await worker.run(stop)
    print(house.texts.get("operator.stopped"), file=sys.stderr)


async def open_house(settings: Settings, model: Path) -> "tuple[House, Engine]":
    """Build the house and load the engine with all actions."""
    from actions import all_actions
    from nlu.engine.engine import Engine
    from storage.wiring import build

    house = build(settings)

    def alert(place: str, error: BaseException) -> None:
        log.critical(
            "a turn failed in %s with %s: the resident was told, please look", place, type(error).__name__
        )

    engine = await Engine.load(
        model, actions=all_actions(house), conversations=house.conversations, on_failure=alert
    )
    return house, engine
