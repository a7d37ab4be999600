import asyncio
import logging
from typing import Any

import pytest
from telegram import Update

from bot import queues
from bot.queues import ALBUM_WAIT, TRIES, ChatQueues
from tests.builders import message_update


class Front:
    """A front door that writes down what it is given; it fails as often as it is told to."""

    def __init__(self) -> None:
        self.handled: list[list[int]] = []
        self.given_up: list[int] = []
        self.failures: dict[int, int] = {}
        self.held: dict[str, asyncio.Event] = {}

    async def handle(self, updates: list[Update]) -> None:
        first = updates[0].update_id
        await asyncio.sleep(0)
        chat = str(updates[0].effective_chat.id) if updates[0].effective_chat else ""
        if chat in self.held:
            await self.held[chat].wait()
        if self.failures.get(first, 0) > 0:
            self.failures[first] -= 1
            raise RuntimeError("what was written: geheim")
        self.handled.append([update.update_id for update in updates])

    async def give_up(self, update_ids: list[int], _chat: str) -> None:
        self.given_up += update_ids


@pytest.fixture
def front() -> Front:
    return Front()


@pytest.fixture
def chats(front: Front, monkeypatch: pytest.MonkeyPatch) -> ChatQueues:
    monkeypatch.setattr(queues, "RETRY", 0.001)
    monkeypatch.setattr(queues, "ALBUM_WAIT", 0.05)
    return ChatQueues(None, handle=front.handle, give_up=front.give_up)


async def put(chats: ChatQueues, *updates: dict[str, Any]) -> None:
    for update in updates:
        await chats.put(update)


def text(update_id: int, chat: int = 7) -> dict[str, Any]:
    return message_update(update_id, chat=chat, text="geheim")


def picture(update_id: int, album: str | None = "a", chat: int = 7) -> dict[str, Any]:
    size = {"file_id": f"f{update_id}", "file_unique_id": "u", "width": 1, "height": 1}
    album_id = {"media_group_id": album} if album else {}
    return message_update(update_id, chat=chat, photo=[size], **album_id)


async def test_a_chats_updates_come_one_by_one_in_order(chats: ChatQueues, front: Front) -> None:
    """What one chat sends is handled in its order, never two at a time."""
    await put(chats, *map(text, range(1, 30)))
    await chats.drained()
    assert front.handled == [[index] for index in range(1, 30)]
    assert not chats.tasks
    assert not chats.waiting


async def test_different_chats_do_not_wait_for_each_other(chats: ChatQueues, front: Front) -> None:
    """While one chat's update is being handled another chat's is too."""
    front.held["7"] = asyncio.Event()
    await put(chats, text(1, chat=7), text(2, chat=7), text(3, chat=8))
    while not front.handled:
        await asyncio.sleep(0)
    assert front.handled == [[3]]
    front.held["7"].set()
    await chats.drained()
    assert front.handled == [[3], [1], [2]]


async def test_an_album_is_one(chats: ChatQueues, front: Front) -> None:
    """The photos of an album are handled together, also when they come in separately."""
    await put(chats, text(1), picture(2), picture(3))
    await asyncio.sleep(0.01)
    await put(chats, picture(4))
    await chats.drained()
    assert front.handled == [[1], [2, 3, 4]]


async def test_an_album_ends_with_the_next_message(chats: ChatQueues, front: Front) -> None:
    """A text, a single photo or another album ends an album without any waiting."""
    await put(chats, picture(1), picture(2), text(3), picture(4, "b"), picture(5, "c"), picture(6, None))
    await chats.drained()
    assert front.handled == [[1, 2], [3], [4], [5], [6]]


async def test_albums_of_two_chats_stay_apart(chats: ChatQueues, front: Front) -> None:
    """The same album id in two chats is two albums."""
    await put(chats, picture(1, chat=7), picture(2, chat=8), picture(3, chat=7))
    await chats.drained()
    assert sorted(front.handled) == [[1, 3], [2]]


async def test_a_failed_update_is_tried_again_before_the_next(
    chats: ChatQueues, front: Front, caplog
) -> None:
    """Trouble with the database costs time, not order; the log does not quote anybody."""
    front.failures[1] = TRIES - 1
    with caplog.at_level(logging.DEBUG):
        await put(chats, text(1), text(2))
        await chats.drained()
    assert front.handled == [[1], [2]]
    assert front.given_up == []
    assert "geheim" not in caplog.text


async def test_a_hopeless_update_is_given_up(chats: ChatQueues, front: Front) -> None:
    """What fails every time blocks nothing: it is given up, whole album and all, and the next one is handled."""
    front.failures[1] = TRIES
    await put(chats, picture(1), picture(2), text(3))
    await chats.drained()
    assert front.given_up == [1, 2]
    assert front.handled == [[3]]


async def test_giving_up_that_fails_too_loses_nothing_else(front: Front, chats: ChatQueues) -> None:
    """With the database away for long, giving up fails as well; what waits behind it is still handled."""

    async def broken(_ids: list[int], _chat: str) -> None:
        raise OSError("away")

    chats.give_up = broken
    front.failures[1] = TRIES
    await put(chats, text(1), text(2))
    await chats.drained()
    assert front.handled == [[2]]


@pytest.mark.parametrize(
    "broken", [{"message": {"chat": 7}}, {"message": "x"}, {"callback_query": {"id": 1}}]
)
async def test_an_update_that_cannot_be_read_is_given_up_at_once(
    chats: ChatQueues, front: Front, broken: dict[str, Any]
) -> None:
    """Unexpected JSON from Telegram stops nobody."""
    await put(chats, {"update_id": 1, **broken}, text(2))
    await chats.drained()
    assert front.given_up == [1]
    assert front.handled == [[2]]


async def test_an_update_without_a_chat_is_handled(chats: ChatQueues, front: Front) -> None:
    """Kinds of update that belong to no chat get through as well."""
    await put(chats, {"update_id": 1})
    await chats.drained()
    assert front.handled == [[1]]


def test_albums_are_waited_for_long_enough() -> None:
    """Telegram sends an album's messages within half a second; nobody waits for a second."""
    assert 0.5 <= ALBUM_WAIT <= 1
