import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from simulator.chats import Chat, Json, Message, view


class NoAnswer(AssertionError):  # noqa: N818 -- reads as the fact it states
    """The bot did not send in time what was waited for; the message shows the end of the chat."""


@dataclass(frozen=True)
class Received:
    """A message as a person sees it at this moment (edits included)."""

    body: Json
    from_bot: bool

    @property
    def id(self) -> int:
        """Its number in the chat."""
        return int(self.body["message_id"])

    @property
    def text(self) -> str:
        """Text or caption."""
        return str(self.body.get("text") or self.body.get("caption") or "")

    @property
    def buttons(self) -> list[str]:
        """Labels of the inline buttons, row by row."""
        return [str(button["text"]) for button in self.inline()]

    @property
    def photo(self) -> list[Json]:
        """The photo's sizes, empty when there is no photo."""
        return list(self.body.get("photo", []))

    @property
    def location(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, also of a venue."""
        point = self.body.get("location")
        return (float(point["latitude"]), float(point["longitude"])) if point else None

    @property
    def edited(self) -> bool:
        """Whether it was changed after sending."""
        return "edit_date" in self.body

    @property
    def album(self) -> str | None:
        """The id that photos of one album share."""
        return self.body.get("media_group_id")

    def inline(self) -> list[Json]:
        """The inline buttons as Bot API objects."""
        return [
            button for row in self.body.get("reply_markup", {}).get("inline_keyboard", []) for button in row
        ]


def fits(
    message: Received,
    *,
    text: str | None = None,
    button: str | None = None,
    photo: bool | None = None,
    location: bool | None = None,
    edited: bool | None = None,
) -> bool:
    """Whether a message contains the text, has a button containing the label, is a photo, a point, edited."""
    checks: list[bool] = []
    if text is not None:
        checks.append(text.lower() in message.text.lower())
    if button is not None:
        checks.append(any(button.lower() in label.lower() for label in message.buttons))
    wanted = (
        (photo, bool(message.photo)),
        (location, message.location is not None),
        (edited, message.edited),
    )
    checks += [expected == found for expected, found in wanted if expected is not None]
    return all(checks)


@asynccontextmanager
async def listening(chat: Chat) -> AsyncIterator[asyncio.Queue[Json | None]]:
    """A queue that gets every event of a chat while the block runs."""
    queue: asyncio.Queue[Json | None] = asyncio.Queue()
    chat.listeners.add(queue)
    try:
        yield queue
    finally:
        chat.listeners.discard(queue)


async def until(chat: Chat, find: Callable[[], Any], *, timeout: float, wanted: str) -> Any:  # noqa: ASYNC109
    """Return what `find` finds as soon as it finds something; NoAnswer after `timeout` seconds."""
    async with listening(chat) as queue:
        try:
            async with asyncio.timeout(timeout):
                while (found := find()) is None:
                    await queue.get()
                return found
        except TimeoutError:
            raise NoAnswer(
                f"{wanted} not seen within {timeout:g} s; the chat ends:\n{ending(chat)}"
            ) from None


def ending(chat: Chat, count: int = 6) -> str:
    """The last messages of a chat in a few lines, for people who look for a mistake."""
    lines = []
    for message in list(chat.messages.values())[-count:]:
        seen = received(message)
        lines.append(
            f"  {'bot' if seen.from_bot else 'person'}: {seen.text or sorted(seen.body)} {seen.buttons}"
        )
    return "\n".join(lines) or "  (empty)"


def received(message: Message) -> Received:
    """A stored message as people see it."""
    seen = view(message)
    return Received(body=seen["message"], from_bot=seen["from_bot"])
