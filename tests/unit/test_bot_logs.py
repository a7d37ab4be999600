"""Neither the token nor what people wrote gets into the log."""

import logging
import subprocess
import sys
from textwrap import dedent

import pytest

from desk.errors import SettingError
from storage.logs import TALKATIVE, NoSecrets
from storage.settings import Settings

TOKEN = "123456:AAH-secret_token"


def logged(program: str) -> str:
    """What a process of its own writes after our log was set up at its most talkative."""
    setup = "import logging, storage.logs\nstorage.logs.configure('DEBUG', secrets=(TOKEN, None))\n"
    code = f"TOKEN = {TOKEN!r}\n{setup}{dedent(program)}"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stderr


def test_a_token_in_a_line_is_cut_out() -> None:
    """In the message, in its arguments, or inside an object's text: the rest of the line stays."""
    written = logged("""
        log = logging.getLogger("bot.test")
        log.warning("POST https://api/bot%s/getMe", TOKEN)
        log.warning(f"direct {TOKEN} twice {TOKEN}")
        log.error("object: %s", {"url": f"x{TOKEN}y"})
    """)
    assert TOKEN not in written
    assert "POST https://api/bot***/getMe" in written
    assert "direct *** twice ***" in written
    assert "object: {'url': 'x***y'}" in written


def test_a_token_in_a_traceback_is_cut_out() -> None:
    """An exception that quotes an address with the token in it does not give it away, nor does its cause."""
    written = logged("""
        try:
            try:
                raise OSError(f"could not reach https://api/bot{TOKEN}/getMe")
            except OSError as error:
                raise RuntimeError("away") from error
        except RuntimeError:
            logging.getLogger("asyncio").exception("Task exception was never retrieved")
    """)
    assert "Task exception" in written
    assert "RuntimeError: away" in written
    assert TOKEN not in written


def test_libraries_that_quote_contents_are_quiet() -> None:
    """Below a warning they write nothing, whatever our own level is."""
    written = logged("""
        for name in storage.logs.TALKATIVE:
            logging.getLogger(name).info("somebody wrote: geheim")
            logging.getLogger(f"{name}.part").debug("somebody wrote: geheim")
            logging.getLogger(name).warning("warning of %s", name)
        logging.getLogger("bot.test").debug("our own line")
    """)
    assert "geheim" not in written
    assert "our own line" in written
    assert written.count("warning of") == len(TALKATIVE)


def test_other_lines_stay_as_they_are() -> None:
    """Without secrets, or with empty ones, lines with braces or percent signs are written letter for letter."""
    record = logging.LogRecord("x", logging.INFO, "f", 1, "100 % of {x}", (), None)
    assert NoSecrets("%(message)s", None, "").format(record) == "100 % of {x}"


@pytest.mark.parametrize(("name", "secret"), [("TELEGRAM_TOKEN", TOKEN), ("WEBHOOK_SECRET", "s3cret-s3cret")])
def test_settings_do_not_show_their_secrets(name: str, secret: str) -> None:
    """A traceback or log line with the settings in it has no token."""
    settings = Settings.from_environment({name: secret})
    assert secret not in repr(settings)
    assert secret in (settings.telegram_token, settings.webhook_secret)


@pytest.mark.parametrize("secret", ["mit leer", "ä", "x" * 257])
def test_a_webhook_secret_telegram_would_refuse_is_refused_at_once(secret: str) -> None:
    """Only letters, digits, _ and -, at most 256."""
    with pytest.raises(SettingError):
        Settings.from_environment({"WEBHOOK_SECRET": secret})
