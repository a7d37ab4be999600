"""The locator over a place index."""

from dataclasses import dataclass, replace

from desk.address_text import AddressText, HouseNumber, read_address
from desk.city import City
from desk.nearest_centres import NearestCentres
from desk.places import Located, Status, ambiguous, coordinates, on_earth, resolved
from storage.places.borders import Borders
from storage.places.grid import nearest_house
from storage.places.houses import House, corner, find_house
from storage.places.index import PlaceIndex
from storage.places.streets import StreetMention, StreetNames
from storage.texts import Texts

BORDER = 30.0
"""Metres: how wrong a phone's pin usually is; nearer than this to another area, the resident is asked."""
IN_SIGHT = 150.0
"""Metres: a house further away than this says nothing about where a pin is."""
MOST_READINGS = 4
"""Streets a misspelt name may mean; with more, it is not known rather than ambiguous."""
MOST_CHECKED = 2
"""Streets named in one text that are compared with longer names; with more, all are asked about anyway."""
SURE_FROM = 7
"""Letters a street name needs for one slip to be corrected without asking."""


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A street found in a text: districts it may be in, whether that is certain, what to show."""

    districts: tuple[str, ...]
    sure: bool
    label: str
    point: tuple[float, float] | None = None


class IndexedPlaces:
    """Locator for a city with place data (`desk.places.Locator`)."""

    def __init__(self, city: City, index: PlaceIndex, texts: Texts) -> None:
        self.city = city
        self.index = index
        self.texts = texts
        self.borders = Borders(index)
        self.streets = StreetNames(index)
        self.by_name = NearestCentres(city)
        self.attribution = str(index.meta.get("attribution", ""))

    def at(self, latitude: float, longitude: float) -> Located:
        """Locate a pin by polygon; ambiguous within 30 m of another area, or up to 30 m outside the city."""
        if not on_earth(latitude, longitude):
            return Located(status=Status.OUTSIDE)
        point = (latitude, longitude)
        near = self.borders.within(latitude, longitude, BORDER)
        if not near:
            return Located(status=Status.OUTSIDE, point=point)
        names = [self.index.districts[district] for _, district in near]
        label = self._nearest_address(latitude, longitude)
        inside = near[0][0] == 0
        rivals = [name for name in names[1:] if self._area(name) != self._area(names[0])]
        if inside and not rivals:
            return resolved(names[0], label=label, point=point)
        return ambiguous((names[0], *rivals), label=label or names[0], point=point)

    def find(self, text: str) -> Located:
        """Locate an address, a street, a corner, a district, coordinates; misspellings are corrected."""
        pair = coordinates(text)
        if pair:
            return self.at(*pair)
        address = read_address(text)
        mentions = self.streets.mentions(address)
        rest = self._without(address, mentions)
        by_name = self.by_name.find_words(rest, label=text.strip())
        if by_name.status is Status.OUTSIDE:
            return by_name
        if not mentions and (address.numbers or by_name.status is not Status.RESOLVED):
            mentions = self._misspelt(address)
        if not mentions:
            return by_name
        if mentions[0].slips:
            by_name = self.by_name.find_words(self._without(address, mentions), label=text.strip())
        found = self._corner(mentions) if len(mentions) > 1 else None
        if not mentions[0].slips and len(mentions) <= MOST_CHECKED:
            longer = (self.streets.longer(address, mention) for mention in mentions)
            mentions = [*filter(None, longer), *mentions]
        return self._combine(found or self._street(address, mentions, written=text.strip()), by_name)

    def _misspelt(self, address: AddressText) -> list[StreetMention]:
        skip = [False] * len(address.words)
        for mention in self.by_name.names.districts(list(address.words)):
            if mention.exact:
                skip[mention.start : mention.end] = [True] * (mention.end - mention.start)
        found = self.streets.misspelt(address, skip=skip)
        return [found] if found else []

    def _without(self, address: AddressText, mentions: list[StreetMention]) -> list[str]:
        """Return the words beside the streets and house numbers: what may name a district or a city."""
        taken = {at for mention in mentions for at in range(mention.start, mention.end)}
        taken |= {at for number in address.numbers for at in range(number.at, number.at + number.length)}
        return [word for at, word in enumerate(address.words) if at not in taken]

    def _corner(self, mentions: list[StreetMention]) -> _Found | None:
        first, second = mentions[0].streets[0], mentions[1].streets[0]
        house = corner(self.index, first, second) if first != second else None
        if house is None:
            return None
        label = f"{self.index.streets[first]} / {self.index.streets[second]}"
        names = self._names(house.districts)
        return _Found(districts=names, sure=len(names) == 1, label=label, point=house.point)

    def _street(self, address: AddressText, mentions: list[StreetMention], *, written: str) -> _Found:
        """Put together where the streets named are; several different ones are never certain."""
        readings = [self._reading(address, mention) for mention in mentions]
        districts = tuple(dict.fromkeys(one for reading in readings for one in reading.districts))
        if len(readings) > 1:
            return _Found(districts=districts, sure=False, label=written)
        return replace(readings[0], label=readings[0].label or written)

    def _reading(self, address: AddressText, mention: StreetMention) -> _Found:
        """Return where one street is; with several that fit, those the house stands in, and no label."""
        wanted = address.number_near(mention.start, mention.end)
        houses = {street: self._house(street, wanted) for street in mention.streets}
        streets = [street for street, house in houses.items() if house.point] or list(houses)
        best = streets[0]
        clear = len(streets) == 1
        sure = clear and self._spelled_well(mention, best, houses[best], wanted)
        rivals = () if sure or mention.slips == 0 else mention.rivals
        if len(streets) + len(rivals) > MOST_READINGS:
            streets, rivals = (streets, ()) if len(streets) <= MOST_READINGS else ([], ())
        where = [*(houses[street] for street in streets), *(self._house(street, wanted) for street in rivals)]
        districts = tuple(dict.fromkeys(name for house in where for name in self._names(house.districts)))
        label = f"{self.index.streets[best]} {wanted or ''}".strip() if clear else ""
        point = houses[best].point if sure else None
        return _Found(districts=districts, sure=sure and len(districts) == 1, label=label, point=point)

    def _house(self, street: int, wanted: HouseNumber | None) -> House:
        if wanted is None:
            return House(districts=self.index.street_districts(street))
        return find_house(self.index, street, wanted)

    def _spelled_well(
        self, mention: StreetMention, street: int, house: House, wanted: HouseNumber | None
    ) -> bool:
        """Tell whether a street may be taken without asking: at most one slip, no rival, the house exists."""
        if mention.slips == 0:
            return not mention.heard or wanted is None or house.point is not None
        long_enough = len(self.index.loose_keys[street]) >= SURE_FROM
        return mention.slips == 1 and long_enough and not mention.rivals and house.point is not None

    def _combine(self, found: _Found, by_name: Located) -> Located:
        """Weigh a street against the district or postcode named beside it."""
        named = by_name.candidates
        if not found.districts:
            return Located(status=Status.UNKNOWN, label=found.label)
        if by_name.status is Status.RESOLVED:
            agreed = [one for one in found.districts if one in named]
            if not agreed:  # a house that exists says more than a district, a word like "Markt" says less
                both = (*found.districts, *named) if found.point else (*named, *found.districts)
                return ambiguous(both, label=found.label, point=found.point)
            return resolved(agreed[0], label=found.label, point=found.point)
        if found.sure:
            return resolved(found.districts[0], label=found.label, point=found.point)
        ordered = sorted(found.districts, key=lambda one: one not in named)
        return ambiguous(tuple(ordered), label=found.label, point=found.point)

    def _nearest_address(self, latitude: float, longitude: float) -> str:
        house = nearest_house(self.index, latitude, longitude)
        if house is None or house[1] > IN_SIGHT:
            return ""
        row = house[0]
        letter = chr(self.index.addition[row]) if self.index.addition[row] else ""
        address = f"{self.index.streets[self.index.street[row]]} {self.index.number[row]}{letter}"
        return self.texts.get("places.near", address=address)

    def _area(self, district: str) -> str | None:
        area = self.city.area_of(district)
        return area.id if area else None

    def _names(self, districts: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(self.index.districts[one] for one in districts if one >= 0)
