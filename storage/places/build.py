"""Builds the place index from a city's official open data."""

import logging
from pathlib import Path

import numpy as np
import shapely

from desk.address_text import street_key
from desk.city import City
from desk.errors import PlaceDataError
from desk.spelling import loose
from storage.places.grid import cell_of
from storage.places.index import Ints, PlaceIndex, open_index, write_index
from storage.places.official_data import OfficialData, Progress, read_official_data

log = logging.getLogger(__name__)
STRAY = 0.0004
"""Degrees (some 30 to 45 m) a house may lie outside every polygon and still belong to the nearest."""


def build_index(folder: Path, path: Path, city: City, *, progress: Progress) -> PlaceIndex:
    """Read the official data in `folder` and write the index to `path`.

    Raises PlaceDataError when something can't be used; an index already there then stays as it is.
    """
    data = read_official_data(folder, city, progress)
    index = make_index(data, city)
    write_index(path, index)
    return index


def build_if_older(folder: Path, path: Path, city: City) -> None:
    """Build the index unless there is a usable one newer than every file of the folder.

    When the data can't be used but a usable index is there, that one stays in use and the log says so.
    """
    usable = _usable(path, city)
    if usable and path.stat().st_mtime >= _newest(folder):
        return
    try:
        build_index(folder, path, city, progress=lambda *_: None)
    except PlaceDataError as error:
        if not usable:
            raise
        log.warning("place data not imported, the index before stays in use: %s", error.key)


def _usable(path: Path, city: City) -> bool:
    try:
        open_index(path, city)
    except PlaceDataError:
        return False
    return True


def _newest(folder: Path) -> float:
    return max((file.stat().st_mtime for file in folder.glob("*") if file.is_file()), default=0.0)


def make_index(data: OfficialData, city: City) -> PlaceIndex:
    """Sort houses by street and number, find the district of each, and file them in a grid."""
    names = sorted(set(data.streets))
    number_of = {name: at for at, name in enumerate(names)}
    street = np.array([number_of[name] for name in data.streets], dtype=np.int32)
    number = np.array(data.numbers, dtype=np.int32)
    addition = np.array([ord(one) if one else 0 for one in data.additions], dtype=np.int32)
    points = np.array(data.points, dtype=np.float64)
    order = np.lexsort((addition, number, street))
    street, number, addition, points = street[order], number[order], addition[order], points[order]
    polygons = [data.polygons[name] for name in city.district_names]
    cells = cell_of(points[:, 1], points[:, 0])
    by_cell = np.argsort(cells, kind="stable").astype(np.int32)
    layout = city.place_data
    return PlaceIndex(
        latitude=points[:, 1].copy(),
        longitude=points[:, 0].copy(),
        number=number,
        addition=addition,
        street=street,
        district=_districts_of(points, polygons),
        street_start=np.searchsorted(street, np.arange(len(names) + 1)).astype(np.int32),
        by_cell=by_cell,
        cells=cells[by_cell],
        streets=tuple(names),
        keys=tuple(street_key(name) for name in names),
        loose_keys=tuple(loose(street_key(name)) for name in names),
        districts=city.district_names,
        polygons=tuple(shapely.to_wkb(polygon) for polygon in polygons),
        meta={
            "city": city.id,
            "attribution": layout.attribution if layout else "",
            "sources": data.sources,
            "houses": len(points),
        },
    )


def _districts_of(points: np.ndarray, polygons: list[shapely.Geometry]) -> Ints:  # type: ignore[type-arg]
    tree = shapely.STRtree(polygons)
    shapes = shapely.points(points)
    district = np.full(len(points), -1, dtype=np.int32)
    rows, inside = tree.query(shapes, predicate="intersects")
    district[rows] = inside
    for row in np.flatnonzero(district < 0):
        nearest = int(tree.nearest(shapes[row]))
        if shapely.distance(shapes[row], polygons[nearest]) <= STRAY:
            district[row] = nearest
    return district
