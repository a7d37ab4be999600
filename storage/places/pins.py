"""From a pin to its district: by polygon, asked about where another area's border is near."""

from dataclasses import replace

from desk.city import City
from desk.places import Located, Status, ambiguous, on_earth, resolved
from storage.places.borders import Borders
from storage.places.grid import nearest_house
from storage.places.index import PlaceIndex
from storage.texts import Texts

BORDER = 30.0
"""Metres: how wrong a phone's pin usually is; nearer than this to another area, the resident is asked."""
IN_SIGHT = 150.0
"""Metres: a house further away than this says nothing about where a pin is."""


class Pins:
    """Locates points of one city."""

    def __init__(self, city: City, index: PlaceIndex, texts: Texts) -> None:
        self.city = city
        self.index = index
        self.texts = texts
        self.borders = Borders(index)

    def at(self, latitude: float, longitude: float) -> Located:
        """Locate by polygon; ambiguous within 30 m of another area, or up to 30 m outside the city."""
        if not on_earth(latitude, longitude):
            return Located(status=Status.OUTSIDE)
        point = (latitude, longitude)
        near = self.borders.within(latitude, longitude, BORDER)
        if not near:
            return Located(status=Status.OUTSIDE, point=point)
        label, street = self._nearest_address(latitude, longitude)
        own, inside = near[0][1], near[0][0] == 0
        rivals = [district for _, district in near[1:] if self._area(district) != self._area(own)]
        if inside and not rivals:
            return resolved(self.index.districts[own], label=label, point=point, street=street)
        return self._confirmed((own, *rivals), point, label=label, street=street)

    def districts_at(self, point: tuple[float, float]) -> tuple[int, ...]:
        """Return the districts (rows of the index) whose polygon holds a point; two only on their border."""
        return tuple(district for _, district in self.borders.within(*point, 0.0))

    def _confirmed(
        self, districts: tuple[int, ...], point: tuple[float, float], *, label: str, street: str | None
    ) -> Located:
        """Ask on which side of a border a pin lies, naming the street nearest to it on each side."""
        names = tuple(self.index.districts[district] for district in districts)
        asked = ambiguous(names, label=label or names[0], point=point, street=street)
        kept = districts[: len(asked.candidates)]
        return replace(asked, confirm=True, sides=tuple(self._side(district, point) for district in kept))

    def _side(self, district: int, point: tuple[float, float]) -> str:
        house = nearest_house(self.index, *point, district=district)
        if house is None or house[1] > IN_SIGHT:
            return ""
        return f"{self._street_of(house[0])} ({self.index.districts[district]})"

    def _nearest_address(self, latitude: float, longitude: float) -> tuple[str, str | None]:
        """Return what to call a pin ("bei Lange Str. 4") and its street; nothing with no house in sight."""
        house = nearest_house(self.index, latitude, longitude)
        if house is None or house[1] > IN_SIGHT:
            return "", None
        row = house[0]
        letter = chr(self.index.addition[row]) if self.index.addition[row] else ""
        street = self._street_of(row)
        address = f"{street} {self.index.number[row]}{letter}"
        return self.texts.get("places.near", address=address), street

    def _street_of(self, row: int) -> str:
        return self.index.streets[int(self.index.street[row])]

    def _area(self, district: int) -> str | None:
        area = self.city.area_of(self.index.districts[district])
        return area.id if area else None
