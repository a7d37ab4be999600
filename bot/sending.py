"""One call to Telegram for each kind of notice, in a table."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.constants import MessageLimit
from telegram.error import BadRequest

from bot.cards import card_buttons
from desk.assigning import works_on
from desk.notices import Notice, NoticeKind
from desk.quiet_hours import is_silent
from desk.tickets import Photo
from storage.card_wording import card_text
from storage.photos import PhotoFolder
from storage.wiring import House
from storage.wording import shortened

NARROW = 16  # characters: two labels up to this long fit beside each other on an old phone


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Turns notices into messages; returns the id of the message that arrived."""

    bot: Bot
    house: House
    photos: PhotoFolder

    async def send(self, notice: Notice) -> int | None:
        """Send one notice; raises telegram.error.TelegramError when Telegram did not take it."""
        return await _SENDERS[notice.kind](self, notice)

    async def _message(self, notice: Notice) -> int:
        content = notice.content
        text = content.get("text") or self.house.texts.get(content["text_key"], **content.get("params", {}))
        message = await self.bot.send_message(
            notice.chat,
            shortened(text, MessageLimit.MAX_TEXT_LENGTH),
            reply_markup=self._markup(content),
            reply_parameters=await asyncio.to_thread(self._card_of, notice),
            **await self._sound(notice),
        )
        return message.message_id

    def _card_of(self, notice: Notice) -> ReplyParameters | None:
        """Return what makes a message about a ticket lead to its card; None where that is not wanted."""
        if not notice.content.get("beside_card"):
            return None
        with self.house.storage.look() as work:
            card = work.outbox.card_message(notice.ticket or "", notice.chat)
        return ReplyParameters(card, allow_sending_without_reply=True) if card else None

    async def _photos(self, notice: Notice) -> int:
        photos = [self._photo(Photo.from_json(photo)) for photo in notice.content["photos"]]
        caption, sound = notice.content.get("caption"), await self._sound(notice)
        if len(photos) == 1:
            message = await self.bot.send_photo(notice.chat, photos[0], caption=caption, **sound)
            return message.message_id
        album = [
            InputMediaPhoto(photo, caption=None if index else caption) for index, photo in enumerate(photos)
        ]
        messages: tuple[Message, ...] = await self.bot.send_media_group(notice.chat, album, **sound)
        return messages[0].message_id

    async def _map_point(self, notice: Notice) -> int:
        point = notice.content
        where, sound = (point["latitude"], point["longitude"]), await self._sound(notice)
        if point.get("title"):
            message = await self.bot.send_venue(
                notice.chat, *where, point["title"], point["address"], **sound
            )
        else:
            message = await self.bot.send_location(notice.chat, *where, **sound)
        return message.message_id

    async def _card(self, notice: Notice) -> int:
        text, buttons = self._card_now(notice)
        sound = await self._sound(notice)
        message = await self.bot.send_message(notice.chat, text, reply_markup=buttons, **sound)
        return message.message_id

    async def _card_update(self, notice: Notice) -> int | None:
        with self.house.storage.look() as work:
            message = work.outbox.card_message(notice.ticket or "", notice.chat)
        if message is None:
            return None  # the card has not arrived yet; it will show the state of that moment
        text, buttons = self._card_now(notice)
        try:
            await self.bot.edit_message_text(text, notice.chat, message, reply_markup=buttons)
        except BadRequest as error:
            if "not modified" not in error.message:
                raise
        return message

    def _card_now(self, notice: Notice) -> tuple[str, InlineKeyboardMarkup | None]:
        with self.house.storage.look() as work:
            ticket = work.tickets.get(notice.ticket or "")
            works_here = works_on(ticket, notice.chat, self.house.city, work)
        wording = self.house.wording
        if not works_here:  # a copy that stayed behind: what happens now is for those it was handed over to
            return self.house.texts.get("caretaker.card_elsewhere", number=ticket.number), None
        return card_text(ticket, wording), card_buttons(ticket, wording)

    async def _sound(self, notice: Notice) -> dict[str, Any]:
        """Return what makes a message arrive without a sound; nothing where it may ring."""
        quiet = self.house.city.deadlines.quiet
        if quiet is None:
            return {}
        clock = self.house.clock().astimezone(self.house.city.zone)
        if not quiet.cover(clock.time()):
            return {}
        caretaker, urgent = await asyncio.to_thread(self._whom_and_what, notice)
        silent = is_silent(quiet, clock.time(), caretaker=caretaker, urgent=urgent)
        return {"disable_notification": True} if silent else {}

    def _whom_and_what(self, notice: Notice) -> tuple[bool, bool]:
        """Tell whether a notice is for a caretaker's chat, and about an urgent ticket."""
        with self.house.storage.look() as work:
            caretaker = bool(work.caretakers.areas_of(notice.chat))
            about = caretaker and notice.ticket is not None
            return caretaker, bool(about and work.tickets.get(notice.ticket or "").report.urgent)

    def _photo(self, photo: Photo) -> str | bytes:
        return photo.file_id or self.photos.read(photo.stored or "")

    def _markup(
        self, content: Any
    ) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
        labels = self.house.texts.section("buttons") if "button_keys" in content else {}
        named = [(labels[key], data) for key, data in content.get("button_keys", ())]
        buttons = [
            InlineKeyboardButton(title, callback_data=data)
            for title, data in (*content.get("buttons", ()), *named)
        ]
        if buttons:
            return InlineKeyboardMarkup(_rows(buttons))
        if content.get("remove_keyboard"):
            return ReplyKeyboardRemove()
        if content.get("request_location"):
            texts = self.house.texts
            share = KeyboardButton(texts.get("bot.share_location"), request_location=True)
            return ReplyKeyboardMarkup(
                [[share]],
                one_time_keyboard=True,
                resize_keyboard=True,
                input_field_placeholder=texts.get("bot.place_hint"),
            )
        return None


def _rows(buttons: list[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """Put two short labels beside each other, longer ones in rows of their own."""
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        beside = (
            rows and len(rows[-1]) == 1 and len(rows[-1][0].text) <= NARROW and len(button.text) <= NARROW
        )
        if beside:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows


# ruff: noqa: SLF001 -- the table names the methods of the class above
_SENDERS: dict[NoticeKind, Callable[[Sender, Notice], Awaitable[int | None]]] = {
    NoticeKind.MESSAGE: Sender._message,
    NoticeKind.PHOTOS: Sender._photos,
    NoticeKind.MAP_POINT: Sender._map_point,
    NoticeKind.CARD: Sender._card,
    NoticeKind.CARD_UPDATE: Sender._card_update,
}
