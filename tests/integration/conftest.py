"""A simulator with python-telegram-bot connected to it, and storage on a database of the test's own."""

from collections.abc import AsyncIterator, Iterator
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import telegram

from simulator.limits import Limits
from simulator.server import Simulator
from storage.database import connect as connect_database
from storage.work import SqlStorage
from tests.builders import NOW
from tests.fakes import FakeClock, MemoryStorage
from tests.simulators import connect


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A simulator without rates on a free port."""
    async with Simulator(port=0, limits=Limits.NONE) as running:
        yield running


@pytest.fixture
async def bot(simulator: Simulator) -> AsyncIterator[telegram.Bot]:
    """A connected bot."""
    async with connect(simulator) as connected:
        yield connected


@pytest.fixture
def clock() -> FakeClock:
    """A clock that goes on only when it is told to."""
    return FakeClock(NOW)


@pytest.fixture
def engine(ready_database_url: str) -> Iterator[sa.Engine]:
    """A database with its tables."""
    engine = connect_database(ready_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def storage(engine: sa.Engine, clock: FakeClock) -> SqlStorage:
    """The desk's ports on that database."""
    return SqlStorage(engine, zone=ZoneInfo("Europe/Berlin"), clock=clock)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def every_storage(request: pytest.FixtureRequest, clock: FakeClock) -> Iterator[MemoryStorage | SqlStorage]:
    """An empty storage of each kind in turn, for what all of them promise."""
    zone = ZoneInfo("Europe/Berlin")
    if request.param == "memory":
        yield MemoryStorage(zone=zone, clock=clock)
        return
    urls = {"sqlite": "ready_sqlite_url", "postgresql": "ready_postgres_url"}
    engine = connect_database(request.getfixturevalue(urls[request.param]))
    yield SqlStorage(engine, zone=zone, clock=clock)
    engine.dispose()
