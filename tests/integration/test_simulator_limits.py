"""Tokens, rates and failures of the Bot API server, met by python-telegram-bot itself."""

import asyncio

import httpx
import pytest
import telegram
from telegram.error import Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from simulator.limits import Limits
from simulator.server import Simulator
from tests.simulators import connect, updates


async def test_tokens(simulator: Simulator) -> None:
    """Unknown tokens and methods are refused; a second bot has its own chats."""
    with pytest.raises(InvalidToken):
        await connect(simulator, "123456:unknown").initialize()
    async with httpx.AsyncClient(base_url=simulator.url, trust_env=False) as client:
        unknown = await client.get("/bot123456:unknown/getMe")
        assert (unknown.status_code, unknown.json()["description"]) == (401, "Unauthorized")
        nothing = await client.post(f"/bot{simulator.bot_token}/flyToTheMoon")
        assert nothing.json()["description"] == "Not Found: method not found"
        assert (await client.get(f"/file/bot{simulator.bot_token}/photos/none.jpg")).status_code == 404
        as_json = await client.post(f"/bot{simulator.bot_token}/GETME", json={})
        assert as_json.json()["result"]["is_bot"] is True
    second = simulator.add_bot("7000000002:second", username="second_bot")
    person = simulator.resident(bot=second)
    person.start()
    async with connect(simulator, second.token) as other, connect(simulator) as first:
        assert len(await updates(other)) == 1
        assert await updates(first) == []


async def send_many(bot: telegram.Bot, chat_id: int, count: int) -> None:
    """So many short messages to one chat, one after the other."""
    for _ in range(count):
        await bot.send_message(chat_id, "x")


async def test_rates() -> None:
    """30 a second overall, a short burst per chat, 20 a minute per group; beyond that 429 with a wait."""
    async with Simulator(port=0) as simulator, connect(simulator) as bot:
        person, group = simulator.resident(), simulator.group("Team")
        person.start()
        with pytest.raises(RetryAfter) as caught:
            await send_many(bot, person.chat_id, 8)
        assert 1 <= caught.value._retry_after.total_seconds() <= 5
        assert 5 <= len(person.messages(from_bot=True)) < 8
        with pytest.raises(RetryAfter):
            await send_many(bot, group.chat_id, 22)
        assert 20 <= len(group.messages(from_bot=True)) < 22


async def test_overall_rate() -> None:
    """Many chats at once run into the overall limit."""
    limits = Limits(overall_per_second=0.001, chat_per_second=None, group_per_minute=None)
    async with Simulator(port=0, limits=limits) as simulator, connect(simulator) as bot:
        person = simulator.resident()
        person.start()
        with pytest.raises(RetryAfter):
            await bot.send_message(person.chat_id, "x")


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"code": 429, "retry_after": 7}, RetryAfter),
        ({"code": 500}, NetworkError),
        ({"code": 502}, NetworkError),
        ({"code": 403}, Forbidden),
        ({"cut": True}, NetworkError),
        ({"cut_after": True}, NetworkError),
        ({"delay": 1.0}, TimedOut),
    ],
)
async def test_ordered_failures(
    simulator: Simulator, bot: telegram.Bot, how: dict[str, object], error: type[Exception]
) -> None:
    """The next call fails as ordered, the one after it works; only after cut_after and delay the message is there."""
    person = simulator.resident()
    person.start()
    simulator.fail("sendMessage", **how)
    with pytest.raises(error):
        await bot.send_message(person.chat_id, "erste", read_timeout=0.3)
    await bot.send_message(person.chat_id, "zweite")
    texts = [one.text for one in person.messages(from_bot=True)]
    assert texts == (["erste", "zweite"] if "cut_after" in how else ["zweite"])


async def test_conflict_of_two_pollers(simulator: Simulator, bot: telegram.Bot) -> None:
    """A second long poll ends the first with 409."""
    first = asyncio.create_task(bot.get_updates(timeout=5))
    while simulator.bot.updates._poller is None:
        await asyncio.sleep(0.01)
    async with connect(simulator) as second:
        await second.get_updates(timeout=0)
    with pytest.raises(Conflict, match="terminated by other getUpdates"):
        await first
