"""The worker of `reports.py` without limits of its own: `kuemmerkasten run`, but as fast as it can."""

import asyncio
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bot.limits import Limits, Rate
from bot.worker import assemble
from kuemmerkasten.commands.run import open_house
from kuemmerkasten.commands.train import ROOT, train_if_needed
from storage.logs import configure
from storage.settings import Settings

UNLIMITED = Rate(messages=1_000_000, seconds=1, burst=1_000_000)


async def run(settings: Settings) -> None:
    """Work until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    house, engine = await open_house(settings, train_if_needed(ROOT))
    limits = Limits(overall=UNLIMITED, chat=UNLIMITED, group=UNLIMITED)
    await assemble(house, engine, limits=limits).run(stop)


if __name__ == "__main__":
    SETTINGS = Settings.from_environment()
    configure(SETTINGS.log_level, secrets=(SETTINGS.telegram_token,))
    asyncio.run(run(SETTINGS))
