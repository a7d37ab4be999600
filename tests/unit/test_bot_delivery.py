"""The outbox reaches Telegram: in order, through every kind of trouble, one chat's trouble being its own."""

import asyncio
import logging
import threading
from collections import defaultdict
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot import delivery as module
from bot.delivery import LONGEST_RETRY, Delivery
from bot.limits import Pace
from desk.notices import Notice, NoticeKind, Undeliverable
from tests.builders import NOW
from tests.fakes import FakeClock, MemoryStorage, Row


class FakeSender:
    """Takes down what was sent; for each key a list of errors comes first."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.tried: list[str] = []
        self.errors: dict[str, list[Exception]] = defaultdict(list)

    async def send(self, notice: Notice) -> int:
        self.tried.append(notice.key)
        await asyncio.sleep(0)
        if self.errors[notice.key]:
            raise self.errors[notice.key].pop(0)
        self.sent.append(notice.key)
        return len(self.sent)


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage(zone=ZoneInfo("Europe/Berlin"), clock=FakeClock(NOW))


@pytest.fixture
def sender() -> FakeSender:
    return FakeSender()


@pytest.fixture
def delivery(storage: MemoryStorage, sender: FakeSender) -> Delivery:
    async def no_wait(_seconds: float) -> None:
        return

    return Delivery(storage=storage, sender=sender, pace=Pace(sleep=no_wait))


def put(storage: MemoryStorage, *keys: str, kind: NoticeKind = NoticeKind.MESSAGE) -> None:
    """Put messages into the outbox; the part of a key before the slash is its chat."""
    notices = [
        Notice(key=key, chat=key.partition("/")[0], kind=kind, content={"text": "geheim"}) for key in keys
    ]
    with storage.work() as work:
        work.outbox.put(notices)


def row(storage: MemoryStorage, key: str) -> Row:
    return next(row for row in storage.kept.rows if row.notice.key == key)


async def test_everything_arrives_once_and_in_order(delivery, storage, sender) -> None:
    """Each chat gets its messages in the order they were put, and none twice."""
    put(storage, "7/1", "8/1", "7/2", "8/2", "7/3")
    await delivery.finish()
    await delivery.finish()
    assert [key for key in sender.sent if key.startswith("7")] == ["7/1", "7/2", "7/3"]
    assert [key for key in sender.sent if key.startswith("8")] == ["8/1", "8/2"]
    assert all(one.settled and one.message_id for one in storage.kept.rows)


@pytest.mark.parametrize(
    "error", [Forbidden("blocked"), BadRequest("chat not found"), FileNotFoundError("a.jpg")]
)
async def test_what_can_never_arrive_is_given_up(delivery, storage, sender, error: Exception, caplog) -> None:
    """A blocked bot, a message Telegram refuses, a photo that is gone: noted, and the next message goes."""
    put(storage, "7/1", "7/2", kind=NoticeKind.CARD)
    sender.errors["7/1"] = [error]
    await delivery.finish()
    assert row(storage, "7/1").failure == type(error).__name__
    assert sender.sent == ["7/2"]
    assert "geheim" not in caplog.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


@pytest.mark.parametrize("wait", [30, timedelta(seconds=30)])
async def test_telegram_says_how_long_to_wait(delivery, storage, sender, wait) -> None:
    """After "retry after 30" nothing goes to that chat for 30 seconds; then everything does, in order."""
    put(storage, "7/1", "7/2")
    sender.errors["7/1"] = [RetryAfter(wait)]
    await delivery.finish()
    assert sender.tried == ["7/1"]
    storage.clock.forward(seconds=29)
    await delivery.finish()
    assert sender.tried == ["7/1"]
    storage.clock.forward(seconds=1)
    await delivery.finish()
    assert sender.sent == ["7/1", "7/2"]


@pytest.mark.parametrize(
    "error", [NetworkError("away"), TimedOut(), OSError("away"), RuntimeError("anything")]
)
async def test_pauses_grow_while_something_is_in_the_way(delivery, storage, sender, error: Exception) -> None:
    """The pause doubles from one second up to five minutes; no message is lost, none overtakes."""
    put(storage, "7/1", "7/2")
    sender.errors["7/1"] = [error] * 12
    pauses = []
    for _ in range(12):
        await delivery.finish()
        pause = row(storage, "7/1").due_at - storage.clock()
        pauses.append(pause.total_seconds())
        storage.clock.now += pause
    assert pauses[:4] == [1, 2, 4, 8]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_RETRY.total_seconds()
    await delivery.finish()
    assert sender.sent == ["7/1", "7/2"]


async def test_a_letter_that_can_not_be_made_into_a_message_is_given_up(delivery, storage, sender) -> None:
    """After some tries it makes room for what waits behind it in the same chat."""
    put(storage, "7/1", "7/2")
    sender.errors["7/1"] = [KeyError("text")] * 20
    for _ in range(12):
        await delivery.finish()
        storage.clock.now += LONGEST_RETRY
    assert sender.sent == ["7/2"]
    assert row(storage, "7/1").failure == "KeyError"


async def test_a_refused_token_makes_delivery_wait(delivery, storage, sender, caplog) -> None:
    """With a wrong token nothing is given up; it is said, without the token."""
    put(storage, "7/1")
    sender.errors["7/1"] = [InvalidToken("123:secret")]
    await delivery.finish()
    assert not row(storage, "7/1").settled
    assert "secret" not in caplog.text
    storage.clock.now += LONGEST_RETRY
    await delivery.finish()
    assert sender.sent == ["7/1"]


async def test_one_chats_trouble_holds_up_nobody_else(delivery, storage, sender) -> None:
    """While one chat can't be reached the others get everything."""
    put(storage, "7/1", "8/1", "7/2", "8/2")
    sender.errors["7/1"] = [NetworkError("away")]
    await delivery.finish()
    assert sender.sent == ["8/1", "8/2"]


