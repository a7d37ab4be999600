import argparse
import asyncio
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from secrets import token_urlsafe

from kuemmerkasten.commands.run import open_house
from kuemmerkasten.commands.train import ROOT, train_if_needed
from simulator.people import Person
from simulator.server import Simulator
from storage.settings import Secret, Settings
from storage.texts import Texts
from storage.wiring import House

PORT = 8080


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `kuemmerkasten demo`."""
    help_port = Texts.load().get("operator.option_port")
    parser.add_argument("--port", type=int, default=PORT, metavar="PORT", help=help_port)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run simulator and bot on this machine until SIGTERM or SIGINT; nothing of it is kept."""
    model = train_if_needed(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_demo(settings, model=model, folder=Path(folder), port=options.port))
    return 0


async def _demo(settings: Settings, *, model: Path, folder: Path, port: int) -> None:
    from bot.worker import assemble

    stop, texts = asyncio.Event(), Texts.load()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with Simulator(port=port) as simulator:
        print(texts.get("operator.demo_starting"), file=sys.stderr)
        local = replace(
            settings,
            telegram_token=Secret(simulator.bot_token),
            telegram_api_url=simulator.url,
            database_url=f"sqlite:///{folder / 'demo.sqlite3'}",
            state_dir=settings.state_dir if settings.geo_data else folder,
            redis_url=None,
            webhook_url=None,
        )
        house, engine = await open_house(local, model)
        worker = asyncio.create_task(assemble(house, engine).run(stop))
        _employ(simulator.page_people()[1], house)
        print(texts.get("operator.demo_ready", url=simulator.url), flush=True)
        await worker


def _employ(caretaker: Person, house: House) -> None:
    """Let the caretaker's phone open an invitation to every area and to the coordination desk."""
    areas = [area.id for area in house.city.areas if not area.unassigned]
    for area in (*areas, house.city.coordination.id):
        token = token_urlsafe(16)
        house.caretakers.invite(area, token=token, now=house.clock())
        caretaker.open_link(f"?start={token}")
