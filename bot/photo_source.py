from dataclasses import dataclass

from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from desk.tickets import Photo
from storage.photos import PhotoFolder


@dataclass(frozen=True, kw_only=True)
class PhotoSource:
    """Gets the bytes of photos for what does not go through Telegram."""

    bot: Bot
    photos: PhotoFolder

    async def read(self, photo: Photo) -> bytes:
        """Return a photo; FileNotFoundError when it is gone for good, ConnectionError when only not now."""
        if photo.file_id is None:
            return self.photos.read(photo.stored or "")
        try:
            file = await self.bot.get_file(photo.file_id)
            return bytes(await file.download_as_bytearray())
        except (BadRequest, Forbidden) as error:
            raise FileNotFoundError from error
        except TelegramError as error:
            raise ConnectionError(type(error).__name__) from error