async def test_a_slow_chat_holds_up_nobody_else(storage, sender) -> None:
    """While one chat's message hangs the others get theirs."""
    hanging = asyncio.Event()

    class Slow(FakeSender):
        async def send(self, notice: Notice) -> int:
            if notice.chat == "7":
                await hanging.wait()
            return await super().send(notice)

    slow = Slow()
    delivery = Delivery(storage=storage, sender=slow, pace=Pace())
    put(storage, "7/1", "8/1")
    task = asyncio.create_task(delivery.finish())
    while slow.sent != ["8/1"]:
        await asyncio.sleep(0.001)
    hanging.set()
    await task
    assert slow.sent == ["8/1", "7/1"]


async def test_new_rows_are_delivered_as_soon_as_it_is_woken(delivery, storage, sender) -> None:
    """A running delivery notices what is put later, well before it would look by itself."""
    running = asyncio.create_task(delivery.run())
    try:
        for key in ("7/1", "7/2"):
            put(storage, key)
            delivery.wake()
            async with asyncio.timeout(module.LOOK_AGAIN / 2):
                while key not in sender.sent:
                    await asyncio.sleep(0.001)
    finally:
        running.cancel()
    assert sender.sent == ["7/1", "7/2"]


async def test_a_look_that_was_overtaken_sends_nothing_twice(storage, sender) -> None:
    """A look at the outbox that began while a message was on its way does not send that message again."""

    class Overtaken(MemoryStorage):
        """Its second look is held back after reading, until the message has long arrived."""

        def __init__(self) -> None:
            super().__init__(zone=storage.zone, clock=storage.clock)
            self.looks, self.let_go = 0, threading.Event()

    slow = Overtaken()
    arriving = asyncio.Event()

    class Waiting(FakeSender):
        async def send(self, notice: Notice) -> int:
            await arriving.wait()
            return await super().send(notice)

    waiting = Waiting()
    delivery = Delivery(storage=slow, sender=waiting, pace=Pace())
    reading = delivery._open

    def held_back():
        found = reading()
        slow.looks += 1
        if slow.looks == 2:
            slow.let_go.wait(5)
        return found

    delivery._open = held_back
    put(slow, "7/1")
    running = asyncio.create_task(delivery.run())
    try:
        while "7" not in delivery.busy:
            await asyncio.sleep(0.001)
        delivery.wake()
        while slow.looks < 2:
            await asyncio.sleep(0.001)
        arriving.set()
        while delivery.busy:
            await asyncio.sleep(0.001)
        slow.let_go.set()
        while slow.looks < 3:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)
    finally:
        slow.let_go.set()
        running.cancel()
    assert waiting.sent == ["7/1"]


