"""What was taken in survives: stops, crashes, an unreachable or refusing Telegram."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.limits import Limits
from simulator.server import Simulator
from tests.end_to_end.conftest import PATIENCE, running
from tests.end_to_end.test_report import heard, through_to_summary


@pytest.fixture
async def own_simulator():
    """Return a Bot API server of the test's own."""
    async with Simulator(port=0, limits=Limits.NONE) as server:
        yield server


def start(simulator: Simulator, folder: Path) -> subprocess.Popen[bytes]:
    """Start `kuemmerkasten run` as operators do."""
    environment = os.environ | {
        "TELEGRAM_TOKEN": simulator.bot_token,
        "TELEGRAM_API_URL": simulator.url,
        "STATE_DIR": str(folder),
        "DATABASE_URL": "",
        "LOG_LEVEL": "DEBUG",
    }
    command = [sys.executable, "-m", "kuemmerkasten", "run"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


async def ended(process: subprocess.Popen[bytes]) -> str:
    """Wait for the process and return what it printed."""
    output, _ = await asyncio.to_thread(process.communicate, timeout=60)
    return output.decode()


async def test_a_killed_worker_goes_on_where_it_stopped(own_simulator, tmp_path, model):
    """Killed in the middle of a report and started again: nothing is asked twice, the ticket exists once."""
    rosa = own_simulator.resident()
    first = start(own_simulator, tmp_path)
    rosa.text("Hier liegt Sperrmüll vor der Tür in Katernberg")
    await rosa.wait_for(button="Ohne Foto", timeout=60)
    first.kill()
    await ended(first)
    rosa.text("ohne foto")
    second = start(own_simulator, tmp_path)
    await rosa.wait_for(button="Absenden", timeout=60)
    rosa.press("Absenden")
    await rosa.wait_for(text="QH-", timeout=PATIENCE)
    second.send_signal(signal.SIGTERM)
    output = await ended(second)
    assert second.returncode == 0
    assert own_simulator.bot_token not in output
    assert "Sperrmüll" not in output
    assert str(rosa.chat_id) not in output


async def test_delivery_is_tried_until_telegram_takes_it(own_simulator, tmp_path, model):
    """A refusal with retry_after, an error and a cut connection only delay the answer."""
    async with running(own_simulator, tmp_path, model):
        rosa = own_simulator.resident()
        rosa.start()
        await heard(rosa, "Guten Tag")
        own_simulator.fail("sendMessage", times=1, code=429, retry_after=1)
        own_simulator.fail("sendMessage", times=1, code=502)
        own_simulator.fail("sendMessage", times=1, cut=True)
        rosa.command("hilfe")
        await heard(rosa, "So geht es")
        assert sum("So geht es" in message.text for message in rosa.messages(from_bot=True)) == 1


async def test_a_blocked_caretaker_stops_nobody_else(own_simulator, tmp_path, model):
    """One of two caretakers has blocked the bot: the other gets the card, the resident the answer."""
    async with running(own_simulator, tmp_path, model) as town:
        gone, there = await town.caretaker("katernberg"), await town.caretaker("katernberg")
        gone.block()
        rosa = own_simulator.resident()
        rosa.text("Hier liegt Sperrmüll vor der Tür")
        await through_to_summary(rosa)
        rosa.press("Absenden")
        await heard(rosa, "QH-")
        await there.wait_for(button="Annehmen", timeout=PATIENCE)
        there.press("Annehmen")
        await heard(rosa, "angenommen")


async def test_a_failing_action_loses_nothing(own_simulator, tmp_path, model):
    """While the places fail, the resident reads a kind sentence; afterwards the report goes on."""
    async with running(own_simulator, tmp_path, model) as town:
        rosa = own_simulator.resident()
        rosa.text("Hier liegt Sperrmüll vor der Tür")
        await heard(rosa, "Wo ist das")
        locator = town.house.reader.locator
        object.__setattr__(town.house.reader, "locator", None)
        rosa.text("Katernberg")
        await heard(rosa, "Nichts ist verloren")
        object.__setattr__(town.house.reader, "locator", locator)
        rosa.text("Katernberg")
        await heard(rosa, button="Ohne Foto")


async def test_the_webhook_takes_updates_in(own_simulator, tmp_path, model, unused_tcp_port):
    """With WEBHOOK_URL set the simulator posts updates, with the secret, and the bot answers."""
    settings = {"webhook_url": f"http://127.0.0.1:{unused_tcp_port}/telegram"}
    async with running(own_simulator, tmp_path, model, **settings):
        rosa = own_simulator.resident()
        rosa.start()
        await heard(rosa, "Guten Tag")
