"""Walks over every address of a place index and asks the city who cares for it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from desk.city import City
from desk.referring import CONTACT
from storage.places.index import PlaceIndex


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How many addresses there are, how many have caretakers, and which would reach nobody at all.

    `nowhere` are streets without a house whose entry lies outside the city: the resident is asked about them.
    """

    addresses: int
    cared_for: int
    nobody: tuple[str, ...]
    nowhere: tuple[str, ...]


def reached(city: City, index: PlaceIndex) -> Reached:
    """Try every address of the index; outside all districts, or with nobody to turn to, it reaches nobody."""
    contact = city.referral(CONTACT)
    somebody = contact is not None and contact.reachable
    cared_for = 0
    nobody: list[str] = []
    for rows, district, street, number in _alike(city, index):
        has_area = district is not None and city.area_of(district, street, number) is not None
        cared_for += len(rows) if has_area else 0
        if not has_area and (district is None or not somebody):
            nobody += [f"{street} {index.number[row]}" for row in rows]
    return Reached(
        addresses=int(np.count_nonzero(index.number)),
        cared_for=cared_for,
        nobody=tuple(nobody),
        nowhere=tuple(
            name for street, name in enumerate(index.streets) if not index.street_districts(street)
        ),
    )


def _alike(city: City, index: PlaceIndex) -> Iterator[tuple[list[int], str | None, str, int | None]]:
    """Yield houses that no area can tell apart; only streets an area divides are taken number by number.

    An entry without a number (0) is the street itself, not a house.
    """
    divided = {part.key for part, _ in city.street_parts if not part.whole}
    for street, name in enumerate(index.streets):
        rows = np.arange(index.street_start[street], index.street_start[street + 1])
        rows = rows[index.number[rows] > 0]
        for district in np.unique(index.district[rows]).tolist():
            here = [int(row) for row in rows[index.district[rows] == district]]
            label = index.districts[district] if district >= 0 else None
            if index.keys[street] in divided:
                yield from (([row], label, name, int(index.number[row])) for row in here)
            else:
                yield here, label, name, None