async def test_a_database_that_is_away_is_no_busy_loop(
    delivery, storage, sender, monkeypatch, caplog
) -> None:
    """When an arrival can't be written down delivery goes on, and does not send the same again and again at once."""
    put(storage, "7/1")
    real = delivery._arrived

    def broken(*_: object) -> None:
        raise OSError("database is away")

    monkeypatch.setattr(delivery, "_arrived", broken)
    running = asyncio.create_task(delivery.run())
    try:
        await asyncio.sleep(0.2)
        assert sender.tried == ["7/1"]
        monkeypatch.setattr(delivery, "_arrived", real)
        delivery.wake()
        async with asyncio.timeout(1):
            while not row(storage, "7/1").settled:
                await asyncio.sleep(0.001)
    finally:
        running.cancel()
    assert "OSError" in caplog.text
    assert "geheim" not in caplog.text


async def test_mailboxes_are_reached_by_post(storage, sender) -> None:
    """What is for a mailbox goes to the post and counts for nothing in Telegram's pace; the rest to Telegram."""
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    post = FakeSender()
    delivery = Delivery(storage=storage, sender=sender, pace=Pace(sleep=wait), post=post)
    put(storage, *(f"mail:1/{number}" for number in range(40)), "7/1")
    await delivery.finish()
    assert post.sent == [f"mail:1/{number}" for number in range(40)]
    assert sender.sent == ["7/1"]
    assert waited == []


async def test_what_the_post_will_never_deliver_is_given_up(storage, sender, caplog) -> None:
    """A refused mail is settled with the name of its error, and the next one goes."""

    class Refused(Undeliverable):
        pass

    post = FakeSender()
    post.errors["mail:1/1"] = [Refused("geheim@x.example")]
    delivery = Delivery(storage=storage, sender=sender, pace=Pace(), post=post)
    put(storage, "mail:1/1", "mail:1/2", kind=NoticeKind.CARD)
    await delivery.finish()
    assert row(storage, "mail:1/1").failure == "Refused"
    assert post.sent == ["mail:1/2"]
    assert "geheim" not in caplog.text


async def test_a_hanging_post_holds_up_no_telegram(storage, sender) -> None:
    """While every mail hangs, Telegram's chats get all of theirs."""
    hanging = asyncio.Event()

    class Hanging(FakeSender):
        async def send(self, notice: Notice) -> int:
            await hanging.wait()
            return await super().send(notice)

    post = Hanging()
    delivery = Delivery(storage=storage, sender=sender, pace=Pace(), post=post)
    put(storage, *(f"mail:{number}/1" for number in range(30)), "7/1", "7/2", "8/1")
    task = asyncio.create_task(delivery.finish())
    async with asyncio.timeout(5):
        while len(sender.sent) < 3:
            await asyncio.sleep(0.001)
    assert post.sent == []
    hanging.set()
    await task
    assert len(post.sent) == 30


async def test_without_a_post_mail_is_undeliverable(delivery, storage, sender) -> None:
    """A worker that can't send mail gives up what is for mailboxes instead of bothering Telegram with it."""
    put(storage, "mail:1/1")
    await delivery.finish()
    assert sender.tried == []
    assert row(storage, "mail:1/1").failure == "NoPost"
