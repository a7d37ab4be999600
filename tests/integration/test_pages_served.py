"""Pages served by the program itself, and the command that ends links."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import telegram
from PIL import Image

from bot.photo_source import PhotoSource
from desk.errors import SettingError
from desk.tickets import Photo
from simulator import samples
from simulator.server import Simulator
from storage.photos import PhotoFolder
from storage.serving import Listening
from storage.settings import Settings
from storage.wiring import House, build
from tests.page_visits import DESK, MAIL, link, reported, staff_of
from tests.simulators import updates

BASE = "https://pages.example"


@contextmanager
def house_in(folder: Path) -> Iterator[House]:
    """The house a command opens that is run with this STATE_DIR."""
    house = build(Settings.from_environment({"STATE_DIR": str(folder), "PUBLIC_URL": BASE}))
    yield house
    house.storage.engine.dispose()


def command(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"STATE_DIR": str(folder)} | settings
    program = [sys.executable, "-m", "kuemmerkasten", *arguments]
    return subprocess.run(program, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_running_bot_serves_pages(tmp_path: Path, unused_tcp_port_factory) -> None:
    """Also while Telegram is away: the link opens the ticket; the log has no address; SIGTERM ends it."""
    port, nobody = unused_tcp_port_factory(), unused_tcp_port_factory()
    with house_in(tmp_path) as house:
        staff_of(house)
        path = link(house, reported(house))
    settings = {
        "STATE_DIR": str(tmp_path),
        "PUBLIC_URL": BASE,
        "PAGES_LISTEN": f"127.0.0.1:{port}",
        "TELEGRAM_TOKEN": "1:x",
        "TELEGRAM_API_URL": f"http://127.0.0.1:{nobody}",
        "LOG_LEVEL": "DEBUG",
    }
    program = [sys.executable, "-m", "kuemmerkasten", "run"]
    process = subprocess.Popen(program, env=os.environ | settings, stderr=subprocess.PIPE, text=True)
    try:
        page = _soon(f"http://127.0.0.1:{port}{path}")
        refused = httpx.get(f"http://127.0.0.1:{port}{path}x", trust_env=False)
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=60)
    assert "Hier liegt viel herum." in page.text
    assert refused.status_code == 404
    assert process.returncode == 0
    assert path.rpartition("/")[2] not in log


def _soon(url: str, *, seconds: float = 200.0) -> httpx.Response:
    end = time.monotonic() + seconds
    while True:
        try:
            return httpx.get(url, trust_env=False)
        except httpx.TransportError:  # not there yet, or still loading the model
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


async def test_photos_come_from_telegram_and_from_the_folder(
    simulator: Simulator, bot: telegram.Bot, tmp_path: Path
) -> None:
    """A photo sent in a chat and one sent from a page are both fetched; one that is gone is an error."""
    simulator.resident().photo(samples.draw("bin"))
    (update,) = await updates(bot)
    folder = PhotoFolder(folder=tmp_path)
    source = PhotoSource(bot=bot, photos=folder)
    sent, kept = update.message.photo[-1].file_id, folder.keep(samples.draw("glass"))
    for photo in (Photo(file_id=sent), Photo(stored=kept)):
        assert Image.open(io.BytesIO(await source.read(photo))).size == (960, 720)
    for gone in (Photo(file_id="AgACnothing"), Photo(stored="nothing.jpg")):
        with pytest.raises(OSError):  # noqa: PT011 -- whichever kind
            await source.read(gone)


def test_a_taken_port_is_said_so(tmp_path: Path) -> None:
    """The bot does not start without its pages; the sentence names the setting."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        done = command(
            tmp_path,
            "run",
            PUBLIC_URL=BASE,
            PAGES_LISTEN=listen,
            TELEGRAM_TOKEN="1:x",
            TELEGRAM_API_URL="http://127.0.0.1:9",
        )
    assert done.returncode == 1
    assert "PAGES_LISTEN" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("value", ["127.0.0.1:zwei", "127.0.0.1:99999", "[::1"])
def test_an_address_that_is_none_is_an_error(value: str) -> None:
    """What can't be listened at is an error that names the setting."""
    with pytest.raises(SettingError) as wrong:
        Listening.of(value, setting="PAGES_LISTEN")
    assert wrong.value.params["name"] == "PAGES_LISTEN"


@pytest.mark.parametrize(
    ("settings", "said_of_it"),
    [({"PUBLIC_URL": "kuemmerkasten.example"}, "PUBLIC_URL"), ({"LINK_SECRET": "kurz"}, "LINK_SECRET")],
)
def test_settings_that_cannot_be_used_are_said_so(tmp_path: Path, settings: dict, said_of_it: str) -> None:
    """An address without scheme, a secret that could be guessed."""
    done = command(tmp_path, "links", "revoke", "--all", **settings)
    assert (done.returncode, said_of_it in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--ticket", "QH-2026-99999"], 1, "gibt es nicht"),
        (["--id", "deadbeef"], 1, "caretaker list"),
        ([], 2, "--ticket"),
        (["--all", "--id", "deadbeef"], 2, "--all"),
        (["--was"], 2, "--was"),
    ],
)
def test_what_cannot_be_revoked_is_said_so(tmp_path: Path, arguments: list, status: int, words: str) -> None:
    """An unknown ticket, an unknown chat, wrong use."""
    done = command(tmp_path, "links", "revoke", *arguments)
    assert done.returncode == status
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_revoking_ends_links_of_a_chat_of_a_ticket_and_all(tmp_path: Path) -> None:
    """The command says how many were still good; exactly these are."""
    with house_in(tmp_path) as house:
        staff_of(house)
        first, second = reported(house), reported(house, "d2")
        for ticket in (first, second):
            for chat in (MAIL, DESK):
                link(house, ticket, chat=chat)
        path = link(house, first)
        mail, desk = (house.pseudonyms.of(chat)[:8] for chat in (MAIL, DESK))
    counts = []
    for arguments in (["--ticket", first.number, "--id", mail], ["--id", desk], ["--all"], ["--all"]):
        done = command(tmp_path, "links", "revoke", *arguments)
        assert done.returncode == 0, done.stderr
        counts.append(done.stdout.strip().split(".")[0])
    assert counts == [
        "Ungültig gemacht: 1",
        "Ungültig gemacht: 2",
        "Ungültig gemacht: 1",
        "Es gab keinen gültigen Link",
    ]
    with house_in(tmp_path) as house:
        known = house.links.known(path.rpartition("/")[2])
        assert known is not None
        assert known.revoked_at is not None
