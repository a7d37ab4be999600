"""Bytes of photos for what does not go through Telegram: from Telegram, or from the photo folder."""

from pathlib import Path
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError

from bot.photo_source import PhotoSource
from desk.tickets import Photo
from storage.photos import PhotoFolder
from tests.mailing import jpeg


class FakeBot:
    """Has one file."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    async def get_file(self, file_id: str) -> "FakeBot":
        if self.error:
            raise self.error
        assert file_id == "photo-1"
        return self

    async def download_as_bytearray(self) -> bytearray:
        return bytearray(b"bytes")


def source(folder: Path, error: Exception | None = None) -> PhotoSource:
    bot: Any = FakeBot(error)
    return PhotoSource(bot=bot, photos=PhotoFolder(folder=folder))


async def test_photos_come_from_where_they_are(tmp_path: Path) -> None:
    """Telegram's are fetched, stored ones are read."""
    name = PhotoFolder(folder=tmp_path).keep(jpeg())
    assert await source(tmp_path).read(Photo(file_id="photo-1")) == b"bytes"
    assert (await source(tmp_path).read(Photo(stored=name))).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("photo", "error", "seen"),
    [
        (Photo(file_id="x"), BadRequest("file is gone"), FileNotFoundError),
        (Photo(file_id="x"), NetworkError("away"), ConnectionError),
        (Photo(stored="gone.jpg"), None, FileNotFoundError),
    ],
)
async def test_gone_and_not_now_are_two_things(
    tmp_path: Path, photo: Photo, error: Exception | None, seen: type[Exception]
) -> None:
    """What is gone for good is a missing file; what Telegram can't give now may be asked for again."""
    with pytest.raises(seen):
        await source(tmp_path, error).read(photo)
