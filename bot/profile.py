from telegram import Bot, BotCommand

from storage.texts import Texts

COMMANDS = ("start", "hilfe", "meldungen", "abbrechen", "datenschutz")


async def introduce(bot: Bot, texts: Texts) -> None:
    """Tell Telegram the commands and what the bot is for."""
    await bot.set_my_commands([BotCommand(name, texts.get(f"bot.command_{name}")) for name in COMMANDS])
    await bot.set_my_description(texts.get("bot.description"))
    await bot.set_my_short_description(texts.get("bot.short_description"))
