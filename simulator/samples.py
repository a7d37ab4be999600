"""Sample photos, drawn here: no camera, no licence, no file in the repository."""

import io
import random
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 960, 720
Pen = ImageDraw.ImageDraw


def _street(pen: Pen, chance: random.Random) -> None:
    """A house wall, a pavement and a kerb in evening light."""
    for y in range(440):
        shade = y / 440
        pen.line(
            [(0, y), (WIDTH, y)], fill=(int(176 - 26 * shade), int(120 - 24 * shade), int(98 - 22 * shade))
        )
    for row, y in enumerate(range(0, 440, 26)):
        pen.line([(0, y), (WIDTH, y)], fill=(143, 96, 80), width=2)
        for x in range(-40 + (row % 2) * 36, WIDTH, 72):
            tone = chance.randint(-9, 9)
            pen.rectangle([x + 2, y + 2, x + 70, y + 24], fill=(160 + tone, 106 + tone, 87 + tone))
    pen.rectangle([0, 432, WIDTH, 452], fill=(92, 84, 80))
    for y in range(452, HEIGHT):
        shade = (y - 452) / (HEIGHT - 452)
        tone = int(168 - 36 * shade)
        pen.line([(0, y), (WIDTH, y)], fill=(tone, tone - 2, tone - 6))
    for x in range(-400, WIDTH + 400, 150):
        pen.line([(x + 90, 452), (480 + (x - 480) * 2, HEIGHT)], fill=(128, 126, 122), width=3)
    pen.line([(0, 560), (WIDTH, 560)], fill=(130, 128, 124), width=3)


def _shadow(pen: Pen, left: int, top: int, right: int, bottom: int) -> None:
    pen.ellipse([left, top, right, bottom], fill=(96, 94, 92))


