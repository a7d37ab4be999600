import argparse

from kuemmerkasten.commands.caretaker_members import chat_named
from storage.settings import Settings
from storage.texts import Texts
from storage.wiring import build


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`links revoke [--ticket QH-…] [--id ID] [--all]`."""
    texts = Texts.load()
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="AUFGABE")
    revoke = deeds.add_parser("revoke", help=texts.get("operator.links_revoke"))
    revoke.add_argument("--ticket", metavar="NUMMER", help=texts.get("operator.links_ticket"))
    revoke.add_argument("--id", metavar="ID", help=texts.get("operator.links_id"))
    revoke.add_argument("--all", action="store_true", help=texts.get("operator.links_all"))
    parser.set_defaults(wrong_use=revoke.error)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Revoke links to tickets' pages; say how many were still good."""
    texts = Texts.load()
    if options.all == bool(options.ticket or options.id):
        options.wrong_use(texts.get("operator.links_needs"))
    house = build(settings)
    chat = chat_named(options.id, house) if options.id else None
    count = house.links.revoke(chat, ticket=options.ticket, now=house.clock())
    print(texts.get("operator.links_revoked", count=count) if count else texts.get("operator.links_none"))
    return 0
