"""A grid over the houses of a city: finds the one nearest to a point without building a tree."""

import math

import numpy as np
import numpy.typing as npt

from desk.places import METRES_PER_DEGREE
from storage.places.index import PlaceIndex

CELL = 0.0016
"""Degrees of latitude and of longitude: 178 m by some 110 m in Germany."""
ROW = 1_000_000
"""More cells than lie side by side around the globe, so that neighbours in a row have consecutive numbers."""


def cell_of(latitude: npt.NDArray[np.float64], longitude: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return the number of the grid cell of each point."""
    rows = np.floor((latitude + 90) / CELL).astype(np.int64)
    columns = np.floor((longitude + 180) / CELL).astype(np.int64)
    numbers: npt.NDArray[np.int64] = rows * ROW + columns
    return numbers


def nearest_house(
    index: PlaceIndex, latitude: float, longitude: float, *, district: int | None = None
) -> tuple[int, float] | None:
    """Return row and distance (metres) of the nearest numbered house in the cells around, or None.

    With `district` (its row in the index) only houses in it count.
    """
    row, column = math.floor((latitude + 90) / CELL), math.floor((longitude + 180) / CELL)
    starts = np.array([(row + step) * ROW + column - 1 for step in (-1, 0, 1)])
    first = np.searchsorted(index.cells, starts, side="left").tolist()
    last = np.searchsorted(index.cells, starts + 2, side="right").tolist()
    near = np.concatenate([index.by_cell[a:b] for a, b in zip(first, last, strict=True)])
    near = near[index.number[near] > 0]
    if district is not None:
        near = near[index.district[near] == district]
    if not len(near):
        return None
    north = (index.latitude[near] - latitude) * METRES_PER_DEGREE
    east = (index.longitude[near] - longitude) * METRES_PER_DEGREE * math.cos(math.radians(latitude))
    squares = north * north + east * east
    best = int(np.argmin(squares))
    return int(near[best]), math.sqrt(float(squares[best]))
