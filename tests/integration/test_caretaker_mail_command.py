"""`kuemmerkasten caretaker mail`, as operators type it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.settings import Settings
from storage.wiring import build

SERVER = {"SMTP_URL": "smtp://u:geheim@mail.example", "MAIL_FROM": "post@stadt.example"}
MAIL = ("caretaker", "mail", "--area", "katernberg", "--to", "Team@Traeger.example")


def command(*arguments: str, folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Run it with an environment of the test's own."""
    ours = ("TELEGRAM_TOKEN", "DATABASE_URL", *SERVER)
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    program = [sys.executable, "-m", "kuemmerkasten", *arguments]
    environment = inherited | {"STATE_DIR": str(folder)} | given
    return subprocess.run(program, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_an_address_is_registered_and_greeted_once(tmp_path: Path) -> None:
    """The area's tickets go to it from now on, and a welcome is on its way; typed again nothing changes."""
    first, again = (command(*MAIL, folder=tmp_path, **SERVER) for _ in range(2))
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert "team@traeger.example bekommt ab jetzt die Meldungen für Katernberg" in first.stdout
    assert "bekommt schon" in again.stdout
    house = build(Settings.from_environment({"STATE_DIR": str(tmp_path)}))
    with house.storage.look() as work:
        (chat,) = work.caretakers.chats_of("katernberg")
        assert work.mailboxes.address(chat) == "team@traeger.example"
        (letter,) = work.outbox.open()
    assert (letter.notice.chat, letter.notice.content["text_key"]) == (chat, "caretaker.welcome_mail")
    house.storage.engine.dispose()


@pytest.mark.parametrize(
    ("changed", "settings", "said"),
    [
        ({}, {}, "SMTP_URL fehlt"),
        ({}, {"SMTP_URL": SERVER["SMTP_URL"]}, "MAIL_FROM fehlt"),
        ({}, {**SERVER, "SMTP_URL": "http://u:geheim@x"}, "SMTP_URL ist keine Adresse"),
        ({5: "team"}, SERVER, "„team“ ist keine E-Mail-Adresse"),
        ({5: "a@b.de\nBcc: c@d.de"}, SERVER, "ist keine E-Mail-Adresse"),
        ({3: "atlantis"}, SERVER, "atlantis"),
    ],
)
def test_mistakes_get_one_sentence_and_register_nobody(
    tmp_path: Path, changed: dict[int, str], settings: dict[str, str], said: str
) -> None:
    """Status 1, a German sentence without password or traceback, and nothing in the outbox."""
    arguments = [changed.get(place, one) for place, one in enumerate(MAIL)]
    done = command(*arguments, folder=tmp_path, **settings)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stderr
    house = build(Settings.from_environment({"STATE_DIR": str(tmp_path)}))
    with house.storage.look() as work:
        assert work.outbox.open() == []
        assert work.mailboxes.all() == {}
    house.storage.engine.dispose()