def _mattress(pen: Pen, chance: random.Random) -> None:
    _shadow(pen, 120, 590, 860, 690)
    pen.polygon(
        [(190, 250), (610, 190), (680, 600), (240, 640)],
        fill=(226, 218, 200),
        outline=(120, 110, 98),
        width=4,
    )
    pen.polygon([(610, 190), (646, 200), (716, 596), (680, 600)], fill=(186, 176, 156))
    for step in range(1, 7):
        x = 190 + step * 60
        pen.line([(x, 250 - step * 9), (x + 50 - step * 2, 640 - step * 6)], fill=(202, 192, 172), width=4)
    for _ in range(26):
        x, y = chance.randint(230, 620), chance.randint(270, 590)
        pen.ellipse([x - 5, y - 5, x + 5, y + 5], fill=(178, 168, 148))
    pen.ellipse([330, 380, 470, 470], fill=(196, 172, 128))
    pen.ellipse([360, 400, 440, 450], fill=(184, 156, 110))
    for x, y, size, tone in (
        (640, 500, 150, 46),
        (740, 540, 110, 62),
        (150, 540, 120, 54),
        (560, 580, 100, 70),
    ):
        pen.ellipse([x, y, x + size, y + int(size * 0.85)], fill=(tone, tone + 4, tone + 10))
        pen.polygon([(x + size // 2 - 16, y + 6), (x + size // 2, y - 30), (x + size // 2 + 18, y + 6)],
                    fill=(tone + 14, tone + 18, tone + 24))  # fmt: skip
        pen.arc(
            [x + 14, y + 14, x + size - 20, y + size - 30],
            190,
            290,
            fill=(tone + 60, tone + 64, tone + 74),
            width=4,
        )
    pen.polygon(
        [(60, 520), (200, 500), (210, 620), (70, 640)], fill=(186, 142, 92), outline=(130, 96, 58), width=3
    )
    pen.line([(62, 560), (206, 540)], fill=(150, 112, 70), width=4)


def _bin(pen: Pen, chance: random.Random) -> None:
    _shadow(pen, 280, 610, 700, 700)
    pen.rectangle([462, 180, 498, 660], fill=(78, 84, 88))
    pen.polygon(
        [(340, 300), (620, 300), (592, 620), (368, 620)], fill=(222, 116, 40), outline=(150, 72, 20), width=4
    )
    for x in range(372, 600, 38):
        pen.line([(x, 320), (x + (480 - x) // 9, 606)], fill=(196, 96, 28), width=6)
    pen.rectangle([328, 280, 632, 312], fill=(238, 138, 60))
    colours = [(238, 238, 232), (206, 62, 52), (66, 122, 176), (240, 204, 80), (196, 160, 116), (88, 152, 92)]
    for number in range(46):
        spread = 150 if number < 26 else 420  # noqa: PLR2004
        x = 480 + chance.randint(-spread, spread)
        y = chance.randint(190, 300) if number < 26 else chance.randint(600, 690)  # noqa: PLR2004
        size, colour = chance.randint(18, 46), chance.choice(colours)
        if number % 3:
            pen.polygon([(x, y), (x + size, y + chance.randint(-14, 14)),
                         (x + size - 6, y + size), (x - 8, y + size - 6)],
                        fill=colour, outline=tuple(max(0, part - 50) for part in colour))  # fmt: skip
        else:
            pen.rounded_rectangle([x, y, x + size // 2, y + size], 6, fill=colour, outline=(90, 90, 90))


def _graffiti(pen: Pen, chance: random.Random) -> None:
    def curve(points: list[tuple[int, int]], colour: tuple[int, int, int], width: int) -> None:
        pen.line(points, fill=colour, width=width, joint="curve")
        for x, y in points:
            pen.ellipse([x - width // 2, y - width // 2, x + width // 2, y + width // 2], fill=colour)

    shapes = (
        [(150, 330), (150, 150), (250, 150), (270, 230), (170, 250), (270, 330)],
        [(340, 330), (330, 170), (430, 140), (440, 330), (380, 260), (440, 240)],
        [(600, 150), (510, 170), (500, 250), (600, 240), (590, 330), (500, 330)],
        [(660, 150), (760, 140), (710, 150), (720, 330)],
    )
    for points in shapes:
        curve(points, (30, 30, 40), 52)
    for points, colour in zip(
        shapes, ((64, 190, 200), (240, 96, 150), (250, 204, 70), (120, 200, 96)), strict=True
    ):
        curve(points, colour, 32)
        curve([(x - 4, y - 6) for x, y in points], tuple(min(255, part + 40) for part in colour), 6)  # type: ignore[arg-type]
    for _ in range(24):
        x, y = chance.randint(140, 780), chance.randint(320, 350)
        pen.line([(x, y), (x, y + chance.randint(10, 70))], fill=(30, 30, 40), width=4)
    _shadow(pen, 640, 640, 720, 664)
    pen.rounded_rectangle([650, 580, 706, 656], 8, fill=(200, 204, 208), outline=(90, 94, 98), width=3)
    pen.rectangle([666, 564, 690, 582], fill=(240, 96, 150))


def _glass(pen: Pen, chance: random.Random) -> None:
    pen.rounded_rectangle([120, 250, 330, 470], 10, fill=(96, 122, 104), outline=(60, 80, 66), width=4)
    pen.polygon([(140, 470), (160, 470), (160, 610), (140, 610)], fill=(70, 74, 76))
    pen.polygon([(290, 470), (310, 470), (310, 610), (290, 610)], fill=(70, 74, 76))
    for y in (300, 360, 420):
        pen.line([(124, y), (326, y)], fill=(76, 98, 82), width=4)
    for _ in range(120):
        x, y = int(chance.gauss(600, 130)), int(chance.gauss(620, 36))
        size = chance.uniform(6, 30)
        points = [(x + chance.uniform(-size, size), y + chance.uniform(-size, size) * 0.6) for _ in range(3)]
        tone = chance.choice([(90, 150, 96), (120, 180, 126), (176, 214, 180), (228, 240, 230)])
        pen.polygon(points, fill=tone, outline=(60, 100, 66))
    pen.polygon(
        [(520, 560), (560, 520), (640, 560), (650, 600), (560, 610)], fill=(84, 142, 90), outline=(44, 84, 50)
    )
    pen.rounded_rectangle([440, 520, 530, 560], 16, fill=(96, 156, 102), outline=(44, 84, 50), width=3)


SAMPLES: dict[str, Callable[[Pen, random.Random], None]] = {
    "mattress": _mattress,
    "bin": _bin,
    "graffiti": _graffiti,
    "glass": _glass,
}


@cache
def draw(name: str) -> bytes:
    """A sample photo as JPEG bytes, 960 by 720; always the same for a name. KeyError for an unknown one."""
    paint, chance = SAMPLES[name], random.Random(name)  # noqa: S311 -- scattering rubbish, not secrets
    image = Image.new("RGB", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(image)
    _street(pen, chance)
    paint(pen, chance)
    grain = Image.effect_noise((WIDTH, HEIGHT), 18).convert("RGB")
    softened = Image.blend(image.filter(ImageFilter.GaussianBlur(0.8)), grain, 0.08)
    written = io.BytesIO()
    softened.save(written, "JPEG", quality=82)
    return written.getvalue()
