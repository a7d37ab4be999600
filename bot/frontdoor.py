import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, Update

from bot.caretakers import CaretakerChat
from bot.incoming import command_in
from bot.own_tickets import OwnTicketChat
from bot.profile import show_caretakers_menu
from bot.queues import chat_of
from bot.residents import Answer, ResidentChat, answer_button
from desk.assigning import is_group
from desk.notices import Notice, NoticeKind
from storage.texts import Texts
from storage.work import SqlStorage

NOTHING = Answer(notices=[])


@dataclass(frozen=True, kw_only=True)
class FrontDoor:
    """Where every update comes in: decides whose matter it is, then stores its effects in one transaction."""

    bot: Bot
    texts: Texts
    storage: SqlStorage
    residents: ResidentChat
    own_tickets: OwnTicketChat
    caretakers: CaretakerChat
    wake_delivery: Callable[[], None]
    beside: set["asyncio.Task[None]"] = field(default_factory=set)

    async def handle(self, updates: list[Update]) -> None:
        """Handle one update, or the updates of one album, of one chat."""
        answer = await self._answer(updates, chat=chat_of(updates[0]))
        await asyncio.to_thread(self._store, updates, answer)
        self.wake_delivery()
        # Beside the queue: the chat's next update need not wait for Telegram's answer to a toast.
        self._aside(answer_button(self.bot, updates[0], toast=answer.toast))
        if answer.registered:
            self._aside(show_caretakers_menu(self.bot, self.texts, chat_of(updates[0])))

    def _aside(self, call: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(call)
        self.beside.add(task)
        task.add_done_callback(self.beside.discard)

    async def give_up(self, update_ids: list[int], chat: str) -> None:
        """Mark updates as done that can't be handled, and tell the chat."""
        await asyncio.to_thread(self._give_up, update_ids, chat)
        self.wake_delivery()

    async def _answer(self, updates: list[Update], *, chat: str) -> Answer:
        update = updates[0]
        if not chat:
            return NOTHING
        told = await self._caretakers_answer(updates, chat=chat)
        if told:
            return told
        if is_group(chat) and update.callback_query:
            return await asyncio.to_thread(self.caretakers.no_button, update=update, chat=chat)
        if is_group(chat):
            command = update.message and command_in(update.message)
            return self.caretakers.hello_group(update=update, chat=chat) if command else NOTHING
        spoken = update.message or update.edited_message or update.callback_query
        if not spoken:
            return NOTHING
        about_ticket = await self.own_tickets.answer(updates, chat=chat)
        return about_ticket or await self.residents.answer(updates, chat=chat)

    async def _caretakers_answer(self, updates: list[Update], *, chat: str) -> Answer | None:
        """Let the caretakers' side answer; images sent as files are fetched when something is awaited."""
        messages = [update.message for update in updates if update.message]
        pictures = None
        if any(message.document for message in messages):
            if not await asyncio.to_thread(self.caretakers.awaits, updates, chat=chat):
                return None
            shown = [message for message in messages if message.photo or message.document]
            pictures = await self.residents.pictures(shown)
        return await asyncio.to_thread(self.caretakers.answer, updates, chat=chat, pictures=pictures)

    def _store(self, updates: list[Update], answer: Answer) -> None:
        with self.storage.work() as work:
            work.outbox.put(answer.notices)
            work.inbox.done([update.update_id for update in updates])

    def _give_up(self, update_ids: list[int], chat: str) -> None:
        sorry = {"text_key": "resident.given_up"}
        notice = Notice(key=f"given_up/{max(update_ids)}", chat=chat, kind=NoticeKind.MESSAGE, content=sorry)
        with self.storage.work() as work:
            work.outbox.put([notice] if chat else [])
            work.inbox.done(update_ids)
