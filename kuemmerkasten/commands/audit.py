import argparse
import json
from datetime import UTC, datetime

from kuemmerkasten.commands.hours import read_time
from storage.settings import Settings
from storage.texts import Texts
from storage.wiring import build

EVER = datetime(1970, 1, 1, tzinfo=UTC)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`audit [--since TIME]`."""
    parser.add_argument("--since", metavar="ZEIT", help=Texts.load().get("operator.option_since"))


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print each entry of the audit log as a JSON line: at, what, who (a pseudonym), ticket."""
    house = build(settings)
    moment = read_time(options.since, house.city) if options.since is not None else EVER
    with house.storage.look() as work:
        entries = work.audit.since(moment)
    for entry in entries:
        at = entry.at.astimezone(house.city.zone).isoformat(timespec="seconds")
        line = {"at": at, "what": entry.what, "who": entry.who, "ticket": entry.ticket}
        print(json.dumps(line, ensure_ascii=False))
    return 0
