"""Schools, stations, markets and parks by name, where the city's data has them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from desk.address_text import street_key
from desk.spelling import loose
from storage.places.index import PlaceIndex

LONGEST_WORDS = 6
FUZZY_FROM = 8
"""Letters a landmark's name needs for one slip to be read over."""


@dataclass(frozen=True, kw_only=True)
class LandmarkMention:
    """A landmark named in words `start` to before `end`, and its points (latitude, longitude)."""

    name: str
    points: tuple[tuple[float, float], ...]
    start: int
    end: int
    exact: bool = True


@dataclass(frozen=True)
class LandmarkNames:
    """Every landmark of the index by the folded form of its name as texts are read."""

    names: dict[str, str] = field(default_factory=dict)
    points: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    @classmethod
    def of(cls, index: PlaceIndex) -> "LandmarkNames":
        """Take the index's landmarks."""
        found, table = cls(), index.landmarks
        points = zip(table.latitude.tolist(), table.longitude.tolist(), strict=True)
        for name, point in zip(table.names, points, strict=True):
            key = loose(street_key(name))
            found.names.setdefault(key, name)
            found.points.setdefault(key, []).append(point)
        return found

    def find(self, words: Sequence[str]) -> LandmarkMention | None:
        """Return the longest landmark named in a text, else one with a slip in its name."""
        if not self.names:
            return None
        parts = [
            (start, end)
            for length in range(min(LONGEST_WORDS, len(words)), 0, -1)
            for start, end in ((at, at + length) for at in range(len(words) - length + 1))
        ]
        written = {(start, end): loose("".join(words[start:end])) for start, end in parts}
        for part, key in written.items():
            if key in self.names:
                return self._mention(key, part, exact=True)
        return self._misspelt(written)

    def _misspelt(self, written: dict[tuple[int, int], str]) -> LandmarkMention | None:
        for part, key in written.items():
            if len(key) < FUZZY_FROM:
                continue
            near = process.extract(
                key, list(self.names), scorer=OSA.distance, score_cutoff=1, limit=2, processor=None
            )
            if len(near) == 1:
                return self._mention(near[0][0], part, exact=False)
        return None

    def _mention(self, key: str, part: tuple[int, int], *, exact: bool) -> LandmarkMention:
        return LandmarkMention(
            name=self.names[key], points=tuple(self.points[key]), start=part[0], end=part[1], exact=exact
        )
