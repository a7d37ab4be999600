"""Photos that go with a mail: as they are when they fit, smaller when they don't."""

import io

import pytest
from PIL import Image

from staff.mail_photos import fitting
from tests.mailing import jpeg


def test_photos_that_fit_stay_as_they_are() -> None:
    """Nothing is lost where there is room."""
    photos = [jpeg(40, 30), jpeg(30, 40)]
    assert fitting(photos, most=sum(map(len, photos))) == photos
    assert fitting([], most=0) == []


def test_photos_together_stay_below_the_limit() -> None:
    """Large ones are scaled down to their share, small ones keep their size, and their order stays."""
    small, large = jpeg(40, 30), jpeg(1800, 1200, noise=True)
    most = len(large)
    found = fitting([large, small, large], most=most)
    assert len(found) == 3
    assert found[1] == small
    assert sum(map(len, found)) <= most
    for photo in (found[0], found[2]):
        with Image.open(io.BytesIO(photo)) as image:
            assert image.format == "JPEG"
            assert max(image.size) in range(600, 1800)
            assert image.width / image.height == pytest.approx(1.5, abs=0.01)


@pytest.mark.parametrize("broken", [b"", b"no picture", jpeg()[:20], b"\x89PNG\r\n\x1a\n" + b"0" * 50])
def test_what_is_no_photo_is_left_out(broken: bytes) -> None:
    """A broken file does not keep the others from going."""
    assert fitting([broken, jpeg()]) == [jpeg()]


def test_a_broken_photo_that_is_too_large_is_left_out() -> None:
    """A photo that is cut off in its middle can't be scaled; it does not stop the mail."""
    cut_off = jpeg(1200, 900, noise=True)[:200_000]
    assert fitting([cut_off, jpeg()], most=100_000) == [jpeg()]


def test_what_can_not_be_made_small_enough_is_left_out() -> None:
    """There is a limit to how small a photo is made."""
    assert fitting([jpeg(1200, 900, noise=True)], most=1000) == []
