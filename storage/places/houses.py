"""Finds houses by number in a street, and where two streets meet."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desk.address_text import HouseNumber
from desk.places import METRES_PER_DEGREE
from storage.places.index import PlaceIndex

CORNER = 120.0
"""Metres two streets' nearest houses may lie apart for a corner to be meant."""
AROUND = 60.0
"""Metres: pairs of houses this near to each other stand at the corner."""
BEYOND = 10
"""Numbers a street may have grown by since the data was made."""
Rows = npt.NDArray[np.int_]


@dataclass(frozen=True, kw_only=True)
class House:
    """Where a house number is: its districts (several when unsure), and its point if it exists."""

    districts: tuple[int, ...]
    point: tuple[float, float] | None = None


def find_house(index: PlaceIndex, street: int, wanted: HouseNumber) -> House:
    """Locate a number in a street. One that doesn't exist lies where the numbers around it lie."""
    rows = _rows(index, street)
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


def _around(index: PlaceIndex, street: int, rows: Rows, wanted: int) -> tuple[int, ...]:
    """Return the district of the next lower and higher number of that side when they agree, else all.

    A little beyond the last number the street still lies where it ends.
    """
    numbers = index.number[rows]
    side = rows[(numbers > 0) & (numbers % 2 == wanted % 2)]
    below, above = side[index.number[side] < wanted][-1:], side[index.number[side] > wanted][:1]
    near = [*below.tolist(), *above.tolist()]
    near.sort(key=lambda row: abs(int(index.number[row]) - wanted))
    around = tuple(dict.fromkeys(int(index.district[row]) for row in near if index.district[row] >= 0))
    known = len(near) == 2 or any(abs(int(index.number[row]) - wanted) <= BEYOND for row in near)  # noqa: PLR2004
    if known and len(around) == 1:
        return around
    return tuple(dict.fromkeys((*around, *index.street_districts(street))))


def corner(index: PlaceIndex, first: int, second: int) -> House | None:
    """Return where two streets' houses come nearest to each other; None when they do not meet.

    It has all districts of the houses around: streets meet on borders, too, and some meet twice.
    """
    one, other = _rows(index, first), _rows(index, second)
    east = np.cos(np.radians(index.latitude[one[0]]))
    north = index.latitude[one][:, None] - index.latitude[other]
    across = (index.longitude[one][:, None] - index.longitude[other]) * east
    metres = np.sqrt(north * north + across * across) * METRES_PER_DEGREE
    nearest = float(metres.min())
    if nearest > CORNER:
        return None
    a, b = np.nonzero(metres <= max(AROUND, nearest))
    order = np.argsort(metres[a, b], kind="stable")
    rows, other_rows = one[a[order]], other[b[order]]
    point = (
        float(index.latitude[rows[0]] + index.latitude[other_rows[0]]) / 2,
        float(index.longitude[rows[0]] + index.longitude[other_rows[0]]) / 2,
    )
    districts = np.stack((index.district[rows], index.district[other_rows]), axis=1).ravel().tolist()
    return House(districts=tuple(dict.fromkeys(one for one in districts if one >= 0)), point=point)


def _rows(index: PlaceIndex, street: int) -> Rows:
    return np.arange(index.street_start[street], index.street_start[street + 1])
