"""The front door: files for caretakers, and the menu of a chat that has just become a caretaker's."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.awaited_answers import AwaitedAnswers
from bot.caretakers import CaretakerChat
from bot.frontdoor import FrontDoor
from bot.own_tickets import OwnTicketChat
from bot.profile import COMMANDS, OF_CARETAKERS
from bot.residents import ResidentChat
from desk.tickets import Status
from storage.photos import PhotoFolder
from storage.texts import Texts
from storage.wiring import House
from tests.caretakers import NORTH, Team
from tests.resident_chat import FakeBot, FakeEngine

TEXTS = Texts.load()
PNG = {"file_id": "f", "file_unique_id": "u", "file_name": "x.png", "mime_type": "image/png"}
PDF = {"file_id": "g", "file_unique_id": "v", "file_name": "x.pdf", "mime_type": "application/pdf"}


class Telegram(FakeBot):
    """Also takes down the menus."""

    def __init__(self) -> None:
        super().__init__()
        self.menus: dict[str, list[str]] = {}

    async def set_my_commands(self, commands: Any, *, scope: Any) -> None:
        self.menus[str(scope.chat_id)] = [one.command for one in commands]


class Door:
    """A front door whose updates are a caretaker's."""

    def __init__(self, house: House, folder: Path) -> None:
        self.team, self.bot, self.engine = Team(house), Telegram(), FakeEngine()
        self.photos = PhotoFolder(folder=folder)
        residents = ResidentChat(bot=self.bot, engine=self.engine, photos=self.photos)  # type: ignore[arg-type]
        self.door = FrontDoor(
            bot=self.bot,  # type: ignore[arg-type]
            texts=house.texts,
            storage=house.storage,
            residents=residents,
            own_tickets=OwnTicketChat(house=house, residents=residents, awaited=AwaitedAnswers(house=house)),
            caretakers=CaretakerChat(house=house),
            wake_delivery=lambda: None,
        )

    async def send(self, *contents: dict[str, Any], chat: str = NORTH) -> list[str]:
        """Send a message, or an album's; what the chat is told."""
        told = self.told(chat)
        messages = [{**self.team.message(None, chat=chat), **content} for content in contents]
        updates = [
            Update.de_json({"update_id": next(self.team.updates), "message": one}, None) for one in messages
        ]
        await self.door.handle(updates)
        return self.told(chat)[len(told) :]

    def told(self, chat: str) -> list[str]:
        with self.team.house.storage.look() as work:
            notices = [letter.notice for letter in work.outbox.open()]
        return [str(one.content["text"]) for one in notices if one.chat == chat and "text" in one.content]


@pytest.fixture
def door(house: House, tmp_path: Path) -> Door:
    return Door(house, tmp_path / "photos")


async def test_an_image_sent_as_a_file_is_a_photo(door: Door) -> None:
    """It is stored without metadata and goes with the question, its caption being the words."""
    number = door.team.reported().number
    door.team.press(f"t:{number}:ask")
    assert await door.send({"document": PNG, "caption": "Ist es das?"}) == [TEXTS.get("caretaker.done_ask")]
    last = door.team.ticket(number).history[-1]
    assert (door.team.ticket(number).status, last.note) == (Status.WAITING, "Ist es das?")
    (photo,) = last.photos
    assert door.photos.read(photo.stored or "").startswith(b"\xff\xd8")


async def test_a_file_alone_is_enough_where_a_photo_is(door: Door) -> None:
    """After "Erledigt" nothing needs to be written."""
    number = door.team.reported().number
    door.team.press(f"t:{number}:finish")
    told = await door.send({"document": PNG})
    assert told == [TEXTS.get("caretaker.note_passed_on", number=number)]
    assert len(door.team.ticket(number).history[-1].photos) == 1


async def test_what_is_no_image_is_refused_and_nothing_lost(door: Door) -> None:
    """One sentence says so, and the words are still awaited."""
    number = door.team.reported().number
    door.team.press(f"t:{number}:note")
    before = door.team.ticket(number)
    assert await door.send({"document": PDF}) == [TEXTS.get("unsupported.document")]
    assert door.team.ticket(number) == before
    assert await door.send({"text": "Nachgesehen."}) == [TEXTS.get("caretaker.noted", number=number)]


async def test_of_an_album_the_images_are_taken(door: Door) -> None:
    """And it is said of the rest that it can't be."""
    number = door.team.reported().number
    door.team.press(f"t:{number}:note")
    told = await door.send({"document": PNG}, {"document": PDF}, {"document": PNG})
    assert told == [TEXTS.get("caretaker.noted", number=number), TEXTS.get("unsupported.document")]
    assert len(door.team.ticket(number).history[-1].photos) == 2


async def test_a_file_nobody_waits_for_is_a_residents(door: Door) -> None:
    """A caretaker's private chat may report something too: the file begins a report."""
    number = door.team.reported().number
    before = door.team.ticket(number)
    await door.send({"document": PNG})
    assert door.team.ticket(number) == before
    assert [turn.intent for turn in door.engine.turns] == ["give_photos"]


@pytest.mark.parametrize("chat", ["61", "-62"])
async def test_a_new_caretakers_chat_gets_its_menu(door: Door, chat: str) -> None:
    """A private one beside what residents can do, a group without."""
    house = door.team.house
    house.caretakers.invite("kray", token="secret", now=house.clock())
    entity = [{"type": "bot_command", "offset": 0, "length": 6}]
    await door.send({"text": "/start secret", "entities": entity}, chat=chat)
    await asyncio.gather(*door.door.beside)
    others = ("hilfe",) if chat.startswith("-") else COMMANDS
    assert door.bot.menus == {chat: [*OF_CARETAKERS, *others]}
    await door.send({"text": "/start secret", "entities": entity}, chat="63")
    assert "63" not in door.bot.menus
