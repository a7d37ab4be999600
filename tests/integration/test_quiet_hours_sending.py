"""Quiet hours on the wire: which messages Telegram is told to bring without a sound."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import pytest
import telegram
from PIL import Image

from bot.sending import Sender
from desk.notices import Notice, NoticeKind
from desk.quiet_hours import QuietHours
from desk.tickets import Photo
from simulator.people import Person
from simulator.server import Simulator
from storage.photos import PhotoFolder
from storage.settings import Settings
from storage.wiring import House, build
from tests.builders import NOW, report
from tests.fakes import FakeClock

NIGHT = datetime(2026, 5, 4, 23, 0, tzinfo=NOW.tzinfo)


@pytest.fixture
def house(ready_sqlite_url: str, tmp_path: Path, clock: FakeClock) -> Iterator[House]:
    """A city that is quiet from eight to half past six."""
    house = build(Settings(database_url=ready_sqlite_url, state_dir=tmp_path), clock=clock)
    quiet = QuietHours(start=time(20), until=time(6, 30))
    yield replace(house, city=replace(house.city, deadlines=replace(house.city.deadlines, quiet=quiet)))
    house.storage.engine.dispose()


@pytest.fixture
def sender(bot: telegram.Bot, house: House, tmp_path: Path) -> Sender:
    return Sender(bot=bot, house=house, photos=PhotoFolder(folder=tmp_path / "photos"))


def caretaker(simulator: Simulator, house: House) -> Person:
    person = simulator.resident("Karla")
    person.start()
    house.caretakers.invite("katernberg", token="t", now=NOW)
    house.caretakers.redeem("t", chat=str(person.chat_id), now=NOW)
    return person


def ticket(house: House, *, urgent: bool = False) -> str:
    with house.storage.work() as work:
        return work.tickets.open(report(draft=str(urgent), area="katernberg", urgent=urgent), at=NOW)[
            0
        ].number


def every_kind(sender: Sender, chat: int, number: str | None) -> list[Notice]:
    """A notice of each kind that makes a new message, and every way they are sent."""
    source = io.BytesIO()
    Image.new("RGB", (200, 200)).save(source, "JPEG")
    photo = Photo(stored=sender.photos.keep(source.getvalue())).as_json()
    point = {"latitude": 51.5, "longitude": 7.0}
    contents = [
        (NoticeKind.MESSAGE, {"text": "x"}),
        (NoticeKind.PHOTOS, {"photos": [photo]}),
        (NoticeKind.PHOTOS, {"photos": [photo, photo]}),
        (NoticeKind.MAP_POINT, point),
        (NoticeKind.MAP_POINT, {**point, "title": "1. x", "address": "y"}),
        *([(NoticeKind.CARD, {})] if number else []),
    ]
    return [
        Notice(key=str(index), chat=str(chat), kind=kind, content=content, ticket=number)
        for index, (kind, content) in enumerate(contents)
    ]


async def heard(sender: Sender, person: Person, number: str | None) -> list[bool]:
    """Which of the messages made a sound."""
    before = person.chat.last_id
    for notice in every_kind(sender, person.chat_id, number):
        await sender.send(notice)
    new = [message for at, message in person.chat.messages.items() if at > before]
    assert len(new) >= 6
    return [not message.silent for message in new]


async def test_caretakers_phones_are_silent_at_night(simulator, house, sender, clock) -> None:
    """Every kind of message comes at once, and none makes a sound; by day all of them do."""
    person, number = caretaker(simulator, house), ticket(house)
    clock.now = NIGHT
    assert not any(await heard(sender, person, number))
    clock.now = NOW
    assert all(await heard(sender, person, number))


async def test_what_is_urgent_rings(simulator, house, sender, clock) -> None:
    """At any time."""
    person, number = caretaker(simulator, house), ticket(house, urgent=True)
    clock.now = NIGHT
    assert all(await heard(sender, person, number))


async def test_residents_are_not_concerned(simulator, house, sender, clock) -> None:
    """Their news arrive as always."""
    person = simulator.resident("Mira")
    person.start()
    clock.now = NIGHT
    assert all(await heard(sender, person, None))


async def test_a_message_about_no_ticket_is_silent(simulator, house, sender, clock) -> None:
    """Nothing says that it can't wait."""
    person = caretaker(simulator, house)
    clock.now = NIGHT
    assert not any(await heard(sender, person, None))


async def test_without_quiet_hours_everything_rings(simulator, house, sender, clock) -> None:
    """A city need not have any."""
    city = replace(house.city, deadlines=replace(house.city.deadlines, quiet=None))
    person = caretaker(simulator, house)
    clock.now = NIGHT
    loud = replace(sender, house=replace(house, city=city))
    assert all(await heard(loud, person, None))
