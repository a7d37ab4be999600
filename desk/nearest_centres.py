"""Places without official data: never certain about a pin, certain about a district that is named."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from desk.address_text import AddressText, HouseNumber, read_address
from desk.area_rules import StreetPart
from desk.city import City
from desk.district_names import DistrictNames, Mention
from desk.places import (
    Located,
    Status,
    ambiguous,
    at_pair,
    coordinates,
    metres_between,
    on_earth,
    resolved,
)
from desk.spelling import words

OFFERED = 5
"""Nearest districts offered for a pin; with five, all of Essen's house coordinates have theirs among them."""
LONGEST_STREET_WORDS = 6
_POSTCODE = re.compile(r"\d{5}")


@dataclass(frozen=True, kw_only=True)
class _Street:
    """A street that stands in the city file: where it may be; `sure` when nothing else is possible."""

    label: str
    name: str
    districts: tuple[str, ...]
    sure: bool


class NearestCentres:
    """Locator for a city without place data (`desk.places.Locator`)."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.names = DistrictNames(city)
        self._centres = [
            ((one.latitude, one.longitude), one.name)
            for one in city.districts
            if one.latitude is not None and one.longitude is not None
        ]
        self._streets = _streets_named(city)

    def at(self, latitude: float, longitude: float) -> Located:
        """Offer the nearest districts; outside when further from all centres than any point of the city.

        While not every district's centre is known nothing is near or far: those with caretakers are offered.
        """
        if not on_earth(latitude, longitude):
            return Located(status=Status.OUTSIDE)
        point = (latitude, longitude)
        if len(self._centres) < len(self.city.districts):
            return ambiguous((*self.city.cared_for, *self.city.district_names), point=point)
        ranked = sorted((metres_between(point, centre), name) for centre, name in self._centres)
        if self.city.reach is not None and ranked[0][0] > self.city.reach:
            return Located(status=Status.OUTSIDE, point=point)
        return ambiguous(tuple(name for _, name in ranked[:OFFERED]), point=point)

    def find(self, text: str) -> Located:
        """Read coordinates, a district, a colloquial name, a postcode, another city's name.

        Of streets only those are known that stand in the city file because an area is made of them.
        """
        pair = coordinates(text)
        if pair:
            return at_pair(self, pair)
        by_name = self.find_words(words(text), label=text.strip())
        if by_name.status is Status.OUTSIDE or not self._streets:
            return by_name
        street = self._street(read_address(text))
        return _combined(street, by_name) if street else by_name

    def find_words(self, tokens: list[str], *, label: str) -> Located:
        """Locate by names of districts and cities alone; `label` is what the resident wrote."""
        postcode = next((token for token in tokens if _POSTCODE.fullmatch(token)), None)
        neighbour = self.names.neighbour(tokens)
        strange = postcode and self.city.postcodes_complete and postcode not in self.city.postcodes
        if neighbour or strange:
            return Located(status=Status.OUTSIDE, label=label, neighbour=neighbour)
        mentions = self.names.districts(tokens)
        meant = tuple(dict.fromkeys(one for mention in mentions for one in mention.meanings))
        if len(meant) == 1:
            return resolved(meant[0], label=_label(label, meant[0], mentions, tokens))
        if not meant and postcode:
            meant = self.city.postcodes.get(postcode, ())
        return ambiguous(meant, label=label) if meant else Located(status=Status.UNKNOWN, label=label)

    def _street(self, address: AddressText) -> _Street | None:
        """Return the first street of the city file that the text names, the longest name first."""
        for start in range(len(address.words)):
            for end in range(min(len(address.words), start + LONGEST_STREET_WORDS), start, -1):
                parts = self._streets.get("".join(address.words[start:end]))
                if parts:
                    return self._known(parts, address.number_near(start, end))
        return None

    def _known(self, parts: list[tuple[StreetPart, tuple[str, ...]]], number: HouseNumber | None) -> _Street:
        """Return where a street is; only a house number that one part has, or a whole street, is certain."""
        fitting = [one for one in parts if (one[0].has_number(number.number) if number else one[0].whole)]
        districts = tuple(dict.fromkeys(name for _, names in fitting or parts for name in names))
        name = parts[0][0].name
        label = f"{name} {number or ''}".strip()
        return _Street(
            label=label, name=name, districts=districts, sure=bool(fitting) and len(districts) == 1
        )


def _streets_named(city: City) -> dict[str, list[tuple[StreetPart, tuple[str, ...]]]]:
    """Return the streets that areas name by their keys, each part with the districts it may be in."""
    found: dict[str, list[tuple[StreetPart, tuple[str, ...]]]] = {}
    for part, area in city.street_parts:
        inside = (part.district,) if part.district else area.districts
        if inside:
            found.setdefault(part.key, []).append((part, inside))
    return found


def _combined(street: _Street, by_name: Located) -> Located:
    """Weigh a street against a district or postcode named beside it."""
    named = by_name.candidates
    if by_name.status is Status.RESOLVED:
        if named[0] in street.districts:
            return resolved(named[0], label=street.label, street=street.name)
        return ambiguous((*named, *street.districts), label=street.label)
    if street.sure:
        return resolved(street.districts[0], label=street.label, street=street.name)
    return ambiguous(_those_first(street.districts, named), label=street.label, street=street.name)


def _those_first(districts: Iterable[str], named: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(districts, key=lambda one: one not in named))


def _label(text: str, district: str, mentions: list[Mention], tokens: list[str]) -> str:
    """Show the official name when only the district was named, else what was written."""
    covered = sum(mention.end - mention.start for mention in mentions)
    return district if covered == len(tokens) else text
