"""A whole worker with both ways out: Telegram's photos reach mailboxes, and what caretakers say Telegram."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import telegram

from bot.worker import assemble
from desk.caretaking import Act
from desk.drafts import Spot
from desk.tickets import Photo
from simulator.samples import draw
from simulator.server import Simulator
from staff.mail import mail_office
from storage.settings import Secret, Settings
from storage.wiring import House, build
from tests.builders import finished_draft
from tests.mail_server import MailServerForTests, pictures, plain
from tests.mailing import SENDER, page_of
from tests.simulators import updates


@pytest.fixture
def house(ready_sqlite_url: str, tmp_path: Path, simulator: Simulator) -> Iterator[House]:
    """Everything wired, for Essen."""
    house = build(
        Settings(
            database_url=ready_sqlite_url,
            state_dir=tmp_path,
            telegram_token=Secret(simulator.bot_token),
            telegram_api_url=simulator.url,
        )
    )
    yield house
    house.storage.engine.dispose()


async def test_a_worker_reaches_mailboxes_and_chats(
    house: House, simulator: Simulator, bot: telegram.Bot
) -> None:
    """A report with a photo from Telegram arrives by mail with the photo; the acceptance arrives in Telegram."""
    person = simulator.resident()
    person.start()
    person.photo(draw("bin"))
    photo = (await updates(bot))[-1].message.photo[-1].file_id
    async with MailServerForTests() as smtp:
        house = _with_mail(house, smtp)
        with house.storage.work() as work:
            chat = work.mailboxes.add("team@traeger.example")
        house.caretakers.enlist("katernberg", chat=chat, greeting="caretaker.welcome_mail", now=house.clock())
        draft = finished_draft(
            spot=Spot(label="Hauptstr. 1", district="Katernberg"),
            category="bulky_waste",
            photos=(Photo(file_id=photo),),
        )
        ticket = house.reports.send(draft, reporter=str(person.chat_id), now=house.clock())
        engine: Any = None  # nobody says anything to it here
        worker = assemble(house, engine, post=mail_office(house, link=page_of))
        stop = asyncio.Event()
        running = asyncio.create_task(worker.run(stop))
        try:
            async with asyncio.timeout(20):
                while len(smtp.mails) < 2:
                    await asyncio.sleep(0.02)
            house.caretakers.act(ticket.number, Act(deed="accept"), chat=chat, now=house.clock())
            worker.delivery.wake()
            news = await person.wait_for(text="angenommen")
        finally:
            stop.set()
            await running
    welcome, card = smtp.mails
    assert "Willkommen" in plain(welcome)
    assert f"https://melden.example/t/{ticket.number}.{chat[5:]}.geheim" in plain(card)
    (attached,) = pictures(card)
    assert attached.startswith(b"\xff\xd8")
    assert ticket.number in news.text
    assert "traeger" not in news.text


def _with_mail(house: House, smtp: MailServerForTests) -> House:
    settings = replace(house.settings, smtp_url=Secret(smtp.url()), mail_from=SENDER)
    return replace(house, settings=settings)
