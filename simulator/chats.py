import asyncio
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

MEMBER, ADMINISTRATOR, LEFT, KICKED = "member", "administrator", "left", "kicked"


@dataclass(eq=False)
class Message:
    """A message and who wrote it; `revision` is the chat's count at its last change.

    `silent` tells that it arrived without a sound, which the Bot API keeps to itself.
    """

    body: Json
    bot_id: int | None
    revision: int
    created: int
    silent: bool = False

    @property
    def id(self) -> int:
        """The message's number within its chat."""
        return int(self.body["message_id"])


@dataclass(eq=False)
class Chat:
    """A private chat (one per bot and user) or a group (shared by its bots).

    `head` is the Bot API's chat object. `members` maps bot ids to their standing; a bot missing there was
    never let in. In a private chat "kicked" means blocked. `keyboard` is the reply keyboard now shown.
    """

    head: Json
    members: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: Json | None = None
    last_id: int = 0
    revision: int = 0
    moved_to: int | None = None
    toasts: list[Json] = field(default_factory=list)
    listeners: set[asyncio.Queue[Json | None]] = field(default_factory=set)

    @property
    def id(self) -> int:
        """Positive for a private chat (then it is the user's id), negative for a group."""
        return int(self.head["id"])

    @property
    def private(self) -> bool:
        """Whether this is a chat between one person and one bot."""
        return bool(self.head["type"] == "private")

    def add(self, body: Json, *, bot_id: int | None, silent: bool = False) -> Message:
        """Append a message under the next number and show it to everybody who looks."""
        self.last_id += 1
        full = {"message_id": self.last_id, **body, "chat": self.head}
        self.revision += 1
        message = Message(
            body=full, bot_id=bot_id, revision=self.revision, created=self.revision, silent=silent
        )
        self.messages[self.last_id] = message
        self.publish({"type": "message", **view(message)})
        return message

    def changed(self, message: Message) -> None:
        """Show a changed message to everybody who looks."""
        self.revision += 1
        message.revision = self.revision
        self.publish({"type": "message", **view(message)})

    def remove(self, message_id: int) -> None:
        """Delete a message for everybody."""
        del self.messages[message_id]
        self.publish({"type": "deleted", "message_id": message_id})

    def show_keyboard(self, keyboard: Json | None) -> None:
        """Put a reply keyboard up or take it away."""
        self.keyboard = keyboard
        self.publish({"type": "keyboard", "keyboard": keyboard})

    def toast(self, toast: Json) -> None:
        """Show the answer to a pressed button."""
        self.toasts.append(toast)
        self.revision += 1
        self.publish({"type": "toast", **toast})

    def publish(self, event: Json | None) -> None:
        """Hand an event to all listeners; None tells them that the server stops."""
        for listener in self.listeners:
            listener.put_nowait(event)


def view(message: Message) -> Json:
    """What a person's app knows about a message: the body and whether a bot wrote it."""
    return {"message": message.body, "from_bot": message.bot_id is not None}
