import argparse
import importlib
import sys
from collections.abc import Sequence

from desk.errors import KuemmerkastenError
from storage.logs import configure
from storage.mail_server import secrets_of
from storage.settings import Settings
from storage.texts import Texts

COMMANDS = (
    "train",
    "run",
    "demo",
    "understand",
    "locate",
    "hours",
    "caretaker",
    "links",
    "tickets",
    "feedback",
    "geo",
    "city",
    "audit",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; status 0 done, 1 failed with a German sentence on stderr, 2 wrong use."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    texts = Texts.load()
    parser = argparse.ArgumentParser(prog="kuemmerkasten", description=texts.get("operator.about"))
    choices = parser.add_subparsers(dest="command", required=True, metavar="BEFEHL")
    for name in COMMANDS:
        command = choices.add_parser(name, help=texts.get(f"operator.command_{name}"))
        if given[:1] == [name]:
            importlib.import_module(f"kuemmerkasten.commands.{name}").add_arguments(command)
    options = parser.parse_args(given)
    try:
        settings = Settings.from_environment()
        secrets = (
            settings.telegram_token,
            settings.webhook_secret,
            settings.link_secret,
            *secrets_of(settings.smtp_url),
        )
        configure(settings.log_level, secrets=secrets)
        module = importlib.import_module(f"kuemmerkasten.commands.{options.command}")
        return int(module.run(options, settings) or 0)
    except KuemmerkastenError as error:
        print(texts.get(error.key, **error.params), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
