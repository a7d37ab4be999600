"""Cards in Telegram: which message is updated, and what a chat sees that no longer works on the ticket."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from bot.sending import Sender
from desk.notices import Notice, NoticeKind
from storage.photos import PhotoFolder
from storage.wiring import House
from tests.caretakers import DESK, NORTH, SOUTH, Team


@dataclass
class FakeBot:
    """Takes down what is sent and edited."""

    sent: list[tuple[str, str, Any]] = field(default_factory=list)
    edited: list[tuple[int, str, Any]] = field(default_factory=list)

    async def send_message(self, chat: str, text: str, *, reply_markup: Any) -> SimpleNamespace:
        self.sent.append((chat, text, reply_markup))
        return SimpleNamespace(message_id=len(self.sent) + 100)

    async def edit_message_text(self, text: str, _chat: str, message: int, *, reply_markup: Any) -> None:
        self.edited.append((message, text, reply_markup))


@dataclass
class Post:
    """Delivers the outbox's cards to a fake bot."""

    team: Team
    bot: FakeBot
    sender: Sender

    async def deliver(self) -> None:
        """Send every card and update that waits; everything else counts as sent."""
        storage = self.team.house.storage
        while True:
            with storage.look() as work:
                letters = work.outbox.open()
            if not letters:
                return
            for letter in letters:
                cards = letter.notice.kind in (NoticeKind.CARD, NoticeKind.CARD_UPDATE)
                message = await self.sender.send(letter.notice) if cards else None
                with storage.work() as work:
                    work.outbox.settle(letter.id, message_id=message)


@pytest.fixture
def post(house: House) -> Post:
    bot = FakeBot()
    sender = Sender(bot=bot, house=house, photos=PhotoFolder(folder=house.settings.state_dir))  # type: ignore[arg-type]
    return Post(team=Team(house), bot=bot, sender=sender)


@pytest.mark.asyncio
async def test_the_newest_card_of_a_chat_is_updated(post: Post) -> None:
    """After /ticket the fresh card is the one that follows the ticket's state."""
    number = post.team.reported().number
    await post.deliver()
    shown = post.team.write(f"/ticket {number}", chat=NORTH)
    assert shown is not None
    with post.team.house.storage.work() as work:
        work.outbox.put(shown.notices)
    await post.deliver()
    newest = len(post.bot.sent) + 100
    post.team.press(f"t:{number}:accept")
    await post.deliver()
    with post.team.house.storage.look() as work:
        assert work.outbox.card_message(number, NORTH) == newest
    assert newest in [message for message, _, _ in post.bot.edited]


@pytest.mark.asyncio
async def test_a_copy_that_stayed_behind_has_no_buttons(post: Post) -> None:
    """After it was handed over the old area's copies can't be pressed, the new area's and the coordination's can."""
    number = post.team.reported().number
    with post.team.house.storage.work() as work:
        work.outbox.put([Notice(key="desk", chat=DESK, kind=NoticeKind.CARD, ticket=number)])
    await post.deliver()
    assert all(markup is not None for _, _, markup in post.bot.sent)
    post.team.press(f"t:{number}:to:kray")
    before = len(post.bot.sent)
    await post.deliver()
    with post.team.house.storage.look() as work:
        mine, theirs = work.outbox.card_message(number, NORTH), work.outbox.card_message(number, DESK)
    edited = {message: (text, markup) for message, text, markup in post.bot.edited}
    assert number in edited[mine or 0][0]
    assert edited[mine or 0][1] is None
    assert edited[theirs or 0][1] is not None
    ((chat, text, markup),) = post.bot.sent[before:]
    assert (chat, number in text) == (SOUTH, True)
    assert markup is not None
