"""From streets named in a text to the districts they may be in, and how sure that is."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from desk.address_text import AddressText, HouseNumber
from desk.places import Located, ambiguous, resolved
from storage.places.houses import House, corner, find_house
from storage.places.index import PlaceIndex
from storage.places.streets import StreetMention

MOST_READINGS = 4
"""Streets a misspelt name may mean; with more, it is not known rather than ambiguous."""
SURE_FROM = 7
"""Letters a street name needs for one slip to be corrected without asking."""
MOST_CORNERS = 3
"""Streets of one text that are tried in pairs."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A place found in a text: districts it may be in, whether that is certain, what to show."""

    districts: tuple[str, ...]
    sure: bool
    label: str
    point: tuple[float, float] | None = None
    street: str | None = None

    def in_one(self, district: str) -> Located:
        """Return the answer when it is in this district."""
        return resolved(district, label=self.label, point=self.point, street=self.street)

    def in_any(self, districts: Sequence[str]) -> Located:
        """Return the answer when it may be in each of these districts."""
        return ambiguous(tuple(districts), label=self.label, point=self.point, street=self.street)


class Readings:
    """Reads the streets of one index."""

    def __init__(self, index: PlaceIndex) -> None:
        self.index = index

    def streets(self, address: AddressText, mentions: Sequence[StreetMention], *, written: str) -> Found:
        """Put together where the streets named are; several are only certain when all are in one district."""
        readings = [self._reading(address, mention) for mention in mentions]
        if len(readings) > 1:
            districts = tuple(dict.fromkeys(one for reading in readings for one in reading.districts))
            sure = len(districts) == 1 and all(reading.sure for reading in readings)
            return Found(districts=districts, sure=sure, label=written)
        return replace(readings[0], label=readings[0].label or written)

    def corner(self, mentions: Sequence[StreetMention]) -> Found | None:
        """Return where two of the streets named meet; None when they do not."""
        for one, other in itertools.combinations(mentions[:MOST_CORNERS], 2):
            pairs = list(itertools.product(one.streets[:MOST_READINGS], other.streets[:MOST_READINGS]))
            met = [(pair, corner(self.index, *pair)) for pair in pairs if pair[0] != pair[1]]
            found = [(pair, house) for pair, house in met if house]
            if found:
                (first, second), house = found[0]
                names = self.names(tuple(one for _, house in found for one in house.districts))
                return Found(
                    districts=names,
                    sure=len(names) == 1 and one.slips + other.slips <= 1,
                    label=f"{self.index.streets[first]} / {self.index.streets[second]}",
                    point=house.point,
                    street=self.index.streets[first],
                )
        return None

    def _reading(self, address: AddressText, mention: StreetMention) -> Found:
        """Return where one street is; with several that fit, those the house stands in, and no label."""
        wanted = address.number_near(mention.start, mention.end)
        houses = {street: self._house(street, wanted) for street in mention.streets}
        streets = [street for street, house in houses.items() if house.point] or list(houses)
        rivals = () if mention.slips == 0 else self._likely(mention.rivals, wanted)
        if len(streets) + len(rivals) > MOST_READINGS:
            streets, rivals = (streets, ()) if len(streets) <= MOST_READINGS else ([], ())
        where = [*(houses[street] for street in streets), *(self._house(street, wanted) for street in rivals)]
        districts = tuple(dict.fromkeys(name for house in where for name in self.names(house.districts)))
        sure = len(districts) == 1 and all(
            self._spelled_well(mention, street, houses[street], wanted) for street in streets
        )
        name = self.index.streets[streets[0]] if len(streets) == 1 else None
        known = name is not None and not rivals and (sure or mention.slips == 0)
        return Found(
            districts=districts,
            sure=sure,
            label=f"{name} {wanted or ''}".strip() if name else "",
            point=houses[streets[0]].point if known else None,
            street=name if known else None,
        )

    def _likely(self, rivals: Sequence[int], wanted: HouseNumber | None) -> tuple[int, ...]:
        """Leave out streets that have no house of that number."""
        return tuple(one for one in rivals if wanted is None or self._house(one, wanted).point)

    def _house(self, street: int, wanted: HouseNumber | None) -> House:
        if wanted is None:
            return House(districts=self.index.street_districts(street))
        return find_house(self.index, street, wanted)

    def _spelled_well(
        self, mention: StreetMention, street: int, house: House, wanted: HouseNumber | None
    ) -> bool:
        """Tell whether a street may be taken without asking: at most one slip, and the house exists."""
        if mention.slips == 0:
            return not mention.heard or wanted is None or house.point is not None
        long_enough = len(self.index.loose_keys[street]) >= SURE_FROM
        return mention.slips == 1 and long_enough and house.point is not None

    def names(self, districts: tuple[int, ...]) -> tuple[str, ...]:
        """Return the districts' names, each once."""
        return tuple(dict.fromkeys(self.index.districts[one] for one in districts if one >= 0))
