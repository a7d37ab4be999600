"""python-telegram-bot, pointed at a simulator."""

import telegram

from simulator.server import Simulator


def connect(simulator: Simulator, token: str | None = None) -> telegram.Bot:
    """The library's bot, pointed at the simulator."""
    return telegram.Bot(
        token or simulator.bot_token,
        base_url=f"{simulator.url}/bot",
        base_file_url=f"{simulator.url}/file/bot",
    )


async def updates(bot: telegram.Bot, **how: object) -> list[telegram.Update]:
    """What is waiting, confirmed afterwards."""
    found = list(await bot.get_updates(timeout=1, **how))
    if found:
        await bot.get_updates(offset=found[-1].update_id + 1, timeout=0)
    return found
