import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from simulator.chats import KICKED, LEFT, Chat, Json, Message
from simulator.errors import bad_request, forbidden, not_found, unauthorized
from simulator.faults import Faults
from simulator.files import Files
from simulator.limits import Gate, Limits
from simulator.updates import UpdateQueue
from simulator.webhook import Webhook

TOKEN_FORM = re.compile(r"\d+:[A-Za-z0-9_-]+")
FIRST_UPDATE_ID = 700_000_001
FIRST_USER_ID = 500_000_001
FIRST_GROUP_ID = -400_000_001
SUPERGROUPS = -1_000_000_000_000


@dataclass(eq=False)
class Query:
    """A pressed inline button waiting for its answer."""

    chat: Chat
    user_id: int
    pressed_at: float


@dataclass(eq=False)
class Bot:
    """One bot: its updates, its private chats by user id, and what it told the server about itself."""

    token: str
    username: str
    name: str
    privacy: bool
    updates: UpdateQueue
    webhook: Webhook | None = None
    private: dict[int, Chat] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The number before the colon of the token."""
        return int(self.token.partition(":")[0])

    @property
    def user(self) -> Json:
        """The bot as a Bot API user object."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}


class World:
    """Everything the simulated Telegram knows; one object per server, all in memory."""

    def __init__(
        self,
        *,
        limits: Limits,
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits
        self.clock = clock
        self.ticks = ticks
        self.gate = Gate(limits)
        self.files = Files()
        self.faults = Faults()
        self.bots: dict[str, Bot] = {}
        self.users: dict[int, Json] = {}
        self.groups: dict[int, Chat] = {}
        self.counter = 0

    def now(self) -> int:
        """The time of day as the Bot API writes it, Unix seconds."""
        return int(self.clock())

    def count(self) -> int:
        """A number never given before, for whatever needs an identifier."""
        self.counter += 1
        return self.counter

    def add_bot(self, token: str, *, username: str, name: str, privacy: bool = True) -> Bot:
        """Make a bot known; with `privacy` it sees in groups what Telegram shows bots by default."""
        queue = UpdateQueue(first_id=FIRST_UPDATE_ID)
        bot = Bot(token=token, username=username, name=name, privacy=privacy, updates=queue)
        self.bots[token] = bot
        return bot

    def bot(self, token: str) -> Bot:
        """Return the bot of a token; 401 for an unknown one, 404 for what is no token."""
        if not TOKEN_FORM.fullmatch(token):
            raise not_found()
        if token not in self.bots:
            raise unauthorized()
        return self.bots[token]

    def bot_by_id(self, bot_id: int) -> Bot:
        """Return a bot that is known to exist."""
        return next(bot for bot in self.bots.values() if bot.id == bot_id)

    def add_user(self, name: str, *, user_id: int | None, username: str | None, language: str) -> Json:
        """Make a person known to Telegram; returns the Bot API's user object."""
        number = FIRST_USER_ID + self.count() if user_id is None else user_id
        user = {"id": number, "is_bot": False, "first_name": name, "language_code": language}
        self.users[number] = user | ({"username": username} if username else {})
        return self.users[number]

    def private_chat(self, bot: Bot, user: Json) -> Chat:
        """The chat between a person and a bot; it exists, empty, before the person presses start."""
        head = {key: user[key] for key in ("id", "first_name", "username") if key in user}
        return bot.private.setdefault(int(user["id"]), Chat(head=head | {"type": "private"}))

    def add_group(self, title: str, *, supergroup: bool = False) -> Chat:
        """Found a group without members."""
        number = (SUPERGROUPS if supergroup else FIRST_GROUP_ID) - self.count()
        kind = "supergroup" if supergroup else "group"
        chat = self.groups[number] = Chat(head={"id": number, "title": title, "type": kind})
        return chat

    def chat_for(self, bot: Bot, chat_id: int) -> Chat:
        """Return a chat this bot may write to, or raise Telegram's reason why not."""
        chat = bot.private.get(chat_id) or self.groups.get(chat_id)
        if chat is None:
            raise forbidden(_NEVER_STARTED) if chat_id in self.users else bad_request("chat not found")
        if chat.moved_to is not None:
            raise bad_request(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to
            )
        standing = chat.members.get(bot.id)
        if standing is None:
            raise forbidden(_NEVER_STARTED) if chat.private else bad_request("chat not found")
        if standing in (KICKED, LEFT):
            raise forbidden(_refusal(chat, standing))
        return chat

    def chats(self) -> Iterator[Chat]:
        """All chats there are."""
        for bot in self.bots.values():
            yield from bot.private.values()
        yield from self.groups.values()

    def tell_bots(self, chat: Chat, kind: str, message: Message) -> int | None:
        """Queue a person's message for every bot that may see it; returns the last update's id."""
        update_id = None
        for bot in self.bots.values():
            if (
                bot.id in chat.members
                and chat.members[bot.id] not in (KICKED, LEFT)
                and sees(bot, chat, message)
            ):
                update_id = bot.updates.put(kind, message.body, lane=chat.id)
        return update_id

    def close(self) -> None:
        """Send everybody who waits home."""
        for bot in self.bots.values():
            bot.updates.close()
        for chat in self.chats():
            chat.publish(None)

    async def stop_webhooks(self) -> None:
        """End all webhook deliveries."""
        await asyncio.gather(*(bot.webhook.stop() for bot in self.bots.values() if bot.webhook))


_NEVER_STARTED = "bot can't initiate conversation with a user"
_SERVICE = (
    "new_chat_members",
    "left_chat_member",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "group_chat_created",
)


def _refusal(chat: Chat, standing: str) -> str:
    if chat.private:
        return "bot was blocked by the user"
    place = "supergroup chat" if chat.head["type"] == "supergroup" else "group chat"
    return f"bot was kicked from the {place}" if standing == KICKED else f"bot is not a member of the {place}"


def sees(bot: Bot, chat: Chat, message: Message) -> bool:
    """Privacy mode: in groups a bot sees commands, replies to itself, mentions and service messages."""
    if chat.private or not bot.privacy or chat.members[bot.id] == "administrator":
        return True
    body = message.body
    text = str(body.get("text") or body.get("caption") or "")
    replied = body.get("reply_to_message", {}).get("from", {}).get("id")
    command = text.startswith("/") and (("@" not in text.split(maxsplit=1)[0]) or f"@{bot.username}" in text)
    return (
        replied == bot.id or command or f"@{bot.username}" in text or any(name in body for name in _SERVICE)
    )
