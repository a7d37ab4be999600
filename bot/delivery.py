import asyncio
import logging
from collections import defaultdict
from datetime import timedelta
from typing import Protocol

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from bot.limits import Pace
from bot.sending import Sender
from desk.mailboxes import is_mailbox
from desk.notices import Notice, NoticeKind, Undeliverable
from storage.outbox import Letter
from storage.work import SqlStorage

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(minutes=5)
TRIES = 8  # of a letter that can't be made into a message
OUR_MISTAKES = (LookupError, TypeError, ValueError, AttributeError)
LOOK_AGAIN = 2.0  # seconds between looks at the outbox when nobody wakes us (rows of another process)
FINAL = (Forbidden, BadRequest, FileNotFoundError, Undeliverable)  # trying again would not help


class Post(Protocol):
    """The way to mailboxes."""

    async def send(self, notice: Notice) -> int | None:
        """Send one notice; raises Undeliverable when it will never arrive; all else is tried again."""
        ...


class NoPost(Undeliverable):
    """There is no way to mailboxes."""


class Delivery:
    """Carries the outbox to Telegram and to mailboxes: a chat's messages in order, many chats at a time."""

    def __init__(self, *, storage: SqlStorage, sender: Sender, pace: Pace, post: Post | None = None) -> None:
        self.storage = storage
        self.sender = sender
        self.pace = pace
        self.post = post
        self.busy: dict[str, asyncio.Task[None]] = {}
        self.woken = asyncio.Event()
        self.looking = asyncio.Lock()

    def wake(self) -> None:
        """Say that the outbox has new rows."""
        self.woken.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            self.woken.clear()
            await self._start_chats()
            try:
                await asyncio.wait_for(self.woken.wait(), timeout=LOOK_AGAIN)
            except TimeoutError:
                continue

    async def finish(self) -> None:
        """Deliver what is due now, then stop; what can't be delivered stays in the outbox."""
        await self._start_chats()
        while self.busy:
            await asyncio.wait(self.busy.values())
            await self._start_chats()

    async def _start_chats(self) -> None:
        async with self.looking:
            # A chat that was busy when the look began may have got what it found: it waits for the next look.
            busy_before = set(self.busy)
            for chat, letters in (await asyncio.to_thread(self._open)).items():
                if chat not in busy_before and letters[0].due_at <= self.storage.clock():
                    task = asyncio.create_task(self._deliver(chat, letters))
                    self.busy[chat] = task
                    task.add_done_callback(lambda task, chat=chat: self._left(chat, task))  # type: ignore[misc]

    def _left(self, chat: str, task: "asyncio.Task[None]") -> None:
        self.busy.pop(chat, None)
        error = None if task.cancelled() else task.exception()
        if error is None:
            self.wake()  # more may have come for this chat meanwhile
        else:  # not at once again: the database is away
            log.error("delivering to a chat failed with %s, trying again", type(error).__name__)

    def _open(self) -> dict[str, list[Letter]]:
        by_chat: dict[str, list[Letter]] = defaultdict(list)
        with self.storage.look() as work:
            for letter in work.outbox.open():
                by_chat[letter.notice.chat].append(letter)
        return by_chat

    async def _deliver(self, chat: str, letters: list[Letter]) -> None:
        for letter in letters:
            try:
                message = await self._send(letter.notice)
            except FINAL as error:
                await asyncio.to_thread(self._give_up, letter, error)
            except ChatMigrated as error:
                await asyncio.to_thread(self._moved, chat, str(error.new_chat_id))
                return
            except InvalidToken:
                log.error("Telegram refuses the token: delivery waits")  # noqa: TRY400 -- a trace names the token
                await asyncio.to_thread(self._postpone, letter, LONGEST_RETRY)
                return
            except RetryAfter as error:
                wait = error.retry_after
                pause = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
                await asyncio.to_thread(self._postpone, letter, pause)
                return
            except Exception as error:  # noqa: BLE001 -- one bad row must not stop the others
                log.warning(
                    "delivery of a %s failed with %s, trying again", letter.notice.kind, type(error).__name__
                )
                if letter.attempts >= TRIES and isinstance(error, OUR_MISTAKES):
                    await asyncio.to_thread(
                        self._give_up, letter, error
                    )  # our own mistake: it would stay one
                    continue
                pause = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(letter.attempts, 10))
                await asyncio.to_thread(self._postpone, letter, pause)
                return
            else:
                await asyncio.to_thread(self._arrived, letter, message)

    async def _send(self, notice: Notice) -> int | None:
        """Send one notice the way its chat is reached; Telegram's pace is not the post's."""
        if not is_mailbox(notice.chat):
            await self.pace.wait(notice.chat)
            return await self.sender.send(notice)
        if self.post is None:
            raise NoPost
        return await self.post.send(notice)

    def _arrived(self, letter: Letter, message: int | None) -> None:
        with self.storage.work() as work:
            work.outbox.settle(letter.id, message_id=message)

    def _moved(self, chat: str, new: str) -> None:
        """A group has become a supergroup: same people, another number."""
        with self.storage.work() as work:
            work.caretakers.move(chat, new)
            work.absences.move(chat, new)
            work.outbox.move(chat, new)

    def _postpone(self, letter: Letter, pause: timedelta) -> None:
        with self.storage.work() as work:
            work.outbox.postpone(letter.id, until=self.storage.clock() + pause)

    def _give_up(self, letter: Letter, error: Exception) -> None:
        notice = letter.notice
        level = logging.ERROR if notice.kind is NoticeKind.CARD else logging.WARNING
        log.log(
            level, "a %s (ticket %s) can't be delivered: %s", notice.kind, notice.ticket, type(error).__name__
        )
        with self.storage.work() as work:
            work.outbox.settle(letter.id, failure=type(error).__name__)
