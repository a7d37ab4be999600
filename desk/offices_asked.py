"""Which offices a question is about: by name, by the street of the address, by district or by carrier."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from rapidfuzz import fuzz

from desk.address_text import street_words
from desk.city import City
from desk.offices import Event, Office
from desk.places import Located, Locator, Status
from desk.spelling import words

ALIKE = 88
ALIKE_SHORTENED = 93
SHORTEST_NAME = 5
LONGEST_PHRASE = 3
STREET = "str"


@dataclass(frozen=True, kw_only=True)
class OfficeWords:
    """Words that tell offices apart, and words that do not (`desk/offices.yml`)."""

    generic: frozenset[str]
    usual: frozenset[str]
    before_usual: frozenset[str]
    carriers: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "OfficeWords":
        """Build from the word lists; KeyError when one is missing."""
        return cls(
            generic=frozenset(content["generic"]),
            usual=frozenset(content["usual_words"]),
            before_usual=frozenset(content["before_usual_words"]),
            carriers=content["carriers"],
        )


@dataclass(frozen=True, kw_only=True)
class OfficesAsked:
    """The offices a question may be about; `nowhere` names a place that was meant and has none."""

    offices: tuple[Office, ...] = ()
    nowhere: str = ""


@dataclass(frozen=True, kw_only=True)
class OfficeFinder:
    """Finds the offices of a city that are asked about; `districts` locates the names of districts."""

    city: City
    words: OfficeWords
    districts: Locator

    def find(self, text: str, *, named: Located | None = None) -> OfficesAsked:
        """Return the offices a text names; `named` is where its place lies, when one was found in it."""
        said = words(text)
        by_own_name = self._by_name(said) or self._by_street(said)
        if by_own_name:
            return OfficesAsked(offices=by_own_name)
        by_carrier = self._by_carrier(said)
        located = named if named and named.status is not Status.UNKNOWN else self.districts.find(text)
        if located.status is Status.UNKNOWN:
            return OfficesAsked(offices=by_carrier)
        there = self.offices_at(located)
        both = tuple(office for office in there if office in by_carrier)
        nowhere = located.neighbour or ", ".join(located.candidates) or located.label
        return OfficesAsked(offices=both or there, nowhere="" if there else nowhere)

    def offices_at(self, located: Located) -> tuple[Office, ...]:
        """Return the offices that serve a place, or the districts it may lie in."""
        names = (located.district,) if located.district else located.candidates
        areas = (self.city.area_of(name, located.street) for name in names)
        found = (office for area in areas if area for office in self.city.offices_of(area.id))
        return tuple(dict.fromkeys(found))

    def events(self, text: str) -> tuple[tuple[Event, Office | None], ...]:
        """Return the events a text names, or all when it names none; with the office each belongs to."""
        known: list[tuple[Event, Office | None]] = [(event, None) for event in self.city.events]
        known += [(event, office) for office in self.city.offices for event in office.events]
        said = words(text)
        named = [one for one in known if self._names(words(one[0].name), said)]
        return tuple(named or known)

    def names_event(self, text: str) -> bool:
        """Tell whether a text names an event the city file knows."""
        said = words(text)
        events = (*self.city.events, *(event for office in self.city.offices for event in office.events))
        return any(self._names(words(event.name), said) for event in events)

    def _by_name(self, said: list[str]) -> tuple[Office, ...]:
        return tuple(
            office for office in self.city.offices if self._names(self._own_words(office.name), said)
        )

    def _own_words(self, name: str) -> list[str]:
        """Return the words of a name that only this office has: no districts, no "Büro in"."""
        places = {word for district in self.city.district_names for word in words(district)}
        places |= set(words(self.city.name))
        return [word for word in words(name) if word not in places | self.words.generic]

    def _names(self, name: list[str], said: list[str]) -> bool:
        key = "".join(name)
        if len(key) < SHORTEST_NAME:
            return bool(key) and key in said
        first = name[0] if len(name[0]) > SHORTEST_NAME else key
        for start, phrase, length in _phrases(said):
            usual = length == 1 and phrase in self.words.usual
            if usual and said[max(0, start - 1)] not in self.words.before_usual:
                continue
            if max(fuzz.ratio(phrase, key), fuzz.ratio(phrase, first)) >= ALIKE:
                return True
        return False

    def _by_street(self, said: list[str]) -> tuple[Office, ...]:
        written = [phrase for _, phrase, _ in _phrases(street_words(said))]
        return tuple(office for office in self.city.offices if _on_street(office.address, written))

    def _by_carrier(self, said: list[str]) -> tuple[Office, ...]:
        carriers = {
            carrier.id
            for carrier in self.city.carriers
            if not self._carrier_words(carrier.name, carrier.short).isdisjoint(said)
        }
        areas = {area.id for area in self.city.areas if area.carrier in carriers}
        return tuple(office for office in self.city.offices if not areas.isdisjoint(office.areas))

    def _carrier_words(self, *names: str) -> set[str]:
        own = {word for name in names for word in self._own_words(name)}
        called = (also for also in self.words.carriers.values() if not own.isdisjoint(also))
        by_key = (also for key, also in self.words.carriers.items() if key in own)
        return own.union(*called, *by_key)


def _phrases(said: Sequence[str]) -> Iterator[tuple[int, str, int]]:
    """Yield start, letters and length of each one to three neighbouring words."""
    for start in range(len(said)):
        for length in range(1, min(LONGEST_PHRASE, len(said) - start) + 1):
            yield start, "".join(said[start : start + length]), length


def _on_street(address: str, written: Sequence[str]) -> bool:
    """Tell whether one of the phrases is the address's street, "straße" left out too."""
    key = "".join(takewhile(lambda word: not word[0].isdigit(), street_words(words(address))))
    short = key.removesuffix(STREET)
    return any(
        fuzz.ratio(phrase, key) >= ALIKE
        or (len(short) > SHORTEST_NAME and fuzz.ratio(phrase, short) >= ALIKE_SHORTENED)
        for phrase in written
    )
