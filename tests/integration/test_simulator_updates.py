"""How updates reach the bot: long polling, webhook, redelivery; and the people API over HTTP."""

import asyncio
import base64
from typing import Self

import httpx
import pytest
import telegram
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from telegram.error import BadRequest, Conflict

from desk.errors import SettingError
from simulator.received import NoAnswer
from simulator.samples import SAMPLES, draw
from simulator.server import Simulator


class Receiver:
    """A webhook that answers as told: the first `failures` posts with 500."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.got: list[tuple[str | None, int, str]] = []
        self.full = asyncio.Event()

    async def __call__(self, scope, receive, send) -> None:
        """Take one update."""
        request = Request(scope, receive)
        update = await request.json()
        self.got.append(
            (
                request.headers.get("x-telegram-bot-api-secret-token"),
                update["update_id"],
                update.get("message", {}).get("text"),
            )
        )
        status = 500 if len(self.got) <= self.failures else 200
        await Response(status_code=status)(scope, receive, send)
        if len(self.got) >= self.failures + 3:
            self.full.set()

    async def __aenter__(self) -> Self:
        self.server = uvicorn.Server(uvicorn.Config(self, port=0, log_config=None, lifespan="off", ws="none"))
        self.server.config.load()
        self.server.lifespan = self.server.config.lifespan_class(self.server.config)
        await self.server.startup()
        self.port = self.server.servers[0].sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.server.shutdown()


async def test_polling_waits_and_confirms(simulator: Simulator, bot: telegram.Bot) -> None:
    """A long poll returns as soon as something comes; what is not confirmed comes again."""
    person = simulator.resident()
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    person.text("eins")
    (update,) = await asyncio.wait_for(waiting, 5)
    person.text("zwei")
    person.text("drei")
    assert [one.message.text for one in await bot.get_updates()] == ["eins", "zwei", "drei"]
    assert [one.message.text for one in await bot.get_updates(limit=1, offset=update.update_id + 1)] == [
        "zwei"
    ]
    assert [one.message.text for one in await bot.get_updates(offset=-1)] == ["drei"]
    assert len(await bot.get_updates()) == 1


async def test_allowed_updates(simulator: Simulator, bot: telegram.Bot) -> None:
    """Kinds the bot did not ask for are not queued."""
    await bot.get_updates(allowed_updates=["callback_query"])
    simulator.resident().text("Hallo")
    assert await bot.get_updates() == ()
    await bot.get_updates(allowed_updates=[])
    simulator.resident().text("Hallo")
    assert len(await bot.get_updates()) == 1


async def test_redelivery_and_odd_updates(simulator: Simulator, bot: telegram.Bot) -> None:
    """An update can come again with its old number, even when it was confirmed; any object can be queued."""
    person = simulator.resident()
    sent = person.text("Hallo")
    await bot.get_updates()
    await bot.get_updates(offset=sent.update_id + 1)
    person.redeliver(sent.update_id)
    (again,) = await bot.get_updates(offset=sent.update_id + 1)
    assert (again.update_id, again.message.text) == (sent.update_id, "Hallo")
    assert await bot.get_updates(offset=sent.update_id + 1) == ()
    odd = person.raw({"something_new": {"x": 1}})
    assert [one.update_id for one in await bot.get_updates(offset=sent.update_id + 1)] == [odd.update_id]


async def test_webhook_with_secret_and_retries(simulator: Simulator, bot: telegram.Bot) -> None:
    """Updates are posted with the secret, in order, again after a failure; polling meanwhile is a conflict."""
    person = simulator.resident()
    async with Receiver(failures=2) as receiver:
        await bot.set_webhook(f"http://127.0.0.1:{receiver.port}/hook", secret_token="ge-heim_1")
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates()
        for text in ("eins", "zwei", "drei"):
            person.text(text)
        await asyncio.wait_for(receiver.full.wait(), 10)
        assert {secret for secret, _, _ in receiver.got} == {"ge-heim_1"}
        assert [text for _, _, text in receiver.got] == ["eins", "eins", "eins", "zwei", "drei"]
        info = await bot.get_webhook_info()
        assert "500" in info.last_error_message
        await bot.delete_webhook()
        assert (await bot.get_webhook_info()).url == ""
    person.text("vier")
    assert [one.message.text for one in await bot.get_updates(offset=receiver.got[-1][1] + 1)] == ["vier"]


async def test_webhook_elsewhere_is_refused(simulator: Simulator, bot: telegram.Bot) -> None:
    """The simulator posts to this machine only; pending updates can be dropped."""
    with pytest.raises(BadRequest, match=r"(?i)bad webhook"):
        await bot.set_webhook("https://example.org/hook")
    simulator.resident().text("Hallo")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_waiting_for_a_bot_that_says_nothing(simulator: Simulator) -> None:
    """Waiting ends with the end of the chat in the message."""
    person = simulator.resident()
    person.text("Hallo?")
    with pytest.raises(NoAnswer, match="Hallo"):
        await person.wait_for(text="Guten Tag", timeout=0.05)


async def test_long_texts_go_out_in_parts(simulator: Simulator, bot: telegram.Bot) -> None:
    """As from Telegram's apps, 5,000 characters arrive as two messages."""
    simulator.resident().text("x" * 5000)
    assert [len(one.message.text) for one in await bot.get_updates()] == [4096, 904]


async def test_people_over_http(simulator: Simulator, bot: telegram.Bot) -> None:
    """Another program can make a person, act, wait for the answer, order failures."""
    async with httpx.AsyncClient(base_url=simulator.url, trust_env=False) as client:
        made = (await client.post("/sim/people", json={"name": "Mira"})).json()
        person = f"/sim/people/{made['person']}"
        await client.post(f"{person}/start", json={"payload": "abc"})
        picture = base64.b64encode(draw("bin")).decode()
        assert (await client.post(f"{person}/photo", json={"data": picture})).json()["message_id"] == 2
        assert [bool(one.message.photo) for one in await bot.get_updates()] == [False, True]
        await bot.send_message(made["chat_id"], "Danke")
        found = (await client.post(f"{person}/wait", json={"text": "danke"})).json()
        assert found["message"]["text"] == "Danke"
        assert (await client.post(f"{person}/wait", json={"text": "x", "timeout": 0.01})).status_code == 408
        assert (await client.post(f"{person}/fly", json={})).status_code == 404
        assert (await client.post("/sim/people/0/text", json={"text": "x"})).status_code == 404
        assert (await client.post(f"{person}/text", json={"wrong": "x"})).status_code == 400
        await client.post("/sim/faults", json={"method": "getMe", "code": 500})
        assert (await client.get(f"/bot{simulator.bot_token}/getMe")).status_code == 500


async def test_page_is_for_this_machine_only(simulator: Simulator) -> None:
    """Foreign host names and origins are refused, and so is any other host to listen on."""
    async with httpx.AsyncClient(base_url=simulator.url, trust_env=False) as client:
        page = await client.get("/")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert (await client.get("/", headers={"Host": "evil.example"})).status_code == 403
        stolen = await client.post(
            "/sim/people", json={"name": "x"}, headers={"Origin": "http://evil.example"}
        )
        assert stolen.status_code == 403
        assert (await client.get("/../server.py")).status_code == 404
        for name in SAMPLES:
            assert (await client.get(f"/sim/samples/{name}.jpg")).content.startswith(b"\xff\xd8")
    with pytest.raises(SettingError):
        Simulator(host="192.0.2.1")
    with pytest.raises(SettingError):
        await Simulator(port=simulator.port).__aenter__()
