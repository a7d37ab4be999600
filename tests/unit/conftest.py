"""A wired house for the tests of actions, and a staffed desk in memory with a ticket."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.caretaking import CaretakerDesk
from desk.tickets import Ticket
from storage.settings import Settings
from storage.wiring import House, build
from tests.builders import NOW
from tests.desk_chats import caretaker_desk, sent_ticket, staffed_storage
from tests.fakes import FakeClock, MemoryStorage
from tests.page_visits import BASE, staff_of


@pytest.fixture
def clock() -> FakeClock:
    """A Monday at noon; it goes on only when it is told to."""
    return FakeClock(NOW)


@pytest.fixture
def house(ready_sqlite_url: str, tmp_path: Path, clock: FakeClock) -> Iterator[House]:
    """Everything wired, for Essen, on a database of this test's own."""
    house = build(Settings(database_url=ready_sqlite_url, state_dir=tmp_path), clock=clock)
    yield house
    house.storage.engine.dispose()


@pytest.fixture
def paged(ready_sqlite_url: str, tmp_path: Path, clock: FakeClock) -> Iterator[House]:
    """A house that serves tickets' pages, with chats that work for areas."""
    settings = Settings(database_url=ready_sqlite_url, state_dir=tmp_path, public_url=BASE)
    house = build(settings, clock=clock)
    staff_of(house)
    yield house
    house.storage.engine.dispose()


@pytest.fixture
def storage() -> MemoryStorage:
    """Chats for the areas of a small city."""
    return staffed_storage()


@pytest.fixture
def desk(storage: MemoryStorage) -> CaretakerDesk:
    """What these chats can do."""
    return caretaker_desk(storage)


@pytest.fixture
def ticket(storage: MemoryStorage) -> Ticket:
    """A ticket whose cards are on their way."""
    return sent_ticket(storage)
