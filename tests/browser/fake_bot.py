"""A scripted bot that plays the product's side of a report, so that the page is tested without the product."""

import asyncio
import contextlib
from typing import Any, Self

import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from simulator.server import Simulator


def buttons(*labels: str) -> InlineKeyboardMarkup:
    """One row per button; the data is the label."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label[:20])] for label in labels])


class FakeBot:
    """Asks for place and photos, shows a summary, gives a number, sends the caretaker a card.

    `skip` leaves out steps ("place", "district", "photos"); `silent_after` stops answering after so many updates.
    """

    def __init__(
        self, simulator: Simulator, *, skip: tuple[str, ...] = (), silent_after: int | None = None
    ) -> None:
        self.simulator = simulator
        self.resident, self.caretaker = simulator.page_people()
        self.skip = skip
        self.silent_after = silent_after
        self.taken = 0
        self.photos = 0
        self.reports = 0
        self.bot = telegram.Bot(
            simulator.bot_token, base_url=f"{simulator.url}/bot", base_file_url=f"{simulator.url}/file/bot"
        )

    async def __aenter__(self) -> Self:
        await self.bot.initialize()
        self.task = asyncio.create_task(self._run())
        self.caretaker.open_link("invitation")
        return self

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task
        await self.bot.shutdown()

    async def _run(self) -> None:
        offset = 0
        while True:
            for update in await self.bot.get_updates(offset=offset, timeout=5):
                offset = update.update_id + 1
                self.taken += 1
                if self.silent_after is None or self.taken <= self.silent_after:
                    await self._answer(update)

    async def _say(self, text: str, *labels: str, chat: Any = None) -> None:
        await self.bot.send_chat_action((chat or self.resident).chat_id, "typing")
        await asyncio.sleep(0.05)
        markup = buttons(*labels) if labels else None
        await self.bot.send_message((chat or self.resident).chat_id, text, reply_markup=markup)

    async def _answer(self, update: telegram.Update) -> None:
        if update.callback_query:
            await self._pressed(update.callback_query)
            return
        message = update.message
        if message is None:
            return
        if message.chat_id == self.caretaker.chat_id:
            await self._say("Sie sind jetzt für Katernberg eingetragen.", chat=self.caretaker)
        elif message.text and message.text.startswith("/"):
            await self._say("Guten Tag! Ich nehme Meldungen aus Ihrem Stadtteil auf. Was ist los?")
        elif message.photo:
            self.photos += 1
            await self._say("Das Foto ist da. Kommt noch eins?", "Fertig")
        elif message.location:
            await self._after_place()
        elif message.text:
            self.photos = 0
            await self._say("Danke, das klingt nach Sperrmüll.")
            await (
                self._after_place()
                if "place" in self.skip
                else self._say("Wo ist das? Senden Sie gern einen Ort.")
            )

    async def _after_place(self) -> None:
        if "district" in self.skip:
            await self._ask_photos()
        else:
            await self._say("In welchem Stadtteil ist das?", "Katernberg", "Stoppenberg")

    async def _ask_photos(self) -> None:
        if "photos" in self.skip:
            await self._summary()
        else:
            await self._say("Haben Sie ein Foto?", "Ohne Foto")

    async def _summary(self) -> None:
        text = f"Sperrmüll\nKaternberger Markt, Katernberg\nTräger: AWO\nFotos: {self.photos}\nSoll ich das so senden?"
        await self._say(text, "✅ Absenden", "✏️ Ändern", "❌ Abbrechen")

    async def _pressed(self, query: telegram.CallbackQuery) -> None:
        await query.answer()
        steps = {"Katernberg": self._ask_photos, "Fertig": self._summary, "✅ Absenden": self._send}
        if query.data in steps:
            await query.edit_message_reply_markup(None)
            await steps[query.data]()
        elif query.data in ("✅ Annehmen", "🏁 Erledigt"):
            await self._cared(query)

    async def _send(self) -> None:
        self.reports += 1
        number = f"QH-2026-{self.reports:05d}"
        await self._say(f"Danke! Ihre Meldung hat die Nummer {number}.")
        photo = next(one.photo for one in self.resident.messages(newest_first=True) if one.photo)
        await self.bot.send_photo(self.caretaker.chat_id, photo[-1]["file_id"])
        await self.bot.send_location(self.caretaker.chat_id, 51.4989, 7.0446)
        await self._say(
            f"{number}\nSperrmüll\nKaternberger Markt", "✅ Annehmen", "🏁 Erledigt", chat=self.caretaker
        )

    async def _cared(self, query: telegram.CallbackQuery) -> None:
        accepted = query.data == "✅ Annehmen"
        left = buttons("🏁 Erledigt") if accepted else None
        state = "angenommen" if accepted else "erledigt"
        await query.edit_message_text(f"{query.message.text}\nStand: {state}", reply_markup=left)
        await self._say(f"Ihre Meldung ist jetzt {state}.")
