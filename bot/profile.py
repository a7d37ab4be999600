import logging

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from desk.assigning import is_group
from storage.texts import Texts

log = logging.getLogger(__name__)

COMMANDS = ("start", "hilfe", "meldungen", "abbrechen", "datenschutz")
OF_CARETAKERS = ("offen", "karte", "vorlagen", "abwesend", "ticket")
"""What a caretaker's chat is offered before the others; a menu stays with the chat it was set for."""


async def introduce(bot: Bot, texts: Texts) -> None:
    """Tell Telegram the commands and what the bot is for."""
    await bot.set_my_commands([BotCommand(name, texts.get(f"bot.command_{name}")) for name in COMMANDS])
    await bot.set_my_description(texts.get("bot.description"))
    await bot.set_my_short_description(texts.get("bot.short_description"))


async def show_caretakers_menu(bot: Bot, texts: Texts, chat: str) -> None:
    """Put the caretakers' commands into a chat's menu; without them everything still works when typed."""
    names = (*OF_CARETAKERS, *(COMMANDS if not is_group(chat) else ("hilfe",)))
    menu = [BotCommand(name, texts.get(f"bot.command_{name}")) for name in names]
    try:
        await bot.set_my_commands(menu, scope=BotCommandScopeChat(chat))
    except TelegramError as error:
        log.info("a chat's menu could not be set: %s", type(error).__name__)
