"""Neither the token nor what people wrote gets into the log."""

import logging

import pytest

from storage.logs import TALKATIVE, NoSecrets, configure
from storage.settings import Secret, Settings

TOKEN = "123456:AAH-secret_token"


@pytest.fixture
def configured(capsys: pytest.CaptureFixture[str]):
    """Our log at its most talkative; everything is as it was afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, {name: logging.getLogger(name).level for name in TALKATIVE})
    configure("DEBUG", secrets=(Secret(TOKEN), None))
    yield capsys
    root.handlers[:], root.level = before[0], before[1]
    root.setLevel(before[1])
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)


def test_a_token_in_a_line_is_cut_out(configured) -> None:
    """In the message, in its arguments, or inside an object's text: the rest of the line stays."""
    log = logging.getLogger("bot.test")
    log.warning("POST https://api/bot%s/getMe", TOKEN)
    log.warning(f"direct {TOKEN} twice {TOKEN}")  # noqa: G004
    log.error("object: %s", {"url": f"x{TOKEN}y"})
    written = configured.readouterr().err
    assert TOKEN not in written
    assert "POST https://api/bot***/getMe" in written
    assert "direct *** twice ***" in written
    assert "object: {'url': 'x***y'}" in written


def test_a_token_in_a_traceback_is_cut_out(configured) -> None:
    """An exception that quotes an address with the token in it does not give it away, nor does its cause."""
    log = logging.getLogger("asyncio")
    try:
        try:
            raise OSError(f"could not reach https://api/bot{TOKEN}/getMe")
        except OSError as error:
            raise RuntimeError("away") from error
    except RuntimeError:
        log.exception("Task exception was never retrieved")
    written = configured.readouterr().err
    assert "Task exception" in written
    assert "RuntimeError: away" in written
    assert TOKEN not in written


@pytest.mark.parametrize("name", TALKATIVE)
def test_libraries_that_quote_contents_are_quiet(configured, name: str) -> None:
    """Below a warning they write nothing, whatever our own level is."""
    logging.getLogger(name).info("somebody wrote: geheim")
    logging.getLogger(f"{name}.part").debug("somebody wrote: geheim")
    logging.getLogger("bot.test").debug("our own line")
    written = configured.readouterr().err
    assert "geheim" not in written
    assert "our own line" in written


def test_other_lines_stay_as_they_are() -> None:
    """Without secrets, or with empty ones, lines with braces or percent signs are written letter for letter."""
    record = logging.LogRecord("x", logging.INFO, "f", 1, "100 % of {x}", (), None)
    assert NoSecrets("%(message)s", None, "").format(record) == "100 % of {x}"


def test_settings_do_not_show_their_secrets() -> None:
    """A traceback or log line with the settings in it has no token."""
    settings = Settings.from_environment({"TELEGRAM_TOKEN": TOKEN, "WEBHOOK_SECRET": "hush-hush"})
    assert TOKEN not in repr(settings)
    assert "hush-hush" not in repr(settings)
    assert settings.telegram_token == TOKEN
