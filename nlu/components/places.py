"""Finds places by their shape: streets nobody has listed, house numbers, crossings, districts, landmarks."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from nlu.components.spans import Span, best_first

WORDS_FILE = Path(__file__).with_name("places.yml")
_LETTER = r"[^\W\d_]"
_CAPITAL = r"[A-ZÄÖÜ]"
# How sure each shape is; a house number or a crossing adds to it.
STREET, WEAK_STREET, DISTRICT, LANDMARK, NUMBER = 0.8, 0.6, 0.65, 0.5, 0.15


class PlaceFinder:
    """Finds places in a message; `names` are the city's districts and colloquial names."""

    def __init__(self, content: Mapping[str, Any], names: Iterable[str] = ()) -> None:
        words = {name: [str(word) for word in entries] for name, entries in content.items()}
        self._no_streets = _words(words["no_streets"])
        self._no_weak = _words([*words["no_weak"], *words["no_streets"]])
        self._no_adjectives = _set(words["no_adjectives"])
        self._ambiguous = _set(words["ambiguous_names"])
        self._no_name = re.compile(
            rf"\b{_any([*words['house_number_words'], *words['no_names']])}\b", re.IGNORECASE
        )
        self._number = _number(words)
        self._streets = _streets(words)
        self._weak = _weak_streets(words)
        self._named = _named_streets(words)
        self._crossing = _crossing(words)
        self._landmark = _landmark(words)
        self._district = _districts(names)

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
            if self._is_name(match):
                yield self._with_number(text, match.start(), match.end(), STREET)

    def _is_name(self, match: re.Match[str]) -> bool:
        adjective, compound = match["adjective"], match["compound"]
        if adjective:
            return adjective.lower() not in self._no_adjectives and len(adjective) > len("unser")
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


def _words(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words; `*` stands for any letters."""
    return re.compile("|".join(re.escape(word).replace(r"\*", r"[\w-]*") for word in words), re.IGNORECASE)


def _set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)


def _any(words: Iterable[str]) -> str:
    """Alternatives, the longest first, blanks of any kind between their words."""
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) + ")"


def _number(words: Mapping[str, list[str]]) -> re.Pattern[str]:
    """A house number after a street: "12", "12a", "120 a", "3-5", "Nr. 7"; not "12 Uhr"."""
    one = r"\d{1,3}(?:\s?[a-h](?!\w))?"
    return re.compile(
        rf"\s*,?\s*(?:{_any(words['house_number_words'])}\.?\s*)?{one}(?:\s?[-/\u2013+]\s?{one})?"
        rf"(?![\w:]|[.,]\d|\.\s*{_any(words['no_house_numbers'])}\b|\s*{_any(words['no_house_numbers'])}(?!\w))",
        re.IGNORECASE,
    )


def _streets(words: Mapping[str, list[str]]) -> re.Pattern[str]:
    """Match "Lindenstr.", "Theodor-Heuss-Straße", "Altendorfer Straße", "Karl Meyer Platz"."""
    end = rf"(?:str\.|{_any(words['street_ends'])}(?!\w))"
    return re.compile(
        rf"(?<![\w-])(?:(?:{_CAPITAL}{_LETTER}+[ -])?(?P<adjective>{_LETTER}+er)\s+(?i:{end})"
        rf"|(?P<hyphened>(?:{_LETTER}+\.?-)+(?i:{end}))"
        rf"|(?P<compound>{_LETTER}{{3,}}(?i:{end}))"
        rf"|(?P<separate>(?:{_CAPITAL}{_LETTER}+[ -]){{1,2}}(?:Str\.|(?:Stra(?:ß|ss)e|Str|Platz|Weg|Allee|Ring|Ufer)(?!\w))))"
    )


def _weak_streets(words: Mapping[str, list[str]]) -> re.Pattern[str]:
    """A word like "Weinberg" after "im", "am", "in der" …"""
    return re.compile(
        rf"(?<!\w)(?i:{_any(words['prepositions'])})\s+({_CAPITAL}?{_LETTER}{{2,}}(?i:{_any(words['weak_ends'])})(?!\w))"
    )


def _named_streets(words: Mapping[str, list[str]]) -> re.Pattern[str]:
    """Match "Am Freistein 3": preposition, name, house number."""
    one = r"\d{1,3}(?:\s?[a-h](?!\w))?"
    return re.compile(
        rf"(?<!\w)(?i:{_any(words['name_starts'])})\s+(?:{_CAPITAL}{_LETTER}+[ -])?{_CAPITAL}{_LETTER}{{2,}}\s+{one}(?:\s?[-/\u2013]\s?{one})?"
        rf"(?![\w:]|[.,]\d|\s*(?i:{_any(words['no_house_numbers'])})(?!\w))"
    )


def _crossing(words: Mapping[str, list[str]]) -> re.Pattern[str]:
    """Match "Ecke Altendorfer/Haedenkamp": two names, joined by a stroke, "und" or "Ecke"."""
    name = rf"{_CAPITAL}[\w.-]+(?:\s(?:Straße|Strasse|Str\.?|Weg|Platz|Allee))?"
    word = rf"(?i:{_any(words['crossing_words'])})"
    return re.compile(
        rf"(?<!\w)(?:{word}\s+(?:der\s+)?({name}\s*(?:/|\s-\s|\u2013|\sund\s|\s{word}\s)\s*(?:der\s+)?{name})|({name}\s+Ecke\s+{name}))"
    )


def _landmark(words: Mapping[str, list[str]]) -> re.Pattern[str]:
    """Match "vor dem Rewe", "Spielplatz am Rathaus", "Haltestelle Karlsplatz"."""
    noun = _any([*words["shops"], *words["landmarks"]])
    return re.compile(
        rf"(?<!\w)(?i:{_any(words['prepositions'])})\s+((?:{_CAPITAL}{_LETTER}+er\s+)?(?i:{noun})(?!\w)(?:\s+(?:am|an der|auf der|im|in der)\s+{_CAPITAL}[\w.-]+|\s+{_CAPITAL}{_LETTER}{{3,}})?)"
    )


def _districts(names: Iterable[str]) -> re.Pattern[str] | None:
    spelled = {spelling for name in names for spelling in (name, _plain(name))}
    if not spelled:
        return None
    return re.compile(rf"(?<!\w)((?i:in|im|aus|nach|bei|ganz|essen)[\s-]+)?((?i:{_any(spelled)}))(?!\w)")


def _plain(name: str) -> str:
    for umlaut, spelled in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        name = name.replace(umlaut, spelled)
    return name
