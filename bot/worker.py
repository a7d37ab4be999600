import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.awaited_answers import AwaitedAnswers
from bot.caretakers import CaretakerChat
from bot.clockwork import Clockwork
from bot.delivery import Delivery, Post
from bot.frontdoor import FrontDoor
from bot.intake import Intake, poll
from bot.limits import Limits, Pace
from bot.own_tickets import OwnTicketChat
from bot.photo_source import PhotoSource
from bot.profile import introduce
from bot.queues import ChatQueues
from bot.residents import ResidentChat
from bot.sending import Sender
from bot.webhook import webhook
from desk.errors import SettingError
from desk.tickets import Photo
from nlu.engine.engine import Engine
from storage.conversations import IDLE
from storage.photos import PhotoFolder
from storage.retention import forget, unreferenced
from storage.wiring import House

log = logging.getLogger(__name__)

PostOffice = Callable[[Callable[[Photo], Awaitable[bytes]]], Post]
"""Makes the way to mailboxes out of how to get a photo's bytes."""
CONNECTIONS = 64  # at once to the Bot API
TIDY_EVERY = timedelta(hours=6)
GRACE = 20.0  # seconds for finishing what was taken in, when the worker is told to stop
FIRST_CONTACT = 5.0  # seconds between tries to reach Telegram at the start


@dataclass(frozen=True, kw_only=True)
class Worker:
    """One process of the product: takes updates in, handles them, delivers what they cause."""

    house: House
    bot: Bot
    intake: Intake
    queues: ChatQueues
    delivery: Delivery
    photos: PhotoFolder

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then finish what was taken in, or leave it stored for the next start."""
        async with AsyncExitStack() as stack:
            if not await self._reach_telegram(stop):
                return
            stack.push_async_callback(self.bot.shutdown)
            clockwork = Clockwork(house=self.house, wake_delivery=self.delivery.wake)
            for background in (self.delivery.run(), self._tidy(), clockwork.run()):
                await stack.enter_async_context(_running(background))
            await self.intake.resume()
            settings = self.house.settings
            by_webhook = webhook(self.bot, self.intake, settings) if settings.webhook_url else None
            source = by_webhook or _running(poll(self.bot.base_url, self.intake))
            async with source:
                log.info("the bot is ready")
                await stop.wait()
            await self._finish()

    async def _reach_telegram(self, stop: asyncio.Event) -> bool:
        """Sign in; a wrong token is an error, an unreachable Telegram is waited for. False: told to stop."""
        while not stop.is_set():
            try:
                await self.bot.initialize()
                await introduce(self.bot, self.house.texts)
                if not self.house.settings.webhook_url:
                    await self.bot.delete_webhook()
            except InvalidToken as error:
                raise SettingError("operator.bad_token") from error
            except TelegramError as error:
                log.warning("Telegram can't be reached (%s), trying again", type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), timeout=FIRST_CONTACT)
            else:
                return True
        return False

    async def _tidy(self) -> None:
        """Forget what is no longer needed, again and again."""
        while True:
            try:
                await asyncio.to_thread(self._forget)
            except Exception as error:  # noqa: BLE001 -- the database may be away; the next round does it
                log.warning("tidying up failed with %s, trying again later", type(error).__name__)
            await asyncio.sleep(TIDY_EVERY.total_seconds())

    def _forget(self) -> None:
        engine, now = self.house.storage.engine, self.house.clock()
        never_sent = unreferenced(engine, self.photos.older_than(now - IDLE))
        for name in (*forget(engine, now=now), *never_sent):
            self.photos.remove(name)

    async def _finish(self) -> None:
        try:
            async with asyncio.timeout(GRACE):
                await self.queues.drained()
                await self.delivery.finish()
        except TimeoutError:
            log.warning(
                "not everything could be finished in time: it is stored and goes on at the next start"
            )


def assemble(
    house: House, engine: Engine, *, limits: Limits | None = None, post: PostOffice | None = None
) -> Worker:
    """Put a worker together; without `post` mailboxes get nothing. Raises SettingError without a token."""
    settings = house.settings
    if settings.telegram_token is None:
        raise SettingError("operator.no_token")
    bot = Bot(
        settings.telegram_token,
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=HTTPXRequest(connection_pool_size=CONNECTIONS, pool_timeout=60),
        get_updates_request=HTTPXRequest(connection_pool_size=2),
    )
    photos = PhotoFolder(folder=settings.state_dir / "photos")
    sender = Sender(bot=bot, house=house, photos=photos)
    delivery = Delivery(
        storage=house.storage,
        sender=sender,
        pace=Pace(limits),
        post=post(PhotoSource(bot=bot, photos=photos).read) if post else None,
    )
    residents = ResidentChat(bot=bot, engine=engine, photos=photos)
    door = FrontDoor(
        bot=bot,
        texts=house.texts,
        storage=house.storage,
        residents=residents,
        own_tickets=OwnTicketChat(house=house, residents=residents, awaited=AwaitedAnswers(house=house)),
        caretakers=CaretakerChat(house=house),
        wake_delivery=delivery.wake,
    )
    queues = ChatQueues(bot, handle=door.handle, give_up=door.give_up)
    intake = Intake(storage=house.storage, put=queues.put)
    return Worker(house=house, bot=bot, intake=intake, queues=queues, delivery=delivery, photos=photos)


@asynccontextmanager
async def _running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run a coroutine beside the block and cancel it at the block's end; its own failure ends the block."""
    owner = asyncio.current_task()
    task = asyncio.create_task(work)

    def failed(done: "asyncio.Task[None]") -> None:
        if not done.cancelled() and done.exception() is not None and owner is not None:
            owner.cancel()

    task.add_done_callback(failed)
    try:
        yield
    except asyncio.CancelledError:
        if task.done() and not task.cancelled() and task.exception() is not None:
            task.result()  # raises what went wrong in the background
        raise
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
