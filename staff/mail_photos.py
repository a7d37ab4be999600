import io
from collections.abc import Iterable, Sequence

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 8 * 1024 * 1024  # of all photos of a mail; as base64 a third more
SIDES = (1600, 1280, 1024, 800, 640)  # pixels of the longest side, tried in this order
QUALITY = 80
MOST_PIXELS = 50_000_000  # unpacked at once: 150 MB


def fitting(photos: Iterable[bytes], *, most: int = MOST_BYTES) -> list[bytes]:
    """Return photos as JPEG that together have at most so many bytes; what is no picture is left out.

    They stay as they are when they fit; else each is scaled down to its share, or left out when it can't be.
    """
    jpegs = [photo for photo in photos if _is_jpeg(photo)]
    if sum(map(len, jpegs)) <= most:
        return jpegs
    share = most // len(jpegs)
    scaled = (_scaled(jpeg, share) for jpeg in jpegs)
    return [jpeg for jpeg in scaled if jpeg is not None]


def _is_jpeg(photo: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(photo), formats=["JPEG"]) as image:
            return image.width * image.height > 0
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False


def _scaled(jpeg: bytes, most: int, *, sides: Sequence[int] = SIDES) -> bytes | None:
    """Return the photo in the largest size that has at most so many bytes; None when none has."""
    if len(jpeg) <= most:
        return jpeg
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
            image.draft("RGB", (sides[0], sides[0]))
            if image.width * image.height > MOST_PIXELS:
                return None
            picture = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    for side in sides:
        picture.thumbnail((side, side))
        target = io.BytesIO()
        picture.save(target, "JPEG", quality=QUALITY)
        if target.tell() <= most:
            return target.getvalue()
    return None
