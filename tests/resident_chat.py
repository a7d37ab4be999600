"""A resident's chat with the bot's side of own tickets, in memory: what is pressed and written comes out at once."""

import io
from types import SimpleNamespace
from typing import Any

from PIL import Image
from telegram import Update

from bot.awaited_answers import AwaitedAnswers
from bot.own_tickets import OwnTicketChat
from bot.residents import Answer, ResidentChat
from desk.notices import NoticeKind
from desk.tickets import Actor, Entry, Status, Ticket
from nlu.engine.turn import Reply, Turn
from storage.photos import PhotoFolder
from storage.wiring import House
from tests.builders import NOW, RESIDENT, message_update, report
from tests.fakes import MemoryStorage

SIZES = {"file_unique_id": "u", "width": 1, "height": 1}


class FakeEngine:
    """Takes down the turns; holds what mentions fire for an emergency."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []

    async def handle(self, turn: Turn) -> list[Reply]:
        self.turns.append(turn)
        return [Reply(text="dialogue")]

    async def understand(self, text: str) -> dict[str, Any]:
        return {"intent": {"name": "emergency" if "brennt" in text else "smalltalk", "confidence": 1.0}}


class FakeBot:
    """Hands out one picture as a file, and counts how often; keeps what it is told to send."""

    def __init__(self) -> None:
        self.fetched = 0
        self.sent: list[dict[str, Any]] = []

    async def get_file(self, _file_id: str) -> Any:
        self.fetched += 1
        target = io.BytesIO()
        Image.new("RGB", (2, 2)).save(target, "PNG")

        async def download() -> bytearray:
            return bytearray(target.getvalue())

        return SimpleNamespace(download_as_bytearray=download)

    async def send_message(self, chat: str, text: str, **options: Any) -> Any:
        self.sent.append({"chat": chat, "text": text, **options})
        return SimpleNamespace(message_id=1)


class Chat:
    """A resident's chat with the part of the bot under test; each thing done is an update of its own."""

    def __init__(self, house: House, folder: PhotoFolder, storage: MemoryStorage) -> None:
        self.engine, self.bot, self.storage, self.folder = FakeEngine(), FakeBot(), storage, folder
        residents = ResidentChat(bot=self.bot, engine=self.engine, photos=folder)  # type: ignore[arg-type]
        self.own = OwnTicketChat(house=house, residents=residents, awaited=AwaitedAnswers(house=house))
        self.count = 0

    async def press(self, data: str, *, chat: str = RESIDENT) -> Answer | None:
        self.count += 1
        person = {"id": int(chat), "is_bot": False, "first_name": "Erika"}
        message = message_update(1, chat=int(chat), text="x")["message"]
        query = {"id": "1", "from": person, "chat_instance": "1", "data": data, "message": message}
        update = Update.de_json({"update_id": self.count, "callback_query": query}, None)
        return await self.own.answer([update], chat=chat)

    async def send(self, *contents: dict[str, Any], again: bool = False) -> Answer | None:
        """Send a message, or the messages of an album; `again`: the update before comes once more."""
        self.count += 0 if again else 1
        updates = [
            Update.de_json(message_update(self.count, chat=int(RESIDENT), **content), None)
            for content in contents
        ]
        return await self.own.answer(updates, chat=RESIDENT)

    def ticket(self, number: str) -> Ticket:
        return self.storage.kept.tickets[number]

    def told(self, chat: str) -> list[str]:
        messages = [one for one in self.storage.notices if one.kind is NoticeKind.MESSAGE]
        return [one.content["text_key"] for one in messages if one.chat == chat]


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"text": words, **more}


def photo(name: str = "p1", **more: Any) -> dict[str, Any]:
    return {"photo": [{"file_id": name, **SIZES}], **more}


def image_file() -> dict[str, Any]:
    return {
        "document": {"file_id": "f", "file_unique_id": "u", "file_name": "x.png", "mime_type": "image/png"}
    }


def command(words: str) -> dict[str, Any]:
    return text(words, entities=[{"type": "bot_command", "offset": 0, "length": len(words)}])


def opened(storage: MemoryStorage, status: Status, draft: str = "d1") -> str:
    """Return the number of a ticket of the resident's in this state."""
    with storage.work() as work:
        number = work.tickets.open(report(draft=draft), at=NOW)[0].number
        entry = Entry(at=NOW, what=status.value, actor=Actor.CARETAKER)
        work.tickets.record(number, entry, status=status)
    return number
