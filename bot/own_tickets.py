"""A resident's side once a report is sent: the buttons under its news, and what is written about it.

What counts as said about a ticket: a reply (Telegram's own) to a message about it, and what is written within
half an hour of pressing its button. Everything else goes to the dialogue, also while exactly one ticket waits
for an answer: the words may just as well be a new report, and nobody guesses that they are not. An emergency
and a command always go to the dialogue; a pressed button or a command ends the waiting. Editing a message
changes nothing about a ticket: what was passed on stays as it was read.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from re import compile as pattern

from telegram import Message, Update

from bot.awaited_answers import AwaitedAnswers
from bot.incoming import is_forged, text_part, unsupported_part
from bot.residents import Answer, ResidentChat
from desk.answers import plain
from desk.audit import Attempt
from desk.errors import KuemmerkastenError, NotFound
from desk.notices import RESIDENT_BUTTON, Notice, NoticeKind
from desk.suspicion import attempt_of_resident
from desk.tickets import Photo, Status
from storage.wiring import House

_BUTTON = pattern(RESIDENT_BUTTON + r"(QH-\d{4}-\d{5,9}):([a-z_]+)")


@dataclass(frozen=True, kw_only=True)
class OwnTicketChat:
    """Buttons and messages that concern own tickets; what does not is left to the dialogue (None)."""

    house: House
    residents: ResidentChat
    awaited: AwaitedAnswers

    async def answer(self, updates: list[Update], *, chat: str) -> Answer | None:
        """Do what one update, or an album's updates, mean for an own ticket; None: they mean none."""
        if updates[0].callback_query:
            return await asyncio.to_thread(self._press, updates[0], chat=chat)
        messages = [update.message for update in updates if update.message]
        number = await asyncio.to_thread(self._meant, messages, updates, chat=chat) if messages else None
        if number is None:
            return None
        if messages[0].text and text_part(messages[0]).intent:
            await asyncio.to_thread(self.awaited.stop, chat)
            return None
        if plain(messages[0].text or "") in self._leaving():
            return await asyncio.to_thread(self._leave, number, update=updates[0], chat=chat)
        words = "\n".join(filter(None, map(self._words, messages)))
        if await self._is_emergency(words):
            return None
        return await self._say(number, words, messages, updates=updates, chat=chat)

    async def _say(
        self, number: str, words: str, messages: list[Message], *, updates: list[Update], chat: str
    ) -> Answer | None:
        own, last = self.house.own_tickets, updates[-1]
        try:
            # Before any file is fetched: pictures nobody will see are not kept.
            await asyncio.to_thread(own.check, number, "answer", chat=chat)
            pictures = await self.residents.pictures([one for one in messages if one.photo or one.document])
            if not words and not pictures.photos:
                return None  # a voice message, a sticker: the dialogue says what works instead
            await asyncio.to_thread(
                own.say,
                number,
                chat=chat,
                text=words or None,
                photos=tuple(map(Photo.from_json, pictures.photos)),
                once=str(last.update_id),
                now=self.house.clock(),
            )
        except KuemmerkastenError as error:
            await asyncio.to_thread(self.awaited.wait, chat, number, ended_by=last.update_id)
            buttons = ("reopen",) if error.key == "resident.too_late_reopen" else ()
            return self._message(last, chat, error.key, number=number, buttons=buttons)
        # After photos alone words may still follow.
        await asyncio.to_thread(self.awaited.wait, chat, number, ended_by=last.update_id if words else None)
        return await self.residents.take(
            [unsupported_part(what) for what in pictures.refused], updates=updates, chat=chat
        )

    def _press(self, update: Update, *, chat: str) -> Answer | None:
        data = (update.callback_query.data if update.callback_query else None) or ""
        if not data.startswith(RESIDENT_BUTTON):
            self.awaited.stop(chat)
            if is_forged(data):
                self.house.audit(Attempt.FORGED_CALLBACK, chat=chat)
            return None
        match = _BUTTON.fullmatch(data)
        pressed = PRESSED.get(match[2]) if match else None
        if match is None or pressed is None:
            self.house.audit(Attempt.FORGED_CALLBACK, chat=chat)
            return self._toast("caretaker.bad_button")
        try:
            return pressed(self, match[1], update=update, chat=chat)
        except KuemmerkastenError as error:
            if isinstance(error, NotFound):
                self._write_down(match[1], chat=chat)
            return self._toast(error.key, **error.params)

    def _write_down(self, number: str, *, chat: str) -> None:
        with self.house.storage.look() as work:
            attempt = attempt_of_resident(work, chat=chat, ticket=number)
        if attempt:
            self.house.audit(attempt, chat=chat, ticket=number)

    def _ask(self, number: str, *, update: Update, chat: str) -> Answer:
        ticket = self.house.own_tickets.check(number, "answer", chat=chat)
        self.awaited.wait(chat, number)
        key = "resident.say_now" if ticket.status is Status.WAITING else "resident.add_now"
        return self._message(update, chat, key, number=number, buttons=("leave",))

    def _ask_back(self, number: str, *, update: Update, chat: str) -> Answer:
        self.house.own_tickets.check(number, "withdraw", chat=chat)
        buttons = ("really_withdraw", "keep")
        return self._message(update, chat, "resident.really_withdraw", number=number, buttons=buttons)

    def _act(self, number: str, *, deed: str, update: Update, chat: str) -> Answer:  # noqa: ARG002 -- as its peers
        # What the resident hears of it is put out together with the change.
        self.house.own_tickets.act(number, deed, chat=chat, now=self.house.clock())
        if deed == "reopen":
            self.awaited.wait(chat, number)
        else:
            self.awaited.stop(chat)
        return Answer(notices=[])

    def _leave(self, number: str, *, update: Update, chat: str) -> Answer:
        self.awaited.stop(chat, ticket=number)
        if update.callback_query:
            return self._toast("resident.left")
        return self._message(update, chat, "resident.left", number=number)

    def _meant(self, messages: list[Message], updates: list[Update], *, chat: str) -> str | None:
        """Return the ticket these messages are about: the one replied to, else the one waited for."""
        for replied in filter(None, (message.reply_to_message for message in messages)):
            if number := self.house.own_tickets.of_message(replied.message_id, chat=chat):
                return number
        return self.awaited.ticket(chat, update=updates[-1].update_id)

    def _words(self, message: Message) -> str | None:
        """Return what a message says in words; of a pin where it is."""
        spot = message.location
        if spot is None:
            return message.text or message.caption
        pin = self.house.texts.get("caretaker.pin", latitude=spot.latitude, longitude=spot.longitude)
        return f"{message.venue.title} {pin}" if message.venue else pin

    async def _is_emergency(self, words: str) -> bool:
        understood = await self.residents.engine.understand(words) if words else {}
        return (understood.get("intent") or {}).get("name") == "emergency"

    def _leaving(self) -> frozenset[str]:
        """Return what people type instead of pressing "Doch nicht"."""
        label = plain(self.house.texts.get("buttons.resident_leave"))
        return self.house.catalogue.typed["leave"] | {label}

    def _message(
        self, update: Update, chat: str, key: str, *, number: str, buttons: tuple[str, ...] = ()
    ) -> Answer:
        content: dict[str, object] = {"text": self.house.texts.get(key, number=number)}
        if buttons:
            content["button_keys"] = [
                [f"resident_{one}", f"{RESIDENT_BUTTON}{number}:{one}"] for one in buttons
            ]
        once = f"own/{update.update_id}"
        notice = Notice(key=once, chat=chat, kind=NoticeKind.MESSAGE, content=content, ticket=number)
        return Answer(notices=[notice])

    def _toast(self, key: str, **params: object) -> Answer:
        return Answer(notices=[], toast=self.house.texts.get(key, **params))


# ruff: noqa: SLF001 -- the table names the methods of the class above
PRESSED: dict[str, Callable[..., Answer]] = {
    "answer": OwnTicketChat._ask,
    "confirm": partial(OwnTicketChat._act, deed="confirm"),
    "reopen": partial(OwnTicketChat._act, deed="reopen"),
    "withdraw": OwnTicketChat._ask_back,
    "really_withdraw": partial(OwnTicketChat._act, deed="withdraw"),
    "keep": OwnTicketChat._leave,
    "leave": OwnTicketChat._leave,
    "enough": OwnTicketChat._leave,
}
"""What a button under news does, by the last part of its data."""
