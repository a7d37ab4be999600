"""Finds places by their shape: streets nobody has listed, house numbers, crossings, districts, landmarks."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from nlu.components import place_shapes
from nlu.components.spans import Span, best_first

WORDS_FILE = Path(__file__).with_name("places.yml")
# How sure each shape is; a house number or a crossing adds to it.
STREET, WEAK_STREET, DISTRICT, LANDMARK, NUMBER = 0.8, 0.6, 0.65, 0.5, 0.15
SHORTEST_ADJECTIVE = 6
"""Letters of the shortest word in -er that names a street ("Esener"); shorter ones are pronouns."""
LONGEST_PREPOSITION = 20
"""Characters of the longest preposition with its blanks ("in der nähe von der ")."""


class PlaceFinder:
    """Finds places in a message; `names` are the city's districts and colloquial names."""

    def __init__(self, content: Mapping[str, Any], names: Iterable[str] = ()) -> None:
        words = {name: [str(word) for word in entries] for name, entries in content.items()}
        self._no_streets = place_shapes.exactly(words["no_streets"])
        self._no_weak = place_shapes.exactly([*words["no_weak"], *words["no_streets"]])
        no_names = place_shapes.any_of([*words["house_number_words"], *words["no_names"]])
        self._no_name = re.compile(rf"\b{no_names}\b")
        self._no_adjectives = frozenset(words["no_adjectives"])
        self._no_first = frozenset(words["no_first"])
        self._sure_ends = tuple(words["sure_ends"])
        self._preposition = re.compile(rf"(?<!\w){place_shapes.any_of(words['prepositions'])}\s+\Z")
        self._ambiguous = frozenset(words["ambiguous_names"])
        self._number = place_shapes.number(words)
        self._streets = place_shapes.street(words)
        self._weak = place_shapes.weak_street(words)
        self._named = place_shapes.named_street(words)
        self._crossing = place_shapes.crossing(words)
        self._landmark = place_shapes.landmark(words)
        self._district = place_shapes.district(words, names)

    @classmethod
    def read(cls, names: Iterable[str] = (), path: Path = WORDS_FILE) -> "PlaceFinder":
        """Read the word lists."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")), names)

    def find(self, text: str) -> list[Span]:
        """Return the places, the surest and longest first."""
        return best_first(
            span
            for shape in (self._street, self._crossings, self._weak_street, self._names, self._landmarks)
            for span in shape(text)
        )

    def _street(self, text: str) -> Iterator[Span]:
        for match in self._streets.finditer(text):
            span = self._with_number(text, match.start(), match.end(), STREET)
            if self._is_name(match) and (span.confidence > STREET or self._is_written_as_name(match)):
                yield span

    def _is_written_as_name(self, match: re.Match[str]) -> bool:
        """Tell a name from a word with the same end by its capital letter, where the writer uses any."""
        name, text = match[0], match.string
        if not name[0].islower() or name.lower().endswith(self._sure_ends) or text.islower():
            return True
        before = text[max(match.start() - LONGEST_PREPOSITION, 0) : match.start()]
        return self._preposition.search(before) is not None

    def _is_name(self, match: re.Match[str]) -> bool:
        adjective, compound = match["adjective"], match["compound"]
        if adjective:
            return adjective.lower() not in self._no_adjectives and len(adjective) >= SHORTEST_ADJECTIVE
        if (match["first"] or "").lower() in self._no_first:
            return False
        return compound is None or not self._no_streets.fullmatch(compound.rstrip("."))

    def _crossings(self, text: str) -> Iterator[Span]:
        for match in self._crossing.finditer(text):
            group = 1 if match[1] else 2
            yield Span(start=match.start(group), end=match.end(group), confidence=STREET + NUMBER / 2)

    def _weak_street(self, text: str) -> Iterator[Span]:
        for match in self._weak.finditer(text):
            if not self._no_weak.fullmatch(match[1]):
                yield self._with_number(text, match.start(1), match.end(1), WEAK_STREET)
        for match in self._named.finditer(text):
            if self._no_name.search(match[0]):
                continue
            yield Span(start=match.start(), end=match.end(), confidence=STREET)

    def _names(self, text: str) -> Iterator[Span]:
        if self._district is None:
            return
        for match in self._district.finditer(text):
            if match[2].lower() not in self._ambiguous or (match[1] and match[2][0].isupper()):
                yield Span(start=match.start(2), end=match.end(2), confidence=DISTRICT)

    def _landmarks(self, text: str) -> Iterator[Span]:
        for match in self._landmark.finditer(text):
            yield Span(start=match.start(1), end=match.end(1), confidence=LANDMARK)

    def _with_number(self, text: str, start: int, end: int, confidence: float) -> Span:
        number = self._number.match(text, end)
        if number:
            return Span(start=start, end=number.end(), confidence=confidence + NUMBER)
        return Span(start=start, end=end, confidence=confidence)
