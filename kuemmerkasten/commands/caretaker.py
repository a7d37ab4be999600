import argparse
import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from secrets import token_urlsafe

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from desk.errors import SettingError
from desk.mailboxes import mail_address
from kuemmerkasten.commands.caretaker_members import list_members, remove_members
from storage.mail_server import MailServer
from storage.settings import Settings
from storage.texts import Texts
from storage.wiring import build


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`caretaker invite`, `mail`, `list` and `remove`, each with the area and what it needs."""
    texts = Texts.load()
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="AUFGABE")
    invite = deeds.add_parser("invite", help=texts.get("operator.command_invite"))
    invite.add_argument("--area", required=True, metavar="ID", help=texts.get("operator.option_area"))
    members = deeds.add_parser("list", help=texts.get("operator.command_members"))
    members.add_argument("--area", metavar="ID", help=texts.get("operator.option_members_area"))
    members.add_argument("--json", action="store_true", help=texts.get("operator.option_json"))
    remove = deeds.add_parser("remove", help=texts.get("operator.command_remove"))
    remove.add_argument("--area", required=True, metavar="ID", help=texts.get("operator.option_area"))
    whom = remove.add_mutually_exclusive_group(required=True)
    whom.add_argument("--id", action="append", metavar="ID", help=texts.get("operator.option_remove_id"))
    whom.add_argument("--all", action="store_true", help=texts.get("operator.option_remove_all"))
    mail = deeds.add_parser("mail", help=texts.get("operator.command_mail"))
    mail.add_argument("--area", required=True, metavar="ID", help=texts.get("operator.option_area"))
    mail.add_argument("--to", required=True, metavar="ADRESSE", help=texts.get("operator.option_to"))


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Do one deed about an area's caretakers."""
    return _DEEDS[options.deed](options, settings)


def _invite(options: argparse.Namespace, settings: Settings) -> int:
    """Print a one-time deep link; the chat that opens it becomes the area's caretaker."""
    if settings.telegram_token is None:
        raise SettingError("operator.no_token")
    house = build(settings)
    house.city.area(options.area)
    name = asyncio.run(_bot_name(settings))
    token = token_urlsafe(24)
    house.caretakers.invite(options.area, token=token, now=datetime.now(UTC))
    print(f"https://t.me/{name}?start={token}")
    return 0


def _mail(options: argparse.Namespace, settings: Settings) -> int:
    """Send an area's tickets to a mail address from now on."""
    if MailServer.of(settings) is None:
        raise SettingError("operator.no_smtp")
    address = mail_address(options.to)
    if address is None:
        raise SettingError("operator.bad_mail_address", value=options.to)
    house = build(settings)
    name = house.city.area(options.area).name
    with house.storage.work() as work:
        chat = work.mailboxes.add(address)
    fresh = house.caretakers.enlist(
        options.area, chat=chat, greeting="caretaker.welcome_mail", now=datetime.now(UTC)
    )
    said = "operator.mail_enlisted" if fresh else "operator.mail_enlisted_before"
    print(house.texts.get(said, address=address, area=name))
    return 0


async def _bot_name(settings: Settings) -> str:
    bot = Bot(str(settings.telegram_token), base_url=f"{settings.telegram_api_url}/bot")
    try:
        async with bot:
            return bot.username
    except InvalidToken as error:
        raise SettingError("operator.bad_token") from error
    except TelegramError as error:
        raise SettingError("operator.no_telegram", reason=type(error).__name__) from error


_DEEDS: dict[str, Callable[[argparse.Namespace, Settings], int]] = {
    "invite": _invite,
    "list": list_members,
    "remove": remove_members,
    "mail": _mail,
}
