"""A simulator and python-telegram-bot connected to it."""

from collections.abc import AsyncIterator

import pytest
import telegram

from simulator.limits import Limits
from simulator.server import Simulator
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
