"""The whole product in one process: simulator, worker, engine, a fresh database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_urlsafe

import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot.limits import Limits as BotLimits
from bot.limits import Rate
from bot.worker import Worker, assemble
from desk.tickets import Ticket
from kuemmerkasten.commands.run import open_house
from kuemmerkasten.commands.train import ROOT, train_if_needed
from simulator.limits import Limits
from simulator.people import Person
from simulator.server import Simulator
from storage.settings import Secret, Settings
from storage.tables import tickets
from storage.wiring import House

UNLIMITED = Rate(messages=100_000, seconds=1, burst=100_000)
FAST = BotLimits(overall=UNLIMITED, chat=UNLIMITED, group=UNLIMITED)
PATIENCE = 20.0  # seconds until a missing message is a failure; nothing is measured with it


@dataclass
class Town:
    """A running product and the people who talk to it."""

    simulator: Simulator
    house: House
    worker: Worker

    def resident(self, name: str = "Rosa Geheim") -> Person:
        """Return somebody who has just found the bot, and where nobody has reported anything before."""
        with self.house.storage.engine.begin() as connection:
            connection.execute(sa.update(tickets).values(latitude=None, longitude=None))
        return self.simulator.person(name, username="rosa_geheim")

    def tickets(self, person: Person) -> list[Ticket]:
        """Return the tickets somebody has reported."""
        return list(self.house.reports.tickets_of(str(person.chat_id)))

    async def caretaker(self, area: str, *, person: Person | None = None) -> Person:
        """Return a person (or group member) whose chat is registered for the area, welcome read."""
        somebody = person or self.simulator.person("Karl Kümmerer")
        token = token_urlsafe(16)
        self.house.caretakers.invite(area, token=token, now=self.house.clock())
        somebody.open_link(token)
        await somebody.wait_for(text="Willkommen", timeout=PATIENCE)
        return somebody


@pytest.fixture(scope="session")
def model() -> Path:
    """Return the trained model; trained now when there is none that fits."""
    return train_if_needed(ROOT)


def settings_for(simulator: Simulator, folder: Path) -> Settings:
    """Return settings that point at the simulator and a folder of the test's own."""
    return Settings(
        telegram_token=Secret(simulator.bot_token),
        telegram_api_url=simulator.url,
        database_url=f"sqlite:///{folder / 'test.sqlite3'}",
        state_dir=folder,
    )


@asynccontextmanager
async def running(simulator: Simulator, folder: Path, model: Path, **settings: str) -> AsyncIterator[Town]:
    """Run a worker against the simulator until the block ends."""
    house, engine = await open_house(replace(settings_for(simulator, folder), **settings), model)
    worker, stop = assemble(house, engine, limits=FAST), asyncio.Event()
    task = asyncio.create_task(worker.run(stop))
    try:
        yield Town(simulator=simulator, house=house, worker=worker)
    finally:
        stop.set()
        with suppress(asyncio.CancelledError):
            await task
        house.storage.engine.dispose()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def simulator() -> AsyncIterator[Simulator]:
    """Return a Bot API server without rate limits."""
    async with Simulator(port=0, limits=Limits.NONE) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town(
    simulator: Simulator, tmp_path_factory: pytest.TempPathFactory, model: Path
) -> AsyncIterator[Town]:
    """Return the running product; every test brings its own residents."""
    async with running(simulator, tmp_path_factory.mktemp("town"), model) as started:
        yield started
