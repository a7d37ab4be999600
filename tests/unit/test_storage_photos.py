import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from storage.photos import LONGEST_SIDE, BrokenImage, PhotoFolder, as_jpeg

GPS, ORIENTATION, CAMERA = 0x8825, 0x0112, 0x0110


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """The image as a file."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def revealing_jpeg(orientation: int = 1) -> bytes:
    """A photo as a camera writes it: model, place, comment, colour profile, XMP."""
    exif = Image.Exif()
    exif[CAMERA] = "SECRETCAMERA"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (51.0, 27.0, 0.0)
    image = Image.new("RGB", (60, 30), "green")
    image.paste("red", (0, 0, 20, 30))
    extras = {"comment": b"SECRETCOMMENT", "icc_profile": b"SECRETPROFILE", "xmp": b"SECRETXMP"}
    return encoded(image, "JPEG", exif=exif, quality=95, **extras)


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is this big; its pixels are missing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def test_nothing_of_the_camera_is_kept() -> None:
    """Model, place, comment and everything else beside the picture itself is gone."""
    data = revealing_jpeg()
    assert b"SECRETCAMERA" in data
    kept = as_jpeg(data)
    assert not opened(kept).getexif()
    for secret in (b"SECRET", b"Exif", b"<x:", b"ICC_PROFILE"):
        assert secret not in kept


def test_a_png_keeps_no_texts_either() -> None:
    """Texts and EXIF inside a PNG are gone as well."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "SECRET")
    exif = Image.Exif()
    exif[CAMERA] = "SECRETCAMERA"
    data = encoded(Image.new("RGB", (9, 9)), "PNG", pnginfo=info, exif=exif)
    assert b"SECRET" in data
    assert b"SECRET" not in as_jpeg(data)


@pytest.mark.parametrize(
    ("orientation", "size"), [(1, (60, 30)), (3, (60, 30)), (6, (30, 60)), (8, (30, 60))]
)
def test_the_picture_stands_upright(orientation: int, size: tuple[int, int]) -> None:
    """A phone held sideways gives an upright picture, also without the note that said so."""
    kept = opened(as_jpeg(revealing_jpeg(orientation)))
    assert kept.size == size
    red_corner = {1: (5, 5), 3: (55, 25), 6: (25, 5), 8: (5, 55)}[orientation]
    red, green, _ = kept.getpixel(red_corner)
    assert red > 150 > green


@pytest.mark.parametrize("size", [(6000, 100), (100, 6000), (3000, 3000), (40, 20)])
def test_pictures_are_made_no_bigger_than_needed(size: tuple[int, int]) -> None:
    """Long sides are cut down with the proportions kept; small pictures stay as they are."""
    kept = opened(as_jpeg(encoded(Image.new("RGB", size), "PNG")))
    assert max(kept.size) == min(LONGEST_SIDE, max(size))
    assert kept.width / kept.height == pytest.approx(size[0] / size[1], rel=0.05)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "RGB"])
def test_every_kind_of_png_becomes_a_jpeg(mode: str) -> None:
    """With alpha, palette, grey, two colours: the result is a plain colour JPEG of the same size."""
    kept = opened(as_jpeg(encoded(Image.new(mode, (40, 20)), "PNG")))
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (40, 20))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_picture_is_kept(kind: str) -> None:
    """Moving pictures become the picture they begin with."""
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert opened(data).n_frames == 2
    red, _, blue = opened(as_jpeg(data)).getpixel((10, 10))
    assert red > 200 > 60 > blue


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"%PDF-1.7",
        b"\xff\xd8\xff\xe0" + b"x" * 500,
        encoded(Image.effect_noise((200, 200), 50), "JPEG")[:3000],
        encoded(Image.effect_noise((200, 200), 50), "PNG")[:3000],
        png_header(20, 20),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
    ids=["empty", "gif", "pdf", "jpeg", "half-jpeg", "half-png", "no-pixels", "svg"],
)
def test_what_is_no_picture_is_refused(data: bytes, tmp_path: Path) -> None:
    """Broken, cut off or other files are refused, and nothing of them is stored."""
    with pytest.raises(BrokenImage):
        PhotoFolder(folder=tmp_path / "photos").keep(data)
    assert not list(tmp_path.rglob("*.*"))


@pytest.mark.parametrize("side", [9_000, 30_000, 2**31 - 1])
def test_pictures_made_to_fill_the_memory_are_refused(side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file that unpacks into gigabytes is refused by what it says of itself, before it is unpacked."""
    monkeypatch.setattr(Image.Image, "convert", lambda *_: pytest.fail("was unpacked"))
    with pytest.raises(BrokenImage):
        as_jpeg(png_header(side, side))


def test_a_camera_s_big_jpeg_is_taken() -> None:
    """Sixty-four million pixels from a phone are read at a smaller size instead of being refused."""
    kept = opened(as_jpeg(encoded(Image.new("L", (9248, 6936)), "JPEG", quality=20)))
    assert kept.width == LONGEST_SIDE


def test_a_stored_picture_is_found_and_removed(tmp_path: Path) -> None:
    """Names are random, reading gives what was stored, removing twice is fine, a missing one is an error."""
    folder = PhotoFolder(folder=tmp_path / "photos")
    names = {folder.keep(revealing_jpeg()) for _ in range(3)}
    assert len(names) == 3
    name = names.pop()
    assert opened(folder.read(name)).size == (60, 30)
    folder.remove(name)
    folder.remove(name)
    with pytest.raises(FileNotFoundError):
        folder.read(name)


def test_names_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    """A forged name reads and removes nothing elsewhere."""
    secret = tmp_path / "secret.txt"
    secret.write_text("x")
    folder = PhotoFolder(folder=tmp_path / "photos")
    folder.keep(revealing_jpeg())
    with pytest.raises(FileNotFoundError):
        folder.read("../secret.txt")
    folder.remove("../secret.txt")
    assert secret.exists()
