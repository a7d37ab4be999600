"""Finds streets by name in the words of a text: as written, as heard, without "Straße", misspelt."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from desk.address_text import FILLERS, AddressText
from desk.spelling import loose
from storage.places.index import PlaceIndex

_MAY_BEGIN = frozenset({"am", "im", "an", "auf", "zur", "zum", "in"})
LONGEST_STREET_WORDS = 6
SHORTEST_FUZZY = 5
SHORTEST_NAME = 3
ONE_SLIP_UP_TO = 10
"""Letters; longer names may have two slips."""
MOST_SLIPS = 3
MOST_WINDOWS = 12
FEW_WORDS = 4
KINDS = (
    "str",
    "weg",
    "platz",
    "allee",
    "gasse",
    "ring",
    "ufer",
    "damm",
    "pfad",
    "steig",
    "berg",
    "hof",
    "kamp",
)


@dataclass(frozen=True, kw_only=True)
class StreetMention:
    """Streets a part of a text may name (row numbers of the index), from word `start` to before `end`."""

    streets: tuple[int, ...]
    start: int
    end: int
    slips: int = 0
    """How many letters are wrong; 0 when it is written, or sounds, like the street."""
    heard: bool = False
    """It only sounds like the street ("Mastr." and Maasstr.)."""
    rivals: tuple[int, ...] = ()
    """Streets that are spelled nearly as likely."""


def _may_be_a_name(word: str) -> bool:
    return len(word) >= SHORTEST_NAME and word not in FILLERS


class StreetNames:
    """Every street name of the index, looked up word by word."""

    def __init__(self, index: PlaceIndex) -> None:
        self.exact: dict[str, list[int]] = {}
        self.heard: dict[str, list[int]] = {}
        self.short: dict[str, list[int]] = {}
        for street, (key, coarse) in enumerate(zip(index.keys, index.loose_keys, strict=True)):
            self.exact.setdefault(key, []).append(street)
            self.heard.setdefault(coarse, []).append(street)
            if key.endswith("str"):
                self.short.setdefault(key.removesuffix("str"), []).append(street)
        self.keys = index.keys
        self.loose_keys = index.loose_keys

    def mentions(self, address: AddressText, *, short: bool = False) -> list[StreetMention]:
        """Return the streets written in a text, longest names first at every word, without overlaps.

        With `short` "Ecke Haedenkamp" names a street, too.
        """
        found, start = [], 0
        while start < len(address.words):
            mention = self._longest_at(address, start, short=short)
            if mention:
                found.append(mention)
            start = mention.end if mention else start + 1
        return found

    def _longest_at(self, address: AddressText, start: int, *, short: bool) -> StreetMention | None:
        words = address.words
        for end in range(min(len(words), start + LONGEST_STREET_WORDS), start, -1):
            joined = "".join(words[start:end])
            exact = self.exact.get(joined, [])
            numbered = any(number.at == end for number in address.numbers)
            if not exact or numbered:  # "Markt 21" may be in the Marktstr., too
                exact = [*exact, *self._without_strasse(address, joined, start, bare=short or numbered)]
            streets = exact or self.heard.get(loose(joined))
            if streets:
                return StreetMention(streets=tuple(streets), start=start, end=end, heard=not exact)
        return None

    def _without_strasse(self, address: AddressText, joined: str, start: int, *, bare: bool) -> list[int]:
        """Take "Altendorfer 120" for the street; unless `bare` only adjectives ("die Altendorfer").

        Not after a word that may belong to the name: "Hohenzolern Bach 3" is not the Bachstr.
        """
        before = address.words[start - 1] if start else ""
        if not address.corner and before and not before.isdigit() and before not in FILLERS:
            return []
        if not bare and not joined.endswith("er"):
            return []
        return self.short.get(joined, [])

    def misspelt(self, address: AddressText, *, skip: Sequence[bool]) -> StreetMention | None:
        """Return the street that is spelled most like a part of the text; None when none is near enough.

        `skip` marks words that are known to be something else.
        """
        return self._nearest(address, self._windows(address, skip))

    def longer(self, address: AddressText, mention: StreetMention) -> StreetMention | None:
        """Return a street whose longer name may be meant: "Alet Hauptstr." holds "Hauptstr." too."""
        windows = [
            (start, end)
            for start in range(max(0, mention.start - 3), mention.start + 1)
            for end in range(mention.end, min(len(address.words), mention.end + 2) + 1)
            if (start, end) != (mention.start, mention.end)
            and not any(word.isdigit() for word in address.words[start:end])
            and any(
                map(
                    _may_be_a_name, (*address.words[start : mention.start], *address.words[mention.end : end])
                )
            )
        ]
        return self._nearest(address, windows)

    def _nearest(self, address: AddressText, windows: Sequence[tuple[int, int]]) -> StreetMention | None:
        parts = windows[:MOST_WINDOWS]
        if not parts:
            return None
        written = ["".join(address.words[start:end]) for start, end in parts]
        heard = [loose(name) for name in written]
        slips = np.minimum(_distances(written, self.keys), _distances(heard, self.loose_keys))
        best: StreetMention | None = None
        for (start, end), name, row in zip(parts, heard, slips, strict=True):
            limit = 1 if len(name) <= ONE_SLIP_UP_TO else 2
            fewest = int(row.min())
            if fewest <= limit and (best is None or fewest < best.slips):
                best = StreetMention(
                    streets=tuple(np.flatnonzero(row == fewest).tolist()),
                    start=start,
                    end=end,
                    slips=fewest,
                    rivals=tuple(np.flatnonzero(row == fewest + 1).tolist()),
                )
        return best

    def parts(self, address: AddressText, *, skip: Sequence[bool]) -> list[tuple[int, int]]:
        """Return the parts of a text (from word, before word) that look like a street's name.

        They end in "…str" or before a house number; in a text of a few words every part may be one.
        """
        few = len(address.words) <= FEW_WORDS
        numbered = {number.at for number in address.numbers}
        return [
            (start, end)
            for start, end in self._windows(address, skip)[:MOST_WINDOWS]
            if few or end in numbered or address.words[end - 1].endswith("str")
        ]

    def _windows(self, address: AddressText, skip: Sequence[bool]) -> list[tuple[int, int]]:
        """Return the parts of a text worth comparing: those that end in "…str" or before a number first."""
        words = address.words
        numbered = {number.at for number in address.numbers}
        windows = []
        for end in range(1, len(words) + 1):
            for start in range(max(0, end - 4), end):
                part = words[start:end]
                likely = part[-1].endswith(KINDS) or end in numbered
                length = sum(map(len, part))
                if any(skip[start:end]) or length < SHORTEST_FUZZY or any(word.isdigit() for word in part):
                    continue
                # "Von-der-Höhe-Weg" and "Graf-Luckner-Höhe 6" begin and end like everyday words.
                several = len(part) > 1
                if part[0] in FILLERS - _MAY_BEGIN and not (likely and several):
                    continue
                if part[-1] in FILLERS and not (end in numbered and several):
                    continue
                windows.append((not likely, start, end))
        return [(start, end) for _, start, end in sorted(windows)]


def _distances(written: Sequence[str], names: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Return how many letters are wrong, a row for each text and a column for each name; 4 means too many."""
    return process.cdist(written, names, scorer=OSA.distance, score_cutoff=MOST_SLIPS, dtype=np.uint8)
