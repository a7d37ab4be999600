from typing import Any

from simulator.chats import Chat, Json
from simulator.received import Received, fits, received, until
from simulator.world import Bot, World

PATIENCE = 10.0


class Watcher:
    """Somebody looking at a chat: what stands there, and waiting for what the bot sends next."""

    def __init__(self, world: World, bot: Bot, user: Json, chat: Chat) -> None:
        self.world = world
        self.bot = bot
        self.user = user
        self.chat = chat
        self._read = 0
        self._acted = 0

    @property
    def chat_id(self) -> int:
        """The chat's number as the bot knows it."""
        return self.chat.id

    def messages(self, *, newest_first: bool = False, from_bot: bool | None = None) -> list[Received]:
        """All messages of the chat in their present state."""
        seen = [received(message) for message in self.chat.messages.values()]
        kept = [one for one in seen if from_bot in (None, one.from_bot)]
        return kept[::-1] if newest_first else kept

    @property
    def toasts(self) -> list[str]:
        """The notices shown after this person's presses, oldest first."""
        return [str(toast["text"]) for toast in self.chat.toasts if toast["user_id"] == self.user["id"]]

    @property
    def keyboard(self) -> list[str]:
        """Labels of the reply keyboard now shown."""
        return [button["text"] for row in (self.chat.keyboard or {}).get("keyboard", []) for button in row]

    def _at(self, message_id: int) -> Received:
        return received(self.chat.messages[message_id])

    async def next_message(self, *, timeout: float = PATIENCE) -> Received:  # noqa: ASYNC109
        """The bot's oldest message not returned before; waits up to `timeout` seconds, then NoAnswer."""

        def find() -> Received | None:
            for message in self.chat.messages.values():
                if message.bot_id is not None and message.created > self._read:
                    self._read = message.created
                    return received(message)
            return None

        return await self._until(find, timeout, "a message")

    async def wait_for(
        self,
        *,
        after: int | None = None,
        timeout: float = PATIENCE,  # noqa: ASYNC109
        **wanted: Any,
    ) -> Received:
        """The first bot message that fits (see `received.fits`), sent or changed since the last own action.

        `after` is a message id: only later messages count, whenever they came. NoAnswer after `timeout`
        seconds.
        """

        def find() -> Received | None:
            for message in self.chat.messages.values():
                new = message.revision > self._acted if after is None else message.id > after
                if message.bot_id is not None and new and fits(received(message), **wanted):
                    return received(message)
            return None

        return await self._until(find, timeout, f"a message with {wanted}")

    async def wait_for_toast(self, *, text: str = "", timeout: float = PATIENCE) -> str:  # noqa: ASYNC109
        """The newest notice containing `text`."""
        find = lambda: next((one for one in self.toasts[::-1] if text.lower() in one.lower()), None)  # noqa: E731
        return str(await until(self.chat, find, timeout=timeout, wanted=f"a notice with {text!r}"))

    async def _until(self, find: Any, timeout: float, wanted: str) -> Received:  # noqa: ASYNC109
        found = await until(self.chat, find, timeout=timeout, wanted=wanted)
        assert isinstance(found, Received)  # noqa: S101 -- tells the type checker
        return found
