"""What `reports.py` measures in: the bot's process, limits that count, people who move in."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

from reports_people import Caretaker, Resident

from simulator.errors import ApiError
from simulator.limits import Gate, Limits
from simulator.server import Simulator
from storage.settings import Settings
from storage.wiring import House

ROOT = Path(__file__).parent.parent
AREAS = 10  # that get reports; residents are spread evenly
TWO_CHATS = 2  # areas whose cards go to two caretakers
BOT_STOPS = 60.0  # seconds the bot may take for finishing what it took in


@dataclass(frozen=True)
class System:
    """What is measured: the limits of the simulated Telegram, and the command that starts the bot."""

    name: str
    limits: Limits
    command: tuple[str, ...]


class CountingGate(Gate):
    """The simulator's limits; counts what passes and what is refused."""

    passed = refused = 0

    def take(self, bot_id: int, chat_id: int, *, cost: int, now: float) -> None:
        """Let messages pass or raise 429."""
        try:
            super().take(bot_id, chat_id, cost=cost, now=now)
        except ApiError:
            self.refused += 1
            raise
        self.passed += cost


@asynccontextmanager
async def running_bot(system: System, settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot in a process of its own; it is told to stop and waited for at the end of the block."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "RASA_TELEMETRY_ENABLED": "false",
        "TELEGRAM_TOKEN": str(settings.telegram_token),
        "TELEGRAM_API_URL": settings.telegram_api_url,
        "STATE_DIR": str(settings.state_dir),
        "DATABASE_URL": settings.database_url,
        "LOG_LEVEL": "WARNING",
    }
    with (settings.state_dir / "bot.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *system.command, cwd=ROOT, env=environment, stderr=log, stdout=log
        )
        try:
            yield process
        finally:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), BOT_STOPS)
    except TimeoutError:
        process.kill()
        await process.wait()


def invited(simulator: Simulator, house: House) -> list[Caretaker]:
    """Let caretakers of the first areas open their invitations, two of them in the first `TWO_CHATS`."""
    areas = [area.id for area in house.city.areas if not area.unassigned][:AREAS]
    caretakers = [
        Caretaker(person=simulator.person("Karl"), area=area) for area in [*areas, *areas[:TWO_CHATS]]
    ]
    for caretaker in caretakers:
        token = token_urlsafe(16)
        house.caretakers.invite(caretaker.area, token=token, now=house.clock())
        caretaker.person.open_link(token)
    return caretakers


def moved_in(simulator: Simulator, house: House, *, area: str, reports: int) -> Resident:
    """Return a resident of the area's first district, the pin in its middle."""
    name = house.city.area(area).districts[0]
    district = next(known for known in house.city.districts if known.name == name)
    pin = (district.latitude, district.longitude)
    return Resident(person=simulator.person("Rosa"), area=area, district=name, pin=pin, reports=reports)
