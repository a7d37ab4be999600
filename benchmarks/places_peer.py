"""The plain way: the likest street name by RapidFuzz, its house by number, the nearest district centre."""

import re
from collections.abc import Mapping

from places_town import Town
from rapidfuzz import process, utils

from desk.places import Located, metres_between, resolved


class PlainPeer:
    """Answers like a `desk.places.Locator`, and never asks."""

    def __init__(self, town: Town) -> None:
        self._centres = [
            (one.name, (one.latitude, one.longitude))
            for one in town.city.districts
            if one.latitude is not None and one.longitude is not None
        ]
        self._names = {name: utils.default_process(name) for name in town.streets}
        self._houses: dict[str, Mapping[str, tuple[float, float]]] = {
            name: {house.number: house.point for house in houses} for name, houses in town.streets.items()
        }

    def at(self, latitude: float, longitude: float) -> Located:
        """Take the nearest centre."""
        point = (latitude, longitude)
        return resolved(min(self._centres, key=lambda one: metres_between(point, one[1]))[0])

    def find(self, text: str) -> Located:
        """Take the likest street, and in it the house of the number written, else the first one."""
        digits = re.search(r"\d{1,3}\s?[a-z]?\b", text.lower())
        words = re.sub(r"\d+\s?[a-z]?\b", "", text)
        found = process.extractOne(utils.default_process(words), self._names)
        houses = self._houses[found[2]]
        number = digits[0].replace(" ", "") if digits else ""
        return self.at(*houses.get(number, next(iter(houses.values()))))
