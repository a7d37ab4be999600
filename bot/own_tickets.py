"""A resident's side once a report is sent: the buttons under its news, and what is written about it.

What counts as said about a ticket: a reply (Telegram's own) to a message about it, and what is written within
half an hour of pressing its button. Everything else goes to the dialogue, also while exactly one ticket waits
for an answer: the words may just as well be a new report, and nobody guesses that they are not. An emergency
and a command always go to the dialogue; a pressed button or a command ends the waiting. Editing a message
changes nothing about a ticket: what was passed on stays as it was read. A new place, and a word about how
content somebody is, are waited for in the same way (`own_tickets_changing`, `own_tickets_feedback`).
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from telegram import Message, Update

from bot import own_tickets_buttons as buttons
from bot.awaited_answers import Awaited, AwaitedAnswers
from bot.incoming import location_part, text_part, unsupported_part
from bot.own_tickets_changing import PLACE, place_please, take_place
from bot.own_tickets_feedback import WORD, take_word
from bot.own_tickets_visit import OwnVisit
from bot.residents import Answer, ResidentChat
from desk.answers import plain
from desk.errors import KuemmerkastenError
from desk.said import Said
from desk.tickets import Photo
from storage.wiring import House


@dataclass(frozen=True, kw_only=True)
class OwnTicketChat:
    """Buttons and messages that concern own tickets; what does not is left to the dialogue (None)."""

    house: House
    residents: ResidentChat
    awaited: AwaitedAnswers

    async def answer(self, updates: list[Update], *, chat: str) -> Answer | None:
        """Do what one update, or an album's updates, mean for an own ticket; None: they mean none."""
        if query := updates[0].callback_query:
            return await asyncio.to_thread(buttons.press, self._visit(updates[0], chat), query.data or "")
        messages = [update.message for update in updates if update.message]
        meant = await asyncio.to_thread(self._meant, messages, updates, chat=chat) if messages else None
        if meant is None:
            return None
        if messages[0].text and text_part(messages[0]).intent:
            await asyncio.to_thread(self.awaited.stop, chat)
            return None
        if plain(messages[0].text or "") in self._leaving():
            return await asyncio.to_thread(buttons.leave, self._visit(updates[0], chat), meant.ticket)
        return await self._spoken(meant, messages, updates=updates, chat=chat)

    async def _spoken(
        self, meant: Awaited, messages: list[Message], *, updates: list[Update], chat: str
    ) -> Answer | None:
        """Take what is written or shown for what is meant; an emergency is none of it."""
        words = "\n".join(filter(None, map(self._words, messages)))
        understood = await self.residents.engine.understand(words) if words else {}
        if (understood.get("intent") or {}).get("name") == "emergency":
            return None
        if meant.what == "answer":
            return await self._say(meant.ticket, words, messages, updates=updates, chat=chat)
        return await self._take(meant, words, understood, messages, visit=self._visit(updates[-1], chat))

    async def _take(
        self,
        meant: Awaited,
        words: str,
        understood: dict[str, Any],
        messages: list[Message],
        *,
        visit: OwnVisit,
    ) -> Answer | None:
        """Take a word about how content somebody is, or a new place; what is neither is the dialogue's."""
        first = messages[0]
        has_photo = any(one.photo or one.document for one in messages)
        if meant.what == PLACE and has_photo:
            return place_please(visit, meant)
        if meant.what == WORD and (has_photo or first.location):
            # Nobody sends a picture in answer to this: something new begins.
            await asyncio.to_thread(self.awaited.stop, visit.chat)
            return None
        if not words:
            return None
        if meant.what == WORD:
            return await asyncio.to_thread(take_word, visit, meant, words)
        said = _place_said(first, words, understood)
        await self.house.look_up(said.place)
        return await asyncio.to_thread(take_place, visit, meant, said)

    async def _say(
        self, number: str, words: str, messages: list[Message], *, updates: list[Update], chat: str
    ) -> Answer | None:
        own, last, awaited = self.house.own_tickets, updates[-1], Awaited(ticket=number)
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
            await asyncio.to_thread(self.awaited.wait, chat, awaited, ended_by=last.update_id)
            ways = ("reopen",) if error.key == "resident.too_late_reopen" else ()
            return self._visit(last, chat).say(error.key, number=number, buttons=ways)
        # After photos alone words may still follow.
        await asyncio.to_thread(self.awaited.wait, chat, awaited, ended_by=last.update_id if words else None)
        return await self.residents.take(
            [unsupported_part(what) for what in pictures.refused], updates=updates, chat=chat
        )

    def _meant(self, messages: list[Message], updates: list[Update], *, chat: str) -> Awaited | None:
        """Return what these messages answer: the ticket replied to, else what is waited for."""
        awaited = self.awaited.now(chat, update=updates[-1].update_id)
        for replied in filter(None, (message.reply_to_message for message in messages)):
            if number := self.house.own_tickets.of_message(replied.message_id, chat=chat):
                # A reply to the very question is its answer, whatever is asked for.
                return awaited if awaited and awaited.ticket == number else Awaited(ticket=number)
        return awaited

    def _words(self, message: Message) -> str | None:
        """Return what a message says in words; of a pin where it is."""
        spot = message.location
        if spot is None:
            return message.text or message.caption
        pin = self.house.texts.get("caretaker.pin", latitude=spot.latitude, longitude=spot.longitude)
        return f"{message.venue.title} {pin}" if message.venue else pin

    def _leaving(self) -> frozenset[str]:
        """Return what people type instead of pressing "Doch nicht"."""
        label = plain(self.house.texts.get("buttons.resident_leave"))
        return self.house.catalogue.typed["leave"] | {label}

    def _visit(self, update: Update, chat: str) -> OwnVisit:
        return OwnVisit(house=self.house, awaited=self.awaited, update=update, chat=chat)


def _place_said(message: Message, words: str, understood: dict[str, Any]) -> Said:
    """Return what a message says about a place: a pin, a venue, or words with the place found in them."""
    if message.location or message.venue:
        point = location_part(message).entities["point"]
        label = point.get("label")
        return Said(point=(point["latitude"], point["longitude"]), point_label=label)
    found = (one["value"] for one in understood.get("entities") or () if one["entity"] == "place")
    return Said(text=words, place=next(found, None), message=message.message_id)
