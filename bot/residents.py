import asyncio
import logging
from dataclasses import dataclass

from telegram import Bot, Document, Message, Update
from telegram.error import BadRequest, TelegramError

from bot.incoming import Part, button_part, edited_part, photos_parts, simple_part, unsupported_part
from desk.notices import Notice, NoticeKind
from nlu.engine.engine import Engine
from nlu.engine.turn import Reply, Turn
from storage.photos import MOST_BYTES, BrokenImage, PhotoFolder

log = logging.getLogger(__name__)

PARTS = 64  # turns one batch of updates can make at most: an album of ten with a caption on each needs eleven
KEYBOARDS = ("request_location", "remove_keyboard")  # what a response's `custom` may say
PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a batch of updates leads to: messages to put into the outbox, and a toast for a pressed button.

    `registered` tells that the chat has become a caretaker's.
    """

    notices: list[Notice]
    toast: str | None = None
    registered: bool = False


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """The photos of some messages, and why the rest is none (keys of `texts/unsupported.yml`)."""

    photos: list[dict[str, str]]
    refused: list[str]


@dataclass(frozen=True, kw_only=True)
class ResidentChat:
    """A resident's side: updates become turns of the dialogue, its replies become notices."""

    bot: Bot
    engine: Engine
    photos: PhotoFolder

    async def answer(self, updates: list[Update], *, chat: str) -> Answer:
        """Take the turns of one update, or of an album's updates, and return what to say."""
        return await self.take(await self._parts(updates), updates=updates, chat=chat)

    async def take(self, parts: list[Part], *, updates: list[Update], chat: str) -> Answer:
        """Take these turns, which the updates were made into, and return what to say."""
        replies: list[Reply] = []
        last = updates[-1].update_id
        for index, part in enumerate(parts[:PARTS]):
            turn = Turn(
                chat=chat,
                update=last * PARTS + index,
                text=part.text,
                intent=part.intent,
                entities=part.entities,
            )
            replies += await self.engine.handle(turn)
        # Only a pressed button can be answered with a toast; otherwise it is a message like the others.
        pressed = updates[0].callback_query is not None
        toasts = [reply for reply in replies if pressed and reply.custom.get("toast")]
        said = [
            reply for reply in replies if (reply.text or reply.custom.get("venue")) and reply not in toasts
        ]
        notices = [_notice(reply, chat=chat, key=f"reply/{last}/{index}") for index, reply in enumerate(said)]
        return Answer(notices=notices, toast=toasts[0].text if toasts else None)

    async def _parts(self, updates: list[Update]) -> list[Part]:
        update = updates[0]
        if update.callback_query:
            return [button_part(update.callback_query.data or "")]
        if update.edited_message:
            part = edited_part(update.edited_message)
            return [part] if part else []
        messages = [update.message for update in updates if update.message]
        if any(message.photo or message.document for message in messages):
            pictures = await self.pictures(messages)
            captions = [(message.caption, message.message_id) for message in messages if message.caption]
            parts = photos_parts(pictures.photos, captions) if pictures.photos else []
            return [*parts, *map(unsupported_part, pictures.refused)]
        return [simple_part(message) for message in messages]

    async def pictures(self, messages: list[Message]) -> Pictures:
        """Return what photos and files these messages carry; images sent as files are stored."""
        photos: list[dict[str, str]] = []
        refused: list[str] = []
        for message in messages:
            if message.photo:
                photos.append({"file_id": message.photo[-1].file_id})
            elif message.animation or not message.document:
                refused.append("animation" if message.animation else "unknown")
            else:
                kept = await self._file(message.document)
                (photos if isinstance(kept, dict) else refused).append(kept)  # type: ignore[arg-type]
        return Pictures(photos=photos, refused=list(dict.fromkeys(refused)))

    async def _file(self, document: Document) -> dict[str, str] | str:
        """Return the stored picture, or what stands in the way (a key of `texts/unsupported.yml`)."""
        name = (document.file_name or "").lower()
        if (document.file_size or 0) > MOST_BYTES:
            return "too_big"
        if not (document.mime_type or "").startswith("image/") and not name.endswith(PICTURE_ENDINGS):
            return "document"
        try:
            file = await self.bot.get_file(document.file_id)
            data = bytes(await file.download_as_bytearray())
            return {"stored": await asyncio.to_thread(self.photos.keep, data)}
        except BadRequest as error:
            return "too_big" if "too big" in error.message else "broken_image"
        except BrokenImage:
            return "broken_image"


async def answer_button(bot: Bot, update: Update, *, toast: str | None) -> None:
    """Tell Telegram that a pressed button was heard; too late is fine, the effect has been stored."""
    if update.callback_query is None:
        return
    try:
        await bot.answer_callback_query(update.callback_query.id, toast)
    except TelegramError as error:
        log.info("a pressed button could not be answered: %s", type(error).__name__)


def _notice(reply: Reply, *, chat: str, key: str) -> Notice:
    if not reply.text:
        return Notice(key=key, chat=chat, kind=NoticeKind.MAP_POINT, content=reply.custom["venue"])
    content: dict[str, object] = {"text": reply.text}
    if reply.buttons:
        content["buttons"] = [[button.title, button.payload] for button in reply.buttons]
    content |= {name: True for name in KEYBOARDS if reply.custom.get(name)}
    return Notice(key=key, chat=chat, kind=NoticeKind.MESSAGE, content=content)
