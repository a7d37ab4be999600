"""A wired house for the tests of actions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.settings import Settings
from storage.wiring import House, build
from tests.builders import NOW
from tests.fakes import FakeClock


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
