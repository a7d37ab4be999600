import argparse
import asyncio
from datetime import UTC, datetime
from secrets import token_urlsafe

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from desk.errors import SettingError
from storage.settings import Settings
from storage.texts import Texts
from storage.wiring import build


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`caretaker invite --area ID`."""
    texts = Texts.load()
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="AUFGABE")
    invite = deeds.add_parser("invite", help=texts.get("operator.command_invite"))
    invite.add_argument("--area", required=True, metavar="ID", help=texts.get("operator.option_area"))


def run(options: argparse.Namespace, settings: Settings) -> int:
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


async def _bot_name(settings: Settings) -> str:
    bot = Bot(str(settings.telegram_token), base_url=f"{settings.telegram_api_url}/bot")
    try:
        async with bot:
            return bot.username
    except InvalidToken as error:
        raise SettingError("operator.bad_token") from error
    except TelegramError as error:
        raise SettingError("operator.no_telegram", reason=type(error).__name__) from error
