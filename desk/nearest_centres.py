"""Places without official data: never certain about a pin, certain about a district that is named."""

import re

from desk.city import City
from desk.district_names import DistrictNames, Mention
from desk.places import (
    Located,
    Status,
    ambiguous,
    coordinates,
    metres_between,
    on_earth,
    resolved,
)
from desk.spelling import words

OFFERED = 5
"""Nearest districts offered for a pin; with five, all of Essen's house coordinates have theirs among them."""
_POSTCODE = re.compile(r"\d{5}")


class NearestCentres:
    """Locator for a city without place data (`desk.places.Locator`)."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.names = DistrictNames(city)

    def at(self, latitude: float, longitude: float) -> Located:
        """Offer the nearest districts; outside when further from all centres than any point of the city."""
        if not on_earth(latitude, longitude):
            return Located(status=Status.OUTSIDE)
        point = (latitude, longitude)
        ranked = sorted(
            (metres_between(point, (one.latitude, one.longitude)), one.name) for one in self.city.districts
        )
        if ranked[0][0] > self.city.reach:
            return Located(status=Status.OUTSIDE, point=point)
        return ambiguous(tuple(name for _, name in ranked[:OFFERED]), point=point)

    def find(self, text: str) -> Located:
        """Read coordinates, a district, a colloquial name, a postcode or another city's name; no streets."""
        pair = coordinates(text)
        return self.at(*pair) if pair else self.find_words(words(text), label=text.strip())

    def find_words(self, tokens: list[str], *, label: str) -> Located:
        """Locate by names of districts and cities alone; `label` is what the resident wrote."""
        postcode = next((token for token in tokens if _POSTCODE.fullmatch(token)), None)
        if self.names.neighbour(tokens) or (
            postcode and self.city.postcodes and postcode not in self.city.postcodes
        ):
            return Located(status=Status.OUTSIDE, label=label)
        mentions = self.names.districts(tokens)
        meant = tuple(dict.fromkeys(one for mention in mentions for one in mention.meanings))
        if len(meant) == 1:
            return resolved(meant[0], label=_label(label, meant[0], mentions, tokens))
        if not meant and postcode:
            meant = self.city.postcodes.get(postcode, ())
        return ambiguous(meant, label=label) if meant else Located(status=Status.UNKNOWN, label=label)


def _label(text: str, district: str, mentions: list[Mention], tokens: list[str]) -> str:
    """Show the official name when only the district was named, else what was written."""
    covered = sum(mention.end - mention.start for mention in mentions)
    return district if covered == len(tokens) else text
