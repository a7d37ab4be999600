import argparse
import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from desk.tickets import Ticket
from storage.settings import Settings
from storage.texts import Texts
from storage.wiring import build


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`tickets export`."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="AUFGABE")
    deeds.add_parser("export", help=Texts.load().get("operator.command_tickets"))


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Print every ticket with its history as a JSON line, without the residents' chats."""
    with build(settings).storage.work() as work:
        tickets = work.tickets.all()
    for ticket in tickets:
        print(json.dumps(as_json(ticket), ensure_ascii=False, default=datetime.isoformat))
    return 0


def as_json(ticket: Ticket) -> dict[str, Any]:
    """Return a ticket as plain data; whom it concerns is nobody's business here, only how many."""
    data = asdict(ticket)
    report = data.pop("report")
    del report["reporter"], report["draft"], data["followers"]
    return {"number": data.pop("number"), "people": len(ticket.residents), **data, **report}
