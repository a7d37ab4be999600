"""Finds houses by number in a street, and where two streets meet."""

from dataclasses import dataclass

import numpy as np

from desk.address_text import HouseNumber
from desk.places import METRES_PER_DEGREE
from storage.places.index import PlaceIndex

CORNER = 120.0
"""Metres two streets' nearest houses may lie apart for a corner to be meant."""


@dataclass(frozen=True, kw_only=True)
class House:
    """Where a house number is: its districts (several when unsure), and its point if it exists."""

    districts: tuple[int, ...]
    point: tuple[float, float] | None = None


def find_house(index: PlaceIndex, street: int, wanted: HouseNumber) -> House:
    """Locate a number in a street. One that doesn't exist lies where the numbers around it lie."""
    rows = np.arange(index.street_start[street], index.street_start[street + 1])
    numbers = index.number[rows]
    same = rows[numbers == wanted.number]
    if len(same):
        letter = ord(wanted.addition) if wanted.addition else 0
        exact = same[index.addition[same] == letter]
        row = int(exact[0] if len(exact) else same[0])
        point = (float(index.latitude[row]), float(index.longitude[row]))
        districts = [int(index.district[row])] if len(exact) else index.district[same].tolist()
        return House(districts=tuple(dict.fromkeys(districts)), point=point)
    return House(districts=_around(index, street, rows, wanted.number))


def _around(index: PlaceIndex, street: int, rows: np.ndarray, wanted: int) -> tuple[int, ...]:  # type: ignore[type-arg]
    """Return the district of the next lower and higher number of that side when they agree, else all."""
    everywhere = index.street_districts(street)
    numbers = index.number[rows]
    side = rows[(numbers > 0) & (numbers % 2 == wanted % 2)]
    below, above = side[index.number[side] < wanted], side[index.number[side] > wanted]
    if not len(below) or not len(above):
        return everywhere
    around = {int(index.district[below[-1]]), int(index.district[above[0]])}
    return tuple(around) if len(around) == 1 else everywhere


def corner(index: PlaceIndex, first: int, second: int) -> House | None:
    """Return where two streets' houses come nearest to each other; None when they do not meet."""
    one = slice(int(index.street_start[first]), int(index.street_start[first + 1]))
    other = slice(int(index.street_start[second]), int(index.street_start[second + 1]))
    east = np.cos(np.radians(index.latitude[one.start]))
    north = index.latitude[one][:, None] - index.latitude[other]
    across = (index.longitude[one][:, None] - index.longitude[other]) * east
    squares = north * north + across * across
    a, b = np.unravel_index(int(np.argmin(squares)), squares.shape)
    if float(squares[a, b]) ** 0.5 * METRES_PER_DEGREE > CORNER:
        return None
    row, other_row = one.start + int(a), other.start + int(b)
    point = (
        float(index.latitude[row] + index.latitude[other_row]) / 2,
        float(index.longitude[row] + index.longitude[other_row]) / 2,
    )
    districts = (int(index.district[row]), int(index.district[other_row]))
    return House(districts=tuple(dict.fromkeys(districts)), point=point)
