"""Takes apart what people write as a place: house numbers, postcode, and the words that may name a street."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desk.spelling import LONGEST_NAME, fold

_TOKEN = re.compile(r"[a-z]+|\d+")
_STREET = re.compile(r"^(.*?)(?:strasse|strase|strassse|straase|stasse|strsse|straße|str)$")
_SYNONYMS = {"pl": "platz", "sankt": "st", "skt": "st", "stra": "str"}
_NUMBER_WORDS = frozenset({"nr", "no", "hausnr", "hausnummer", "haus", "nummer", "hnr"})
_CORNER_WORDS = frozenset({"ecke", "kreuzung"})
_TWO_NAMES = re.compile(r"[^\W\d]\.?\s*/\s*[^\W\d]")
HIGHEST_NUMBER = 4
POSTCODE = 5
FILLERS = frozenset(
    [
        "in", "im", "an", "am", "auf", "bei", "beim", "vor", "hinter", "neben", "gegenueber", "naehe",
        "hoehe",
        "ecke", "von", "zu", "zur", "zum", "der", "die", "das", "dem", "den", "des", "und", "oder", "bis",
        "kreuzung", "richtung", "essen", "strasse", "hier", "da", "ist", "wohne", "ich",
    ]
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class HouseNumber:
    """A house number with its letter ("120a"); `at` is the word it stands at, `length` how many it takes."""

    number: int
    addition: str
    at: int
    length: int

    def __str__(self) -> str:
        return f"{self.number}{self.addition}"


@dataclass(frozen=True, kw_only=True)
class AddressText:
    """A text in words; numbers and postcode are read, everything else may be a name."""

    words: tuple[str, ...]
    numbers: tuple[HouseNumber, ...]
    postcode: str | None
    corner: bool = False
    """Two streets' corner may be meant ("X, Ecke Y", "X/Y")."""

    def number_near(self, start: int, end: int) -> HouseNumber | None:
        """Return the house number that goes with the street in words `start` to `end`.

        Right behind it ("nr" may stand between), else right before it, else the only one there is.
        """
        after = end + 1 if self.words[end : end + 1] and self.words[end] in _NUMBER_WORDS else end
        for number in self.numbers:
            if number.at == after:
                return number
        for number in self.numbers:
            if number.at + number.length == start:
                return number
        return self.numbers[0] if len(self.numbers) == 1 else None


def street_words(folded_words: Sequence[str]) -> list[str]:
    """Write street words one way: "strasse", "str" become "str", "sankt" becomes "st"."""
    shortened = []
    for word in folded_words:
        match = _STREET.match(word)
        shortened.append(f"{match[1]}str" if match else _SYNONYMS.get(word, word))
    return shortened


def street_key(name: str) -> str:
    """Return what all spellings of one street name have in common."""
    return "".join(street_words(_TOKEN.findall(fold(name))))


def read_address(text: str) -> AddressText:
    """Split a text into words as streets are written, with house numbers and postcode marked."""
    found = street_words(_TOKEN.findall(fold(text[:LONGEST_NAME])))
    postcode = next((word for word in found if word.isdigit() and len(word) == POSTCODE), None)
    numbers = []
    for at, word in enumerate(found):
        if not word.isdigit() or len(word) > HIGHEST_NUMBER or int(word) == 0:
            continue
        letter = found[at + 1] if at + 1 < len(found) and re.fullmatch("[a-z]", found[at + 1]) else ""
        numbers.append(HouseNumber(number=int(word), addition=letter, at=at, length=1 + bool(letter)))
    return AddressText(
        words=tuple(found),
        numbers=tuple(numbers),
        postcode=postcode,
        corner=not _CORNER_WORDS.isdisjoint(found) or bool(_TWO_NAMES.search(text[:LONGEST_NAME])),
    )
