import hashlib
import io
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from simulator.errors import bad_request

# How file identifiers of the public server begin, and the folder of their file_path.
KINDS = {
    "Photo": ("AgACAgIAAxk", "photos", ".jpg"),
    "Document": ("BQACAgIAAxk", "documents", ".bin"),
    "Voice": ("AwACAgIAAxk", "voice", ".oga"),
    "Video": ("BAACAgIAAxk", "videos", ".mp4"),
    "Sticker": ("CAACAgIAAxk", "stickers", ".webp"),
}
# Longest edge in pixels of the sizes "s", "m", "x" and "y" Telegram keeps of a photo.
EDGES = (90, 320, 800, 1280)
LARGEST_SUM = 10_000
LARGEST_RATIO = 20


@dataclass(frozen=True)
class StoredFile:
    """A file in memory; `size` may be larger than `data` to stand for a file too big to keep."""

    id: str
    unique_id: str
    kind: str
    path: str
    data: bytes
    size: int


class Files:
    """All files of the simulated world, by identifier and by path."""

    def __init__(self) -> None:
        self.by_id: dict[str, StoredFile] = {}
        self.by_path: dict[str, StoredFile] = {}
        self.sizes: dict[str, list[dict[str, Any]]] = {}
        self._scaled: dict[str, list[tuple[int, int, bytes]]] = {}

    def add(self, data: bytes, *, kind: str, suffix: str = "", size: int | None = None) -> StoredFile:
        """Keep a file; the identifier is new each time, the unique one belongs to the content."""
        number = len(self.by_id) + 1
        prefix, folder, ending = KINDS[kind]
        digest = hashlib.sha256(data).digest()
        tail = urlsafe_b64encode(digest[:12] + number.to_bytes(8, "big") + digest[:25]).decode().rstrip("=")
        unique = "AQAD" + urlsafe_b64encode(digest[12:21]).decode()
        path = f"{folder}/file_{number}{suffix or ending}"
        length = len(data) if size is None else size
        stored = StoredFile(id=prefix + tail, unique_id=unique, kind=kind, path=path, data=data, size=length)
        self.by_id[stored.id] = self.by_path[path] = stored
        return stored

    def photo_sizes(self, data: bytes) -> list[dict[str, Any]]:
        """Return the PhotoSize objects of an image, smallest first; ValueError when it can't be read."""
        key = hashlib.sha256(data).hexdigest()
        if key not in self._scaled:
            self._scaled[key] = _scale(data)
        return self._keep(self._scaled[key])

    def unreadable_photo(self, data: bytes) -> list[dict[str, Any]]:
        """One PhotoSize around bytes that are no image, for tests of broken pictures."""
        return self._keep([(800, 600, data)])

    def _keep(self, parts: list[tuple[int, int, bytes]]) -> list[dict[str, Any]]:
        sizes = [_photo_size(self.add(part, kind="Photo"), width, height) for width, height, part in parts]
        self.sizes |= {size["file_id"]: sizes for size in sizes}
        return sizes

    def find(self, file_id: str, *, kind: str | None = None) -> StoredFile:
        """Return a file sent before; 400 for an unknown one or one of another kind."""
        stored = self.by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if kind is not None and stored.kind != kind:
            raise bad_request(f"can't use file of type {stored.kind} as {kind}")
        return stored


def _photo_size(stored: StoredFile, width: int, height: int) -> dict[str, Any]:
    return {
        "file_id": stored.id, "file_unique_id": stored.unique_id,
        "width": width, "height": height, "file_size": stored.size,
    }  # fmt: skip


def _scale(data: bytes) -> list[tuple[int, int, bytes]]:
    try:
        image = Image.open(io.BytesIO(data))
        image.draft("RGB", (EDGES[-1], EDGES[-1]))
        picture = image.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("not an image") from error
    sizes = []
    for smaller, edge in zip((0, *EDGES), EDGES, strict=False):
        if smaller and max(picture.size) <= smaller:
            break
        part = picture.copy()
        part.thumbnail((edge, edge))
        written = io.BytesIO()
        part.save(written, "JPEG", quality=85)
        sizes.append((*part.size, written.getvalue()))
    return sizes


def check_photo(data: bytes, *, largest: int) -> None:
    """Refuse what Telegram refuses as a bot's photo: too many bytes, odd dimensions, no image at all."""
    if len(data) > largest:
        raise bad_request(
            f"file of size {len(data)} bytes is too big for a photo; the maximum size is {largest} bytes"
        )
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    if width + height > LARGEST_SUM or max(width, height) > LARGEST_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
