import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST_SIDE = 2560  # pixels; what Telegram itself keeps of a photo at most
MOST_BYTES = 20 * 1024 * 1024  # what a bot may download (Bot API, getFile)
MOST_PIXELS = 50_000_000  # unpacked at once: 150 MB; a bigger JPEG is read at half or quarter size
JPEG_QUALITY = 85


class BrokenImage(Exception):  # noqa: N818
    """The bytes are no picture that can be opened."""


@dataclass(frozen=True, kw_only=True)
class PhotoFolder:
    """Keeps images that were sent as files: upright, without metadata (no camera, no GPS), as JPEG."""

    folder: Path

    def keep(self, data: bytes) -> str:
        """Store a picture and return its name; raises BrokenImage."""
        jpeg = as_jpeg(data)
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{token_hex(16)}.jpg"
        part = self.folder / f"{name}.part"
        part.write_bytes(jpeg)
        part.rename(self.folder / name)
        return name

    def read(self, name: str) -> bytes:
        """Return a stored picture; FileNotFoundError when it is gone."""
        return (self.folder / Path(name).name).read_bytes()

    def older_than(self, at: datetime) -> list[str]:
        """Return the pictures stored before a moment."""
        return [path.name for path in self.folder.glob("*.jpg") if path.stat().st_mtime < at.timestamp()]

    def remove(self, name: str) -> None:
        """Delete a stored picture; one that is gone already is fine."""
        (self.folder / Path(name).name).unlink(missing_ok=True)


def as_jpeg(data: bytes, *, side: int = LONGEST_SIDE) -> bytes:
    """Return the picture as a JPEG of at most `side` pixels a side; raises BrokenImage."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.draft("RGB", (side, side))
            if image.width * image.height > MOST_PIXELS:
                raise BrokenImage
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BrokenImage from error
    upright.thumbnail((side, side))
    upright.info.clear()  # a comment would be written along
    target = io.BytesIO()
    upright.save(target, "JPEG", quality=JPEG_QUALITY)
    return target.getvalue()
