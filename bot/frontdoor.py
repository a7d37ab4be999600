import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from telegram import Bot, Update

from bot.caretakers import CaretakerChat, can_be_note
from bot.incoming import command_in
from bot.queues import chat_of
from bot.residents import Answer, ResidentChat, answer_button
from desk.notices import Notice, NoticeKind
from storage.work import SqlStorage

NOTHING = Answer(notices=[])
TICKET_BUTTON = "t:"


@dataclass(frozen=True, kw_only=True)
class FrontDoor:
    """Where every update comes in: decides whose matter it is, then stores its effects in one transaction."""

    bot: Bot
    storage: SqlStorage
    residents: ResidentChat
    caretakers: CaretakerChat
    wake_delivery: Callable[[], None]
    toasts: set["asyncio.Task[None]"] = field(default_factory=set)

    async def handle(self, updates: list[Update]) -> None:
        """Handle one update, or the updates of one album, of one chat."""
        answer = await self._answer(updates, chat=chat_of(updates[0]))
        await asyncio.to_thread(self._store, updates, answer)
        self.wake_delivery()
        # Beside the queue: the chat's next update need not wait for Telegram's answer to a toast.
        toast = asyncio.create_task(answer_button(self.bot, updates[0], toast=answer.toast))
        self.toasts.add(toast)
        toast.add_done_callback(self.toasts.discard)

    async def give_up(self, update_ids: list[int], chat: str) -> None:
        """Mark updates as done that can't be handled, and tell the chat."""
        await asyncio.to_thread(self._give_up, update_ids, chat)
        self.wake_delivery()

    async def _answer(self, updates: list[Update], *, chat: str) -> Answer:
        update = updates[0]
        if not chat:
            return NOTHING
        pressed = update.callback_query
        if pressed and (pressed.data or "").startswith(TICKET_BUTTON):
            return await asyncio.to_thread(
                self.caretakers.press, pressed.data or "", update=update, chat=chat
            )
        command = command_in(update.message) if update.message else None
        if command and command[0] == "start" and command[1]:
            return await asyncio.to_thread(self.caretakers.redeem, command[1], update=update, chat=chat)
        if can_be_note(update.message):
            ticket = await asyncio.to_thread(self.caretakers.awaited, update, chat=chat)
            if ticket:
                return await asyncio.to_thread(self.caretakers.note, ticket, updates=updates, chat=chat)
        if chat.startswith("-"):
            return self.caretakers.hello_group(update=update, chat=chat) if command else NOTHING
        spoken = update.message or update.edited_message or pressed
        return await self.residents.answer(updates, chat=chat) if spoken else NOTHING

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
