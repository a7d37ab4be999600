"""Builds the place index from a city's official open data."""

import fcntl
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import shapely

from desk.address_text import street_key
from desk.city import City
from desk.errors import PlaceDataError
from desk.spelling import key, loose
from storage.places.grid import cell_of
from storage.places.index import Floats, Ints, Landmarks, PlaceIndex, open_index, write_index
from storage.places.official_data import (
    OfficialData,
    Progress,
    layout_of,
    newest_change,
    read_official_data,
)

log = logging.getLogger(__name__)
STRAY = 0.0004
"""Degrees (some 30 to 45 m) a house may lie outside every polygon and still belong to the nearest."""


def build_index(
    folder: Path | None,
    path: Path,
    city: City,
    *,
    progress: Progress,
    downloaded: Sequence[tuple[Path, str, str]] = (),
) -> PlaceIndex:
    """Read the official data in `folder` and of the downloads, and write the index to `path`.

    Raises PlaceDataError when something can't be used; an index already there then stays as it is. Of two
    imports at once the second waits for the first.
    """
    with only_one(path.parent):
        data = read_official_data(folder, city, progress, downloaded=downloaded)
        index = make_index(data, city)
        write_index(path, index)
    return index


@contextmanager
def only_one(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the folder for this process; the system lets go of it even when the process is killed.

    Raises PlaceDataError when the folder can't be made, or without `wait` when another process holds it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise PlaceDataError("operator.place_index_unwritable", path=folder) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise PlaceDataError("operator.place_import_running") from error
        yield
    finally:
        os.close(handle)


def build_if_older(folder: Path, path: Path, city: City) -> None:
    """Build the index unless there is a usable one newer than every file of the folder.

    When the data can't be used but a usable index is there, that one stays in use and the log says so.
    """
    usable = _usable(path, city)
    if usable and path.stat().st_mtime >= newest_change(folder):
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
        landmarks=_landmarks(data, polygons),
        meta={
            "city": city.id,
            "attribution": layout_of(city).attribution,
            "sources": data.sources,
            "houses": len(points),
            "repeated": data.repeated,
            "imported": datetime.now(UTC).isoformat(timespec="seconds"),
        },
    )


def _landmarks(data: OfficialData, polygons: list[shapely.Geometry]) -> Landmarks:
    """Keep the landmarks that lie in the city, by name."""
    points = np.array([mark[1:] for mark in data.landmarks], dtype=np.float64).reshape(-1, 2)
    inside = _districts_of(points, polygons) >= 0
    rows = sorted(np.flatnonzero(inside).tolist(), key=lambda row: data.landmarks[row][0])
    names = tuple(data.landmarks[row][0] for row in rows)
    kept = points[rows]
    return Landmarks(
        names=names,
        keys=tuple(key(name) for name in names),
        latitude=kept[:, 1].copy(),
        longitude=kept[:, 0].copy(),
    )


def _districts_of(points: Floats, polygons: list[shapely.Geometry]) -> Ints:
    tree = shapely.STRtree(polygons)
    shapes = shapely.points(points)
    district = np.full(len(points), -1, dtype=np.int32)
    rows, inside = tree.query(shapes, predicate="intersects")
    first_last = np.argsort(-inside, kind="stable")  # in a sliver two share the first counts, as for a pin
    district[rows[first_last]] = inside[first_last]
    for row in np.flatnonzero(district < 0):
        nearest = int(tree.nearest(shapes[row]))
        if shapely.distance(shapes[row], polygons[nearest]) <= STRAY:
            district[row] = nearest
    return district
